//! The list of files: what is counted of each, and the keys and the mouse in it.

use std::collections::HashMap;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::overlay;
use crate::model::{FileChange, RepoPath};
use crate::tui::board::Standing;
use crate::tui::effect::Effect;
use crate::tui::files::{Facts, FileList, Form};
use crate::tui::picker::Choice;
use crate::tui::state::{Overlay, State};
use crate::tui::windows;

/// Opens the list on the file in the code pane, in a form or in the one it had last.
pub fn open(state: &mut State, form: Option<Form>) {
    let last = if state.view.files_flat {
        Form::Flat
    } else {
        Form::Tree
    };
    let closed = std::mem::take(&mut state.closed_folders);
    let mut list = FileList::new(
        state.change_listed(),
        facts(state),
        form.unwrap_or(last),
        closed,
        state.file_listed(),
    );
    list.keep_in_sight(windows::file_rows(state));
    state.overlays.push(Overlay::Files(Box::new(list)));
}

/// Counts anew where the list is open, because hints or the review changed.
pub fn recount(state: &mut State) {
    if !matches!(state.overlays.last(), Some(Overlay::Files(_))) {
        return;
    }
    let fresh = facts(state);
    if let Some(Overlay::Files(list)) = state.overlays.last_mut() {
        list.recount(fresh);
    }
}

/// Counts what there is of each file; of a commit's file, what there is of it in the whole change.
fn facts(state: &State) -> Vec<Facts> {
    let hints = hints_by_file(state);
    let mut flags: HashMap<&RepoPath, u32> = HashMap::new();
    for finding in &state.snapshot.review.findings {
        for anchor in &finding.finding.evidence {
            *flags.entry(&anchor.path).or_default() += 1;
        }
    }
    let mut critical: HashMap<&RepoPath, u32> = HashMap::new();
    for hunk in state.snapshot.critical.iter() {
        if hunk.readers.is_empty() {
            *critical.entry(&hunk.mark.path).or_default() += 1;
        }
    }
    let files = state.files_listed();
    let mut all = covered(state, files);
    // Few files have any of these: each is looked for, rather than every file in each.
    let mut add = |counts: HashMap<&RepoPath, u32>, to: fn(&mut Facts) -> &mut u32| {
        for (path, count) in counts {
            if let Ok(at) = files.binary_search_by(|file| file.path.cmp(path)) {
                *to(&mut all[at]) += count;
            }
        }
    };
    add(hints, |facts| &mut facts.hints);
    add(flags, |facts| &mut facts.flags);
    add(critical, |facts| &mut facts.critical);
    all
}

/// Returns for each file what is counted of its lines and of what is read; of a commit's file, how many lines the commit
/// touches is not known.
fn covered(state: &State, files: &[FileChange]) -> Vec<Facts> {
    let with_lines = state.only_commit().is_none();
    // Files and their coverage are both in the order of their paths.
    let mut covered = state.snapshot.coverage.files.iter().peekable();
    let mut all = Vec::with_capacity(files.len());
    for file in files {
        let mut facts = Facts {
            files: 1,
            ..Facts::default()
        };
        while covered.next_if(|(path, _)| **path < file.path).is_some() {}
        if let Some((_, counted)) = covered.next_if(|(path, _)| **path == file.path) {
            facts.hunks = counted.hunks;
            facts.read = counted.read;
            if with_lines {
                facts.added = counted.added as u32;
                facts.removed = counted.removed as u32;
            }
            facts.files_read = u32::from(counted.hunks > 0 && counted.read == counted.hunks);
        }
        all.push(facts);
    }
    all
}

/// Counts the hints of each file that nobody has dealt with.
fn hints_by_file(state: &State) -> HashMap<&RepoPath, u32> {
    let board = &state.board;
    let mut counts = HashMap::new();
    for (at, hint) in board.hints.iter().enumerate() {
        let waits = matches!(board.standing[at], Standing::Open | Standing::Looked);
        if waits && board.is_shown(at) {
            *counts.entry(&hint.path).or_default() += 1;
        }
    }
    counts
}

