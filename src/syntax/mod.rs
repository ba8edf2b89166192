//! Languages: detection, parsing, colours of visible lines, the enclosing function.
