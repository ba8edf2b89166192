//! Where the reader is: the selected rows, the lines they are, what of the code is on the screen.

use super::State;
use crate::model::{RowKind, Side};
use crate::tui::document::DocRow;
use crate::tui::sticky;
use crate::workbench::Place;

impl State {
    /// Returns the rows of the selection, or the cursor's row.
    pub fn selected_rows(&self) -> (u32, u32) {
        let cursor = self.code.cursor;
        let other = self.code.selection.unwrap_or(cursor);
        (cursor.min(other), cursor.max(other))
    }

    /// Returns the selected lines as a place in the change; `None` where they are no lines under review.
    pub fn selected_place(&self) -> Option<Place> {
        let place = self.pointed_place()?;
        self.reviewed(place.side)?;
        Some(place)
    }

    /// Returns the selected lines as a place: on the new side where any selected line has one, on the old side where
    /// all are removed.
    pub fn pointed_place(&self) -> Option<Place> {
        let document = self.code.document.as_ref()?;
        let file = self.file()?;
        let (first, last) = self.selected_rows();
        let rows = || {
            (first..=last).filter_map(|index| match document.row(index)? {
                DocRow::Line {
                    place: Some(_),
                    row,
                    ..
                } => Some(row),
                _ => None,
            })
        };
        let span = |lines: Vec<u32>| Some((*lines.iter().min()?, *lines.iter().max()?));
        let new = span(
            rows()
                .filter(|row| row.kind != RowKind::Removed)
                .filter_map(|row| row.new.map(|line| line.0))
                .collect(),
        );
        let old = || {
            span(
                rows()
                    .filter_map(|row| row.old.map(|line| line.0))
                    .collect(),
            )
        };
        let (side, (start, end)) = match new {
            Some(span) => (Side::New, span),
            None => (Side::Old, old()?),
        };
        Some(Place {
            path: file.path.clone(),
            side,
            start,
            end,
        })
    }

    /// Returns which rows of the code are on the screen, first and last.
    pub fn visible_rows(&self) -> Option<(u32, u32)> {
        let areas = self.areas()?;
        let document = self.code.document.as_ref()?;
        let top = self.code.top;
        if areas.code.height == 0 || top >= document.len() {
            return None;
        }
        let pane = sticky::code_rows(self, areas.code, top);
        let last = self.measure(document, pane).last_from(top);
        Some((top, last))
    }
}
