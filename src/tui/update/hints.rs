//! Walking hints, dismissing them, and what is told while they are looked for.

use std::sync::Arc;

use super::motion;
use super::overlay::open;
use crate::model::{Hint, HintRef, LineNo, RowKind, Side};
use crate::tui::action::Action;
use crate::tui::board::{self, LOOKED, Standing};
use crate::tui::dialog::{Dialog, ReasonForm};
use crate::tui::document::DocRow;
use crate::tui::effect::{Direction, Effect};
use crate::tui::marks;
use crate::tui::message::Notice;
use crate::tui::state::{Arrival, Overlay, State, Text};
use crate::workbench::{Act, HintNews, HintsFound};

/// Takes in the hints of files that were finished.
pub fn on_news(state: &mut State, news: HintNews) {
    let board = &mut state.board;
    board.progress.done = news.done;
    board.progress.total = news.total;
    board.registry = Some(news.registry);
    if board.looked.is_empty()
        && let Some(text) = state.drafts.get(LOOKED)
    {
        board.restore_looked(text);
    }
    if !news.fresh.is_empty() {
        board.add(news.fresh);
        refresh(state);
    }
}

/// Takes in what the whole change came to, in place of what came before.
pub fn on_found(state: &mut State, found: &Arc<HintsFound>) {
    let board = &mut state.board;
    board.hints.clone_from(&found.hints);
    board.problems = found.told();
    board.registry = Some(Arc::clone(&found.registry));
    board.progress.finished = true;
    refresh(state);
    let key = state.key_of(Action::HintProblems);
    let told = match state.board.problems.as_slice() {
        [] => return,
        [one] => format!("Looking for hints: {one}"),
        [first, ..] => format!(
            "Looking for hints: {} things to know ({key} shows them), first: {first}",
            state.board.problems.len()
        ),
    };
    state.notice = Some(Notice::warn(told));
}

/// The search ended before its end.
pub fn on_failed(state: &mut State, reason: String) {
    state.board.progress.finished = true;
    state.notice = Some(Notice::bad(reason.clone()));
    state.board.problems.push(reason);
}

/// Brings the board in step with hints and items.
pub fn refresh(state: &mut State) {
    let me = state.subject.person.key();
    let items = board::items(&state.subject.checklists);
    state.board.refresh(&items, &state.snapshot.review, &me);
}

/// Brings the board in step with the review.
pub fn judge(state: &mut State) {
    let me = state.subject.person.key();
    state.board.judge(&state.snapshot.review, &me);
}

/// After every message: the hint under the cursor is the current one, and counts as looked at where it can be seen.
pub fn follow_cursor(state: &mut State) -> Option<Effect> {
    if state.board.hints.is_empty() {
        return None;
    }
    // While a file is on its way the hint one is headed for stays the current one.
    state.code.document.as_ref()?;
    let here = under_cursor(state);
    let current = state.board.current_at().filter(|at| here.contains(at));
    let at = current.or(here.first().copied());
    let before = state.board.current;
    state.board.current = at.map(|at| state.board.hints[at].fingerprint);
    if state.board.current != before {
        state.item_scroll = 0;
    }
    let in_sight = state.overlays.is_empty()
        && state
            .areas()
            .is_some_and(|areas| !areas.code_heading.is_empty());
    let fingerprint = state.board.current.filter(|_| in_sight)?;
    if !state.board.looked.insert(fingerprint) {
        return None;
    }
    judge(state);
    let text = state.board.looked_text();
    state.drafts.insert(LOOKED.to_owned(), text.clone());
    Some(Effect::SaveDraft {
        name: LOOKED.to_owned(),
        text,
    })
}

/// Returns the selected item's hints that point at the cursor's line.
fn under_cursor(state: &State) -> Vec<usize> {
    let Some((path, line)) = cursor_line(state) else {
        return Vec::new();
    };
    let board = &state.board;
    board
        .of_line(&path, line)
        .filter(|&at| board.is_of(at, state.item) && board.is_shown(at))
        .collect()
}

/// Returns the file and the line after the change that the cursor is on.
fn cursor_line(state: &State) -> Option<(crate::model::RepoPath, u32)> {
    let document = state.code.document.as_ref()?;
    match document.row(state.code.cursor)? {
        DocRow::Line { row, .. } if row.kind != RowKind::Removed => {
            Some((state.reviewed(Side::New)?.path.clone(), row.new?.0))
        }
        _ => None,
    }
}

