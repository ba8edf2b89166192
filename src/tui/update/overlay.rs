//! Keys, paste and editor results while something stands in front of the panes, or a search is typed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Position;

use super::{define, dispatch, files, find, lens, motion};
use crate::model::{LineNo, RepoPath, Side};
use crate::tui::dialog::{Dialog, DialogContext, Outcome};
use crate::tui::effect::Effect;
use crate::tui::layout::Focus;
use crate::tui::message::Notice;
use crate::tui::pages;
use crate::tui::picker::{Choice, Picker};
use crate::tui::state::{Arrival, Awaited, Overlay, State, Text};
use crate::workbench::Place;

/// Handles a key wherever it goes.
pub fn on_key(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    if is_suspend(key) {
        return vec![Effect::Suspend];
    }
    if let Some(Overlay::Text(text, scroll)) = state.overlays.last() {
        on_text_key(state, *text, *scroll, key);
        return Vec::new();
    }
    match state.overlays.last_mut() {
        Some(Overlay::Dialog(_)) => on_dialog_key(state, key),
        Some(Overlay::Picker(picker)) => match picker_key(picker, key) {
            PickerEvent::Stay => Vec::new(),
            PickerEvent::Close => {
                state.overlays.pop();
                Vec::new()
            }
            PickerEvent::Choose(choice) => choose(state, choice),
        },
        Some(Overlay::Files(_)) => files::on_key(state, key),
        Some(Overlay::Text(..)) => Vec::new(),
        None if state.search.as_ref().is_some_and(|search| search.typing) => {
            on_search_key(state, key)
        }
        None => dispatch::on_key(state, key),
    }
}

/// Pasted text goes where typed text would.
pub fn on_paste(state: &mut State, text: &str) -> Vec<Effect> {
    match state.overlays.last_mut() {
        Some(Overlay::Dialog(dialog)) => {
            dialog.on_paste(text);
            return keep_draft(state);
        }
        Some(Overlay::Picker(picker)) => picker.insert(text),
        Some(Overlay::Files(list)) => files::on_paste(list, text),
        Some(Overlay::Text(..)) => {}
        None => {
            if let Some(search) = state.search.as_ref().filter(|search| search.typing) {
                let pattern = format!("{}{}", search.pattern, text.lines().next().unwrap_or(""));
                find::typed(state, pattern);
            }
        }
    }
    Vec::new()
}

/// The editor's text goes into the field it came from.
pub fn on_edited(state: &mut State, text: Result<String, String>) -> Vec<Effect> {
    match (text, state.overlays.last_mut()) {
        (Ok(text), Some(Overlay::Dialog(dialog))) => {
            dialog.on_editor(&text);
            keep_draft(state)
        }
        (Err(reason), Some(Overlay::Dialog(dialog))) => {
            dialog.refused(&reason);
            Vec::new()
        }
        (Err(reason), _) => {
            state.notice = Some(Notice::bad(reason));
            Vec::new()
        }
        (Ok(_), _) => Vec::new(),
    }
}

/// Opens a dialog with what was typed into it before, if anything was.
pub fn open(state: &mut State, mut dialog: Dialog) {
    let draft = dialog
        .draft_name()
        .and_then(|name| state.drafts.get(&name).cloned());
    if let Some(draft) = draft {
        dialog.restore(&draft);
        state.notice = Some(Notice::plain("What you had begun here is back."));
    }
    state.overlays.push(Overlay::Dialog(Box::new(dialog)));
}

fn is_suspend(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('z') && key.modifiers.contains(KeyModifiers::CONTROL)
}

fn on_dialog_key(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    act_on_dialog(state, |dialog, context| dialog.on_key(key, context))
}

