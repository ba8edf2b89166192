//! Getting about in the code, between files, hunks and items.

use ratatui::layout::Rect;

use crate::model::LineNo;
use crate::review::CriticalHunk;
use crate::tui::action::Action;
use crate::tui::document::{ContextLevel, Document};
use crate::tui::effect::Effect;
use crate::tui::layout::Focus;
use crate::tui::message::Notice;
use crate::tui::state::{Arrival, Colours, State};
use crate::tui::{pages, sticky};

/// Carries out a movement. `count` is what was typed before the key.
pub fn on_move(state: &mut State, action: Action, count: Option<u32>) {
    match state.focus {
        Focus::Checklist => move_items(state, action, count),
        Focus::Item => move_text(state, action, count),
        Focus::Code => move_code(state, action, count),
    }
}

fn move_items(state: &mut State, action: Action, count: Option<u32>) {
    let steps = count.unwrap_or(1) as usize;
    let page = state
        .areas()
        .map_or(1, |areas| usize::from(areas.checklist.height))
        .max(2);
    let last = state.items.len() - 1;
    let target = match action {
        Action::Down => state.item.saturating_add(steps),
        Action::Up => state.item.saturating_sub(steps),
        Action::HalfDown => state.item + page / 2,
        Action::HalfUp => state.item.saturating_sub(page / 2),
        Action::PageDown => state.item + page,
        Action::PageUp => state.item.saturating_sub(page),
        Action::Top => count.map_or(0, |n| n.saturating_sub(1) as usize),
        Action::Bottom => count.map_or(last, |n| n.saturating_sub(1) as usize),
        _ => return,
    };
    select_item(state, target.min(last));
}

fn move_text(state: &mut State, action: Action, count: Option<u32>) {
    let steps = u16::try_from(count.unwrap_or(1)).unwrap_or(u16::MAX);
    let Some(areas) = state.areas() else {
        return;
    };
    let page = areas.item.height;
    let scroll = state.item_scroll;
    let wanted = match action {
        Action::Down => scroll.saturating_add(steps),
        Action::Up => scroll.saturating_sub(steps),
        Action::HalfDown => scroll.saturating_add(page / 2),
        Action::HalfUp => scroll.saturating_sub(page / 2),
        Action::PageDown => scroll.saturating_add(page),
        Action::PageUp => scroll.saturating_sub(page),
        Action::Top => 0,
        Action::Bottom => u16::MAX,
        _ => scroll,
    };
    state.item_scroll = wanted.min(pages::item_rows_beyond(state, &areas));
}

fn move_code(state: &mut State, action: Action, count: Option<u32>) {
    let steps = count.unwrap_or(1);
    let page = state
        .areas()
        .map_or(1, |areas| u32::from(areas.code.height))
        .max(1);
    let Some(document) = &state.code.document else {
        return;
    };
    let last = document.len() - 1;
    let line = match (action, count) {
        (Action::Top | Action::Bottom, Some(line)) => document.row_up_to_line(LineNo(line)),
        (Action::Top, None) => 0,
        _ => last,
    };
    let half = i64::from(page / 2) * i64::from(steps);
    let whole = i64::from(page.saturating_sub(2).max(1)) * i64::from(steps);
    let code = &mut state.code;
    match action {
        Action::Down => code.cursor = code.cursor.saturating_add(steps).min(last),
        Action::Up => code.cursor = code.cursor.saturating_sub(steps),
        Action::HalfDown => scroll(code, half, last),
        Action::HalfUp => scroll(code, -half, last),
        Action::PageDown => scroll(code, whole, last),
        Action::PageUp => scroll(code, -whole, last),
        Action::Top | Action::Bottom => code.cursor = line,
        Action::Left => code.left = code.left.saturating_sub(8 * steps as usize),
        Action::Right => {
            code.left = code
                .left
                .saturating_add(8 * steps as usize)
                .min(100_000_000);
        }
        Action::LineStart => code.left = 0,
        Action::Centre => code.top = code.cursor.saturating_sub(page / 2),
        _ => {}
    }
}

/// Scrolls the code, and takes the cursor along.
pub fn scroll_by(state: &mut State, by: i64) {
    if let Some(last) = state
        .code
        .document
        .as_ref()
        .map(|document| document.len() - 1)
    {
        scroll(&mut state.code, by, last);
    }
}

