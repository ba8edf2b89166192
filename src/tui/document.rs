//! One file as the code pane shows it: a list of segments from which any row is computed, never stored.

use std::sync::Arc;

use crate::model::{
    DiffBody, DisplayedSpan, FileDiff, Hunk, LineNo, RepoPath, Row, RowKind, Run, Side,
};

/// How much unchanged text stands around the hunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContextLevel {
    /// As the difference was computed: three lines.
    Hunks,
    /// Ten more on either side.
    More,
    /// The whole file.
    Whole,
}

impl ContextLevel {
    /// Returns the level after this one, going round.
    pub fn next(self) -> Self {
        match self {
            Self::Hunks => Self::More,
            Self::More => Self::Whole,
            Self::Whole => Self::Hunks,
        }
    }

    fn extra(self) -> u32 {
        match self {
            Self::Hunks => 0,
            Self::More => 10,
            Self::Whole => u32::MAX,
        }
    }
}

/// A row of the code pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocRow {
    /// The line above a hunk. Hunks are counted from 0 here.
    Heading(usize),
    /// A line of code: in a hunk (with the row's position there), or around one.
    Line {
        /// The hunk and the row in it; `None` for expanded context.
        place: Option<(usize, u32)>,
        /// The row.
        row: Row,
    },
    /// Lines that are not shown.
    Gap(u32),
    /// A file without lines says so here.
    Message,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Heading(usize),
    Hunk(usize),
    Context { old: u32, new: u32 },
    Gap(u32),
    Message,
}

#[derive(Debug, Clone, Copy)]
struct Segment {
    start: u32,
    len: u32,
    kind: Kind,
}

/// A file laid out for the code pane.
#[derive(Debug, Clone)]
pub struct Document {
    /// The difference.
    pub diff: Arc<FileDiff>,
    segments: Vec<Segment>,
    len: u32,
}

impl Document {
    /// Lays a file out.
    pub fn new(diff: &Arc<FileDiff>, level: ContextLevel) -> Self {
        let mut document = Self {
            diff: Arc::clone(diff),
            segments: Vec::new(),
            len: 0,
        };
        if diff.hunks.iter().all(|hunk| hunk.rows() == 0) {
            document.push(1, Kind::Message);
            return document;
        }
        let known = diff.new.is_whole() && diff.old.is_whole();
        let extra = if known { level.extra() } else { 0 };
        let mut next = (1, 1);
        for (index, hunk) in diff.hunks.iter().enumerate() {
            let starts = first_lines(hunk);
            let gap = starts.1.saturating_sub(next.1);
            let after = if index == 0 { 0 } else { extra.min(gap) };
            let before = extra.min(gap - after);
            document.context(next, after);
            document.gap(gap - after - before, known);
            document.push(1, Kind::Heading(index));
            document.context((starts.0 - before, starts.1 - before), before);
            document.push(hunk.rows(), Kind::Hunk(index));
            next = end_lines(hunk);
        }
        if known {
            let rest = (diff.new.line_count() + 1).saturating_sub(next.1);
            let after = extra.min(rest);
            document.context(next, after);
            document.gap(rest - after, known);
        }
        document
    }

    fn push(&mut self, len: u32, kind: Kind) {
        if len > 0 {
            let start = self.len;
            self.segments.push(Segment { start, len, kind });
            self.len += len;
        }
    }

    fn context(&mut self, (old, new): (u32, u32), len: u32) {
        self.push(len, Kind::Context { old, new });
    }

    /// Lines that stay hidden take one row, unless it is not even known that they exist.
    fn gap(&mut self, lines: u32, known: bool) {
        if lines > 0 && known {
            self.push(1, Kind::Gap(lines));
        }
    }

    /// Returns how many rows there are; at least 1.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Tells whether there is nothing at all, which never happens.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns a row by its 0-based position.
    pub fn row(&self, index: u32) -> Option<DocRow> {
        let segment = self.segment_at(index)?;
        let offset = index - segment.start;
        Some(match segment.kind {
            Kind::Heading(hunk) => DocRow::Heading(hunk),
            Kind::Hunk(hunk) => DocRow::Line {
                place: Some((hunk, offset)),
                row: self.diff.hunks[hunk].row(offset)?,
            },
            Kind::Context { old, new } => {
                let run = Run {
                    kind: RowKind::Context,
                    old,
                    new,
                    len: segment.len,
                };
                DocRow::Line {
                    place: None,
                    row: run.row(offset),
                }
            }
            Kind::Gap(lines) => DocRow::Gap(lines),
            Kind::Message => DocRow::Message,
        })
    }

    fn segment_at(&self, index: u32) -> Option<&Segment> {
        let after = self
            .segments
            .partition_point(|segment| segment.start <= index);
        let segment = self.segments.get(after.checked_sub(1)?)?;
        (index < segment.start + segment.len).then_some(segment)
    }