/// Leads to the hint marked on a row of the code: its item is chosen, and the item's pane tells what it is about.
pub fn choose_on(state: &mut State, row: u32) {
    let line = state.code.document.as_ref().and_then(|document| {
        document
            .lines(row)
            .find(|line| line.kind != RowKind::Removed)?
            .new
    });
    let path = state.reviewed(Side::New).map(|file| file.path.clone());
    let (Some(path), Some(line)) = (path, line) else {
        return;
    };
    let board = &state.board;
    let marked = board
        .of_line(&path, line.0)
        .filter(|&at| board.is_shown(at))
        .min_by_key(|&at| (!board.is_of(at, state.item), marks::rank(board, at)));
    let Some(at) = marked else { return };
    if !board.is_of(at, state.item) {
        let item = (0..state.items.len()).find(|item| board.is_of(at, *item));
        let Some(item) = item else { return };
        motion::select_item(state, item);
    }
    state.board.current = Some(state.board.hints[at].fingerprint);
    state.item_scroll = 0;
}

/// Goes to the item's next or previous hint, round the change; while a search is on, to its matches.
pub fn step(state: &mut State, direction: Direction) -> Vec<Effect> {
    if state.search.is_some() {
        return super::find::step(state, direction);
    }
    let listed = state.board.listed(state.item);
    let live: Vec<usize> = listed
        .iter()
        .copied()
        .filter(|&at| !is_dismissed(state.board.standing[at]))
        .collect();
    // Dismissed hints are passed over as long as there are others.
    let walk = if live.is_empty() { listed } else { live };
    if walk.is_empty() {
        say_none(state);
        return Vec::new();
    }
    let place = place(state);
    let ahead = |at: &usize| {
        let hint = &state.board.hints[*at];
        (&hint.path, hint.line(), *at)
    };
    let next = match direction {
        Direction::Forward => walk
            .iter()
            .find(|at| is_after(ahead(at), &place))
            .or(walk.first()),
        Direction::Backward => walk
            .iter()
            .rev()
            .find(|at| is_before(ahead(at), &place))
            .or(walk.last()),
    };
    let Some(&at) = next else { return Vec::new() };
    let wrapped = match direction {
        Direction::Forward => !is_after(ahead(&at), &place),
        Direction::Backward => !is_before(ahead(&at), &place),
    };
    if wrapped {
        state.notice = Some(Notice::plain(match (walk.len(), direction) {
            (1, _) => "This is the item's only hint.",
            (_, Direction::Forward) => "Round the change: this is the item's first hint.",
            (_, Direction::Backward) => "Round the change: this is the item's last hint.",
        }));
    }
    go_to(state, at);
    Vec::new()
}

fn is_dismissed(standing: Standing) -> bool {
    matches!(standing, Standing::Dismissed | Standing::DismissedByOthers)
}

/// Where one is: the file, the line, and which of the line's hints.
type Where = (Option<crate::model::RepoPath>, u32, Option<usize>);

fn place(state: &State) -> Where {
    // On the way to a file, one is where one is headed.
    if let Some(at) = state.board.current_at() {
        let hint = &state.board.hints[at];
        return (Some(hint.path.clone()), hint.line(), Some(at));
    }
    let path = state.file().map(|file| file.path.clone());
    let line = cursor_line(state).map(|(_, line)| line).or_else(|| {
        let document = state.code.document.as_ref()?;
        (0..=state.code.cursor)
            .rev()
            .find_map(|row| match document.row(row)? {
                DocRow::Line { row, .. } => row.new.map(|line| line.0),
                _ => None,
            })
    });
    (path, line.unwrap_or(0), None)
}

fn is_after((path, line, at): (&crate::model::RepoPath, u32, usize), here: &Where) -> bool {
    let Some(own) = &here.0 else { return true };
    (path, line) > (own, here.1)
        || ((path, line) == (own, here.1) && here.2.is_none_or(|current| at > current))
}

fn is_before((path, line, at): (&crate::model::RepoPath, u32, usize), here: &Where) -> bool {
    let Some(own) = &here.0 else { return true };
    (path, line) < (own, here.1)
        || ((path, line) == (own, here.1) && here.2.is_some_and(|current| at < current))
}

fn go_to(state: &mut State, at: usize) {
    let hint = &state.board.hints[at];
    let (path, line, fingerprint) = (hint.path.clone(), hint.line(), hint.fingerprint);
    let files = &state.subject.change.files;
    let Ok(index) = files.binary_search_by(|file| file.path.cmp(&path)) else {
        state.notice = Some(Notice::warn("That file is not in the change any more."));
        return;
    };
    state.code.selection = None;
    state.board.current = Some(fingerprint);
    state.item_scroll = 0;
    super::lens::go_in_change(state, index, Arrival::Line(Side::New, LineNo(line)));
}

