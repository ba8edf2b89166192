//! Lines that were moved: removed in one place of the change and added in another, three in a row at least, whatever their
//! indentation. Knows nothing of files but their number, so that moves between files are found too.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher as _;

use crate::model::{FileDiff, LineNo, RowKind, Side};

/// Lines that must follow each other.
const BLOCK: usize = 3;
/// Letters and digits a block must have: brackets and blanks recur everywhere.
const LETTERS: usize = 20;
/// Longest line that is looked at, in bytes.
const LINE_BYTES: usize = 2_048;
/// Most blocks that are kept of each side.
const KEPT: usize = 1 << 20;

/// A line of the change: the file's number, and the line.
pub type Place = (u32, LineNo);

/// Blocks of removed and of added lines of a whole change.
#[derive(Debug, Default)]
pub struct Moves {
    removed: HashMap<u64, Place>,
    added: HashMap<u64, Place>,
}

/// The moved lines of one file, with where each has its counterpart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MovedLines {
    lines: HashMap<(Side, u32), Place>,
}

impl MovedLines {
    /// Returns where a line was moved to (an old one) or from (a new one).
    pub fn counterpart(&self, side: Side, line: LineNo) -> Option<Place> {
        self.lines.get(&(side, line.0)).copied()
    }

    /// Tells whether nothing was moved.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl Moves {
    /// Adds the changed lines of a file.
    pub fn add(&mut self, file: u32, diff: &FileDiff) {
        for_each_block(diff, |side, first, hash| {
            let blocks = match side {
                Side::Old => &mut self.removed,
                Side::New => &mut self.added,
            };
            if blocks.len() < KEPT {
                blocks.entry(hash).or_insert((file, first));
            }
        });
    }

    /// Adds what was found in other files; of the same block the first place counts, whoever came upon it.
    pub fn join(&mut self, other: Self) {
        for (own, others) in [
            (&mut self.removed, other.removed),
            (&mut self.added, other.added),
        ] {
            for (hash, place) in others {
                let first = own.entry(hash).or_insert(place);
                *first = place.min(*first);
            }
        }
    }

    /// Returns the moved lines of a file.
    pub fn of(&self, diff: &FileDiff) -> MovedLines {
        let mut moved = MovedLines::default();
        for_each_block(diff, |side, first, hash| {
            let others = match side {
                Side::Old => &self.added,
                Side::New => &self.removed,
            };
            if let Some(&(file, line)) = others.get(&hash) {
                for offset in 0..BLOCK as u32 {
                    moved
                        .lines
                        .entry((side, first.0 + offset))
                        .or_insert((file, LineNo(line.0 + offset)));
                }
            }
        });
        moved
    }
}

/// Calls for every block of changed lines with its side, first line and hash.
fn for_each_block(diff: &FileDiff, mut block: impl FnMut(Side, LineNo, u64)) {
    for run in diff.hunks.iter().flat_map(|hunk| &hunk.runs) {
        let (side, first) = match run.kind {
            RowKind::Context => continue,
            RowKind::Removed => (Side::Old, run.old),
            RowKind::Added => (Side::New, run.new),
        };
        let lines: Vec<(u64, usize)> = (0..run.len)
            .map(|at| print(diff.line_of(run.row(at))))
            .collect();
        for (offset, window) in lines.windows(BLOCK).enumerate() {
            if window.iter().map(|(_, letters)| letters).sum::<usize>() < LETTERS {
                continue;
            }
            let mut hasher = DefaultHasher::new();
            for (hash, _) in window {
                hasher.write_u64(*hash);
            }
            block(side, LineNo(first + offset as u32), hasher.finish());
        }
    }
}

/// Returns a line's hash without its indentation, and how many letters and digits it has.
fn print(line: &[u8]) -> (u64, usize) {
    let line = line.trim_ascii();
    let line = &line[..line.len().min(LINE_BYTES)];
    let mut hasher = DefaultHasher::new();
    hasher.write(line);
    let letters = line.iter().filter(|byte| byte.is_ascii_alphanumeric());
    (hasher.finish(), letters.count())
}

/// Tells whether a hunk changes nothing but blanks and line breaks.
pub fn is_blank_change(diff: &FileDiff, hunk: usize) -> bool {
    let bytes = |kind: RowKind| {
        diff.hunks[hunk]
            .runs
            .iter()
            .filter(move |run| run.kind == kind)
            .flat_map(|run| (0..run.len).map(|at| run.row(at)))
            .flat_map(|row| diff.line_of(row))
            .filter(|byte| !byte.is_ascii_whitespace())
    };
    diff.hunks[hunk].changed() > 0 && bytes(RowKind::Removed).eq(bytes(RowKind::Added))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DiffBody, Digest, FileText, Hunk, Run};
    use std::sync::Arc;

    fn file(old: &[&str], new: &[&str]) -> FileDiff {
        let text = |lines: &[&str]| FileText::whole(Arc::from(lines.join("\n").as_bytes()));
        let run = |kind, len: usize| Run {
            kind,
            old: 1,
            new: 1,
            len: len as u32,
        };
        let runs = [
            run(RowKind::Removed, old.len()),
            run(RowKind::Added, new.len()),
        ];
        FileDiff {
            body: DiffBody::Text,
            old: text(old),
            new: text(new),
            hunks: vec![Hunk {
                heading: String::new(),
                runs: runs.into_iter().filter(|run| run.len > 0).collect(),
                digest: Digest([0; 32]),
            }],
        }
    }

    #[test]
    fn a_block_that_went_to_another_file_is_found_from_both_ends() {
        let block = [
            "let total = price * count;",
            "check(total);",
            "return total;",
        ];
        let from = file(&["a", block[0], block[1], block[2]], &["x"]);
        let indented: Vec<String> = block.iter().map(|line| format!("    {line}")).collect();
        let to = file(&[], &[&indented[0], &indented[1], &indented[2], "other"]);
        let mut moves = Moves::default();
        moves.add(0, &from);
        moves.add(1, &to);
        let (gone, come) = (moves.of(&from), moves.of(&to));
        assert_eq!(gone.counterpart(Side::Old, LineNo(2)), Some((1, LineNo(1))));
        assert_eq!(gone.counterpart(Side::Old, LineNo(1)), None);
        assert_eq!(come.counterpart(Side::New, LineNo(3)), Some((0, LineNo(4))));
        assert_eq!(come.counterpart(Side::New, LineNo(4)), None);
    }

    #[test]
    fn brackets_and_blanks_are_no_moved_block() {
        let from = file(&["}", "", "}"], &[]);
        let to = file(&[], &["}", "", "}"]);
        let mut moves = Moves::default();
        moves.add(0, &from);
        moves.add(1, &to);
        assert!(moves.of(&from).is_empty());
    }

    #[test]
    fn a_change_of_indentation_is_blank_and_a_changed_word_is_not() {
        assert!(is_blank_change(&file(&["if x:", "y"], &["if x: y"]), 0));
        assert!(!is_blank_change(&file(&["if x:"], &["if z:"]), 0));
        assert!(!is_blank_change(&file(&[], &["x"]), 0));
    }
}