    /// Returns the hunk a row belongs to: its own, or the nearest above; hunks are counted from 0.
    pub fn hunk_at(&self, index: u32) -> usize {
        self.segments
            .iter()
            .take_while(|segment| segment.start <= index)
            .filter_map(|segment| match segment.kind {
                Kind::Heading(hunk) | Kind::Hunk(hunk) => Some(hunk),
                Kind::Context { .. } | Kind::Gap(_) | Kind::Message => None,
            })
            .last()
            .unwrap_or(0)
    }

    /// Returns the heading's row of a hunk.
    pub fn row_of_hunk(&self, hunk: usize) -> u32 {
        self.segments
            .iter()
            .find(|segment| matches!(segment.kind, Kind::Heading(h) if h == hunk))
            .map_or(0, |segment| segment.start)
    }

    /// Returns the row to stand on when going to a hunk: its first changed line.
    pub fn first_change(&self, hunk: usize) -> u32 {
        let Some(segment) = self
            .segments
            .iter()
            .find(|segment| matches!(segment.kind, Kind::Hunk(h) if h == hunk))
        else {
            return self.row_of_hunk(hunk);
        };
        let leading: u32 = self.diff.hunks[hunk]
            .runs
            .iter()
            .take_while(|run| run.kind == RowKind::Context)
            .map(|run| run.len)
            .sum();
        segment.start + leading.min(segment.len - 1)
    }

    /// Returns the row that shows a line, where one does.
    pub fn row_of_line(&self, side: Side, line: LineNo) -> Option<u32> {
        self.segments.iter().find_map(|segment| {
            let offset = match segment.kind {
                Kind::Hunk(hunk) => offset_in_runs(&self.diff.hunks[hunk].runs, side, line),
                Kind::Context { old, new } => {
                    let first = if side == Side::Old { old } else { new };
                    line.0
                        .checked_sub(first)
                        .filter(|offset| *offset < segment.len)
                }
                Kind::Heading(_) | Kind::Gap(_) | Kind::Message => None,
            };
            offset.map(|offset| segment.start + offset)
        })
    }

    /// Returns the row that shows a line of the new side, or the nearest line above it that is shown; the first row where
    /// there is none.
    pub fn row_up_to_line(&self, line: LineNo) -> u32 {
        let mut best = (0, 0);
        let mut consider = |first: u32, len: u32, row: u32| {
            if first <= line.0 && first >= best.0 {
                let offset = (line.0 - first).min(len - 1);
                best = (first + offset, row + offset);
            }
        };
        for segment in &self.segments {
            match segment.kind {
                Kind::Hunk(hunk) => {
                    let mut row = segment.start;
                    for run in &self.diff.hunks[hunk].runs {
                        if run.kind != RowKind::Removed {
                            consider(run.new, run.len, row);
                        }
                        row += run.len;
                    }
                }
                Kind::Context { new, .. } => consider(new, segment.len, segment.start),
                Kind::Heading(_) | Kind::Gap(_) | Kind::Message => {}
            }
        }
        best.1
    }

    /// Returns which rows of which hunks stand between two rows, both included.
    pub fn displayed(&self, path: &RepoPath, first: u32, last: u32) -> Vec<DisplayedSpan> {
        let shown =
            |segment: &&Segment| segment.start <= last && segment.start + segment.len > first;
        self.segments
            .iter()
            .filter(shown)
            .filter_map(|segment| {
                let (hunk, from, to) = match segment.kind {
                    Kind::Hunk(hunk) => (
                        hunk,
                        first.saturating_sub(segment.start),
                        (last - segment.start).min(segment.len - 1),
                    ),
                    Kind::Message => (0, 0, 0),
                    Kind::Heading(_) | Kind::Context { .. } | Kind::Gap(_) => return None,
                };
                Some(DisplayedSpan {
                    path: path.clone(),
                    hunk: hunk as u32 + 1,
                    first: from,
                    last: to,
                })
            })
            .collect()
    }

    /// Returns what a file without lines has to say.
    pub fn message(&self) -> String {
        let size =
            |bytes: &Option<u64>| bytes.map_or_else(|| "-".to_owned(), |n| format!("{n} bytes"));
        match &self.diff.body {
            DiffBody::Binary { old_size, new_size } => format!(
                "Binary file, not shown: {} before, {} after. Open it with another tool before you mark it as read.",
                size(old_size),
                size(new_size)
            ),
            DiffBody::Unchanged | DiffBody::Text => {
                "No lines changed: only the name, the mode or an empty file.".to_owned()
            }
            DiffBody::Submodule { old, new } => {
                let commit = |id: &Option<String>| id.clone().unwrap_or_else(|| "none".to_owned());
                format!(
                    "Submodule: commit {} before, {} after. Its code is another repository's and is not reviewed here.",
                    commit(old),
                    commit(new)
                )
            }
            DiffBody::Unavailable(reason) => format!("Not shown: {reason}"),
        }
    }
}

