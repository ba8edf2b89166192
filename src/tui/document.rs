//! One file as the code pane shows it: a list of segments from which any row is computed, never stored.

mod find;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diff::is_blank_change;
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

/// Whether both versions stand in one column or in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Columns {
    /// One: removed lines above the added ones.
    #[default]
    Unified,
    /// Two: before on the left, after on the right.
    Split,
}

/// How a file is to be laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How much unchanged text stands around every hunk.
    pub level: ContextLevel,
    /// One column or two.
    pub columns: Columns,
    /// Lines shown besides, by gap (the one above hunk N has number N): below what is above the gap, and above what is
    /// below it.
    pub revealed: BTreeMap<usize, (u32, u32)>,
    /// Why the file is one line until it is opened.
    pub folded: Option<String>,
    /// Whether hunks that change nothing but blanks are their headings only.
    pub blanks_folded: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            level: ContextLevel::Hunks,
            columns: Columns::Unified,
            revealed: BTreeMap::new(),
            folded: None,
            blanks_folded: false,
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
    /// Rows of a hunk side by side; what a side has not is blank.
    Pair {
        hunk: usize,
        left: Option<Part>,
        right: Option<Part>,
    },
    Context {
        old: u32,
        new: u32,
    },
    Gap {
        number: usize,
        lines: u32,
    },
    Message,
}

/// A run of a hunk and the position of its first row there.
#[derive(Debug, Clone, Copy)]
struct Part {
    first: u32,
    run: Run,
}

impl Part {
    fn at(self, offset: u32) -> Option<(u32, Row)> {
        (offset < self.run.len).then(|| (self.first + offset, self.run.row(offset)))
    }
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
    /// Why the file is one line.
    pub folded: Option<String>,
    /// One column or two.
    pub columns: Columns,
    /// Hunks that are their headings only, because they change nothing but blanks.
    pub blank: BTreeSet<usize>,
    segments: Vec<Segment>,
    len: u32,
}

impl Document {
    /// Lays a file out.
    pub fn new(diff: &Arc<FileDiff>, plan: &Plan) -> Self {
        let mut document = Self {
            diff: Arc::clone(diff),
            folded: plan.folded.clone(),
            columns: plan.columns,
            blank: BTreeSet::new(),
            segments: Vec::new(),
            len: 0,
        };
        // A text without hunks is one that the change leaves alone: context from its first line to its last.
        let is_still = diff.hunks.is_empty() && diff.new.line_count() > 0;
        let rowless = diff.hunks.iter().all(|hunk| hunk.rows() == 0);
        if plan.folded.is_some() || (rowless && !is_still) {
            document.push(1, Kind::Message);
            return document;
        }
        let known = diff.new.is_whole() && diff.old.is_whole();
        let mut next = (1, 1);
        for (index, hunk) in diff.hunks.iter().enumerate() {
            let starts = first_lines(hunk);
            let gap = starts.1.saturating_sub(next.1);
            let (after, before) = plan.shown_of_gap(index, gap, known, index > 0);
            document.context(next, after);
            document.gap(index, gap - after - before, known);
            document.push(1, Kind::Heading(index));
            document.context((starts.0 - before, starts.1 - before), before);
            if plan.blanks_folded && is_blank_change(diff, index) {
                document.blank.insert(index);
            } else {
                document.hunk(index, hunk);
            }
            next = end_lines(hunk);
        }
        if known {
            let last = diff.hunks.len();
            let rest = (diff.new.line_count() + 1).saturating_sub(next.1);
            let (after, _) = plan.shown_of_gap(last, rest, known, true);
            document.context(next, after);
            document.gap(last, rest - after, known);
        }
        document
    }

    fn hunk(&mut self, index: usize, hunk: &Hunk) {
        if self.columns == Columns::Unified {
            return self.push(hunk.rows(), Kind::Hunk(index));
        }
        let mut first = 0;
        let mut runs = hunk.runs.iter().peekable();
        while let Some(&run) = runs.next() {
            let part = Part { first, run };
            first += run.len;
            let (left, right) = match run.kind {
                RowKind::Context => (Some(part), Some(part)),
                RowKind::Added => (None, Some(part)),
                RowKind::Removed => {
                    let added = runs.next_if(|next| next.kind == RowKind::Added);
                    let right = added.map(|&run| Part { first, run });
                    first += right.map_or(0, |part| part.run.len);
                    (Some(part), right)
                }
            };
            let rows = |part: Option<Part>| part.map_or(0, |part| part.run.len);
            let kind = Kind::Pair {
                hunk: index,
                left,
                right,
            };
            self.push(rows(left).max(rows(right)), kind);
        }
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
    fn gap(&mut self, number: usize, lines: u32, known: bool) {
        if lines > 0 && known {
            self.push(1, Kind::Gap { number, lines });
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
            Kind::Pair { hunk, left, right } => {
                let shown = |part: Option<Part>| part.and_then(|part| part.at(offset));
                let (at, row) = shown(right).or_else(|| shown(left))?;
                DocRow::Line {
                    place: Some((hunk, at)),
                    row,
                }
            }
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
            Kind::Gap { lines, .. } => DocRow::Gap(lines),
            Kind::Message => DocRow::Message,
        })
    }

