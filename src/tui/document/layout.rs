//! A difference and a plan → segments.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Columns, Document, Kind, Part, Plan, Segment};
use crate::diff::is_blank_change;
use crate::model::{FileDiff, Hunk, RowKind};

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
