//! One file's difference: hunks of runs over text that is held once. A row is computed, never stored.

use std::ops::Range;
use std::sync::Arc;

use super::Digest;

/// A line number, 1-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineNo(pub u32);

impl std::fmt::Display for LineNo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnding {
    /// `\n`.
    Lf,
    /// `\r\n`.
    CrLf,
    /// The last line, without one.
    Missing,
}

/// The text of one version of a file, held once, with an index of its lines.
///
/// A patch without its repository knows only the lines it prints, so the index may have gaps.
#[derive(Debug, Clone, Default)]
pub struct FileText {
    bytes: Arc<[u8]>,
    lines: Lines,
}

#[derive(Debug, Clone)]
enum Lines {
    /// Offsets of the starts of all lines.
    Whole(Vec<u32>),
    /// Known lines: number and byte range, line ending included; sorted by number.
    Known(Vec<(u32, Range<u32>)>),
}

impl Default for Lines {
    fn default() -> Self {
        Self::Whole(Vec::new())
    }
}

impl FileText {
    /// Indexes a whole file. Files of 4 GiB and more are cut at that size by their reader, never here.
    pub fn whole(bytes: Arc<[u8]>) -> Self {
        let mut starts = Vec::with_capacity(bytes.len() / 32 + 1);
        if !bytes.is_empty() {
            starts.push(0);
        }
        for newline in memchr::memchr_iter(b'\n', &bytes) {
            if newline + 1 < bytes.len() {
                starts.push(newline as u32 + 1);
            }
        }
        Self {
            bytes,
            lines: Lines::Whole(starts),
        }
    }

    /// Builds a text of which only some lines are known; each line's bytes include its ending. Lines must come in
    /// ascending order.
    pub fn known<'a>(lines: impl IntoIterator<Item = (LineNo, &'a [u8])>) -> Self {
        let mut bytes = Vec::new();
        let mut known = Vec::new();
        for (number, line) in lines {
            let start = bytes.len() as u32;
            bytes.extend_from_slice(line);
            known.push((number.0, start..bytes.len() as u32));
        }
        Self {
            bytes: bytes.into(),
            lines: Lines::Known(known),
        }
    }

    /// Returns all bytes held.
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// Tells whether every line of the file is here.
    pub fn is_whole(&self) -> bool {
        matches!(self.lines, Lines::Whole(_))
    }

    /// Returns how many lines are held.
    pub fn line_count(&self) -> u32 {
        match &self.lines {
            Lines::Whole(starts) => starts.len() as u32,
            Lines::Known(known) => known.len() as u32,
        }
    }

    /// Returns the numbers of the lines held, ascending.
    pub fn line_numbers(&self) -> impl Iterator<Item = LineNo> + '_ {
        let (count, known) = match &self.lines {
            Lines::Whole(starts) => (starts.len() as u32, &[][..]),
            Lines::Known(known) => (0, &known[..]),
        };
        let gapped = known.iter().map(|(number, _)| LineNo(*number));
        (1..=count).map(LineNo).chain(gapped)
    }

    /// Returns the byte range of a line, ending included.
    pub fn range(&self, line: LineNo) -> Option<Range<usize>> {
        match &self.lines {
            Lines::Whole(starts) => {
                let index = line.0.checked_sub(1)? as usize;
                let start = *starts.get(index)? as usize;
                let end = starts
                    .get(index + 1)
                    .map_or(self.bytes.len(), |&next| next as usize);
                Some(start..end)
            }
            Lines::Known(known) => {
                let at = known.binary_search_by_key(&line.0, |(number, _)| *number);
                let range = &known[at.ok()?].1;
                Some(range.start as usize..range.end as usize)
            }
        }
    }

    /// Returns the line that a byte of a whole file is in.
    pub fn line_at(&self, offset: usize) -> Option<LineNo> {
        match &self.lines {
            Lines::Whole(starts) => {
                let line = starts.partition_point(|&start| start as usize <= offset);
                (offset < self.bytes.len()).then_some(LineNo(line as u32))
            }
            Lines::Known(_) => None,
        }
    }

    /// Returns a line with its ending.
    pub fn raw_line(&self, line: LineNo) -> Option<&[u8]> {
        self.range(line).map(|range| &self.bytes[range])
    }

    /// Returns a line without its ending.
    pub fn line(&self, line: LineNo) -> Option<&[u8]> {
        let raw = self.raw_line(line)?;
        let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
        Some(raw.strip_suffix(b"\r").unwrap_or(raw))
    }

    /// Returns how a line ends.
    pub fn ending(&self, line: LineNo) -> Option<LineEnding> {
        let raw = self.raw_line(line)?;
        Some(if raw.ends_with(b"\r\n") {
            LineEnding::CrLf
        } else if raw.ends_with(b"\n") {
            LineEnding::Lf
        } else {
            LineEnding::Missing
        })
    }
}

