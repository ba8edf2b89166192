; The grammar ships no query. Blocks, attributes and the templates inside strings.
(comment) @comment

(block . (identifier) @keyword)
(block (string_lit) @type)
(block (identifier) (identifier) @type)
(attribute . (identifier) @property)
(object_elem key: (expression (variable_expr (identifier) @property)))
(get_attr (identifier) @property)
(function_call . (identifier) @function)
(variable_expr (identifier) @variable)
((variable_expr (identifier) @variable.builtin)
  (#any-of? @variable.builtin "var" "local" "module" "data" "path" "each" "count" "self" "terraform"))

(string_lit) @string
(quoted_template) @string
(heredoc_template) @string
[(heredoc_start) (heredoc_identifier)] @keyword
(template_interpolation) @embedded
[(template_interpolation_start) (template_interpolation_end)] @punctuation.special
[(template_directive_start) (template_directive_end)] @punctuation.special
(numeric_lit) @number
[(bool_lit) (null_lit)] @constant.builtin

["for" "endfor" "in" "if" "else" "endif"] @keyword
["+" "-" "*" "/" "%" "=" "==" "!=" "<" ">" "<=" ">=" "&&" "||" "!" "=>" "?"] @operator
(ellipsis) @operator
["(" ")" "[" "]" "{" "}" "," "." ":"] @punctuation
[(block_start) (block_end) (object_start) (object_end) (tuple_start) (tuple_end)] @punctuation
