//! Keys → actions → what they do. One flat table; each arm calls a named function.

use crossterm::event::{KeyCode, KeyEvent};

use super::{decide, define, files, find, hints, jump, leave, lens, motion, read, reveal, task};
use crate::tui::action::Action;
use crate::tui::effect::{Direction, Effect};
use crate::tui::files::Form;
use crate::tui::keymap::{Key, Lookup};
use crate::tui::layout::Focus;
use crate::tui::message::Notice;
use crate::tui::state::{Overlay, Pending, Saving, State, Text};
use crate::tui::task::TaskKind;

/// The largest count that makes sense.
const MOST: u32 = 9_999_999;

/// Handles a key that no overlay has.
pub fn on_key(state: &mut State, event: KeyEvent) -> Vec<Effect> {
    let Some(key) = Key::from_event(event) else {
        return Vec::new();
    };
    state.notice = None;
    if let Some(naming) = state.pending.naming.take() {
        if let KeyCode::Char(letter) = event.code {
            jump::named(state, naming, letter);
        }
        return Vec::new();
    }
    if event.code == KeyCode::Esc && is_pending(state) {
        state.pending = Pending::default();
        return Vec::new();
    }
    if state.pending.keys.is_empty()
        && let Some(digit) = key.digit()
        && (digit > 0 || state.pending.count.is_some())
    {
        let count = state.pending.count.unwrap_or(0);
        state.pending.count = Some(count.saturating_mul(10).saturating_add(digit).min(MOST));
        return Vec::new();
    }
    state.pending.keys.push(key);
    match state.look.keymap.lookup(&state.pending.keys) {
        Lookup::Action(action) => {
            let count = state.pending.count.take();
            state.pending.keys.clear();
            let from = jump::spot(state);
            let effects = run(state, action, count);
            if is_jump(action) {
                jump::left(state, from);
            }
            effects
        }
        Lookup::Prefix => Vec::new(),
        Lookup::Nothing => {
            let typed = crate::tui::keymap::spell(&state.pending.keys);
            state.pending.keys.clear();
            state.pending.count = None;
            let help = state.key_of(Action::Help);
            state.notice = Some(Notice::plain(format!(
                "{typed} is not bound; {help} lists the keys."
            )));
            Vec::new()
        }
    }
}

fn is_pending(state: &State) -> bool {
    state.pending.count.is_some() || !state.pending.keys.is_empty()
}

/// Whether an action goes far, so that the way back is worth keeping.
fn is_jump(action: Action) -> bool {
    matches!(
        action,
        Action::Top
            | Action::Bottom
            | Action::NextHunk
            | Action::PreviousHunk
            | Action::NextFile
            | Action::PreviousFile
            | Action::NextUnread
            | Action::PreviousUnread
            | Action::NextMatch
            | Action::PreviousMatch
            | Action::NextHint
            | Action::PreviousHint
    )
}

