//! How the code is shown: more of the unchanged text, one column or two, wrapped or not. The cursor keeps its line.

use crate::model::Side;
use crate::tui::document::{ContextLevel, DocRow, Document};
use crate::tui::effect::Effect;
use crate::tui::message::Notice;
use crate::tui::state::State;

/// Lines that one press reveals.
const STEP: u32 = 10;

/// Which way unchanged text is revealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// Above the hunk.
    Up,
    /// Below the hunk.
    Down,
}

/// Shows more or less unchanged text around every hunk.
pub fn context(state: &mut State) {
    state.code.level = state.code.level.next();
    relay(state);
    say_if_partial(state);
}

/// Shows the whole file, or its hunks again.
pub fn whole(state: &mut State) {
    state.code.level = match state.code.level {
        ContextLevel::Whole => ContextLevel::Hunks,
        ContextLevel::Hunks | ContextLevel::More => ContextLevel::Whole,
    };
    relay(state);
    say_if_partial(state);
}

/// Shows some more lines above or below the hunk under the cursor.
pub fn expand(state: &mut State, toward: Toward, count: Option<u32>) {
    let Some(document) = &state.code.document else {
        return;
    };
    let hunk = document.hunk_at(state.code.cursor);
    let lines = count.unwrap_or(STEP);
    reveal(state, hunk, toward, lines);
    relay(state);
    say_if_partial(state);
}

fn reveal(state: &mut State, hunk: usize, toward: Toward, lines: u32) {
    let gaps = state.code.revealed.entry(state.code.file).or_default();
    match toward {
        Toward::Up => {
            let gap = gaps.entry(hunk).or_default();
            gap.1 = gap.1.saturating_add(lines);
        }
        Toward::Down => {
            let gap = gaps.entry(hunk + 1).or_default();
            gap.0 = gap.0.saturating_add(lines);
        }
    }
}

/// Shows the function or type around the cursor, from its first line to its last.
pub fn function(state: &mut State) {
    let Some(document) = &state.code.document else {
        return;
    };
    // A removed line stands where the next line of the new side is.
    let line = (state.code.cursor..document.len()).find_map(|index| match document.row(index)? {
        DocRow::Line { row, .. } => row.new,
        _ => None,
    });
    let around = line.and_then(|line| state.code.outline.around(line.0));
    let around = around.map(|symbol| (symbol.first.0, symbol.last.0));
    let Some((first, last)) = around else {
        state.notice = Some(Notice::plain(
            "No function or type is known around this line.",
        ));
        return;
    };
    let gaps: Vec<(usize, u32, u32)> = gaps_between(document, first, last);
    let gap_of = state.code.revealed.entry(state.code.file).or_default();
    for (gap, down, up) in gaps {
        let entry = gap_of.entry(gap).or_default();
        entry.0 = entry.0.max(down);
        entry.1 = entry.1.max(up);
    }
    relay(state);
}

/// Returns what to reveal of each gap so that the lines from `first` to `last` of the new side are shown.
fn gaps_between(document: &Document, first: u32, last: u32) -> Vec<(usize, u32, u32)> {
    let hunks = &document.diff.hunks;
    let mut gaps = Vec::new();
    let mut next = 1;
    for number in 0..=hunks.len() {
        let (start, after) = match hunks.get(number) {
            Some(hunk) => {
                let (start, count) = hunk.new_span();
                (start, start + count)
            }
            None => (document.diff.new.line_count() + 1, u32::MAX),
        };
        // The gap holds the lines from `next` up to the one before `start`.
        let (from, to) = (first.max(next), (last + 1).min(start));
        if from < to {
            // From the end that shows fewer lines which were not asked for.
            if from - next <= start - to {
                gaps.push((number, to - next, 0));
            } else {
                gaps.push((number, 0, start - from));
            }
        }
        next = after;
    }
    gaps
}

/// Opens what the cursor is on: a folded file, or lines that are not shown. Tells whether there was something to open.
pub fn open_here(state: &mut State) -> bool {
    let Some(document) = &state.code.document else {
        return false;
    };
    if document.folded.is_some() {
        state.code.opened.insert(state.code.file);
        relay(state);
        return true;
    }
    let Some(gap) = document.gap_at(state.code.cursor) else {
        return false;
    };
    let gaps = state.code.revealed.entry(state.code.file).or_default();
    gaps.entry(gap).or_default().0 = u32::MAX;
    // The first line that was hidden comes where the gap was.
    let (cursor, top) = (state.code.cursor, state.code.top);
    relay(state);
    (state.code.cursor, state.code.top) = (cursor, top);
    true
}

/// Folds hunks that change nothing but blanks, or shows them.
pub fn fold_blanks(state: &mut State) {
    state.code.blanks_folded = !state.code.blanks_folded;
    relay(state);
    let folded = state
        .code
        .document
        .as_ref()
        .map_or(0, |document| document.blank.len());
    let text = match (state.code.blanks_folded, folded) {
        (false, _) => "Hunks that change nothing but blanks are shown.".to_owned(),
        (true, 0) => "No hunk of this file changes nothing but blanks.".to_owned(),
        (true, 1) => "1 hunk of this file changes nothing but blanks and is folded.".to_owned(),
        (true, n) => format!("{n} hunks of this file change nothing but blanks and are folded."),
    };
    state.notice = Some(Notice::plain(text));
}

/// Before and after side by side, or in one column.
pub fn split(state: &mut State) -> Vec<Effect> {
    state.view.split = !state.view.split;
    relay(state);
    remember(state)
}

/// Wraps long lines, or not.
pub fn wrap(state: &mut State) -> Vec<Effect> {
    state.view.wrap = !state.view.wrap;
    state.code.left = 0;
    remember(state)
}

/// Folds the list to a line, or puts it beside the code again.
pub fn fold_list(state: &mut State) -> Vec<Effect> {
    state.view.list_folded = !state.view.list_folded;
    remember(state)
}

fn remember(state: &State) -> Vec<Effect> {
    vec![Effect::Remember(state.view)]
}

/// Lays the file out anew.
fn relay(state: &mut State) {
    let Some(document) = &state.code.document else {
        return;
    };
    let line = match document.row(state.code.cursor) {
        Some(DocRow::Line { row, .. }) => row
            .new
            .map(|line| (Side::New, line))
            .or(row.old.map(|line| (Side::Old, line))),
        _ => None,
    };
    let hunk = document.hunk_at(state.code.cursor);
    let plan = state.plan(state.code.file, &document.diff);
    let fresh = Document::new(&document.diff, &plan);
    let above = state.code.cursor.saturating_sub(state.code.top);
    state.code.cursor = line
        .and_then(|(side, line)| fresh.row_of_line(side, line))
        .unwrap_or_else(|| fresh.first_change(hunk));
    state.code.top = state.code.cursor.saturating_sub(above);
    state.code.selection = None;
    state.code.document = Some(fresh);
}

fn say_if_partial(state: &mut State) {
    let partial = state
        .code
        .document
        .as_ref()
        .is_some_and(|document| !document.diff.new.is_whole() || !document.diff.old.is_whole());
    if partial {
        state.notice = Some(Notice::plain(
            "Only the patch's own lines are known; run it inside its repository to see more.",
        ));
    }
}
