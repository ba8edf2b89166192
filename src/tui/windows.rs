//! Where the lists in front of the panes stand. Shared by `update` (what the mouse is on, how far a list scrolls) and `view`
//! (what is drawn), so that both mean the same rows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::pages;
use super::state::State;
use crate::support::text::width;

/// Returns where a window of some columns and rows stands, frame included.
pub fn place(front: Rect, size: (u16, u16)) -> Rect {
    let (columns, rows) = (size.0.min(front.width), size.1.min(front.height));
    Rect {
        x: front.x + (front.width - columns) / 2,
        y: front.y + (front.height - rows) / 3,
        width: columns,
        height: rows,
    }
}

/// Returns the columns and rows of the finder and other lists that are narrowed.
pub fn picker_size(front: Rect) -> (u16, u16) {
    let columns = (front.width * 4 / 5).clamp(56, 110);
    (columns, front.height.saturating_sub(2).min(30))
}

/// Returns the columns and rows of the list of files.
pub fn files_size(front: Rect) -> (u16, u16) {
    let columns = (front.width * 9 / 10).clamp(58, 130);
    (columns, front.height.saturating_sub(2).min(60))
}

/// Returns the rows that the list of files has on the screen.
pub fn file_rows(state: &State) -> usize {
    let front = pages::front(Rect::new(0, 0, state.size.0, state.size.1));
    let rows = files_size(front).1.min(front.height);
    usize::from(rows.saturating_sub(HEAD))
}

/// Rows of a list's window that are no rows of the list: the frame, and the line with what was typed.
pub const HEAD: u16 = 3;

/// Returns the rows inside a list's window.
pub fn list_rows(window: Rect) -> Rect {
    Rect {
        x: window.x + 1,
        y: window.y + 2,
        width: window.width.saturating_sub(2),
        height: window.height.saturating_sub(HEAD),
    }
}

/// Clears what a window is to stand on. Of a wide character that lies across the window's edge neither half is left: the
/// terminal would draw all of it over the frame, or the other half in no colour.
pub fn clear(buffer: &mut Buffer, place: Rect) {
    let place = place.intersection(buffer.area);
    for y in place.top()..place.bottom() {
        if place.left() > buffer.area.left() {
            let before = &mut buffer[(place.left() - 1, y)];
            if width(before.symbol()) > 1 {
                before.set_symbol(" ");
            }
        }
        let last = buffer[(place.right().saturating_sub(1), y)].clone();
        if place.right() < buffer.area.right() && width(last.symbol()) > 1 {
            buffer[(place.right(), y)]
                .set_style(last.style())
                .set_symbol(" ");
        }
        for x in place.left()..place.right() {
            buffer[(x, y)].reset();
        }
    }
}
