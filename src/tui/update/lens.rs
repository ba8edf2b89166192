//! Looking through the review at one commit or at a file that the change leaves alone, and back.

use std::sync::Arc;

use super::{jump, motion, task};
use crate::git::CommitFacts;
use crate::model::{ChangeSet, LineNo, RepoPath, Side};
use crate::support::text::visible;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::layout::Focus;
use crate::tui::lens::{Kept, Lens, LensId, LensOf, Twins};
use crate::tui::message::Notice;
use crate::tui::picker::{Candidate, Choice, Picker};
use crate::tui::state::{Arrival, CodePane, Overlay, State};
use crate::tui::task::{TaskId, TaskKind};

/// Most lenses that lie on each other; the way back from more leads to the oldest of these.
const MOST: usize = 20;

/// Asks for the commits of the range.
pub fn ask_commits(state: &mut State) -> Vec<Effect> {
    let task = task::begin(state, TaskKind::Commits);
    vec![Effect::Commits(task)]
}

/// Lists the commits of the range; choosing one restricts the view to it.
pub fn on_commits(state: &mut State, task: TaskId, commits: Result<Vec<CommitFacts>, String>) {
    if !task::answered(state, task) || task::has_gone_on(state) {
        return;
    }
    let commits = match commits {
        Ok(commits) if commits.is_empty() => {
            let text = "No commit leads from the base to the head of this change.";
            state.notice = Some(Notice::plain(text));
            return;
        }
        Ok(commits) => commits,
        Err(reason) => {
            state.notice = Some(Notice::warn(reason));
            return;
        }
    };
    let rows = commits.iter().zip(0..).map(commit_row).collect();
    let mut picker = Picker::new(
        "Commits of the change, newest first; Enter shows one alone",
        rows,
    );
    let current = state.only_commit();
    let here = current.and_then(|only| commits.iter().position(|one| one.commit == only.commit));
    picker.selected = here.unwrap_or(0);
    state.commits = commits;
    state.overlays.push(Overlay::Picker(Box::new(picker)));
}

fn commit_row((commit, at): (&CommitFacts, usize)) -> Candidate {
    let by = format!("{} \u{b7} {}", visible(&commit.author), commit.date);
    Candidate {
        tag: if commit.assistant.is_some() {
            "\u{2726}"
        } else {
            " "
        }
        .to_owned(),
        text: format!("{} {}", commit.id, visible(&commit.summary)),
        detail: match &commit.assistant {
            Some(name) => format!("{by} \u{b7} with {}", visible(name)),
            None => by,
        },
        choice: Choice::Commit(at),
    }
}

/// Restricts the view to a commit of the list.
pub fn open_commit(state: &mut State, at: usize) -> Vec<Effect> {
    let Some(commit) = state.commits.get(at).cloned() else {
        return Vec::new();
    };
    open(state, LensOf::Commit(commit))
}

/// Shows a file that the change leaves alone.
pub fn open_file(state: &mut State, path: RepoPath, line: LineNo) -> Vec<Effect> {
    open(state, LensOf::File(path, line))
}

fn open(state: &mut State, of: LensOf) -> Vec<Effect> {
    let task = task::begin(state, TaskKind::Lens(visible(&of.name()).into_owned()));
    let lens = LensId(task.0);
    let of = Box::new(of);
    vec![Effect::OpenLens { task, lens, of }]
}

/// Looks through a lens that is open now.
pub fn on_opened(
    state: &mut State,
    task: TaskId,
    id: LensId,
    opened: Result<(Box<LensOf>, Arc<ChangeSet>), String>,
) {
    if !task::answered(state, task) || task::has_gone_on(state) {
        state.closing.push(id);
        return;
    }
    let (of, change) = match opened {
        Ok((of, change)) => (*of, change),
        Err(reason) => {
            state.closing.push(id);
            state.notice = Some(Notice::warn(reason));
            return;
        }
    };
    if matches!(of, LensOf::Commit(_)) {
        // One commit takes the place of another.
        leave_all(state);
    }
    let shown = state.file().map(|file| file.path.clone());
    let same = shown.and_then(|path| change.files.iter().position(|file| file.path == path));
    let mut code = CodePane::new();
    code.file = same.unwrap_or(0);
    code.blanks_folded = state.code.blanks_folded;
    if let LensOf::File(_, line) = &of {
        code.level = crate::tui::document::ContextLevel::Whole;
        code.arrival = Arrival::Line(Side::New, *line);
    }
    state.notice = match &of {
        LensOf::Commit(commit) if commit.parents > 1 => Some(Notice::plain(format!(
            "A merge of {} commits, against its first parent.",
            commit.parents
        ))),
        LensOf::Commit(_) | LensOf::File(..) => None,
    };
    let kept = Kept {
        spot: jump::spot(state),
        split: state.view.split,
        code: std::mem::replace(&mut state.code, code),
        files: std::mem::take(&mut state.files),
        jumps: std::mem::take(&mut state.jumps),
    };
    state.focus = Focus::Code;
    state.search = None;
    state.lenses.push(Lens {
        id,
        of,
        change,
        twins: std::collections::BTreeMap::new(),
        kept,
    });
    if state.lenses.len() > MOST {
        forget_second(state);
    }
}

