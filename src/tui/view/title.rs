//! The title bar: what is reviewed, by whom, how far it is, and whether it is saved.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::paint;
use crate::support::text::{fit, visible, width};
use crate::tui::state::{Saving, State};
use crate::tui::theme::Role;

/// Draws the title bar.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let theme = &state.look.theme;
    let bar = theme.style(Role::Bar);
    let role = |role| paint::over(bar, theme.style(role));
    let total = usize::from(area.width);
    let right = Line::from(progress(state, &role, total));
    let room = total.saturating_sub(right.width() + 1);
    let mut left = vec![Span::styled(" countersign ", role(Role::Strong))];
    let change = &state.subject.change;
    let coverage = &state.snapshot.coverage;
    let counted = state.snapshot.counted >= change.files.len();
    let size = format!(
        "{} +{} −{}{}",
        files(change.files.len()),
        coverage.added,
        coverage.removed,
        if counted { "" } else { "…" }
    );
    let name_room = room.saturating_sub(13);
    if let Some(lens) = state.lens() {
        left.extend(super::lens::title(state, lens, name_room));
    } else if name_room >= 8 {
        let with_size = name_room.saturating_sub(size.chars().count() + 4);
        let title = named(state, with_size);
        if with_size >= 12 {
            left.push(Span::styled(
                format!(" {}  ", fit(&title, with_size)),
                role(Role::Text),
            ));
            left.push(Span::styled(size, role(Role::Dim)));
        } else {
            left.push(Span::styled(
                format!(" {}", fit(&title, name_room - 1)),
                role(Role::Text),
            ));
        }
    }
    paint::ends(frame, area, &Line::from(left), &right, bar);
}

/// The review's name and what is compared; where both do not fit, what is compared.
fn named(state: &State, room: usize) -> String {
    let change = visible(&state.subject.change.title).into_owned();
    let review = visible(&state.subject.title);
    // A review that was given no name of its own is called after its repository and change.
    let review = review
        .strip_suffix(change.as_str())
        .unwrap_or(&review)
        .trim();
    let both = format!("{review}  {change}");
    if review.is_empty() || width(&both) > room {
        change
    } else {
        both
    }
}

fn files(count: usize) -> String {
    if count == 1 {
        "1 file".to_owned()
    } else {
        format!("{count} files")
    }
}

/// The share of changed lines marked as read; never all of them while lines are still being counted.
fn read_share(state: &State) -> String {
    let percent = state.snapshot.coverage.percent();
    if state.snapshot.counted >= state.subject.change.files.len() {
        format!("{percent}%")
    } else if state.snapshot.counted == 0 {
        "…".to_owned()
    } else {
        format!("{}%…", percent.min(99))
    }
}

/// Who, items, flags, read share, saved; what matters least goes first where the screen is narrow.
fn progress(
    state: &State,
    role: &dyn Fn(Role) -> ratatui::style::Style,
    total: usize,
) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    if total >= 110 {
        let name = visible(&state.subject.person.name).into_owned();
        spans.push(Span::styled(
            format!("{}  ", fit(&name, 20)),
            role(Role::Dim),
        ));
    }
    spans.push(Span::styled(
        format!("items {}/{}  ", state.decided(), state.items.len()),
        role(Role::Text),
    ));
    let flags = state.snapshot.review.findings.len();
    let flag_role = if flags > 0 { Role::Bad } else { Role::Dim };
    spans.push(Span::styled(format!("flags {flags}  "), role(flag_role)));
    spans.push(Span::styled(
        format!("read {}  ", read_share(state)),
        role(Role::Text),
    ));
    let (word, saved) = match (&state.saving, &state.snapshot.read_only) {
        (_, Some(_)) => ("read-only ", Role::Warn),
        (Saving::Saved, None) => ("saved ", Role::Good),
        (Saving::Writing, None) => ("saving… ", Role::Warn),
        (Saving::NotSaved { .. }, None) => ("NOT SAVED ", Role::Bad),
    };
    spans.push(Span::styled(word, role(saved)));
    spans
}