/// Handles a key in the list.
pub fn on_key(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    let height = windows::file_rows(state);
    let Some(Overlay::Files(list)) = state.overlays.last_mut() else {
        return Vec::new();
    };
    if list.typing {
        type_key(list, key);
        list.keep_in_sight(height);
        return Vec::new();
    }
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let page = height.saturating_sub(1).max(1) as isize;
    match key.code {
        KeyCode::Char('c') if ctrl => return close(state),
        KeyCode::Char('d') if ctrl => list.step(page / 2),
        KeyCode::Char('u') if ctrl => list.step(-page / 2),
        KeyCode::Char('f') if ctrl => list.step(page),
        KeyCode::Char('b') if ctrl => list.step(-page),
        KeyCode::Char('n' | 'j') if ctrl => list.step(1),
        KeyCode::Char('p' | 'k') if ctrl => list.step(-1),
        KeyCode::Esc if !list.query.is_empty() => list.narrow(String::new()),
        KeyCode::Esc | KeyCode::Char('q') => return close(state),
        KeyCode::Enter => return choose(state),
        KeyCode::Down | KeyCode::Char('j') => list.step(1),
        KeyCode::Up | KeyCode::Char('k') => list.step(-1),
        KeyCode::PageDown | KeyCode::Char(' ') => list.step(page),
        KeyCode::PageUp => list.step(-page),
        KeyCode::Home | KeyCode::Char('g') => list.step(isize::MIN),
        KeyCode::End | KeyCode::Char('G') => list.step(isize::MAX),
        KeyCode::Right | KeyCode::Char('l') => list.open(),
        KeyCode::Left | KeyCode::Char('h') => list.close(),
        KeyCode::Char('-') => list.close_all(),
        KeyCode::Char('+' | '=') => list.open_all(),
        KeyCode::Char('/') => list.typing = true,
        KeyCode::Char('t') => return turn(state, height),
        _ => {}
    }
    list.keep_in_sight(height);
    Vec::new()
}

fn type_key(list: &mut FileList, key: KeyEvent) {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Esc => {
            list.typing = false;
            list.narrow(String::new());
        }
        KeyCode::Enter => list.typing = false,
        KeyCode::Down => list.step(1),
        KeyCode::Up => list.step(-1),
        KeyCode::Backspace if list.query.is_empty() => list.typing = false,
        KeyCode::Backspace => {
            let mut query = list.query.clone();
            query.pop();
            list.narrow(query);
        }
        KeyCode::Char('u') if ctrl => list.narrow(String::new()),
        KeyCode::Char(letter) if !ctrl => list.narrow(format!("{}{letter}", list.query)),
        _ => {}
    }
}

/// Pasted text narrows the list.
pub fn on_paste(list: &mut FileList, text: &str) {
    let line = text.lines().next().unwrap_or_default();
    let typed: String = line.chars().filter(|letter| !letter.is_control()).collect();
    list.typing = true;
    list.narrow(format!("{}{typed}", list.query));
}

/// A press on a row: goes to a file, opens or closes a folder.
pub fn press(state: &mut State, row: usize) -> Vec<Effect> {
    let Some(Overlay::Files(list)) = state.overlays.last_mut() else {
        return Vec::new();
    };
    let at = list.top + row;
    if at >= list.len() {
        return Vec::new();
    }
    list.selected = at;
    choose(state)
}

/// The wheel moves the list under the pointer.
pub fn wheel(state: &mut State, by: isize) {
    let height = windows::file_rows(state);
    if let Some(Overlay::Files(list)) = state.overlays.last_mut() {
        list.step(by);
        list.keep_in_sight(height);
    }
}

fn choose(state: &mut State) -> Vec<Effect> {
    let height = windows::file_rows(state);
    let Some(Overlay::Files(list)) = state.overlays.last_mut() else {
        return Vec::new();
    };
    let Some(file) = list.choose() else {
        list.keep_in_sight(height);
        return Vec::new();
    };
    state.closed_folders = list.closed();
    overlay::choose(state, Some(Choice::File(file)))
}

fn close(state: &mut State) -> Vec<Effect> {
    if let Some(Overlay::Files(list)) = state.overlays.pop() {
        state.closed_folders = list.closed();
    }
    Vec::new()
}

/// By folder or flat, as the list is to open next time.
fn turn(state: &mut State, height: usize) -> Vec<Effect> {
    let Some(Overlay::Files(list)) = state.overlays.last_mut() else {
        return Vec::new();
    };
    list.turn();
    list.keep_in_sight(height);
    state.view.files_flat = list.form == Form::Flat;
    vec![Effect::Remember(state.view)]
}