    /// Returns the line of the new side at a row, or the one that would come next where the row has none.
    pub fn next_new(&self, index: u32) -> Option<u32> {
        let segment = self.segment_at(index)?;
        let mut offset = index - segment.start;
        match segment.kind {
            Kind::Hunk(hunk) => {
                for run in &self.diff.hunks[hunk].runs {
                    if offset < run.len {
                        let removed = run.kind == RowKind::Removed;
                        return Some(if removed { run.new } else { run.new + offset });
                    }
                    offset -= run.len;
                }
                None
            }
            Kind::Pair { left, right, .. } => match (left, right) {
                (_, Some(part)) => Some(part.run.new + offset.min(part.run.len)),
                (Some(part), None) => Some(part.run.new),
                (None, None) => None,
            },
            Kind::Context { new, .. } => Some(new + offset),
            Kind::Heading(_) | Kind::Gap { .. } | Kind::Message => None,
        }
    }

    /// Returns the removed line that stands to the left of a row, as its position in the hunk and the row.
    pub fn beside(&self, index: u32) -> Option<(u32, Row)> {
        let segment = self.segment_at(index)?;
        let offset = index - segment.start;
        match segment.kind {
            Kind::Pair { left, right, .. } => {
                right.and_then(|part| part.at(offset))?;
                let (at, row) = left?.at(offset)?;
                (row.kind == RowKind::Removed).then_some((at, row))
            }
            Kind::Heading(_)
            | Kind::Hunk(_)
            | Kind::Context { .. }
            | Kind::Gap { .. }
            | Kind::Message => None,
        }
    }

