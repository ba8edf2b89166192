//! Search in the change, the finder and the palette.

use std::ops::Range;
use std::sync::Arc;

use super::task;
use crate::model::{RepoPath, Side};
use crate::support::text::{fit_start, pieces, visible};
use crate::tui::action::Action;
use crate::tui::document::{DocRow, Document};
use crate::tui::effect::{Direction, Effect, SearchRequest};
use crate::tui::message::Notice;
use crate::tui::picker::{Candidate, Choice, FINDER, Picker};
use crate::tui::search::{Hits, Needle};
use crate::tui::state::{Arrival, Overlay, Search, State};
use crate::tui::symbols::SymbolNews;
use crate::tui::task::{TaskId, TaskKind};

/// How many rows are looked through while a search is typed: beyond them each key would be felt.
const TYPED_ROWS: u32 = 100_000;
/// How many columns of a line are left to see before a match that the line was scrolled to.
const BEFORE_MATCH: usize = 8;

/// Begins typing a search.
pub fn begin(state: &mut State) {
    state.search = Some(Search {
        pattern: String::new(),
        typing: true,
        origin: state.code.cursor,
        hits: Arc::default(),
    });
}

/// Changes what is looked for while it is typed, and shows the nearest match.
pub fn typed(state: &mut State, pattern: String) {
    let Some(search) = &mut state.search else {
        return;
    };
    search.pattern = pattern;
    let origin = search.origin;
    let until = origin.saturating_add(TYPED_ROWS);
    let found = next_match(state, origin, Direction::Forward, Edge::Include, until);
    stand_on(state, found.unwrap_or(origin));
}

/// Ends typing and stands on the match, in another file where this one has none.
pub fn accept(state: &mut State) -> Vec<Effect> {
    let Some(search) = &mut state.search else {
        return Vec::new();
    };
    search.typing = false;
    if search.pattern.is_empty() {
        state.search = None;
        return Vec::new();
    }
    let origin = search.origin;
    let mut effects = vec![Effect::SearchAll(search.pattern.clone())];
    match next_match(state, origin, Direction::Forward, Edge::Include, u32::MAX) {
        Some(row) => stand_on(state, row),
        None => effects.extend(elsewhere(state, Direction::Forward)),
    }
    effects
}

/// Gives the search up and goes back to where it began.
pub fn cancel(state: &mut State) {
    if let Some(search) = state.search.take() {
        state.code.cursor = search.origin;
    }
}

/// Goes to the next or previous match, on into other files.
pub fn step(state: &mut State, direction: Direction) -> Vec<Effect> {
    if state.search.is_none() {
        let key = state.key_of(Action::Search);
        state.notice = Some(Notice::plain(format!(
            "Nothing is searched for yet; {key} begins a search."
        )));
        return Vec::new();
    }
    let from = state.code.cursor;
    match next_match(state, from, direction, Edge::Exclude, u32::MAX) {
        Some(row) => {
            stand_on(state, row);
            Vec::new()
        }
        None => elsewhere(state, direction),
    }
}

/// Whether the row the search begins on may be its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Include,
    Exclude,
}

/// Finds the nearest row that matches; forward, only those before `until`.
fn next_match(
    state: &State,
    from: u32,
    direction: Direction,
    edge: Edge,
    until: u32,
) -> Option<u32> {
    let needle = Needle::new(&state.search.as_ref()?.pattern)?;
    let document = state.code.document.as_ref()?;
    let end = document.len().min(until);
    match (direction, edge) {
        (Direction::Forward, Edge::Include) => first_match(document, &needle, from..end),
        (Direction::Forward, Edge::Exclude) => first_match(document, &needle, from + 1..end),
        (Direction::Backward, _) => last_match(document, &needle, 0..from),
    }
}

/// Puts the cursor on a row and scrolls the code sideways as far as its first match needs to be seen.
fn stand_on(state: &mut State, row: u32) {
    state.code.cursor = row;
    show_match(state);
}

/// Scrolls the code sideways until the first match on the cursor's line is on the screen.
pub fn show_match(state: &mut State) {
    let Some((start, end)) = match_columns(state) else {
        return;
    };
    let shown = state
        .areas()
        .map_or(0, |areas| usize::from(areas.code.width) / 2);
    let left = state.code.left;
    if start < left || end > left + shown {
        state.code.left = if end <= shown {
            0
        } else {
            start.saturating_sub(BEFORE_MATCH)
        };
    }
}

