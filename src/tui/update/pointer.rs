//! The mouse: the wheel scrolls what is under it, a press goes to a line or a pane, dragging selects lines.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::motion;
use crate::tui::layout::Focus;
use crate::tui::pages;
use crate::tui::state::{Overlay, State};

/// Lines that one notch of the wheel scrolls.
const NOTCH: i64 = 3;

/// Handles the mouse.
pub fn on_mouse(state: &mut State, event: MouseEvent) {
    if let Some(front) = state.overlays.last_mut() {
        overlay_wheel(front, event.kind);
        return;
    }
    let Some(areas) = state.areas() else { return };
    let at = Position::new(event.column, event.row);
    let by = match event.kind {
        MouseEventKind::ScrollDown => NOTCH,
        MouseEventKind::ScrollUp => -NOTCH,
        MouseEventKind::Down(MouseButton::Left) => return press(state, at),
        MouseEventKind::Drag(MouseButton::Left) => return drag(state, at),
        MouseEventKind::Up(MouseButton::Left) => {
            state.dragged_from = None;
            return;
        }
        _ => return,
    };
    if areas.code.contains(at) {
        motion::scroll_by(state, by);
    } else if areas.item.contains(at) {
        let most = pages::item_rows_beyond(state, &areas);
        let scroll = i64::from(state.item_scroll) + by;
        state.item_scroll = scroll.clamp(0, i64::from(most)) as u16;
    } else if areas.checklist.contains(at) {
        motion::step_item(state, if by > 0 { 1 } else { -1 });
    }
}

fn overlay_wheel(front: &mut Overlay, kind: MouseEventKind) {
    let by = match kind {
        MouseEventKind::ScrollDown => NOTCH,
        MouseEventKind::ScrollUp => -NOTCH,
        _ => return,
    };
    match front {
        Overlay::Picker(picker) => picker.step(by as isize),
        Overlay::Text(_, scroll) => {
            *scroll = (i64::from(*scroll) + by).clamp(0, i64::from(u16::MAX)) as u16;
        }
        Overlay::Dialog(_) => {}
    }
}

fn press(state: &mut State, at: Position) {
    let Some(areas) = state.areas() else { return };
    state.notice = None;
    if areas.code.contains(at) {
        state.focus = Focus::Code;
        state.code.selection = None;
        if let Some(row) = row_at(state, areas.code, at) {
            state.code.cursor = row;
            state.dragged_from = Some(row);
        }
    } else if areas.item.contains(at) || areas.item_heading.contains(at) {
        state.focus = Focus::Item;
    } else if areas.code_heading.contains(at) {
        state.focus = Focus::Code;
    } else if areas.checklist.contains(at) {
        state.focus = Focus::Checklist;
    }
}

fn drag(state: &mut State, at: Position) {
    let (Some(areas), Some(from)) = (state.areas(), state.dragged_from) else {
        return;
    };
    // Beyond the pane's edge the pane scrolls.
    if at.y < areas.code.top() {
        state.code.cursor = state.code.cursor.saturating_sub(1);
    } else if at.y >= areas.code.bottom() {
        state.code.cursor = state.code.cursor.saturating_add(1);
    } else if let Some(row) = row_at(state, areas.code, at) {
        state.code.cursor = row;
    }
    if state.code.cursor != from {
        state.code.selection = Some(from);
    }
}

/// Returns the row of the code that is drawn at a place.
fn row_at(state: &State, pane: Rect, at: Position) -> Option<u32> {
    let document = state.code.document.as_ref()?;
    let measure = state.measure(document, pane);
    let mut y = pane.top();
    let mut row = state.code.top;
    while row < document.len() && y < pane.bottom() {
        let height = measure.height(row) as u16;
        if at.y < y + height {
            return Some(row);
        }
        y += height;
        row += 1;
    }
    None
}
