//! What says that something else than the whole change is shown: in the title bar, above the code, on the line below.

use ratatui::text::Span;

use super::paint;
use crate::support::text::{fit, visible};
use crate::tui::action::Action;
use crate::tui::document::DocRow;
use crate::tui::lens::{Lens, LensOf};
use crate::tui::state::State;
use crate::tui::theme::Role;

/// Returns what the title bar says in place of the change's name.
pub fn title(state: &State, lens: &Lens, room: usize) -> Vec<Span<'static>> {
    let theme = &state.look.theme;
    let bar = theme.style(Role::Bar);
    let role = |role| paint::over(bar, theme.style(role));
    let text = match &lens.of {
        LensOf::Commit(commit) => format!("ONLY commit {} {}", commit.id, commit.summary),
        LensOf::File(path, _) => format!("BESIDE the change: {}", path.quoted()),
    };
    let text = fit(&visible(&text), room.saturating_sub(2)).into_owned();
    vec![Span::styled(format!(" {text} "), role(Role::Warn))]
}

/// Returns what stands on the right above the code.
pub fn position(state: &State, lens: &Lens) -> String {
    let Some(document) = &state.code.document else {
        return " loading… ".to_owned();
    };
    match &lens.of {
        LensOf::Commit(commit) => format!(
            " file {}/{} of {} · hunk {}/{} ",
            state.code.file + 1,
            lens.change.files.len(),
            commit.id,
            document.hunk_at(state.code.cursor) + 1,
            document.diff.hunks.len(),
        ),
        LensOf::File(..) => {
            let line = match document.row(state.code.cursor) {
                Some(DocRow::Line { row, .. }) => row.new.map_or(0, |line| line.0),
                _ => 0,
            };
            let lines = document.diff.new.line_count();
            format!(" not in the change · line {line}/{lines} ")
        }
    }
}

/// Returns what the line at the bottom says while nothing else does.
pub fn standing(state: &State, lens: &Lens) -> String {
    let (esc, whole) = (
        state.key_of(Action::Cancel),
        state.key_of(Action::WholeChange),
    );
    match &lens.of {
        LensOf::Commit(_) => format!(
            "Only one commit is shown; {esc} or {whole} shows the whole change, which is what is decided on."
        ),
        LensOf::File(..) => format!(
            "Read only: the change leaves this file alone; {esc} or {} goes back, {whole} to the change.",
            state.key_of(Action::Back)
        ),
    }
}

/// Returns what a hunk's heading says of its place in the whole change.
pub fn hunk_note(state: &State, hunk: usize) -> &'static str {
    if state.lens().is_some_and(Lens::is_of_commit) && state.hunk_in_change(hunk).is_none() {
        " this commit's only "
    } else {
        ""
    }
}