fn act_on_dialog(
    state: &mut State,
    act: impl FnOnce(&mut Dialog, &DialogContext<'_>) -> Outcome,
) -> Vec<Effect> {
    if state.awaited.is_some() {
        // Its act is on its way to the disk; the answer comes first.
        return Vec::new();
    }
    let Some(Overlay::Dialog(mut dialog)) = state.overlays.pop() else {
        return Vec::new();
    };
    state.notice = None;
    let outcome = act(&mut dialog, &state.dialog_context());
    state.overlays.push(Overlay::Dialog(dialog));
    let mut effects = keep_draft(state);
    effects.extend(follow(state, outcome));
    effects
}

/// A press of the mouse on a dialog.
pub fn on_dialog_press(state: &mut State, at: Position) -> Vec<Effect> {
    act_on_dialog(state, |dialog, context| dialog.on_press(at, context))
}

/// Every change of what is being written goes to disk.
fn keep_draft(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Dialog(dialog)) = state.overlays.last() else {
        return Vec::new();
    };
    let Some(draft) = dialog.draft() else {
        return Vec::new();
    };
    if state.drafts.get(&draft.name) == Some(&draft.text) {
        return Vec::new();
    }
    state.drafts.insert(draft.name.clone(), draft.text.clone());
    vec![Effect::SaveDraft {
        name: draft.name,
        text: draft.text,
    }]
}

fn follow(state: &mut State, outcome: Outcome) -> Vec<Effect> {
    match outcome {
        Outcome::Stay | Outcome::Resume(_) | Outcome::StartReview(_) => Vec::new(),
        Outcome::Close => close(state),
        Outcome::Submit(acts) => submit(state, acts),
        Outcome::Jump(place) => {
            state.overlays.clear();
            go_to(state, &place);
            Vec::new()
        }
        Outcome::Open(dialog) => {
            open(state, *dialog);
            Vec::new()
        }
        Outcome::Editor { text } => vec![Effect::EditText(text)],
        Outcome::Sign(request) => {
            let mut effects = super::record_shown(state);
            effects.push(Effect::Sign(request));
            effects
        }
        Outcome::Quit => {
            state.overlays.clear();
            super::leave(state)
        }
    }
}

fn close(state: &mut State) -> Vec<Effect> {
    let kept = match state.overlays.pop() {
        Some(Overlay::Dialog(dialog)) => dialog.draft().is_some(),
        _ => false,
    };
    if kept {
        state.notice = Some(Notice::plain(
            "What you typed is kept; the same key brings it back.",
        ));
    }
    Vec::new()
}

/// The dialog waits in front until its acts are on disk.
fn submit(state: &mut State, acts: Vec<crate::workbench::Act>) -> Vec<Effect> {
    if let Some(reason) = state.snapshot.read_only.clone() {
        if let Some(Overlay::Dialog(dialog)) = state.overlays.last_mut() {
            dialog.refused(&format!("Read-only: {reason}"));
        }
        return Vec::new();
    }
    let draft = match state.overlays.last() {
        Some(Overlay::Dialog(dialog)) => dialog.draft_name(),
        _ => None,
    };
    // What was on the screen when a person decided stands before the decision.
    let mut effects = super::record_shown(state);
    effects.extend(super::submit(state, acts));
    state.awaited = Some(Awaited {
        draft,
        answers: state.inflight,
    });
    effects
}

/// Goes to lines of the change.
pub fn go_to(state: &mut State, place: &Place) {
    let Some(index) = position(state, &place.path) else {
        state.notice = Some(Notice::warn("That file is not in the change any more."));
        return;
    };
    state.focus = Focus::Code;
    lens::go_in_change(state, index, Arrival::Line(place.side, LineNo(place.start)));
}

fn position(state: &State, path: &RepoPath) -> Option<usize> {
    state
        .subject
        .change
        .files
        .iter()
        .position(|file| &file.path == path)
}

enum PickerEvent {
    Stay,
    Close,
    Choose(Option<Choice>),
}

fn picker_key(picker: &mut Picker, key: KeyEvent) -> PickerEvent {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Esc => return PickerEvent::Close,
        KeyCode::Char('c' | 'g') if ctrl => return PickerEvent::Close,
        KeyCode::Enter => return PickerEvent::Choose(picker.choice()),
        // A blank narrows nothing at the beginning.
        KeyCode::Char(' ') if picker.query.is_empty() => {
            return PickerEvent::Choose(picker.choice());
        }
        KeyCode::Up | KeyCode::BackTab => picker.step(-1),
        KeyCode::Down | KeyCode::Tab => picker.step(1),
        KeyCode::PageUp => picker.step(-10),
        KeyCode::PageDown => picker.step(10),
        KeyCode::Char('p' | 'k') if ctrl => picker.step(-1),
        KeyCode::Char('n' | 'j') if ctrl => picker.step(1),
        KeyCode::Char('u') if ctrl => picker.clear(),
        KeyCode::Backspace => picker.erase(),
        KeyCode::Char(c) if !ctrl => picker.insert(&c.to_string()),
        _ => {}
    }
    PickerEvent::Stay
}

