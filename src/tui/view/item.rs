//! The item's text: what was decided, the question, what to look for, the way out.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::paint;
use crate::support::text::{fit, visible};
use crate::tui::layout::Focus;
use crate::tui::pages;
use crate::tui::state::State;
use crate::tui::theme::Role;

/// Draws the line above the item.
pub fn draw_heading(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let theme = &state.look.theme;
    let item = state.selected();
    let outcome = state.snapshot.review.outcome(&item.id);
    let (mark, role) = paint::outcome_mark(outcome);
    let right = Line::from(vec![
        Span::styled(format!(" {mark} {} ", outcome.name()), theme.style(role)),
        Span::styled(
            format!("· {}/{} ", state.item + 1, state.items.len()),
            theme.style(Role::Dim),
        ),
    ]);
    let room = usize::from(area.width).saturating_sub(right.width() + 4);
    let title = visible(&item.title).into_owned();
    let left = Line::from(vec![Span::styled(
        format!("{} ", fit(&title, room.saturating_sub(1))),
        theme.style(super::heading_role(state, Focus::Item)),
    )]);
    let rule = super::heading_rule(state, Focus::Item);
    paint::heading(frame, area, &left, &right, rule);
}

/// Draws the item's text, scrolled.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let lines = pages::item(state, usize::from(area.width));
    let height = usize::from(area.height);
    let most = lines.len().saturating_sub(height);
    let top = usize::from(state.item_scroll).min(most);
    let buffer = frame.buffer_mut();
    for (offset, line) in lines.iter().skip(top).take(height).enumerate() {
        buffer.set_line(area.x, area.y + offset as u16, line, area.width);
    }
    if top < most && area.width > 2 {
        let style = state.look.theme.style(Role::Dim);
        buffer.set_string(area.right() - 2, area.bottom() - 1, "↓", style);
    }
}