/// Moves cursor and screen together, as a pager does.
fn scroll(code: &mut crate::tui::state::CodePane, by: i64, last: u32) {
    let shift = |row: u32| (i64::from(row) + by).clamp(0, i64::from(last)) as u32;
    code.cursor = shift(code.cursor);
    code.top = shift(code.top);
}

/// Selects an item and shows its text from the top.
pub fn select_item(state: &mut State, index: usize) {
    if index < state.items.len() && index != state.item {
        state.item = index;
        state.item_scroll = 0;
    }
}

/// Steps through the items.
pub fn step_item(state: &mut State, by: isize) {
    let last = state.items.len() - 1;
    select_item(state, state.item.saturating_add_signed(by).min(last));
}

/// Goes to the next item without a decision, or says that there is none.
pub fn next_undecided(state: &mut State) {
    if let Some(index) = state.next_undecided(state.item + 1) {
        select_item(state, index);
        return;
    }
    let key = state.key_of(Action::Sign);
    state.notice = Some(Notice::plain(format!(
        "Every item is decided; {key} leads to the sign-off."
    )));
}

/// Gives the keys to the code where the checklist stands in its place.
pub fn reveal_code(state: &mut State) {
    if state
        .areas()
        .is_some_and(|areas| areas.code_heading.is_empty())
    {
        state.focus = Focus::Code;
    }
}

/// Gives the keys to another pane.
pub fn focus(state: &mut State, forward: bool) {
    state.focus = match (state.focus, forward) {
        (Focus::Code, true) | (Focus::Item, false) => Focus::Checklist,
        (Focus::Checklist, true) | (Focus::Code, false) => Focus::Item,
        (Focus::Item, true) | (Focus::Checklist, false) => Focus::Code,
    };
}

/// Goes to another file of the change.
pub fn go_to_file(state: &mut State, index: usize, arrival: Arrival) {
    if index >= state.files_shown().len() {
        return;
    }
    if index == state.code.file && state.code.document.is_some() {
        // A file one is in already is where one left it.
        if arrival != Arrival::Resume {
            state.code.arrival = arrival;
            arrive(state);
        }
        return;
    }
    let code = &mut state.code;
    code.visited.insert(code.file, (code.cursor, code.top));
    code.file = index;
    code.document = None;
    code.cursor = 0;
    code.top = 0;
    code.left = 0;
    code.selection = None;
    code.colours = Colours::default();
    code.outline = std::sync::Arc::default();
    code.moved = std::sync::Arc::default();
    code.arrival = arrival;
}

/// Goes to the file after or before this one.
pub fn step_file(state: &mut State, by: isize) {
    let count = state.files_shown().len();
    match state
        .code
        .file
        .checked_add_signed(by)
        .filter(|index| *index < count)
    {
        Some(index) => go_to_file(state, index, Arrival::Resume),
        None => state.notice = Some(Notice::plain(edge(by))),
    }
}

fn edge(by: isize) -> &'static str {
    if by > 0 {
        "This is the last file of the change."
    } else {
        "This is the first file of the change."
    }
}

/// Goes to the hunk after or before the cursor, on into the next file.
pub fn step_hunk(state: &mut State, by: isize) {
    let Some(document) = &state.code.document else {
        return;
    };
    let cursor = state.code.cursor;
    let hunks = document.diff.hunks.len();
    let here = document.hunk_at(cursor);
    let target = if by > 0 {
        (here..hunks).find(|hunk| document.first_change(*hunk) > cursor)
    } else {
        (0..=here)
            .rev()
            .find(|hunk| document.first_change(*hunk) < cursor)
    };
    if let Some(hunk) = target {
        state.code.cursor = document.first_change(hunk);
        return;
    }
    let count = state.files_shown().len();
    let arrival = if by > 0 {
        Arrival::Hunk(0)
    } else {
        Arrival::LastHunk
    };
    match state
        .code
        .file
        .checked_add_signed(by)
        .filter(|index| *index < count)
    {
        Some(index) => go_to_file(state, index, arrival),
        None => state.notice = Some(Notice::plain(edge(by))),
    }
}

