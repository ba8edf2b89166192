//! The program: parses, calls the library, exits.

fn main() {}