/// What a row of a diff is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKind {
    /// On both sides.
    Context,
    /// Only before.
    Removed,
    /// Only after.
    Added,
}

/// One row of a diff: at least one side has a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub kind: RowKind,
    /// Its line before; `None` for an added row.
    pub old: Option<LineNo>,
    /// Its line after; `None` for a removed row.
    pub new: Option<LineNo>,
}

/// Consecutive rows of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// What the rows are.
    pub kind: RowKind,
    /// The old line of the first row (for added rows: the old line that would come next).
    pub old: u32,
    /// The new line of the first row (for removed rows: the new line that would come next).
    pub new: u32,
    /// How many rows; at least 1.
    pub len: u32,
}

/// A stretch of changed lines with context. Hunks of a file are numbered from 1 in entries and on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The enclosing function as git's heading shows it; foreign text, may be empty.
    pub heading: String,
    /// The rows, as runs.
    pub runs: Vec<Run>,
    /// SHA-256 over kind and bytes of every row: what a reading mark binds to.
    pub digest: Digest,
}

impl Hunk {
    /// Returns how many rows the hunk has; 0 for a file without text to show.
    pub fn rows(&self) -> u32 {
        self.runs.iter().map(|run| run.len).sum()
    }

    /// Returns how many rows are added or removed.
    pub fn changed(&self) -> u32 {
        self.count(RowKind::Added) + self.count(RowKind::Removed)
    }

    /// Returns how many rows are of one kind.
    pub fn count(&self, kind: RowKind) -> u32 {
        self.runs
            .iter()
            .filter(|run| run.kind == kind)
            .map(|run| run.len)
            .sum()
    }

    /// Returns a row by its 0-based position.
    pub fn row(&self, mut index: u32) -> Option<Row> {
        for run in &self.runs {
            if index < run.len {
                return Some(run.row(index));
            }
            index -= run.len;
        }
        None
    }

    /// Returns the old lines shown, as first and count.
    pub fn old_span(&self) -> (u32, u32) {
        let first = self.runs.first().map_or(0, |run| run.old);
        let count = self.count(RowKind::Context) + self.count(RowKind::Removed);
        (first, count)
    }

    /// Returns the new lines shown, as first and count.
    pub fn new_span(&self) -> (u32, u32) {
        let first = self.runs.first().map_or(0, |run| run.new);
        let count = self.count(RowKind::Context) + self.count(RowKind::Added);
        (first, count)
    }
}

impl Run {
    /// Returns the row at a 0-based position in the run.
    pub fn row(&self, index: u32) -> Row {
        let old = LineNo(self.old + index);
        let new = LineNo(self.new + index);
        match self.kind {
            RowKind::Context => Row {
                kind: self.kind,
                old: Some(old),
                new: Some(new),
            },
            RowKind::Removed => Row {
                kind: self.kind,
                old: Some(old),
                new: None,
            },
            RowKind::Added => Row {
                kind: self.kind,
                old: None,
                new: Some(new),
            },
        }
    }
}

