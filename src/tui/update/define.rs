//! To where a name is defined: in the change, or in a file that the change leaves alone.

use super::{jump, lens, motion, task};
use crate::model::Side;
use crate::support::text::{fit_start, visible};
use crate::tui::definitions::{DefinedIn, Definition, Definitions};
use crate::tui::document::DocRow;
use crate::tui::effect::Effect;
use crate::tui::lens::LensOf;
use crate::tui::message::Notice;
use crate::tui::picker::{Candidate, Choice, Picker};
use crate::tui::state::{Arrival, Overlay, State};
use crate::tui::task::{TaskId, TaskKind};

/// Most names of one line that are asked about.
const MOST_NAMES: usize = 200;

/// Asks where the names on the cursor's line are defined.
pub fn ask(state: &mut State) -> Vec<Effect> {
    let names = names_here(state);
    let near = state.file().map(|file| file.path.clone());
    let (Some(near), false) = (near, names.is_empty()) else {
        state.notice = Some(Notice::plain("There is no name on this line."));
        return Vec::new();
    };
    let task = task::begin(state, TaskKind::Definitions);
    vec![Effect::Define { task, names, near }]
}

/// Returns the names on the cursor's line.
fn names_here(state: &State) -> Vec<String> {
    let line = state.code.document.as_ref().and_then(|document| {
        match document.row(state.code.cursor)? {
            DocRow::Line { row, .. } => {
                Some(String::from_utf8_lossy(document.diff.line_of(row)).into_owned())
            }
            _ => None,
        }
    });
    let line = line.unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for name in line
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|name| name.chars().next().is_some_and(|first| !first.is_numeric()))
        .take(MOST_NAMES)
    {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Goes to the definition that was found, or lists several.
pub fn on_defined(state: &mut State, id: TaskId, definitions: Definitions) -> Vec<Effect> {
    let from = state.task.as_ref().map(|task| task.from);
    if !task::answered(state, id) {
        return Vec::new();
    }
    let Definitions { mut found, note } = definitions;
    found.retain(|definition| !is_here(state, definition));
    if task::has_gone_on(state) || from != Some(jump::spot(state)) {
        say_found(state, &found);
        return Vec::new();
    }
    state.notice = note.map(Notice::plain);
    match found.as_slice() {
        [] => {
            let text = "No name on this line is defined in the change or in the files beside it.";
            state.notice.get_or_insert(Notice::plain(text));
            Vec::new()
        }
        [one] => {
            let here = jump::spot(state);
            let effects = go(state, one);
            jump::left(state, here);
            effects
        }
        several => {
            let rows = several.iter().zip(0..).map(|(one, at)| row(state, one, at));
            let picker = Picker::new("Definitions of the names on this line", rows.collect());
            state.definitions = found;
            state.overlays.push(Overlay::Picker(Box::new(picker)));
            Vec::new()
        }
    }
}

/// The reader is elsewhere by now: what was found is told and takes nothing away from them.
fn say_found(state: &mut State, found: &[Definition]) {
    let text = match found {
        [] => return,
        [one] => format!("Defined in {}.", place(state, one)),
        [one, rest @ ..] => {
            format!(
                "Defined in {} and {} more places.",
                place(state, one),
                rest.len()
            )
        }
    };
    state.notice = Some(Notice::plain(text));
}

/// Tells whether a definition is the line under the cursor.
fn is_here(state: &State, definition: &Definition) -> bool {
    let spot = jump::spot(state);
    let on_line = spot.line == Some((Side::New, definition.symbol.line));
    on_line
        && match (&definition.file, state.lens().map(|lens| &lens.of)) {
            (DefinedIn::Change(file), None) => *file == spot.file,
            (DefinedIn::Tree(path), Some(LensOf::File(shown, _))) => path == shown,
            (DefinedIn::Change(_), Some(_)) | (DefinedIn::Tree(_), _) => false,
        }
}

/// Goes to a definition of the list.
pub fn choose(state: &mut State, at: usize) -> Vec<Effect> {
    match state.definitions.get(at).cloned() {
        Some(definition) => go(state, &definition),
        None => Vec::new(),
    }
}

fn go(state: &mut State, definition: &Definition) -> Vec<Effect> {
    let line = definition.symbol.line;
    let shown = match state.lens().map(|lens| &lens.of) {
        Some(LensOf::File(path, _)) => Some(path),
        Some(LensOf::Commit(_)) | None => None,
    };
    match &definition.file {
        DefinedIn::Change(file) => {
            lens::go_in_change(state, *file, Arrival::Line(Side::New, line));
            Vec::new()
        }
        DefinedIn::Tree(path) if shown == Some(path) => {
            motion::go_to_file(state, 0, Arrival::Line(Side::New, line));
            Vec::new()
        }
        DefinedIn::Tree(path) => lens::open_file(state, path.clone(), line),
    }
}

fn row(state: &State, definition: &Definition, at: usize) -> Candidate {
    Candidate {
        tag: match definition.file {
            DefinedIn::Change(_) => "\u{b1}",
            DefinedIn::Tree(_) => "\u{192}",
        }
        .to_owned(),
        text: definition.symbol.text.clone(),
        detail: fit_start(&place(state, definition), 40).into_owned(),
        choice: Choice::Definition(at),
    }
}

fn place(state: &State, definition: &Definition) -> String {
    let path = match &definition.file {
        DefinedIn::Change(file) => state.subject.change.files.get(*file).map(|file| &file.path),
        DefinedIn::Tree(path) => Some(path),
    };
    let path = path.map_or_else(String::new, |path| visible(&path.quoted()).into_owned());
    format!("{path}:{}", definition.symbol.line)
}