fn say_none(state: &mut State) {
    let folded = state.board.folded(state.item);
    let progress = state.board.progress;
    state.notice = Some(Notice::plain(if folded > 0 {
        let key = state.key_of(Action::FoldedHints);
        format!("All {folded} hints of this item are folded; {key} shows them.")
    } else if progress.total == 0 && !progress.finished {
        "Hints are not looked for yet.".to_owned()
    } else if progress.finished {
        "No rule points at anything for this item. That says nothing about it: read the code."
            .to_owned()
    } else {
        format!(
            "No hint for this item yet; {} of {} files are looked at.",
            progress.done, progress.total
        )
    }));
}

/// Returns the hint under the cursor, or says that there is none.
fn current(state: &mut State) -> Option<(usize, HintRef)> {
    let found = state
        .board
        .current_at()
        .map(|at| (at, state.board.hints[at].reference()));
    if found.is_none() {
        let key = state.key_of(Action::NextHint);
        state.notice = Some(Notice::plain(format!(
            "There is no hint of this item on this line; {key} goes to the next."
        )));
    }
    found
}

/// Asks why the hint is no concern here; on one that this reader dismissed, takes that back.
pub fn dismiss(state: &mut State) -> Vec<Effect> {
    let Some((at, hint)) = current(state) else {
        return Vec::new();
    };
    if state.board.standing[at] == Standing::Dismissed {
        return restore(state);
    }
    if own_dismissal(state, &hint) {
        return restore(state);
    }
    let message = state.board.hints[at].message.clone();
    open(state, Dialog::Reason(ReasonForm::dismiss(hint, &message)));
    Vec::new()
}

/// Takes this reader's dismissal of the hint back.
pub fn restore(state: &mut State) -> Vec<Effect> {
    let Some((_, hint)) = current(state) else {
        return Vec::new();
    };
    if !own_dismissal(state, &hint) {
        let others = state.snapshot.review.hints.get(&hint.fingerprint);
        let other = others.and_then(|state| state.dismissed.values().next());
        state.notice = Some(Notice::plain(match other {
            Some(other) => format!(
                "{} dismissed this hint; only they can take that back.",
                other.stamp.by.name
            ),
            None => "You have not dismissed this hint.".to_owned(),
        }));
        return Vec::new();
    }
    super::submit(state, vec![Act::RestoreHint(hint.fingerprint)])
}

fn own_dismissal(state: &State, hint: &HintRef) -> bool {
    let me = state.subject.person.key();
    let said = state.snapshot.review.hints.get(&hint.fingerprint);
    said.is_some_and(|said| said.dismissed.contains_key(&me))
}

/// Shows or hides the hints beyond the budget.
pub fn toggle_folded(state: &mut State) {
    state.board.shows_folded = !state.board.shows_folded;
    let all = |board: &board::Board| {
        let folded = board
            .standing
            .iter()
            .filter(|one| **one == Standing::Folded);
        folded.count()
    };
    let count = all(&state.board);
    let noun = if count == 1 { "hint" } else { "hints" };
    state.notice = Some(Notice::plain(if state.board.shows_folded {
        format!("{count} {noun} beyond the budget of 10 per 1,000 lines are shown too.")
    } else {
        format!("{count} {noun} beyond the budget of 10 per 1,000 lines are folded.")
    }));
}

/// Shows the page of the rule behind the hint under the cursor.
pub fn show_rule(state: &mut State) {
    if current(state).is_some() {
        state.overlays.push(Overlay::Text(Text::Rule, 0));
    }
}

/// Shows what was noticed while hints were looked for.
pub fn show_problems(state: &mut State) {
    if state.board.problems.is_empty() {
        state.notice = Some(Notice::plain(if state.board.progress.finished {
            "Every file was looked at by every rule."
        } else {
            "Nothing to know so far."
        }));
        return;
    }
    state.overlays.push(Overlay::Text(Text::HintProblems, 0));
}

/// Returns lines that name hints that were not looked at, for the form that accepts.
pub fn not_looked_at(state: &State) -> Vec<String> {
    let line = |hint: &Hint| format!("{} {}", hint.place(), hint.message);
    state
        .board
        .not_looked_at(state.item)
        .into_iter()
        .map(line)
        .collect()
}
