; The quotes belong to the string.
(quoted_attribute_value) @string