/// Forgets the lens above the lowest one's place: what the lowest kept is the way back to the review.
fn forget_second(state: &mut State) {
    let gone = state.lenses.remove(1);
    state.closing.push(gone.id);
    // The lens above it came from there; now it leads back to where the forgotten one came from.
    if let Some(next) = state.lenses.get_mut(1) {
        next.kept = gone.kept;
    }
}

/// Keeps which hunks of a file of the lens are hunks of the whole change.
pub fn on_twins(state: &mut State, path: RepoPath, twins: Twins) -> Vec<Effect> {
    if let Some(lens) = state.lenses.last_mut() {
        lens.twins.insert(path, twins);
    }
    Vec::new()
}

/// Goes back to what was shown before the lens. Tells whether there was one.
pub fn leave(state: &mut State) -> bool {
    let Some(lens) = state.lenses.pop() else {
        return false;
    };
    state.closing.push(lens.id);
    let Kept {
        mut code,
        files,
        jumps,
        spot,
        split,
    } = lens.kept;
    // Answers that came meanwhile went nowhere, so the file is laid out and coloured anew.
    if code.document.take().is_some() {
        code.visited.insert(code.file, (code.cursor, code.top));
        code.arrival = match spot.line {
            Some((side, line)) if split != state.view.split => Arrival::Line(side, line),
            _ => Arrival::Resume,
        };
    }
    code.colours = crate::tui::state::Colours::default();
    state.code = code;
    state.files = files;
    state.jumps = jumps;
    state.search = None;
    true
}

/// Goes back to the whole change. Tells whether something else was shown.
pub fn leave_all(state: &mut State) -> bool {
    let mut left = false;
    while leave(state) {
        left = true;
    }
    left
}

/// Goes back to the whole change, or says that it is shown.
pub fn whole_change(state: &mut State) {
    if !leave_all(state) {
        state.notice = Some(Notice::plain("The whole change is shown."));
    }
}

/// Leaves files that the change leaves alone, for lists name others.
pub fn leave_files(state: &mut State) {
    while state.lens().is_some_and(|lens| !lens.is_of_commit()) {
        leave(state);
    }
}

/// Goes to a file of the whole change.
pub fn go_in_change(state: &mut State, index: usize, arrival: Arrival) {
    leave_all(state);
    motion::go_to_file(state, index, arrival);
}

/// Says that lines seen through a lens are not those under review, where they are not. Tells whether that is so.
pub fn refuse(state: &mut State) -> bool {
    if state.lens().is_none() || state.selected_place().is_some() {
        return false;
    }
    let key = state.key_of(Action::WholeChange);
    let what = if state.lens().is_some_and(Lens::is_of_commit) {
        "These lines are this commit's and not those of the whole change"
    } else {
        "This file is not part of the change"
    };
    state.notice = Some(Notice::warn(format!(
        "{what}; {key} goes back to what is decided on."
    )));
    true
}

/// Says why a hunk seen through a lens is not marked.
pub fn refuse_mark(state: &mut State) {
    let key = state.key_of(Action::WholeChange);
    state.notice = Some(Notice::warn(
        if state.lens().is_some_and(Lens::is_of_commit) {
            format!(
                "Not marked: this is no hunk of the whole change line for line; {key} goes there."
            )
        } else {
            format!("Not marked: this file is not part of the change; {key} goes back to it.")
        },
    ));
}

/// Says that some hunks of the file are not marked with the others, because they are this commit's only.
pub fn say_left_out(state: &mut State, hunks: usize) {
    let key = state.key_of(Action::WholeChange);
    let (noun, are) = if hunks == 1 {
        ("hunk", "is")
    } else {
        ("hunks", "are")
    };
    state.notice = Some(Notice::warn(format!(
        "{hunks} {noun} left out: {are} this commit's only and no hunk of the whole change line for line; {key} goes there."
    )));
}

/// Says that marks with a letter are of the whole change.
pub fn refuse_letter(state: &mut State) {
    let key = state.key_of(Action::WholeChange);
    state.notice = Some(Notice::warn(format!(
        "Marks are lines of the whole change; {key} goes back to it."
    )));
}
