; Decorators: no query of the grammars names them. `tag` because `attribute` is a field of an element here.
(decorator "@" @tag)
(decorator (identifier) @tag)
(decorator (call_expression function: (identifier) @tag))
