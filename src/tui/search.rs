//! What a search matches: plain text, any case where the pattern has no capitals. Shared by `update`, `view` and the
//! worker, so that all three mean the same lines.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Needle(Regex);

impl Needle {
    /// Compiles a pattern; `None` for an empty one.
    pub fn new(pattern: &str) -> Option<Self> {
        if pattern.is_empty() {
            return None;
        }
        RegexBuilder::new(&regex::escape(pattern))
            .case_insensitive(!pattern.chars().any(char::is_uppercase))
            .build()
            .ok()
            .map(Self)
    }

    /// Tells whether a line matches.
    pub fn is_in(&self, line: &[u8]) -> bool {
        self.0.is_match(line)
    }

    /// Returns the byte range of the first match in a line.
    pub fn first(&self, line: &[u8]) -> Option<Range<usize>> {
        self.0.find(line).map(|found| found.range())
    }

    /// Returns the byte ranges of all matches in a line.
    pub fn ranges(&self, line: &[u8]) -> Vec<Range<usize>> {
        self.0.find_iter(line).map(|found| found.range()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_case_finds_any_case_and_nothing_is_a_metacharacter() {
        assert!(Needle::new("order(").unwrap().is_in(b"def Order(x)"));
        assert!(!Needle::new("Order").unwrap().is_in(b"def order(x)"));
        assert!(!Needle::new("a.c").unwrap().is_in(b"abc"));
        assert!(Needle::new("").is_none());
        assert_eq!(Needle::new("ab").unwrap().ranges(b"ab ab"), [0..2, 3..5]);
    }
}
