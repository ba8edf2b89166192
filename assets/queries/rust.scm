; The grammar's own pattern for constants ends in a stray quote and matches nothing.
((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))
