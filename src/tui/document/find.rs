//! The nearest row that shows a line worth stopping at, without looking at each row.

use std::ops::Range;

use super::{Document, Kind, Segment};
use crate::model::{RowKind, Run};

impl Document {
    /// Returns the first of some rows of which a line is found. `find` is given a run and the position in it to look from,
    /// and answers with a position.
    pub fn find_row(
        &self,
        rows: Range<u32>,
        find: impl Fn(&Run, u32) -> Option<u32>,
    ) -> Option<u32> {
        let begin = self
            .segments
            .partition_point(|segment| segment.start + segment.len <= rows.start);
        self.segments[begin..]
            .iter()
            .take_while(|segment| segment.start < rows.end)
            .find_map(|segment| self.find_in(segment, &rows, &find))
            .filter(|row| *row < rows.end)
    }

    fn find_in(
        &self,
        segment: &Segment,
        rows: &Range<u32>,
        find: &impl Fn(&Run, u32) -> Option<u32>,
    ) -> Option<u32> {
        // A run of which the first row is `row`.
        let within = |run: &Run, row: u32| {
            let from = rows.start.saturating_sub(row);
            let upto = rows.end.saturating_sub(row).min(run.len);
            let part = Run { len: upto, ..*run };
            (from < upto)
                .then(|| find(&part, from))
                .flatten()
                .map(|at| row + at)
        };
        match segment.kind {
            Kind::Hunk(hunk) => {
                let mut row = segment.start;
                self.diff.hunks[hunk].runs.iter().find_map(|run| {
                    let found = within(run, row);
                    row += run.len;
                    found
                })
            }
            Kind::Pair { left, right, .. } => {
                let sides = [left, right].into_iter().flatten();
                sides
                    .filter_map(|part| within(&part.run, segment.start))
                    .min()
            }
            Kind::Context { old, new } => {
                let run = Run {
                    kind: RowKind::Context,
                    old,
                    new,
                    len: segment.len,
                };
                within(&run, segment.start)
            }
            Kind::Heading(_) | Kind::Gap { .. } | Kind::Message => None,
        }
    }
}
