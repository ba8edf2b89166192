//! The `?` screen, from the action table and the keys in force.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::support::text::wrap;
use crate::tui::action::{Action, Section};
use crate::tui::state::State;
use crate::tui::theme::Role;

/// Draws the help screen, scrolled.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, scroll: u16) {
    let inside = super::overlay::window(
        frame,
        area,
        state,
        "Keys",
        (area.width.saturating_sub(4).min(100), area.height),
    );
    let lines = lines(state, usize::from(inside.width));
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

fn lines(state: &State, columns: usize) -> Vec<Line<'static>> {
    const KEYS: usize = 18;
    let theme = &state.look.theme;
    let mut lines = Vec::new();
    for section in Section::ALL {
        if !lines.is_empty() {
            lines.push(Line::raw(""));
        }
        lines.push(Line::from(Span::styled(
            format!(" {}", section.title()),
            theme.style(Role::Focus),
        )));
        for action in Action::ALL
            .iter()
            .filter(|action| action.section() == section)
        {
            let keys = state.look.keymap.keys_of(*action).join("  ");
            let text = format!("{} ({})", action.help(), action.name());
            for (row, part) in wrap(&text, columns.saturating_sub(KEYS + 3).max(20))
                .into_iter()
                .enumerate()
            {
                let keys = if row == 0 { keys.as_str() } else { "" };
                lines.push(Line::from(vec![
                    Span::styled(format!("  {keys:<KEYS$}"), theme.style(Role::Key)),
                    Span::styled(part, theme.style(Role::Text)),
                ]));
            }
        }
    }
    lines.push(Line::raw(""));
    lines.push(Line::from(Span::styled(
        " Signs: ✓ accepted  ⚑ flagged  – not applicable  ~ waived  ! contested  · undecided  ✎ comment",
        theme.style(Role::Dim),
    )));
    lines.push(Line::from(Span::styled(
        " In a form: Tab next field, Ctrl-S done, Ctrl-E in $EDITOR, Esc back (what was typed is kept).",
        theme.style(Role::Dim),
    )));
    lines
}