pub fn choose(state: &mut State, choice: Option<Choice>) -> Vec<Effect> {
    let Some(choice) = choice else {
        return Vec::new();
    };
    state.overlays.pop();
    let from = super::jump::spot(state);
    let effects = follow_choice(state, choice);
    super::jump::left(state, from);
    effects
}

fn follow_choice(state: &mut State, choice: Choice) -> Vec<Effect> {
    match choice {
        Choice::File(index) => {
            state.focus = Focus::Code;
            lens::leave_files(state);
            motion::go_to_file(state, index, Arrival::Resume);
        }
        Choice::InChange(file, side, line) => {
            state.focus = Focus::Code;
            lens::go_in_change(state, file, Arrival::Line(side, line));
        }
        Choice::Commit(at) => return lens::open_commit(state, at),
        Choice::Definition(at) => return define::choose(state, at),
        Choice::Line(file, side, line) => {
            state.focus = Focus::Code;
            motion::go_to_file(state, file, Arrival::Line(side, line));
        }
        Choice::Item(index) => motion::select_item(state, index),
        Choice::Action(action) => return dispatch::run(state, action, None),
    }
    Vec::new()
}

/// Scrolls the help no further than it goes, or closes it.
fn on_text_key(state: &mut State, text: Text, scroll: u16, key: KeyEvent) {
    state.overlays.pop();
    if let Some(to) = scrolled(scroll, key) {
        let most = pages::text_rows_beyond(state, text);
        state.overlays.push(Overlay::Text(text, to.min(most)));
    }
}

/// Returns the new scroll position, or `None` to close.
fn scrolled(scroll: u16, key: KeyEvent) -> Option<u16> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char('j') | KeyCode::Down => scroll.saturating_add(1),
        KeyCode::Char('k') | KeyCode::Up => scroll.saturating_sub(1),
        KeyCode::Char('d' | 'f') if ctrl => scroll.saturating_add(10),
        KeyCode::Char('u' | 'b') if ctrl => scroll.saturating_sub(10),
        KeyCode::Char(' ') | KeyCode::PageDown => scroll.saturating_add(10),
        KeyCode::PageUp => scroll.saturating_sub(10),
        KeyCode::Char('g') | KeyCode::Home => 0,
        KeyCode::Char('G') | KeyCode::End => u16::MAX,
        _ => return None,
    })
}

fn on_search_key(state: &mut State, key: KeyEvent) -> Vec<Effect> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let pattern = state
        .search
        .as_ref()
        .map_or_else(String::new, |search| search.pattern.clone());
    match key.code {
        KeyCode::Esc => find::cancel(state),
        KeyCode::Char('c') if ctrl => find::cancel(state),
        KeyCode::Enter => return find::accept(state),
        KeyCode::Backspace if pattern.is_empty() => find::cancel(state),
        KeyCode::Backspace => {
            let shorter = pattern.chars().take(pattern.chars().count() - 1).collect();
            find::typed(state, shorter);
        }
        KeyCode::Char('u') if ctrl => find::typed(state, String::new()),
        KeyCode::Char(c) if !ctrl => find::typed(state, format!("{pattern}{c}")),
        _ => {}
    }
    Vec::new()
}

/// Returns what the cursor or selection points at, as evidence with its first line.
pub fn evidence(state: &State) -> Option<crate::tui::dialog::Evidence> {
    evidence_at(state, state.selected_place()?)
}

/// Returns lines of the file in the code pane as evidence with the first of them.
pub fn evidence_at(state: &State, place: Place) -> Option<crate::tui::dialog::Evidence> {
    let document = state.code.document.as_ref()?;
    let text = match place.side {
        Side::Old => &document.diff.old,
        Side::New => &document.diff.new,
    };
    let excerpt = text
        .line(LineNo(place.start))
        .map(|line| String::from_utf8_lossy(line).into_owned());
    Some(crate::tui::dialog::Evidence { place, excerpt })
}
