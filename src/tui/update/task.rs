//! What the reader waits for: begun, told, answered or given up. A newer request takes the place of an older one.

use crate::tui::effect::Effect;
use crate::tui::halt::Pace;
use crate::tui::message::Notice;
use crate::tui::state::State;
use crate::tui::task::{Task, TaskId, TaskKind};

/// Begins something and returns its number.
pub fn begin(state: &mut State, kind: TaskKind) -> TaskId {
    state.asked += 1;
    let id = TaskId(state.asked);
    state.task = Some(Task {
        id,
        kind,
        from: super::jump::spot(state),
        done: 0,
        total: None,
    });
    state.notice = None;
    id
}

/// Takes an answer; tells whether it is the one waited for.
pub fn answered(state: &mut State, id: TaskId) -> bool {
    let own = state.task.as_ref().is_some_and(|task| task.id == id);
    if own {
        state.task = None;
    }
    own
}

/// Tells whether the reader has gone on to something else since they asked, so that an answer must not take the screen
/// away from them.
pub fn has_gone_on(state: &State) -> bool {
    let typing = state.search.as_ref().is_some_and(|search| search.typing);
    !state.overlays.is_empty() || typing
}

/// Keeps how far it is.
pub fn on_progress(
    state: &mut State,
    id: TaskId,
    done: usize,
    total: Option<usize>,
) -> Vec<Effect> {
    if let Some(task) = state.task.as_mut().filter(|task| task.id == id) {
        task.done = done;
        task.total = total;
    }
    Vec::new()
}

/// Gives up what is waited for, if anything is.
pub fn give_up(state: &mut State) -> Option<Effect> {
    let task = state.task.take()?;
    state.notice = Some(Notice::plain(format!("{}: given up.", task.kind.text())));
    Some(Effect::GiveUp(task.id))
}

/// Stops what goes on behind the screen and is told of: the counting of lines, or else the search for hints.
pub fn stop_behind(state: &mut State) -> Vec<Effect> {
    if state.counting == Pace::Goes && is_counting(state) {
        return set_counting(state, Pace::Halted);
    }
    if state.hinting == Pace::Goes && is_looking(state) {
        return set_hinting(state, Pace::Halted);
    }
    Vec::new()
}

/// Stops what goes on behind the screen, or lets everything that was stopped go on.
pub fn toggle_behind(state: &mut State) -> Vec<Effect> {
    let (counts, looks) = (is_counting(state), is_looking(state));
    if !counts && !looks {
        state.notice = Some(Notice::plain("Every line of the change is counted."));
        return Vec::new();
    }
    let stopped =
        (counts && state.counting == Pace::Halted) || (looks && state.hinting == Pace::Halted);
    let pace = if stopped { Pace::Goes } else { Pace::Halted };
    let mut effects = Vec::new();
    if counts {
        effects.extend(set_counting(state, pace));
    }
    if looks {
        effects.extend(set_hinting(state, pace));
    }
    effects
}

fn set_counting(state: &mut State, pace: Pace) -> Vec<Effect> {
    state.counting = pace;
    vec![Effect::Count(pace)]
}

fn set_hinting(state: &mut State, pace: Pace) -> Vec<Effect> {
    state.hinting = pace;
    vec![Effect::LookForHints(pace)]
}

fn is_counting(state: &State) -> bool {
    state.snapshot.counted < state.subject.change.files.len()
}

fn is_looking(state: &State) -> bool {
    let progress = state.board.progress;
    progress.total > 0 && !progress.finished
}