/// Goes to the next hunk that nobody marked as read, round the whole change.
pub fn step_unread(state: &mut State, by: isize) {
    super::lens::leave_all(state);
    if let Some((index, hunk)) = next_unread(state, by) {
        go_to_file(state, index, Arrival::Hunk(hunk as usize - 1));
        return;
    }
    let left = &state.snapshot.coverage;
    state.notice = Some(Notice::plain(if left.read < left.hunks {
        "This is the only hunk left to read."
    } else {
        "Every hunk known so far is marked as read."
    }));
}

/// Goes to the next hunk of a critical surface that nobody has marked as read, round the whole change.
pub fn next_critical(state: &mut State) {
    super::lens::leave_all(state);
    let here = state
        .code
        .document
        .as_ref()
        .map_or(1, |document| document.hunk_at(state.code.cursor) as u32 + 1);
    let files = &state.subject.change.files;
    let place = |hunk: &CriticalHunk| {
        let at = files.iter().position(|file| file.path == hunk.mark.path)?;
        Some((at, hunk.mark.hunk))
    };
    let unread = state
        .snapshot
        .critical
        .iter()
        .filter(|hunk| hunk.readers.is_empty());
    let mut places: Vec<(usize, u32)> = unread.filter_map(place).collect();
    places.sort_unstable();
    let ahead = places
        .iter()
        .find(|place| **place > (state.code.file, here));
    let Some(&(file, hunk)) = ahead.or(places.first()) else {
        let known = state.snapshot.critical.len();
        state.notice = Some(Notice::plain(match known {
            0 => "No hunk known so far touches a critical surface.".to_owned(),
            known => format!("All {known} hunks of critical surfaces are marked as read."),
        }));
        return;
    };
    let at = |critical: &&CriticalHunk| {
        critical.mark.hunk == hunk && critical.mark.path == files[file].path
    };
    let why = state.snapshot.critical.iter().find(at).map(|critical| {
        let signs: Vec<&str> = critical
            .touches
            .iter()
            .map(|touch| touch.by.as_str())
            .collect();
        format!(
            "Critical: {} (recognised by {})",
            critical.surfaces(),
            signs.join(", ")
        )
    });
    state.notice = why.map(Notice::plain);
    go_to_file(state, file, Arrival::Hunk(hunk as usize - 1));
}

/// Returns the next unread hunk after or before the one under the cursor, round the whole change back to it: the file's
/// position and the hunk's number.
pub fn next_unread(state: &State, by: isize) -> Option<(usize, u32)> {
    let files = &state.subject.change.files;
    let count = files.len();
    let here = state
        .code
        .document
        .as_ref()
        .map_or(1, |document| document.hunk_at(state.code.cursor) as u32 + 1);
    let unread = |index: usize| {
        let file = state.snapshot.coverage.files.get(&files[index].path);
        file.map_or(&[][..], |file| &file.unread)
    };
    let start = state.code.file;
    if count == 0 {
        return None;
    }
    (0..=count).find_map(|step| {
        let forward = by > 0;
        let index = if forward {
            (start + step) % count
        } else {
            (start + count * 2 - step) % count
        };
        // The file one begins in comes first with what lies ahead, and last with what lies behind.
        let wanted = |hunk: &&u32| match (step == 0, step == count) {
            (true, _) => (**hunk > here) == forward && **hunk != here,
            (_, true) => (**hunk < here) == forward && **hunk != here,
            (false, false) => true,
        };
        let hunks = unread(index);
        let found = if forward {
            hunks.iter().find(wanted)
        } else {
            hunks.iter().rev().find(wanted)
        };
        found.map(|hunk| (index, *hunk))
    })
}

/// Loads the file where needed, keeps the cursor in it and on the screen.
pub fn settle(state: &mut State) -> Vec<Effect> {
    let mut effects = Vec::new();
    if state.code.document.is_none()
        && let Some(path) = state.file().map(|file| file.path.clone())
    {
        match state.files.get(&path).cloned() {
            Some(diff) => {
                let plan = arriving_plan(state, &diff);
                state.code.document = Some(Document::new(&diff, &plan));
                arrive(state);
                effects.push(Effect::Outline(path.clone()));
                effects.push(Effect::Moves(path));
            }
            None => effects.push(Effect::Load(path)),
        }
    }
    keep_on_screen(state);
    effects
}

