//! State + message → state + effects. No I/O, no clock, no randomness.

mod apply;
mod decide;
mod define;
mod dispatch;
mod files;
mod find;
mod hints;
mod jump;
mod lens;
mod motion;
mod overlay;
mod pointer;
mod read;
mod results;
mod reveal;
mod task;

use super::effect::Effect;
use super::message::Msg;
use super::state::{Saving, State};
use crate::model::{LineNo, RowKind, Side};

/// How long what was on the screen may wait before it is recorded, in milliseconds.
const SHOWN_DELAY: u64 = 700;

/// Applies a message and returns what it asks for.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    let mut effects = if is_for_what_is_shown(state, &msg) {
        apply::apply(state, msg)
    } else {
        Vec::new()
    };
    effects.extend(settle(state));
    through_lens(state, effects)
}

/// Tells whether a message concerns what the code pane is of: answers for the change are of no use to one who looks at
/// something else, nor the other way round.
fn is_for_what_is_shown(state: &State, msg: &Msg) -> bool {
    let of_pane = matches!(
        msg,
        Msg::Loaded { .. }
            | Msg::Coloured { .. }
            | Msg::Outlined { .. }
            | Msg::Moved { .. }
            | Msg::Bracket { .. }
            | Msg::MovesKnown
            | Msg::Hits { .. }
    );
    match (state.lens(), msg) {
        (lens, Msg::Through(id, _)) => lens.is_some_and(|lens| lens.id == *id),
        (Some(_), _) => !of_pane,
        (None, _) => true,
    }
}

/// What is asked about the code pane is asked about the lens, where one is looked through; lenses that were left are
/// forgotten.
fn through_lens(state: &mut State, effects: Vec<Effect>) -> Vec<Effect> {
    let lens = state.lens().map(|lens| lens.id);
    let mut effects: Vec<Effect> = effects
        .into_iter()
        .map(|effect| match (lens, is_about_pane(&effect)) {
            (Some(lens), true) => Effect::Through(lens, Box::new(effect)),
            (Some(_) | None, _) => effect,
        })
        .collect();
    if !state.closing.is_empty() {
        effects.push(Effect::StopSearch);
        effects.extend(state.closing.drain(..).map(Effect::CloseLens));
    }
    effects
}

fn is_about_pane(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Load(_)
            | Effect::Colour { .. }
            | Effect::Outline(_)
            | Effect::Moves(_)
            | Effect::Bracket { .. }
            | Effect::Search(_)
            | Effect::SearchAll(_)
            | Effect::Blame { .. }
    )
}

/// Returns what a fresh state needs first.
pub fn start(state: &mut State) -> Vec<Effect> {
    settle(state)
}

/// Returns what brings a review that begins to the disk; until then it does not show as saved.
pub fn keep(state: &mut State) -> Vec<Effect> {
    submit(state, Vec::new())
}

/// Records what was on the screen and leaves.
fn leave(state: &mut State) -> Vec<Effect> {
    let mut effects = record_shown(state);
    effects.push(Effect::Quit);
    effects
}

fn record_shown(state: &mut State) -> Vec<Effect> {
    state.shown.waking = false;
    if state.snapshot.read_only.is_some() {
        state.shown.rows.clear();
        return Vec::new();
    }
    let spans = state.shown.take();
    if spans.is_empty() {
        return Vec::new();
    }
    vec![Effect::Show(spans)]
}

/// After every message: the file is loaded, the cursor on the screen, its lines coloured, its rows counted as shown.
fn settle(state: &mut State) -> Vec<Effect> {
    let mut effects = motion::settle(state);
    effects.extend(hints::follow_cursor(state));
    effects.extend(wanted_colours(state));
    effects.extend(note_shown(state));
    effects
}

fn note_shown(state: &mut State) -> Option<Effect> {
    let covered = state.overlays.last().is_some();
    if covered || state.snapshot.read_only.is_some() {
        return None;
    }
    let (first, last) = state.visible_rows()?;
    let path = state.file()?.path.clone();
    let spans = state.code.document.as_ref()?.displayed(&path, first, last);
    let spans = state.displayed_of_change(spans);
    let grew = state.shown.add(spans, &state.snapshot.review.displayed);
    if grew && !state.shown.waking {
        state.shown.waking = true;
        return Some(Effect::WakeIn(SHOWN_DELAY));
    }
    None
}

/// Asks for the colours of visible lines that were not asked for yet, with a screen's margin.
fn wanted_colours(state: &mut State) -> Vec<Effect> {
    let Some((first, last)) = state.visible_rows() else {
        return Vec::new();
    };
    let Some(path) = state.file().map(|file| file.path.clone()) else {
        return Vec::new();
    };
    if state.code.colours.plain.is_some() {
        return Vec::new();
    }
    let mut effects = Vec::new();
    for side in [Side::Old, Side::New] {
        let Some((low, high)) = lines_between(state, side, first, last) else {
            continue;
        };
        let asked = state.code.colours.asked.entry(side).or_default();
        if asked.covers(low, high) {
            continue;
        }
        let margin = (last - first) + 1;
        let (low, high) = (
            low.saturating_sub(margin).max(1),
            high.saturating_add(margin),
        );
        asked.insert(low, high);
        effects.push(Effect::Colour {
            path: path.clone(),
            side,
            first: LineNo(low),
            last: LineNo(high),
        });
    }
    effects
}

/// Returns the lowest and highest line that rows take from a side: removed lines from the old one, all others from the
/// new one.
fn lines_between(state: &State, side: Side, first: u32, last: u32) -> Option<(u32, u32)> {
    let document = state.code.document.as_ref()?;
    let lines: Vec<u32> = (first..=last)
        .flat_map(|index| document.lines(index))
        .filter_map(|row| match (side, row.kind) {
            (Side::Old, RowKind::Removed) => row.old,
            (Side::New, RowKind::Added | RowKind::Context) => row.new,
            (Side::Old, RowKind::Added | RowKind::Context) | (Side::New, RowKind::Removed) => None,
        })
        .map(|line| line.0)
        .collect();
    Some((*lines.iter().min()?, *lines.iter().max()?))
}

/// Sends acts off, unless nothing may be written here.
fn submit(state: &mut State, acts: Vec<crate::workbench::Act>) -> Vec<Effect> {
    if let Some(reason) = &state.snapshot.read_only {
        state.notice = Some(super::message::Notice::warn(format!("Read-only: {reason}")));
        return Vec::new();
    }
    state.inflight += 1;
    match std::mem::replace(&mut state.saving, Saving::Writing) {
        // Order matters: what waits goes first.
        Saving::NotSaved { acts: mut all, .. } => {
            all.extend(acts);
            vec![Effect::Act(all)]
        }
        Saving::Saved | Saving::Writing => vec![Effect::Act(acts)],
    }
}