/// Does what an action says.
pub fn run(state: &mut State, action: Action, count: Option<u32>) -> Vec<Effect> {
    let times = count.unwrap_or(1).min(10_000);
    if concerns_code(action) {
        motion::reveal_code(state);
    }
    match action {
        Action::Down
        | Action::Up
        | Action::Left
        | Action::Right
        | Action::LineStart
        | Action::HalfDown
        | Action::HalfUp
        | Action::PageDown
        | Action::PageUp
        | Action::Top
        | Action::Bottom
        | Action::Centre => motion::on_move(state, action, count),
        Action::NextHunk => (0..times).for_each(|_| motion::step_hunk(state, 1)),
        Action::PreviousHunk => (0..times).for_each(|_| motion::step_hunk(state, -1)),
        Action::NextFile => motion::step_file(state, times as isize),
        Action::PreviousFile => motion::step_file(state, -(times as isize)),
        Action::NextUnread => motion::step_unread(state, 1),
        Action::PreviousUnread => motion::step_unread(state, -1),
        Action::NextCritical => motion::next_critical(state),
        Action::NextItem => motion::step_item(state, times as isize),
        Action::PreviousItem => motion::step_item(state, -(times as isize)),
        Action::NextUndecided => motion::next_undecided(state),
        Action::Back => jump::back(state),
        Action::SetMark => jump::name(state, crate::tui::state::Naming::Set),
        Action::GoToMark => jump::name(state, crate::tui::state::Naming::Go),
        Action::Bracket => return jump::bracket(state),
        Action::Definition => return define::ask(state),
        Action::FocusNext => motion::focus(state, true),
        Action::FocusPrevious => motion::focus(state, false),
        Action::Enter => enter(state),
        Action::Accept => decide::accept(state),
        Action::Flag => decide::flag(state),
        Action::NotApplicable => decide::not_applicable(state),
        Action::Waive => decide::waive(state),
        Action::TakeBack => decide::take_back(state),
        Action::AddEvidence => return decide::add_evidence(state),
        Action::NextHint => return hints::step(state, Direction::Forward),
        Action::PreviousHint => return hints::step(state, Direction::Backward),
        Action::Dismiss => return hints::dismiss(state),
        Action::Restore => return hints::restore(state),
        Action::FoldedHints => hints::toggle_folded(state),
        Action::ShowRule => hints::show_rule(state),
        Action::HintProblems => hints::show_problems(state),
        Action::Select => read::select(state),
        Action::MarkHunk => return read::mark_hunk(state),
        Action::MarkFile => return read::mark_file(state),
        Action::Comment => decide::comment(state),
        Action::CommentFile => decide::comment_file(state),
        Action::CommentReview => decide::comment_review(state),
        Action::Split => return reveal::split(state),
        Action::Wrap => return reveal::wrap(state),
        Action::FoldList => return reveal::fold_list(state),
        Action::FoldBlanks => reveal::fold_blanks(state),
        Action::Context => reveal::context(state),
        Action::ExpandUp => reveal::expand(state, reveal::Toward::Up, count),
        Action::ExpandDown => reveal::expand(state, reveal::Toward::Down, count),
        Action::ExpandFunction => reveal::function(state),
        Action::ExpandFile => reveal::whole(state),
        Action::Copy => return read::copy(state),
        Action::CopyPlace => return read::copy_place(state),
        Action::CopyHunk => return read::copy_hunk(state),
        Action::Blame => return read::blame(state),
        Action::Editor => return read::open_editor(state),
        Action::Search => find::begin(state),
        Action::NextMatch => return find::step(state, Direction::Forward),
        Action::PreviousMatch => return find::step(state, Direction::Backward),
        Action::Matches => find::open_hits(state),
        Action::Finder => return find::open_finder(state),
        Action::Files => files::open(state, None),
        Action::Tree => files::open(state, Some(Form::Tree)),
        Action::Commits => return lens::ask_commits(state),
        Action::WholeChange => lens::whole_change(state),
        Action::Palette => find::open_palette(state),
        Action::Findings => decide::findings(state),
        Action::Comments => decide::comments(state),
        Action::Profile => decide::profile(state),
        Action::Sign => decide::sign(state),
        Action::Count => return task::toggle_behind(state),
        Action::Retry => return retry(state),
        Action::Help => state.overlays.push(Overlay::Text(Text::Help, 0)),
        Action::Cancel => return cancel(state),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Quit => return quit(state),
    }
    Vec::new()
}

/// Whether an action moves in the code or does something to it, so that the code must be in sight.
fn concerns_code(action: Action) -> bool {
    matches!(
        action,
        Action::NextHunk
            | Action::PreviousHunk
            | Action::NextFile
            | Action::PreviousFile
            | Action::NextUnread
            | Action::PreviousUnread
            | Action::NextHint
            | Action::PreviousHint
            | Action::NextCritical
            | Action::Select
            | Action::MarkHunk
            | Action::MarkFile
            | Action::Split
            | Action::Wrap
            | Action::FoldBlanks
            | Action::Context
            | Action::ExpandUp
            | Action::ExpandDown
            | Action::ExpandFunction
            | Action::ExpandFile
            | Action::Search
            | Action::NextMatch
            | Action::PreviousMatch
    )
}

fn enter(state: &mut State) {
    if state.focus != Focus::Code || !reveal::open_here(state) {
        state.focus = Focus::Code;
    }
}

fn cancel(state: &mut State) -> Vec<Effect> {
    if state.code.selection.take().is_some() {
        return Vec::new();
    }
    let searching = state.task.as_ref().map(|task| &task.kind) == Some(&TaskKind::Search);
    let given_up = task::give_up(state);
    if given_up.is_some() && !searching {
        return given_up.into_iter().collect();
    }
    if state.search.take().is_some() {
        return given_up.into_iter().chain([Effect::StopSearch]).collect();
    }
    if lens::leave(state) {
        return Vec::new();
    }
    task::stop_behind(state)
}

fn retry(state: &mut State) -> Vec<Effect> {
    if matches!(state.saving, Saving::NotSaved { .. }) {
        return super::submit(state, Vec::new());
    }
    state.notice = Some(Notice::plain("Everything is saved."));
    Vec::new()
}

fn quit(state: &mut State) -> Vec<Effect> {
    match &state.saving {
        Saving::Saved => leave(state),
        // Asked twice, one does not wait: the worker still finishes what it was given before the program ends.
        Saving::Writing if state.leaving => leave(state),
        Saving::Writing => {
            // Whether it was saved must be known before one leaves.
            state.leaving = true;
            state.notice = Some(Notice::plain("Saving\u{2026} then leaving."));
            Vec::new()
        }
        Saving::NotSaved { acts, .. } => {
            decide::confirm_loss(state, acts.len());
            Vec::new()
        }
    }
}
