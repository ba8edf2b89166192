//! Reading marks, selection, context, clipboard, the reader's editor.

use super::{lens, motion, task};
use crate::model::{LineNo, ReadMark, RowKind};
use crate::tui::document::DocRow;
use crate::tui::effect::Effect;
use crate::tui::message::Notice;
use crate::tui::state::{Arrival, State};
use crate::tui::task::TaskKind;
use crate::workbench::{Act, HunkRef};

/// Begins or ends a selection.
pub fn select(state: &mut State) {
    state.code.selection = match state.code.selection {
        Some(_) => None,
        None => state.code.document.is_some().then_some(state.code.cursor),
    };
}

/// Marks the hunk under the cursor and goes on to the next unread; a hunk that is marked is unmarked.
pub fn mark_hunk(state: &mut State) -> Vec<Effect> {
    let Some(document) = &state.code.document else {
        return Vec::new();
    };
    let hunk = document.hunk_at(state.code.cursor);
    let (Some(file), Some(number)) = (state.file(), state.hunk_in_change(hunk)) else {
        lens::refuse_mark(state);
        return Vec::new();
    };
    let target = HunkRef {
        path: file.path.clone(),
        hunk: number,
    };
    let mark = ReadMark {
        path: file.path.clone(),
        hunk: target.hunk,
        digest: document.diff.hunks[hunk].digest,
    };
    if is_mine(state, &mark) {
        return super::submit(state, vec![Act::MarkUnread(vec![target])]);
    }
    let mut effects = super::record_shown(state);
    effects.extend(super::submit(state, vec![Act::MarkRead(vec![target])]));
    if state.lens().is_some() {
        motion::step_hunk(state, 1);
    } else if state.snapshot.read_only.is_none() {
        match motion::next_unread(state, 1) {
            Some((file, hunk)) => {
                motion::go_to_file(state, file, Arrival::Hunk(hunk as usize - 1));
            }
            None => state.notice = Some(Notice::plain("That was the last hunk known so far.")),
        }
    }
    effects
}

/// Tells whether this person marked a hunk; another's mark is theirs to take back.
fn is_mine(state: &State, mark: &ReadMark) -> bool {
    let who = state.snapshot.review.read.get(mark);
    who.is_some_and(|who| who.contains(&state.subject.person.key()))
}

/// Marks every hunk of the file, or unmarks them where all are marked. In the view of one commit these are the hunks that
/// are hunks of the whole change, and what is left out is said.
pub fn mark_file(state: &mut State) -> Vec<Effect> {
    let Some(hunks) = state
        .code
        .document
        .as_ref()
        .map(|document| document.diff.hunks.len())
    else {
        return Vec::new();
    };
    let marks = marks_of_file(state);
    if marks.is_empty() && state.lens().is_some() {
        lens::refuse_mark(state);
        return Vec::new();
    }
    let left_out = hunks - marks.len();
    let unread: Vec<HunkRef> = marks
        .iter()
        .filter(|(read, _)| !read)
        .map(|(_, target)| target.clone())
        .collect();
    let mut effects = super::record_shown(state);
    let act = if unread.is_empty() {
        Act::MarkUnread(marks.into_iter().map(|(_, target)| target).collect())
    } else {
        Act::MarkRead(unread)
    };
    if left_out > 0 {
        lens::say_left_out(state, left_out);
    }
    effects.extend(super::submit(state, vec![act]));
    effects
}

/// Returns the hunks of the file as the whole change knows them, and whether this person marked each.
fn marks_of_file(state: &State) -> Vec<(bool, HunkRef)> {
    let (Some(document), Some(file)) = (&state.code.document, state.file()) else {
        return Vec::new();
    };
    let hunks = document.diff.hunks.iter().enumerate();
    hunks
        .filter_map(|(at, hunk)| {
            let (path, number) = (file.path.clone(), state.hunk_in_change(at)?);
            let mark = ReadMark {
                path: path.clone(),
                hunk: number,
                digest: hunk.digest,
            };
            let target = HunkRef { path, hunk: number };
            Some((is_mine(state, &mark), target))
        })
        .collect()
}

