//! The mouse: the wheel scrolls what is under it, a press goes to a line, a hint, an item or a pane, dragging selects lines.

use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::{files, hints, jump, motion, overlay, reveal};
use crate::model::Side;
use crate::tui::effect::Effect;
use crate::tui::layout::{Areas, Focus};
use crate::tui::state::{Arrival, Overlay, State};
use crate::tui::{item_list, pages, sticky, windows};

/// Lines that one notch of the wheel scrolls.
const NOTCH: i64 = 3;

/// Handles the mouse.
pub fn on_mouse(state: &mut State, event: MouseEvent) -> Vec<Effect> {
    let at = Position::new(event.column, event.row);
    let by = match event.kind {
        MouseEventKind::ScrollDown => NOTCH,
        MouseEventKind::ScrollUp => -NOTCH,
        MouseEventKind::Down(MouseButton::Left) if state.overlays.is_empty() => {
            press(state, at);
            return Vec::new();
        }
        MouseEventKind::Down(MouseButton::Left) => return press_front(state, at),
        MouseEventKind::Drag(MouseButton::Left) if state.overlays.is_empty() => {
            drag(state, at);
            return Vec::new();
        }
        MouseEventKind::Up(MouseButton::Left) => {
            state.dragged_from = None;
            return Vec::new();
        }
        _ => return Vec::new(),
    };
    if state.overlays.is_empty() {
        wheel(state, at, by);
    } else {
        wheel_front(state, by);
    }
    Vec::new()
}

/// The wheel moves what is under it.
fn wheel(state: &mut State, at: Position, by: i64) {
    let Some(areas) = state.areas() else { return };
    if areas.code.contains(at) || areas.code_heading.contains(at) {
        motion::scroll_by(state, by);
    } else if areas.item.contains(at) || areas.item_heading.contains(at) {
        let most = pages::item_rows_beyond(state, &areas);
        let scroll = i64::from(state.item_scroll) + by;
        state.item_scroll = scroll.clamp(0, i64::from(most)) as u16;
    } else if areas.checklist.contains(at) {
        motion::step_item(state, if by > 0 { 1 } else { -1 });
    }
}

fn wheel_front(state: &mut State, by: i64) {
    match state.overlays.last_mut() {
        Some(Overlay::Picker(picker)) => picker.step(by as isize),
        Some(Overlay::Files(_)) => files::wheel(state, by as isize),
        Some(Overlay::Text(text, scroll)) => {
            let (text, wanted) = (*text, i64::from(*scroll) + by);
            let most = pages::text_rows_beyond(state, text);
            if let Some(Overlay::Text(_, scroll)) = state.overlays.last_mut() {
                *scroll = wanted.clamp(0, i64::from(most)) as u16;
            }
        }
        Some(Overlay::Dialog(dialog)) => dialog.on_wheel(by as isize),
        None => {}
    }
}

/// A press on a row of a list chooses it; one beside a list or a text closes it. Dialogs stay: they hold what was typed,
/// and a press in them goes to a field, an answer or an entry.
fn press_front(state: &mut State, at: Position) -> Vec<Effect> {
    let front = pages::front(Rect::new(0, 0, state.size.0, state.size.1));
    let size = match state.overlays.last() {
        Some(Overlay::Picker(_)) => windows::picker_size(front),
        Some(Overlay::Files(_)) => windows::files_size(front),
        Some(Overlay::Text(..)) => pages::text_size(front),
        Some(Overlay::Dialog(_)) => return overlay::on_dialog_press(state, at),
        None => return Vec::new(),
    };
    let window = windows::place(front, size);
    if !window.contains(at) {
        return overlay::on_key(state, KeyCode::Esc.into());
    }
    let rows = windows::list_rows(window);
    if !rows.contains(at) {
        return Vec::new();
    }
    let row = usize::from(at.y - rows.y);
    match state.overlays.last_mut() {
        Some(Overlay::Files(_)) => files::press(state, row),
        Some(Overlay::Picker(picker)) => {
            let index = picker.top(usize::from(rows.height)) + row;
            let chosen = picker.choice_of(index);
            chosen.map_or_else(Vec::new, |choice| overlay::choose(state, Some(choice)))
        }
        Some(Overlay::Text(..) | Overlay::Dialog(_)) | None => Vec::new(),
    }
}

fn press(state: &mut State, at: Position) {
    let Some(areas) = state.areas() else { return };
    state.notice = None;
    if areas.code.contains(at) {
        press_code(state, areas.code, at);
    } else if areas.item.contains(at) || areas.item_heading.contains(at) {
        state.focus = Focus::Item;
    } else if areas.code_heading.contains(at) {
        state.focus = Focus::Code;
    } else if areas.checklist.contains(at) {
        press_checklist(state, &areas, at);
    }
}

/// A press on an item chooses it; anywhere in the list gives it the keys.
fn press_checklist(state: &mut State, areas: &Areas, at: Position) {
    state.focus = Focus::Checklist;
    let list = areas.checklist;
    if areas.folded || at.y == list.y {
        return;
    }
    let (height, row) = (list.height - 1, at.y - list.y - 1);
    if let Some(item) = item_list::item_at(state, usize::from(height), usize::from(row)) {
        motion::select_item(state, item);
    }
}

/// A press on a line puts the cursor there; on a hint's mark it leads to the hint; on what is folded, again, it opens it.
fn press_code(state: &mut State, pane: Rect, at: Position) {
    state.focus = Focus::Code;
    state.code.selection = None;
    if at.y < sticky::code_rows(state, pane, state.code.top).y {
        return to_header(state, pane);
    }
    let Some(row) = row_at(state, pane, at) else {
        return;
    };
    if state.code.cursor == row && reveal::open_here(state) {
        return;
    }
    state.code.cursor = row;
    state.dragged_from = Some(row);
    if is_on_mark(state, pane, at) {
        hints::choose_on(state, row);
    }
}

/// A press on the name above the code leads to the line that names it.
fn to_header(state: &mut State, pane: Rect) {
    let names = sticky::header_row(state, pane, state.code.top);
    let Some(line) = names.and_then(|names| names.last().map(|symbol| symbol.line)) else {
        return;
    };
    let from = jump::spot(state);
    motion::go_to_file(state, state.code.file, Arrival::Line(Side::New, line));
    jump::left(state, from);
}

/// Whether a place is in the column of the marks.
fn is_on_mark(state: &State, pane: Rect, at: Position) -> bool {
    state.code.document.as_ref().is_some_and(|document| {
        let geometry = state.measure(document, pane).geometry;
        at.x + 1 == geometry.main.x + geometry.gutter
    })
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
    let pane = sticky::code_rows(state, pane, state.code.top);
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
