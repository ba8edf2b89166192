//! What the worker sends back.

use std::sync::Arc;

use crate::model::{FileDiff, LineNo, RepoPath, Side};
use crate::syntax::Span;
use crate::tui::effect::Effect;
use crate::tui::message::{Notice, Tone};
use crate::tui::state::{Overlay, Saving, State};
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

/// One request is on disk: the dialog that waited for it closes and its draft goes.
pub fn on_saved(state: &mut State) -> Vec<Effect> {
    answered(state);
    if let Some(draft) = state.awaited.take() {
        state.spent.extend(draft);
        state.overlays.pop();
    }
    if state.saving != Saving::Saved {
        return Vec::new();
    }
    std::mem::take(&mut state.spent)
        .into_iter()
        .map(|name| {
            state.drafts.remove(&name);
            Effect::DropDraft(name)
        })
        .collect()
}

/// The act was refused: the form is there with what was typed.
pub fn on_refused(state: &mut State, reason: String) -> Vec<Effect> {
    answered(state);
    state.awaited = None;
    match state.overlays.last_mut() {
        Some(Overlay::Dialog(dialog)) => dialog.refused(&reason),
        _ => state.notice = Some(Notice::bad(reason)),
    }
    Vec::new()
}

/// The acts stay in memory and the screen says so until they are written; what was typed stays a draft until then.
pub fn on_not_saved(state: &mut State, acts: Vec<Act>, reason: String) -> Vec<Effect> {
    answered(state);
    if let Some(draft) = state.awaited.take() {
        state.spent.extend(draft);
        state.overlays.pop();
    }
    state.notice = Some(Notice::bad(format!("Not saved: {reason} R tries again.")));
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

fn answered(state: &mut State) {
    state.inflight = state.inflight.saturating_sub(1);
    if state.inflight == 0 && state.saving == Saving::Writing {
        state.saving = Saving::Saved;
    }
}

/// A signature was made, or the screen says why not.
pub fn on_signed(state: &mut State, outcome: Result<String, String>) -> Vec<Effect> {
    match outcome {
        Ok(text) => {
            state.overlays.clear();
            state.notice = Some(Notice {
                tone: Tone::Good,
                text,
            });
        }
        Err(reason) => match state.overlays.last_mut() {
            Some(Overlay::Dialog(dialog)) => dialog.refused(&reason),
            _ => state.notice = Some(Notice::bad(reason)),
        },
    }
    Vec::new()
}
