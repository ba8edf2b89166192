//! State → screen. Reads the state, changes nothing.

mod checklist;
mod code;
mod files;
mod item;
mod layers;
mod lens;
mod line;
mod overlay;
mod paint;
mod status;
mod text;
mod title;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use status::draw_hints;

use super::layout::{Focus, SMALLEST};
use super::pages;
use super::state::{Overlay, State};
use super::theme::Role;

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, state: &State) {
    let area = frame.area();
    let theme = &state.look.theme;
    frame.buffer_mut().set_style(area, theme.style(Role::Text));
    // The terminal may have shrunk since the state last heard of its size.
    let Some(areas) = state.areas_of(area.width, area.height) else {
        draw_too_small(frame, state, area);
        return;
    };
    title::draw(frame, areas.title, state);
    if !areas.divider.is_empty() {
        paint::column(frame, areas.divider, theme.style(Role::Border));
    }
    if areas.folded {
        checklist::draw_folded(frame, areas.checklist, state);
    } else {
        checklist::draw(frame, areas.checklist, state);
    }
    if !areas.code_heading.is_empty() {
        code::draw_heading(frame, areas.code_heading, state);
        code::draw(frame, areas.code, state);
    }
    item::draw_heading(frame, areas.item_heading, state);
    item::draw(frame, areas.item, state);
    status::draw_line(frame, areas.status, state);
    status::draw_keys(frame, areas.keys, state);
    let front = pages::front(area);
    match state.overlays.last() {
        Some(Overlay::Dialog(dialog)) => dialog.draw(frame, front, theme, &state.dialog_context()),
        Some(Overlay::Picker(picker)) => overlay::draw_picker(frame, front, state, picker),
        Some(Overlay::Files(list)) => files::draw(frame, front, state, list),
        Some(Overlay::Text(text, scroll)) => text::draw(frame, front, state, *text, *scroll),
        None => {}
    }
}

fn draw_too_small(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let text = format!(
        "{}x{}: too small; countersign needs {}x{}.",
        area.width, area.height, SMALLEST.0, SMALLEST.1
    );
    let buffer = frame.buffer_mut();
    let style = state.look.theme.style(Role::Warn);
    for (row, line) in crate::support::text::wrap(&text, usize::from(area.width.max(1)))
        .iter()
        .enumerate()
        .take(usize::from(area.height))
    {
        buffer.set_stringn(
            area.x,
            area.y + row as u16,
            line,
            usize::from(area.width),
            style,
        );
    }
}

/// Returns the rule of a pane's heading: a heavy one where it has the keys, so that no colour is needed to see it.
fn heading_rule(state: &State, pane: Focus) -> paint::Rule {
    let theme = &state.look.theme;
    if state.focus == pane {
        paint::Rule {
            symbol: "━",
            style: theme.style(Role::Focus),
        }
    } else {
        paint::Rule {
            symbol: "─",
            style: theme.style(Role::Border),
        }
    }
}

/// Returns the heading style of a pane.
fn heading_role(state: &State, pane: Focus) -> Role {
    if state.focus == pane {
        Role::Focus
    } else {
        Role::Strong
    }
}