    /// Returns the lines a row shows: its own, and the one beside it.
    pub fn lines(&self, index: u32) -> impl Iterator<Item = Row> + '_ {
        let own = match self.row(index) {
            Some(DocRow::Line { row, .. }) => Some(row),
            _ => None,
        };
        let beside = own.and_then(|_| self.beside(index)).map(|(_, row)| row);
        beside.into_iter().chain(own)
    }

    /// Returns the number of the gap at a row.
    pub fn gap_at(&self, index: u32) -> Option<usize> {
        match self.segment_at(index)?.kind {
            Kind::Gap { number, .. } => Some(number),
            _ => None,
        }
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
        let upto = self
            .segments
            .partition_point(|segment| segment.start <= index);
        self.segments[..upto]
            .iter()
            .rev()
            .find_map(|segment| match segment.kind {
                Kind::Heading(hunk) | Kind::Hunk(hunk) | Kind::Pair { hunk, .. } => Some(hunk),
                Kind::Context { .. } | Kind::Gap { .. } | Kind::Message => None,
            })
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
        let mut rows = self
            .segments
            .iter()
            .filter_map(|segment| match segment.kind {
                Kind::Hunk(at) if at == hunk => {
                    let runs = &self.diff.hunks[hunk].runs;
                    let leading: u32 = runs
                        .iter()
                        .take_while(|run| run.kind == RowKind::Context)
                        .map(|run| run.len)
                        .sum();
                    Some(segment.start + leading.min(segment.len - 1))
                }
                Kind::Pair {
                    hunk: at,
                    left,
                    right,
                } if at == hunk => {
                    let changed = |part: Option<Part>| {
                        part.is_some_and(|part| part.run.kind != RowKind::Context)
                    };
                    (changed(left) || changed(right)).then_some(segment.start)
                }
                _ => None,
            });
        rows.next().unwrap_or_else(|| self.row_of_hunk(hunk))
    }

    /// Returns the row that shows a line, where one does.
    pub fn row_of_line(&self, side: Side, line: LineNo) -> Option<u32> {
        self.segments.iter().find_map(|segment| {
            let offset = match segment.kind {
                Kind::Hunk(hunk) => offset_in_runs(&self.diff.hunks[hunk].runs, side, line),
                Kind::Pair { left, right, .. } => {
                    let part = if side == Side::Old { left } else { right };
                    part.and_then(|part| offset_in_runs(&[part.run], side, line))
                }
                Kind::Context { old, new } => {
                    let first = if side == Side::Old { old } else { new };
                    line.0
                        .checked_sub(first)
                        .filter(|offset| *offset < segment.len)
                }
                Kind::Heading(_) | Kind::Gap { .. } | Kind::Message => None,
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
                Kind::Pair {
                    right: Some(part), ..
                } => consider(part.run.new, part.run.len, segment.start),
                Kind::Context { new, .. } => consider(new, segment.len, segment.start),
                Kind::Pair { .. } | Kind::Heading(_) | Kind::Gap { .. } | Kind::Message => {}
            }
        }
        best.1
    }

    /// Returns which rows of which hunks stand between two rows, both included.
    pub fn displayed(&self, path: &RepoPath, first: u32, last: u32) -> Vec<DisplayedSpan> {
        let shown =
            |segment: &&Segment| segment.start <= last && segment.start + segment.len > first;
        if self.folded.is_some() {
            return Vec::new();
        }
        let span = |hunk: usize, from: u32, to: u32| DisplayedSpan {
            path: path.clone(),
            hunk: hunk as u32 + 1,
            first: from,
            last: to,
        };
        let mut spans = Vec::new();
        for segment in self.segments.iter().filter(shown) {
            let from = first.saturating_sub(segment.start);
            let to = (last - segment.start).min(segment.len - 1);
            match segment.kind {
                Kind::Hunk(hunk) => spans.push(span(hunk, from, to)),
                Kind::Message => spans.push(span(0, 0, 0)),
                Kind::Pair { hunk, left, right } => {
                    // The same context stands on both sides.
                    let left = left.filter(|part| part.run.kind != RowKind::Context);
                    for part in [left, right].into_iter().flatten() {
                        if from < part.run.len {
                            let to = to.min(part.run.len - 1);
                            spans.push(span(hunk, part.first + from, part.first + to));
                        }
                    }
                }
                Kind::Heading(_) | Kind::Context { .. } | Kind::Gap { .. } => {}
            }
        }
        spans
    }

    /// Returns what a file without lines has to say.
    pub fn message(&self) -> String {
        if let Some(reason) = &self.folded {
            return reason.clone();
        }
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

impl Plan {
    /// Returns how many lines of a gap are shown below what is above it, and above what is below it. The text before the
    /// first hunk has nothing above it (`follows` is false); the text after the last one has nothing below it.
    fn shown_of_gap(&self, number: usize, gap: u32, known: bool, follows: bool) -> (u32, u32) {
        if !known {
            return (0, 0);
        }
        let extra = self.level.extra();
        let (down, up) = self.revealed.get(&number).copied().unwrap_or((0, 0));
        let after = if follows { extra } else { 0 };
        let after = after.saturating_add(down).min(gap);
        let before = extra.saturating_add(up).min(gap - after);
        (after, before)
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

    fn plan(level: ContextLevel) -> Plan {
        Plan {
            level,
            ..Plan::default()
        }
    }

    #[test]
    fn side_by_side_and_unified_show_the_same_lines() {
        for level in [ContextLevel::Hunks, ContextLevel::More, ContextLevel::Whole] {
            let unified = Document::new(&sample(), &plan(level));
            let split = Document::new(
                &sample(),
                &Plan {
                    columns: Columns::Split,
                    ..plan(level)
                },
            );
            let lines = |document: &Document| {
                let mut lines: Vec<_> = (0..document.len())
                    .flat_map(|index| document.lines(index).collect::<Vec<_>>())
                    .map(|row| (row.old, row.new))
                    .collect();
                lines.sort_unstable();
                lines
            };
            assert_eq!(lines(&unified), lines(&split));
            let rows = |document: &Document| {
                let mut rows = std::collections::BTreeSet::new();
                for span in document.displayed(&RepoPath::from("a"), 0, document.len() - 1) {
                    rows.extend((span.first..=span.last).map(|row| (span.hunk, row)));
                }
                rows
            };
            assert_eq!(rows(&unified), rows(&split));
        }
    }

    #[test]
    fn lines_are_revealed_from_either_end_of_a_gap() {
        let mut plan = plan(ContextLevel::Hunks);
        plan.revealed.insert(1, (2, 3));
        let document = Document::new(&sample(), &plan);
        let shown = |line| document.row_of_line(Side::New, LineNo(line)).is_some();
        assert!(shown(15) && shown(16) && !shown(17));
        assert!(!shown(24) && shown(25) && shown(27));
        plan.revealed.insert(1, (2, 900));
        let document = Document::new(&sample(), &plan);
        assert!((7..=33).all(|line| document.row_of_line(Side::New, LineNo(line)).is_some()));
    }

    #[test]
    fn every_row_is_there_and_lines_are_found_again() {
        for level in [ContextLevel::Hunks, ContextLevel::More, ContextLevel::Whole] {
            let document = Document::new(&sample(), &plan(level));
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
        let document = Document::new(&sample(), &plan(ContextLevel::Whole));
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
        let document = Document::new(&sample(), &plan(ContextLevel::Hunks));
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
        let document = Document::new(&sample(), &plan(ContextLevel::Hunks));
        let row = document.row(document.first_change(1));
        assert!(matches!(row, Some(DocRow::Line { row, .. }) if row.kind == RowKind::Removed));
        assert_eq!(document.hunk_at(document.first_change(1)), 1);
    }
}
