//! What the worker sends back.

use std::sync::Arc;

use super::task;
use crate::diff::MovedLines;
use crate::git::LineOrigin;
use crate::model::{FileDiff, LineNo, RepoPath, Side};
use crate::support::text::visible;
use crate::syntax::{Outline, Span};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::message::{Notice, Tone};
use crate::tui::state::{Awaited, Overlay, Saving, State};
use crate::tui::task::TaskId;
use crate::workbench::Act;

/// Keeps a file's difference; `settle` lays it out if it is the one waited for.
pub fn on_loaded(state: &mut State, path: RepoPath, diff: Arc<FileDiff>) -> Vec<Effect> {
    state.files.insert(path, diff);
    Vec::new()
}

/// Keeps colours, unless the reader has gone on to another file.
pub fn on_coloured(
    state: &mut State,
    path: &RepoPath,
    side: Side,
    first: LineNo,
    lines: Vec<Vec<Span>>,
    plain: Option<String>,
) -> Vec<Effect> {
    /// Lines whose colours are kept; beyond that all are dropped and asked for again.
    const KEPT: usize = 20_000;
    if state.file().is_none_or(|file| &file.path != path) {
        return Vec::new();
    }
    let colours = &mut state.code.colours;
    if colours.spans.len() > KEPT {
        colours.spans.clear();
        colours.asked.clear();
    }
    colours.plain = plain;
    for (spans, line) in lines.into_iter().zip(first.0..) {
        colours.spans.insert((side, line), spans);
    }
    Vec::new()
}

/// Keeps the functions and types of the file shown.
pub fn on_outlined(state: &mut State, path: &RepoPath, outline: Arc<Outline>) {
    if state.file().is_some_and(|file| &file.path == path) {
        state.code.outline = outline;
    }
}

/// Keeps which lines of the file shown were moved.
pub fn on_moved(state: &mut State, path: &RepoPath, lines: Arc<MovedLines>) {
    if state.file().is_some_and(|file| &file.path == path) {
        state.code.moved = lines;
    }
}

/// Asks which lines of the file shown were moved, now that it can be told.
pub fn ask_moves(state: &State) -> Vec<Effect> {
    let file = state.file();
    file.map(|file| Effect::Moves(file.path.clone()))
        .into_iter()
        .collect()
}

/// One request is on disk: the dialog that waited for it closes and its draft goes.
pub fn on_saved(state: &mut State) -> Vec<Effect> {
    close_answered(state);
    if state.saving != Saving::Saved {
        return Vec::new();
    }
    let mut effects: Vec<Effect> = std::mem::take(&mut state.spent)
        .into_iter()
        .map(|name| {
            state.drafts.remove(&name);
            Effect::DropDraft(name)
        })
        .collect();
    if state.leaving {
        effects.extend(super::leave(state));
    }
    effects
}

/// Takes an answer; the dialog closes if it is its own.
fn close_answered(state: &mut State) {
    if let Some(awaited) = answered(state) {
        state.spent.extend(awaited.draft);
        state.overlays.pop();
    }
}

/// The act was refused: the form is there with what was typed.
pub fn on_refused(state: &mut State, reason: String) -> Vec<Effect> {
    let own = answered(state).is_some();
    state.leaving = false;
    // What was refused may be among what was kept in memory: its draft stays rather than be lost.
    state.spent.clear();
    match state.overlays.last_mut() {
        Some(Overlay::Dialog(dialog)) if own => dialog.refused(&reason),
        _ => state.notice = Some(Notice::bad(reason)),
    }
    Vec::new()
}

/// The acts stay in memory and the screen says so until they are written; what was typed stays a draft until then.
pub fn on_not_saved(state: &mut State, acts: Vec<Act>, reason: String) -> Vec<Effect> {
    close_answered(state);
    state.leaving = false;
    state.notice = Some(Notice::bad(format!(
        "Not saved: {reason} {} tries again.",
        state.key_of(Action::Retry)
    )));
    state.saving = match std::mem::replace(&mut state.saving, Saving::Saved) {
        Saving::NotSaved {
            acts: mut earlier, ..
        } => {
            earlier.extend(acts);
            Saving::NotSaved {
                acts: earlier,
                reason,
            }
        }
        Saving::Saved | Saving::Writing => Saving::NotSaved { acts, reason },
    };
    Vec::new()
}

/// Counts an answer; returns what waited for it, if it is the dialog's own.
fn answered(state: &mut State) -> Option<Awaited> {
    state.inflight = state.inflight.saturating_sub(1);
    if state.inflight == 0 && state.saving == Saving::Writing {
        state.saving = Saving::Saved;
    }
    let awaited = state.awaited.as_mut()?;
    awaited.answers = awaited.answers.saturating_sub(1);
    if awaited.answers == 0 {
        state.awaited.take()
    } else {
        None
    }
}

/// A signature was made, or the screen says why not.
pub fn on_signed(state: &mut State, outcome: Result<String, String>) -> Vec<Effect> {
    match outcome {
        Ok(text) => {
            let done = match state.overlays.last() {
                Some(Overlay::Dialog(dialog)) => dialog.draft_name(),
                _ => None,
            };
            state.overlays.clear();
            state.notice = Some(Notice {
                tone: Tone::Good,
                text,
            });
            // The next signature is decided anew.
            if let Some(name) = done {
                state.drafts.remove(&name);
                return vec![Effect::DropDraft(name)];
            }
        }
        Err(reason) => match state.overlays.last_mut() {
            Some(Overlay::Dialog(dialog)) => dialog.refused(&reason),
            _ => state.notice = Some(Notice::bad(reason)),
        },
    }
    Vec::new()
}

/// Says who wrote a line.
pub fn on_blamed(state: &mut State, id: TaskId, origin: Result<Box<LineOrigin>, String>) {
    if !task::answered(state, id) {
        return;
    }
    state.notice = Some(match origin {
        Ok(origin) => {
            let assistant = match &origin.assistant {
                Some(name) => format!(" \u{b7} names an AI assistant: {}", visible(name)),
                None => String::new(),
            };
            Notice::plain(format!(
                "{} \u{b7} {} \u{b7} {} {}{assistant}",
                visible(&origin.author),
                origin.date,
                origin.commit,
                visible(&origin.summary)
            ))
        }
        Err(reason) => Notice::warn(reason),
    });
}
