//! The finder and the palette.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Widget};
use unicode_segmentation::UnicodeSegmentation as _;

use super::paint;
use crate::support::text::{fit_start, visible, width};
use crate::tui::picker::Picker;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::windows;

/// Draws a frame of a share of the area, clears its inside and returns it.
pub fn window(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    title: &str,
    size: (u16, u16),
) -> Rect {
    let theme = &state.look.theme;
    let place = windows::place(area, size);
    windows::clear(frame.buffer_mut(), place);
    let block = Block::bordered()
        .title(Span::styled(format!(" {title} "), theme.style(Role::Focus)))
        .border_style(theme.style(Role::Border))
        .style(theme.style(Role::Popup));
    let inside = block.inner(place);
    block.render(place, frame.buffer_mut());
    inside
}

/// Draws a picker.
pub fn draw_picker(frame: &mut Frame<'_>, area: Rect, state: &State, picker: &Picker) {
    let theme = &state.look.theme;
    let inside = window(frame, area, state, picker.title, windows::picker_size(area));
    let room = usize::from(inside.width).saturating_sub(14);
    let shown = format!("> {}", fit_start(&visible(&picker.query), room));
    let cursor = Position::new(inside.x + width(&shown) as u16, inside.y);
    let count = format!("{}/{}", picker.matches.len(), picker.total());
    let row = Rect {
        height: 1,
        ..inside
    };
    paint::ends(
        frame,
        row,
        &Line::from(Span::styled(shown, theme.style(Role::Field))),
        &Line::from(Span::styled(count, theme.style(Role::Dim))),
        theme.style(Role::Text),
    );
    frame.set_cursor_position(cursor);
    let height = usize::from(inside.height.saturating_sub(1));
    let top = picker.top(height);
    for offset in 0..height {
        let index = top + offset;
        let Some(candidate) = picker.candidate(index) else {
            break;
        };
        let row = Rect {
            y: inside.y + 1 + offset as u16,
            height: 1,
            ..inside
        };
        let here = index == picker.selected;
        let style = if here {
            theme.style(Role::Cursor)
        } else {
            theme.style(Role::Text)
        };
        let mut left = vec![Span::styled(
            format!("{} {:<1} ", if here { "▸" } else { " " }, candidate.tag),
            theme.style(Role::Dim),
        )];
        left.extend(matched(&candidate.text, &picker.places(index), state));
        let right = Line::from(Span::styled(
            format!("{} ", candidate.detail),
            theme.style(Role::Dim),
        ));
        paint::ends(frame, row, &Line::from(left), &right, style);
    }
}

/// The letters that matched stand out.
fn matched(text: &str, places: &[usize], state: &State) -> Vec<Span<'static>> {
    let theme = &state.look.theme;
    let mut at = 0;
    text.graphemes(true)
        .map(|letter| {
            let letters = at..at + letter.chars().count();
            at = letters.end;
            let style = if places.iter().any(|place| letters.contains(place)) {
                theme.style(Role::Match)
            } else {
                Style::new()
            };
            Span::styled(letter.to_owned(), style)
        })
        .collect()
}
