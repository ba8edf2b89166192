//! What a search matches: a regular expression (or plain text, where the pattern is none), any case where it has no
//! capitals. Shared by `update`, `view` and the worker, so that all three mean the same lines.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

use crate::model::{FileDiff, FileText, LineNo, Row, RowKind, Run, Side};
use crate::support::text::visible_bytes;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Needle {
    line: Regex,
    /// For many lines at once; only of a pattern that no match can leave a line by.
    lines: Option<Regex>,
}

impl Needle {
    /// Compiles a pattern; `None` for an empty one. What is no regular expression (`order(`) is plain text.
    pub fn new(pattern: &str) -> Option<Self> {
        if pattern.is_empty() {
            return None;
        }
        Self::compile(pattern).or_else(|| Self::compile(&regex::escape(pattern)))
    }

    /// Compiles a regular expression within bounds of memory.
    fn compile(pattern: &str) -> Option<Self> {
        const MOST_BYTES: usize = 4 << 20;
        let build = |multi_line: bool| {
            RegexBuilder::new(pattern)
                .case_insensitive(!has_capital(pattern))
                .multi_line(multi_line)
                .size_limit(MOST_BYTES)
                .dfa_size_limit(MOST_BYTES)
                .build()
                .ok()
        };
        let line = build(false).filter(|regex| !regex.is_match(b""))?;
        let lines = stays_in_line(pattern).then(|| build(true)).flatten();
        Some(Self { line, lines })
    }

    /// Tells whether a line matches.
    pub fn is_in(&self, line: &[u8]) -> bool {
        self.line.is_match(line)
    }

    /// Returns the byte range of the first match in a line.
    pub fn first(&self, line: &[u8]) -> Option<Range<usize>> {
        self.line.find(line).map(|found| found.range())
    }

    /// Returns the byte ranges of all matches in a line.
    pub fn ranges(&self, line: &[u8]) -> Vec<Range<usize>> {
        self.line
            .find_iter(line)
            .map(|found| found.range())
            .collect()
    }

    /// Returns the first line that matches among some consecutive ones of a text.
    pub fn first_line(&self, text: &FileText, lines: Range<u32>) -> Option<u32> {
        let matches = |line: u32| text.line(LineNo(line)).is_some_and(|line| self.is_in(line));
        let (Some(many), true) = (&self.lines, text.is_whole()) else {
            return lines.into_iter().find(|line| matches(*line));
        };
        let end = text.range(LineNo(lines.end.checked_sub(1)?))?.end;
        let bytes = &text.bytes()[..end];
        let mut line = lines.start;
        while line < lines.end {
            let found = many.find_at(bytes, text.range(LineNo(line))?.start)?;
            line = text.line_at(found.start())?.0;
            // What ends a line is no part of it.
            if matches(line) {
                return Some(line);
            }
            line += 1;
        }
        None
    }

    /// Returns the first line of a run that matches, as its position in the run.
    pub fn first_in(&self, diff: &FileDiff, run: &Run, from: u32) -> Option<u32> {
        let (text, first) = match run.kind {
            RowKind::Removed => (&diff.old, run.old),
            RowKind::Context | RowKind::Added => (&diff.new, run.new),
        };
        let found = self.first_line(text, first + from..first + run.len)?;
        Some(found - first)
    }
}

/// Tells whether nothing in a pattern can match the end of a line, nor asks for more of the text than its line. Only what
/// is known to be so counts.
fn stays_in_line(pattern: &str) -> bool {
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        let stays = match letter {
            '\\' => letters
                .next()
                .is_some_and(|escaped| "wdb".contains(escaped) || escaped.is_ascii_punctuation()),
            '(' => letters.peek() != Some(&'?'),
            '$' | '[' => false,
            other => !other.is_control(),
        };
        if !stays {
            return false;
        }
    }
    true
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
            let mut from = 0;
            while let Some(at) = needle.first_in(diff, run, from) {
                self.lines += 1;
                if self.listed.len() < LISTED {
                    let row = run.row(at);
                    self.listed.extend(hit(file, row, diff.line_of(row)));
                }
                from = at + 1;
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
    use std::sync::Arc;

    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn many_lines_at_once_match_as_they_do_one_by_one(
            text in r"([ab(.é\r ]{0,4}\r?\n){0,12}[ab]{0,3}",
            pattern in r"[ab.^$*|() \\ws\[\]]{1,5}",
            from in 1u32..8,
            count in 0u32..12,
        ) {
            let text = FileText::whole(Arc::from(text.as_bytes()));
            let Some(needle) = Needle::new(&pattern) else { return Ok(()) };
            let lines = from..(from + count).min(text.line_count() + 1).max(from);
            let one_by_one = lines
                .clone()
                .find(|line| text.line(LineNo(*line)).is_some_and(|line| needle.is_in(line)));
            prop_assert_eq!(needle.first_line(&text, lines), one_by_one);
        }
    }
}
