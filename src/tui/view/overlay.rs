//! The finder and the palette.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Widget};
use unicode_segmentation::UnicodeSegmentation as _;

use super::paint;
use crate::support::number;
use crate::support::text::{fit_start, visible, width};
use crate::tui::picker::{FINDER, Picker, Row};
use crate::tui::state::State;
use crate::tui::symbols;
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
    let told = left_out(state, picker).map_or(0, |text| width(&text) + 3);
    let room = usize::from(inside.width).saturating_sub(14 + told);
    let shown = format!("> {}", fit_start(&visible(&picker.query), room));
    let cursor = Position::new(inside.x + width(&shown) as u16, inside.y);
    let count = format!("{}/{}", picker.matches.len(), picker.total());
    let count = match left_out(state, picker) {
        Some(text) => format!("{text} \u{b7} {count}"),
        None => count,
    };
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
        let Some(found) = picker.row(index) else {
            break;
        };
        let (tag, detail) = match found {
            Row::File(at) => file_row(state, at),
            Row::Other(candidate) => (candidate.tag.clone(), candidate.detail.clone()),
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
            format!("{} {:<1} ", if here { "▸" } else { " " }, tag),
            theme.style(Role::Dim),
        )];
        left.extend(matched(&picker.text(index), &picker.places(index), state));
        let right = Line::from(Span::styled(format!("{detail} "), theme.style(Role::Dim)));
        paint::ends(frame, row, &Line::from(left), &right, style);
    }
}

/// What stands left and right of a file's name: what happened to it, what is flagged in it, and how much of it is read.
fn file_row(state: &State, at: usize) -> (String, String) {
    let Some(file) = state.files_listed().get(at) else {
        return Default::default();
    };
    let tag = file.status.letter().to_string();
    // What is read is counted for the whole change only.
    let coverage = state.snapshot.coverage.files.get(&file.path);
    let Some(coverage) = coverage.filter(|_| state.only_commit().is_none()) else {
        return (tag, String::new());
    };
    let findings = state.snapshot.review.findings.iter();
    let anchors = findings.flat_map(|finding| &finding.finding.evidence);
    let flags = match anchors.filter(|anchor| anchor.path == file.path).count() {
        0 => String::new(),
        count => format!("\u{2691}{count}  "),
    };
    let detail = format!(
        "{flags}+{} \u{2212}{}  read {}/{}",
        coverage.added, coverage.removed, coverage.read, coverage.hunks
    );
    (tag, detail)
}

/// Says that the finder does not know every function and type of the change.
fn left_out(state: &State, picker: &Picker) -> Option<String> {
    let cut = state.symbols.cut && picker.title == FINDER;
    cut.then(|| {
        format!(
            "first {} symbols only",
            number::grouped(symbols::MOST as u64)
        )
    })
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
