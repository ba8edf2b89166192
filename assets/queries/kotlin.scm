; The grammar ships no query. Later and more telling captures win; a bare identifier has no colour.
(identifier) @variable

[
  "abstract" "actual" "annotation" "as" "by" "catch" "class" "companion" "const" "constructor" "crossinline" "data"
  "delegate" "do" "dynamic" "else" "enum" "expect" "external" "final" "finally" "for" "fun" "get" "if" "import" "in"
  "infix" "init" "inline" "inner" "interface" "internal" "is" "lateinit" "noinline" "object" "open" "operator" "out"
  "override" "package" "private" "protected" "public" "return" "sealed" "set" "suspend" "tailrec" "throw" "try"
  "typealias" "val" "value" "var" "vararg" "when" "where" "while"
] @keyword
(reification_modifier) @keyword
["this" "super"] @variable.builtin

[(line_comment) (block_comment) (shebang)] @comment

[(string_literal) (multiline_string_literal) (character_literal)] @string
(escape_sequence) @string.escape
(interpolation) @embedded
[(number_literal) (float_literal)] @number
((identifier) @constant.builtin (#any-of? @constant.builtin "true" "false" "null"))
((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))
(enum_entry (identifier) @constant)

(user_type (identifier) @type)
(class_declaration name: (identifier) @type)
(object_declaration name: (identifier) @type)
(companion_object name: (identifier) @type)
(type_alias type: (identifier) @type)
(type_parameter (identifier) @type)
((navigation_expression (identifier) @type) (#match? @type "^[A-Z][a-z]"))

(function_declaration name: (identifier) @function)
(call_expression . (identifier) @function)
(call_expression . (navigation_expression (identifier) @function .))
((call_expression . (identifier) @constructor) (#match? @constructor "^[A-Z]"))

(parameter (identifier) @variable.parameter)
(class_parameter (identifier) @property)
(navigation_expression (_) (identifier) @property)

(annotation "@" @attribute)
(annotation (user_type (identifier) @attribute))
(annotation (constructor_invocation (user_type (identifier) @attribute)))
(label) @label

["+" "-" "*" "/" "%" "=" "==" "===" "!=" "!==" "<" ">" "<=" ">=" "&&" "||" "!" "!!" "?:" "?." "->" ".." "..<" "+=" "-="
 "*=" "/=" "%=" "++" "--" "::"] @operator
["(" ")" "[" "]" "{" "}" "," ";" ":" "."] @punctuation