/// Returns the columns of the first match on the cursor's line: where it begins, and where it ends.
fn match_columns(state: &State) -> Option<(usize, usize)> {
    let needle = Needle::new(&state.search.as_ref()?.pattern)?;
    let document = state.code.document.as_ref()?;
    let Some(DocRow::Line { row, .. }) = document.row(state.code.cursor) else {
        return None;
    };
    let line = document.diff.line_of(row);
    let found = needle.first(line)?;
    let columns = |to: usize| -> usize {
        let before = pieces(&line[..to], state.look.tab);
        before.iter().map(|piece| piece.width).sum()
    };
    let start = columns(found.start);
    Some((start, start + found.len()))
}

/// Returns the first or last row of the file that matches.
pub fn edge_match(state: &State, first: bool) -> Option<u32> {
    let needle = Needle::new(&state.search.as_ref()?.pattern)?;
    let document = state.code.document.as_ref()?;
    let rows = 0..document.len();
    if first {
        first_match(document, &needle, rows)
    } else {
        last_match(document, &needle, rows)
    }
}

fn first_match(document: &Document, needle: &Needle, rows: Range<u32>) -> Option<u32> {
    document.find_row(rows, |run, from| needle.first_in(&document.diff, run, from))
}

/// Looks through ever larger stretches from the end: the nearest match is mostly near.
fn last_match(document: &Document, needle: &Needle, rows: Range<u32>) -> Option<u32> {
    let (mut end, mut reach) = (rows.end, 64);
    while end > rows.start {
        let start = rows.start.max(end.saturating_sub(reach));
        if let Some(mut found) = first_match(document, needle, start..end) {
            while let Some(later) = first_match(document, needle, found + 1..end) {
                found = later;
            }
            return Some(found);
        }
        (end, reach) = (start, reach.saturating_mul(2));
    }
    None
}

/// Asks for the nearest other file with a match; this file comes last, so that the search goes round.
fn elsewhere(state: &mut State, direction: Direction) -> Vec<Effect> {
    let files = state.files_shown();
    let count = files.len();
    let here = state.code.file;
    let order = (1..=count)
        .map(|step| match direction {
            Direction::Forward => (here + step) % count,
            Direction::Backward => (here + count - step) % count,
        })
        .map(|index| files[index].path.clone())
        .collect();
    let Some(pattern) = state.search.as_ref().map(|search| search.pattern.clone()) else {
        return Vec::new();
    };
    let task = task::begin(state, TaskKind::Search);
    vec![Effect::Search(SearchRequest {
        task,
        pattern,
        order,
        direction,
    })]
}

/// Goes to what a search in other files found.
pub fn on_found(
    state: &mut State,
    id: TaskId,
    path: Option<&RepoPath>,
    (pattern, direction): (&str, Direction),
) {
    if !task::answered(state, id) {
        return;
    }
    if state
        .search
        .as_ref()
        .is_none_or(|search| search.pattern != pattern)
    {
        return;
    }
    let index = path.and_then(|path| {
        state
            .files_shown()
            .iter()
            .position(|file| &file.path == path)
    });
    let Some(index) = index else {
        state.notice = Some(Notice::plain(format!(
            "\u{201c}{}\u{201d} is nowhere in the change.",
            visible(pattern)
        )));
        return;
    };
    if index == state.code.file {
        state.notice = Some(Notice::plain(
            "Round the change: no match in any other file.",
        ));
    }
    let arrival = match direction {
        Direction::Forward => Arrival::FirstMatch,
        Direction::Backward => Arrival::LastMatch,
    };
    super::motion::go_to_file(state, index, arrival);
}

/// Keeps what a search of the whole change has found so far; an open list of it grows.
pub fn on_hits(state: &mut State, pattern: &str, hits: Arc<Hits>) {
    let Some(search) = &mut state.search else {
        return;
    };
    if search.pattern != pattern {
        return;
    }
    search.hits = hits;
    if matches!(state.overlays.last(), Some(Overlay::Picker(picker)) if picker.title == HITS) {
        let candidates = hit_rows(state);
        if let Some(Overlay::Picker(picker)) = state.overlays.last_mut() {
            picker.replace(candidates);
        }
    }
}

/// The name of the list of matches.
const HITS: &str = "Matches";

/// Lists what the search found in the whole change.
pub fn open_hits(state: &mut State) {
    if state.search.is_none() {
        let key = state.key_of(Action::Search);
        state.notice = Some(Notice::plain(format!(
            "Nothing is searched for yet; {key} begins a search."
        )));
        return;
    }
    let rows = hit_rows(state);
    state
        .overlays
        .push(Overlay::Picker(Box::new(Picker::new(HITS, rows))));
}

