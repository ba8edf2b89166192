//! One file as the code pane shows it: a list of segments from which any row is computed, never stored.

mod find;
mod layout;
mod places;
mod plan;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{DiffBody, FileDiff, Row, RowKind, Run};
pub use plan::{Columns, ContextLevel, Plan};

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

#[cfg(test)]
mod tests;