/// A line outside of the hunks is shown with the whole file around it.
fn unfold_for(state: &mut State) {
    let Arrival::Line(side, line) = state.code.arrival else {
        return;
    };
    let Some(document) = &state.code.document else {
        return;
    };
    if document.row_of_line(side, line).is_none() {
        let plan = crate::tui::document::Plan {
            level: ContextLevel::Whole,
            ..state.plan(state.code.file, &document.diff)
        };
        let whole = Document::new(&document.diff, &plan);
        if whole.row_of_line(side, line).is_some() {
            state.code.level = ContextLevel::Whole;
            state.code.document = Some(whole);
        }
    }
}

/// Who is headed for a line of a folded file wants it open.
fn arriving_plan(state: &mut State, diff: &crate::model::FileDiff) -> crate::tui::document::Plan {
    let at_line = matches!(
        state.code.arrival,
        Arrival::Line(..) | Arrival::FirstMatch | Arrival::LastMatch
    );
    if at_line {
        state.code.opened.insert(state.code.file);
    }
    state.plan(state.code.file, diff)
}

/// Stands where the reader was headed when the file was asked for.
fn arrive(state: &mut State) {
    unfold_for(state);
    let Some(document) = &state.code.document else {
        return;
    };
    let hunks = document.diff.hunks.len();
    let arrival = std::mem::replace(&mut state.code.arrival, Arrival::Resume);
    let (cursor, top) = match &arrival {
        Arrival::Resume => match state.code.visited.get(&state.code.file) {
            Some(&(cursor, top)) => (cursor, Some(top)),
            None => (document.first_change(0), None),
        },
        Arrival::Hunk(hunk) => (
            document.first_change((*hunk).min(hunks.saturating_sub(1))),
            None,
        ),
        Arrival::LastHunk => (document.first_change(hunks.saturating_sub(1)), None),
        Arrival::Line(side, line) => (document.row_of_line(*side, *line).unwrap_or(0), None),
        Arrival::FirstMatch | Arrival::LastMatch => {
            let forward = arrival == Arrival::FirstMatch;
            (super::find::edge_match(state, forward).unwrap_or(0), None)
        }
    };
    state.code.cursor = cursor;
    if let Some(top) = top {
        state.code.top = top;
    }
    if matches!(arrival, Arrival::FirstMatch | Arrival::LastMatch) {
        super::find::show_match(state);
    }
}

fn keep_on_screen(state: &mut State) {
    let areas = state.areas();
    let Some(document) = &state.code.document else {
        return;
    };
    let len = document.len();
    let cursor = state.code.cursor.min(len - 1);
    let Some(pane) = areas.map(|areas| areas.code).filter(|pane| pane.height > 0) else {
        state.code.cursor = cursor;
        return;
    };
    let top = top_for(state, document, pane, cursor);
    // Where a name takes the first row of the pane there is one row less to be on.
    let rows = sticky::code_rows(state, pane, top);
    let top = if rows == pane {
        top
    } else {
        top_for(state, document, rows, cursor)
    };
    state.code.cursor = cursor;
    state.code.top = top;
}

/// Returns the first row to show so that the cursor is in the pane, as near to what is shown as can be.
fn top_for(state: &State, document: &Document, pane: Rect, cursor: u32) -> u32 {
    let len = document.len();
    let measure = state.measure(document, pane);
    let height = u32::from(pane.height);
    // Three lines stay visible around the cursor, fewer on a small pane and at the file's ends.
    let margin = 3.min((height - 1) / 2);
    let highest = measure.first_for(cursor, margin);
    let lowest = cursor.saturating_sub(margin);
    let mut top = state.code.top;
    let jumped = top + height * 2 < highest || top > lowest + height;
    if jumped {
        top = cursor.saturating_sub(height / 3);
    }
    top = top.clamp(highest.min(lowest), lowest.max(highest.min(lowest)));
    // Where lines wrap, the margin above may leave no room for the cursor's own line.
    top = top.max(measure.first_for(cursor, 0));
    top.min(measure.first_for(len - 1, 0))
}