/// Returns the first old and new line of a hunk.
fn first_lines(hunk: &Hunk) -> (u32, u32) {
    hunk.runs.first().map_or((1, 1), |run| (run.old, run.new))
}

/// Returns the old and new line after a hunk.
fn end_lines(hunk: &Hunk) -> (u32, u32) {
    let (old, new) = first_lines(hunk);
    (old + hunk.old_span().1, new + hunk.new_span().1)
}

fn offset_in_runs(runs: &[Run], side: Side, line: LineNo) -> Option<u32> {
    let mut before = 0;
    for run in runs {
        let first = match (side, run.kind) {
            (Side::Old, RowKind::Context | RowKind::Removed) => Some(run.old),
            (Side::New, RowKind::Context | RowKind::Added) => Some(run.new),
            (Side::Old, RowKind::Added) | (Side::New, RowKind::Removed) => None,
        };
        if let Some(offset) = first.and_then(|first| line.0.checked_sub(first))
            && offset < run.len
        {
            return Some(before + offset);
        }
        before += run.len;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Digest, FileText};

    /// Forty lines of which the tenth is replaced by two and the thirtieth is removed.
    fn sample() -> Arc<FileDiff> {
        let text = |count: u32| -> FileText {
            let body: Vec<String> = (1..=count).map(|n| format!("line {n}")).collect();
            FileText::whole(Arc::from(body.join("\n").as_bytes()))
        };
        let run = |kind, old, new, len| Run {
            kind,
            old,
            new,
            len,
        };
        let hunk = |runs| Hunk {
            heading: String::new(),
            runs,
            digest: Digest([0; 32]),
        };
        Arc::new(FileDiff {
            body: DiffBody::Text,
            old: text(40),
            new: text(40),
            hunks: vec![
                hunk(vec![
                    run(RowKind::Context, 7, 7, 3),
                    run(RowKind::Removed, 10, 10, 1),
                    run(RowKind::Added, 11, 10, 2),
                    run(RowKind::Context, 11, 12, 3),
                ]),
                hunk(vec![
                    run(RowKind::Context, 27, 28, 3),
                    run(RowKind::Removed, 30, 31, 1),
                    run(RowKind::Context, 31, 31, 3),
                ]),
            ],
        })
    }

    #[test]
    fn every_row_is_there_and_lines_are_found_again() {
        for level in [ContextLevel::Hunks, ContextLevel::More, ContextLevel::Whole] {
            let document = Document::new(&sample(), level);
            assert!(document.row(document.len()).is_none());
            for index in 0..document.len() {
                let row = document.row(index).expect("a row below the length");
                if let DocRow::Line { row, .. } = row {
                    if let Some(line) = row.new {
                        assert_eq!(document.row_of_line(Side::New, line), Some(index));
                    }
                    if let Some(line) = row.old {
                        assert_eq!(document.row_of_line(Side::Old, line), Some(index));
                    }
                }
            }
        }
    }

    #[test]
    fn whole_file_context_shows_each_line_once_and_no_gap() {
        let document = Document::new(&sample(), ContextLevel::Whole);
        let rows: Vec<_> = (0..document.len())
            .filter_map(|i| document.row(i))
            .collect();
        assert!(!rows.iter().any(|row| matches!(row, DocRow::Gap(_))));
        let lines: Vec<u32> = rows
            .iter()
            .filter_map(|row| match row {
                DocRow::Line { row, .. } => row.new.map(|line| line.0),
                _ => None,
            })
            .collect();
        assert_eq!(lines, (1..=40).collect::<Vec<_>>());
    }

    #[test]
    fn displayed_rows_name_the_hunk_and_the_rows_in_it() {
        let document = Document::new(&sample(), ContextLevel::Hunks);
        let path = RepoPath::from("a");
        let all = document.displayed(&path, 0, document.len() - 1);
        let spans: Vec<_> = all
            .iter()
            .map(|span| (span.hunk, span.first, span.last))
            .collect();
        assert_eq!(spans, [(1, 0, 8), (2, 0, 6)]);
        let some = document.displayed(&path, 3, 4);
        assert_eq!((some[0].first, some[0].last), (1, 2));
    }

    #[test]
    fn going_to_a_hunk_lands_on_its_first_changed_line() {
        let document = Document::new(&sample(), ContextLevel::Hunks);
        let row = document.row(document.first_change(1));
        assert!(matches!(row, Some(DocRow::Line { row, .. }) if row.kind == RowKind::Removed));
        assert_eq!(document.hunk_at(document.first_change(1)), 1);
    }
}