/// Sends the selection to the terminal's clipboard, with its place above it.
pub fn copy(state: &mut State) -> Vec<Effect> {
    let Some(place) = state.pointed_place() else {
        state.notice = Some(Notice::plain("There is no line here to send."));
        return Vec::new();
    };
    let Some(document) = &state.code.document else {
        return Vec::new();
    };
    let (first, last) = state.selected_rows();
    let lines: Vec<String> = (first..=last)
        .filter_map(|index| match document.row(index)? {
            DocRow::Line { row, .. } => {
                Some(String::from_utf8_lossy(document.diff.line_of(row)).into_owned())
            }
            _ => None,
        })
        .collect();
    let range = if place.start == place.end {
        place.start.to_string()
    } else {
        format!("{}-{}", place.start, place.end)
    };
    let text = format!("{}:{range}\n{}\n", place.path, lines.join("\n"));
    state.notice = Some(Notice::plain(format!(
        "Sent {} to the terminal's clipboard.",
        if lines.len() == 1 {
            "1 line".to_owned()
        } else {
            format!("{} lines", lines.len())
        }
    )));
    state.code.selection = None;
    vec![Effect::Copy(text)]
}

/// Sends where the cursor or selection is.
pub fn copy_place(state: &mut State) -> Vec<Effect> {
    let Some(place) = state.pointed_place() else {
        state.notice = Some(Notice::plain("There is no line here to send."));
        return Vec::new();
    };
    let text = if place.start == place.end {
        format!("{}:{}", place.path, place.start)
    } else {
        format!("{}:{}-{}", place.path, place.start, place.end)
    };
    state.code.selection = None;
    state.notice = Some(Notice::plain(format!(
        "Sent {} to the terminal's clipboard.",
        crate::support::text::visible(&text)
    )));
    vec![Effect::Copy(text)]
}

/// Sends the hunk under the cursor as a patch.
pub fn copy_hunk(state: &mut State) -> Vec<Effect> {
    let Some(document) = &state.code.document else {
        return Vec::new();
    };
    let number = document.hunk_at(state.code.cursor);
    let (Some(file), Some(hunk)) = (state.file(), document.diff.hunks.get(number)) else {
        return Vec::new();
    };
    if hunk.rows() == 0 {
        state.notice = Some(Notice::plain("There is no line here to send."));
        return Vec::new();
    }
    let (old, new) = (hunk.old_span(), hunk.new_span());
    let old_path = file.old_path.as_ref().unwrap_or(&file.path);
    let mut text = format!(
        "--- a/{old_path}\n+++ b/{}\n@@ -{},{} +{},{} @@\n",
        file.path, old.0, old.1, new.0, new.1
    );
    for row in hunk
        .runs
        .iter()
        .flat_map(|run| (0..run.len).map(|at| run.row(at)))
    {
        text.push(match row.kind {
            RowKind::Context => ' ',
            RowKind::Added => '+',
            RowKind::Removed => '-',
        });
        text.push_str(&String::from_utf8_lossy(document.diff.line_of(row)));
        text.push('\n');
    }
    state.notice = Some(Notice::plain(format!(
        "Sent hunk {} as a patch to the terminal's clipboard.",
        number + 1
    )));
    vec![Effect::Copy(text)]
}

/// Asks who wrote the line under the cursor.
pub fn blame(state: &mut State) -> Vec<Effect> {
    let (Some(path), Some((side, line))) = (
        state.file().map(|file| file.path.clone()),
        super::jump::spot(state).line,
    ) else {
        state.notice = Some(Notice::plain("There is no line here to ask about."));
        return Vec::new();
    };
    let task = task::begin(state, TaskKind::Blame);
    vec![Effect::Blame {
        task,
        path,
        side,
        line,
    }]
}

/// Opens the file in the reader's editor.
pub fn open_editor(state: &mut State) -> Vec<Effect> {
    let Some(path) = state.file().map(|file| file.path.clone()) else {
        return Vec::new();
    };
    let line = state.pointed_place().map_or(1, |place| place.start);
    vec![Effect::EditFile {
        path,
        line: LineNo(line),
    }]
}
