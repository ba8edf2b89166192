//! The `?` screen, from the action table and the keys in force.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::pages;
use crate::tui::state::State;
use crate::tui::theme::Role;

/// Draws the help screen, scrolled.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, scroll: u16) {
    let inside = super::overlay::window(frame, area, state, "Keys", pages::help_size(area));
    let lines = pages::help(state, usize::from(inside.width));
    let most = lines.len().saturating_sub(usize::from(inside.height));
    let top = usize::from(scroll).min(most);
    for (offset, line) in lines
        .iter()
        .skip(top)
        .take(usize::from(inside.height))
        .enumerate()
    {
        frame
            .buffer_mut()
            .set_line(inside.x, inside.y + offset as u16, line, inside.width);
    }
    if top < most && inside.width > 2 {
        let style = state.look.theme.style(Role::Dim);
        frame
            .buffer_mut()
            .set_string(inside.right() - 2, inside.bottom() - 1, "↓", style);
    }
}