/// What there is to show of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffBody {
    /// Lines.
    Text,
    /// Bytes that are not text; sizes in bytes.
    Binary {
        /// Before, where there is a before.
        old_size: Option<u64>,
        /// After, where there is an after.
        new_size: Option<u64>,
    },
    /// Nothing but a mode, a name or an empty file changed.
    Unchanged,
    /// Another repository's commit changed.
    Submodule {
        /// Before.
        old: Option<String>,
        /// After.
        new: Option<String>,
    },
    /// It could not be read; the reason as a sentence.
    Unavailable(String),
}

/// One file's difference. A file without text rows still has one hunk with no runs, so that it can be marked as read.
#[derive(Debug, Clone)]
pub struct FileDiff {
    /// What there is to show.
    pub body: DiffBody,
    /// The text before.
    pub old: FileText,
    /// The text after.
    pub new: FileText,
    /// The hunks, in order; never empty.
    pub hunks: Vec<Hunk>,
}

impl FileDiff {
    /// Returns a difference without rows.
    pub fn without_rows(body: DiffBody, digest: Digest) -> Self {
        Self {
            body,
            old: FileText::default(),
            new: FileText::default(),
            hunks: vec![Hunk {
                heading: String::new(),
                runs: Vec::new(),
                digest,
            }],
        }
    }

    /// Returns how many lines were added and removed.
    pub fn stat(&self) -> (u32, u32) {
        let sum = |kind| self.hunks.iter().map(|hunk| hunk.count(kind)).sum();
        (sum(RowKind::Added), sum(RowKind::Removed))
    }

    /// Returns the bytes of a row's line without its ending: the new side's, or the old side's for a removed row.
    pub fn line_of(&self, row: Row) -> &[u8] {
        let line = match row.kind {
            RowKind::Removed => row.old.and_then(|line| self.old.line(line)),
            RowKind::Context | RowKind::Added => row.new.and_then(|line| self.new.line(line)),
        };
        line.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_with_and_without_a_last_newline() {
        let text = FileText::whole(Arc::from(&b"a\r\nb\n\nlast"[..]));
        assert_eq!(text.line_count(), 4);
        assert_eq!(text.line(LineNo(1)), Some(&b"a"[..]));
        assert_eq!(text.ending(LineNo(1)), Some(LineEnding::CrLf));
        assert_eq!(text.line(LineNo(3)), Some(&b""[..]));
        assert_eq!(text.ending(LineNo(4)), Some(LineEnding::Missing));
        assert_eq!(text.line(LineNo(5)), None);
        assert_eq!(text.line(LineNo(0)), None);
    }

    #[test]
    fn known_lines_leave_gaps() {
        let text = FileText::known([(LineNo(7), &b"x\n"[..]), (LineNo(9), b"y")]);
        assert_eq!(text.line(LineNo(7)), Some(&b"x"[..]));
        assert_eq!(text.line(LineNo(8)), None);
        assert_eq!(text.line(LineNo(9)), Some(&b"y"[..]));
        let numbers: Vec<_> = text.line_numbers().collect();
        assert_eq!(numbers, [LineNo(7), LineNo(9)]);
    }

    #[test]
    fn rows_of_a_hunk_follow_its_runs() {
        let run = |kind, old, new, len| Run {
            kind,
            old,
            new,
            len,
        };
        let hunk = Hunk {
            heading: String::new(),
            runs: vec![
                run(RowKind::Context, 1, 1, 2),
                run(RowKind::Removed, 3, 3, 1),
                run(RowKind::Added, 4, 3, 2),
            ],
            digest: Digest([0; 32]),
        };
        assert_eq!(hunk.rows(), 5);
        assert_eq!(hunk.changed(), 3);
        assert_eq!(hunk.row(4).and_then(|row| row.new), Some(LineNo(4)));
        assert_eq!(hunk.row(5), None);
        assert_eq!(hunk.old_span(), (1, 3));
        assert_eq!(hunk.new_span(), (1, 4));
    }
}
