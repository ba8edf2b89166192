//! Where hunks and lines stand among the rows, and which rows of which hunks are shown.

use super::{Document, Kind, Part, Segment};
use crate::model::{DisplayedSpan, LineNo, RepoPath, RowKind, Run, Side};

impl Document {
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
