//! The function or type that the first line of the code pane is inside of, when the line that names it is further up: in a
//! row of its own at the top of the pane, or in the heading where the pane is small. Shared by `update` (what is visible) and
//! `view` (what is drawn), so that both mean the same rows.

use ratatui::layout::Rect;

use super::document::{DocRow, Document};
use super::state::State;
use crate::syntax::Symbol;

/// The smallest pane that has a row to spare.
const LEAST: u16 = 10;

/// Returns the rows of the code in its pane, when `top` is the first: those below the row of the name.
pub fn code_rows(state: &State, pane: Rect, top: u32) -> Rect {
    let taken = u16::from(header_row(state, pane, top).is_some());
    Rect {
        y: pane.y + taken,
        height: pane.height - taken,
        ..pane
    }
}

/// Returns what stands in the row of its own, from the outermost name in, where there is one.
pub fn header_row(state: &State, pane: Rect, top: u32) -> Option<Vec<&Symbol>> {
    if pane.height < LEAST {
        return None;
    }
    let names = around(state, state.code.document.as_ref()?, top);
    (!names.is_empty()).then_some(names)
}

/// Returns the functions and types around the row `top`, outermost first, of which the naming line is above it. Above a
/// hunk's heading there is none: the heading names its own.
pub fn around<'a>(state: &'a State, document: &Document, top: u32) -> Vec<&'a Symbol> {
    let outline = &state.code.outline;
    let Some(DocRow::Line { row, .. }) = document.row(top) else {
        return Vec::new();
    };
    let Some(next) = document
        .next_new(top)
        .filter(|_| !outline.symbols.is_empty())
    else {
        return Vec::new();
    };
    // A removed line was inside of what is on both sides of where it was.
    let before = if row.new.is_some() {
        next
    } else {
        next.saturating_sub(1)
    };
    let mut names = outline.all_around(before);
    names.retain(|symbol| next <= symbol.last.0 && symbol.line.0 < next);
    names
}
