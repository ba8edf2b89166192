; The grammar's own patterns for numbers are written for another engine of regular expressions.
((literal) @number (#match? @number "^[-+]?[0-9][0-9.eE]*$"))
