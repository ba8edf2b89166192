//! What a search matches: a regular expression (or plain text, where the pattern is none), any case where it has no
//! capitals. Shared by `update`, `view` and the worker, so that all three mean the same lines.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

use crate::model::{FileDiff, LineNo, Row, RowKind, Side};
use crate::support::text::visible_bytes;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Needle(Regex);

impl Needle {
    /// Compiles a pattern; `None` for an empty one. What is no regular expression (`order(`) is plain text.
    pub fn new(pattern: &str) -> Option<Self> {
        if pattern.is_empty() {
            return None;
        }
        Self::compile(pattern)
            .or_else(|| Self::compile(&regex::escape(pattern)))
            .map(Self)
    }

    /// Compiles a regular expression within bounds of memory.
    fn compile(pattern: &str) -> Option<Regex> {
        const MOST_BYTES: usize = 4 << 20;
        RegexBuilder::new(pattern)
            .case_insensitive(!has_capital(pattern))
            .size_limit(MOST_BYTES)
            .dfa_size_limit(MOST_BYTES)
            .build()
            .ok()
            .filter(|regex| !regex.is_match(b""))
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

/// Tells whether a pattern has a capital that is to be matched; those of classes such as `\W` are not.
fn has_capital(pattern: &str) -> bool {
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if letter.is_uppercase() {
            return true;
        }
    }
    false
}

/// A line that a search of the whole change found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The file's position in the change set.
    pub file: usize,
    /// The side.
    pub side: Side,
    /// The line.
    pub line: LineNo,
    /// The line's beginning, safe to show.
    pub text: String,
}

/// What a search of the whole change has found so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// The lines, by file and row; no more than are worth a list.
    pub listed: Vec<Hit>,
    /// How many lines match, listed or not.
    pub lines: usize,
    /// In how many files.
    pub files: usize,
    /// How many files were looked through.
    pub searched: usize,
    /// Whether all were.
    pub done: bool,
}

/// Most lines that are listed.
const LISTED: usize = 5_000;
/// Longest beginning of a line that is listed, in bytes.
const LISTED_BYTES: usize = 300;

impl Hits {
    /// Adds the lines of one file that match.
    pub fn add(&mut self, file: usize, diff: &FileDiff, needle: &Needle) {
        let before = self.lines;
        for run in diff.hunks.iter().flat_map(|hunk| &hunk.runs) {
            for row in (0..run.len).map(|at| run.row(at)) {
                let line = diff.line_of(row);
                if needle.is_in(line) {
                    self.lines += 1;
                    if self.listed.len() < LISTED {
                        self.listed.extend(hit(file, row, line));
                    }
                }
            }
        }
        self.files += usize::from(self.lines > before);
        self.searched += 1;
    }
}

fn hit(file: usize, row: Row, line: &[u8]) -> Option<Hit> {
    let (side, line_no) = match row.kind {
        RowKind::Removed => (Side::Old, row.old?),
        RowKind::Added | RowKind::Context => (Side::New, row.new?),
    };
    let start = line.trim_ascii_start();
    Some(Hit {
        file,
        side,
        line: line_no,
        text: visible_bytes(&start[..start.len().min(LISTED_BYTES)]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_case_finds_any_case_and_what_is_no_expression_is_plain_text() {
        assert!(Needle::new("order(").unwrap().is_in(b"def Order(x)"));
        assert!(!Needle::new("Order").unwrap().is_in(b"def order(x)"));
        assert!(Needle::new("a.c").unwrap().is_in(b"ABC"));
        assert!(Needle::new(r"^def \w+$").unwrap().is_in(b"def order"));
        assert!(!Needle::new(r"\Worder").unwrap().is_in(b"reorder"));
        assert!(Needle::new("x*").unwrap().is_in(b"2x*3"));
        assert!(!Needle::new("x*").unwrap().is_in(b"2y"));
        assert!(Needle::new("").is_none());
        assert_eq!(Needle::new("ab").unwrap().ranges(b"ab ab"), [0..2, 3..5]);
    }
}