fn hit_rows(state: &State) -> Vec<Candidate> {
    let files = state.files_shown();
    let hits = state.search.iter().flat_map(|search| &search.hits.listed);
    hits.map(|hit| Candidate {
        tag: match hit.side {
            Side::Old => "\u{2212}".to_owned(),
            Side::New => " ".to_owned(),
        },
        text: hit.text.clone(),
        detail: files.get(hit.file).map_or_else(String::new, |file| {
            let path = visible(&file.path.quoted()).into_owned();
            format!("{}:{}", fit_start(&path, 40), hit.line)
        }),
        choice: Choice::Line(hit.file, hit.side, hit.line),
    })
    .collect()
}

/// Opens the finder over files, items, symbols, findings and actions. The symbols of the whole change are listed from its
/// first opening on and come in while one types.
pub fn open_finder(state: &mut State) -> Vec<Effect> {
    let mut candidates: Vec<Candidate> = item_rows(state).collect();
    // What a lens shows is not among the files of the change.
    if state.lens().is_some() {
        candidates.extend(symbol_rows(state));
    }
    candidates.extend(finding_rows(state));
    candidates.extend(action_rows(state));
    let files = Arc::clone(state.change_listed());
    let mut picker = Picker::over_files(FINDER, files, candidates);
    picker.extend(state.symbols.rows.iter().cloned());
    state.overlays.push(Overlay::Picker(Box::new(picker)));
    if std::mem::replace(&mut state.symbols.asked, true) {
        return Vec::new();
    }
    let first = state
        .lenses
        .first()
        .map_or(state.code.file, |lens| lens.kept.code.file);
    vec![Effect::Symbols(first)]
}

/// Takes in the symbols of some more files; an open finder grows.
pub fn on_symbols(state: &mut State, news: SymbolNews) -> Vec<Effect> {
    if let Some(Overlay::Picker(picker)) = state.overlays.last_mut()
        && picker.title == FINDER
    {
        picker.extend(news.rows.iter().cloned());
    }
    let symbols = &mut state.symbols;
    symbols.rows.extend(news.rows);
    symbols.done = news.done;
    symbols.finished = news.finished;
    symbols.cut = news.cut;
    Vec::new()
}

fn item_rows(state: &State) -> impl Iterator<Item = Candidate> + '_ {
    (0..state.items.len()).map(|at| {
        let item = state.item_at(at);
        Candidate {
            tag: "?".to_owned(),
            text: format!("{}  {}", item.id, visible(&item.title)),
            detail: state.snapshot.review.outcome(&item.id).name().to_owned(),
            choice: Choice::Item(at),
        }
    })
}

fn symbol_rows(state: &State) -> impl Iterator<Item = Candidate> + '_ {
    let file = state.code.file;
    state
        .code
        .outline
        .symbols
        .iter()
        .map(move |symbol| Candidate {
            tag: "\u{192}".to_owned(),
            text: symbol.text.clone(),
            detail: format!("line {}", symbol.line),
            choice: Choice::Line(file, Side::New, symbol.line),
        })
}

fn finding_rows(state: &State) -> impl Iterator<Item = Candidate> + '_ {
    let files = &state.subject.change.files;
    let findings = state.snapshot.review.findings.iter();
    findings.filter_map(move |finding| {
        let anchor = finding.finding.evidence.first()?;
        let at = files.iter().position(|file| file.path == anchor.path)?;
        Some(Candidate {
            tag: "\u{2691}".to_owned(),
            text: visible(&finding.finding.title).into_owned(),
            detail: finding.finding.item.to_string(),
            choice: Choice::InChange(at, anchor.side, anchor.start),
        })
    })
}

fn action_rows(state: &State) -> impl Iterator<Item = Candidate> + '_ {
    Action::ALL.iter().map(|action| Candidate {
        tag: ":".to_owned(),
        text: format!("{}  {}", action.name(), action.help()),
        detail: state.look.keymap.keys_of(*action).join("  "),
        choice: Choice::Action(*action),
    })
}

/// Opens the palette over all actions.
pub fn open_palette(state: &mut State) {
    let candidates = action_rows(state)
        .map(|row| Candidate {
            tag: String::new(),
            ..row
        })
        .collect();
    state.overlays.push(Overlay::Picker(Box::new(Picker::new(
        "Commands", candidates,
    ))));
}
