//! Texts that stand in front of the panes: the `?` screen, from the action table and the keys in force, and what was
//! noticed on opening.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::pages;
use crate::tui::state::{State, Text};
use crate::tui::theme::Role;

/// Draws a text, scrolled.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, text: Text, scroll: u16) {
    let title = match text {
        Text::Help => "Keys",
        Text::Remarks => "To know before you begin",
        Text::Rule => "The rule behind the hint",
        Text::HintProblems => "While looking for hints",
    };
    let inside = super::overlay::window(frame, area, state, title, pages::text_size(area));
    let lines = pages::text(state, text, usize::from(inside.width));
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
