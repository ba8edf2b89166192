//! Ways back and far: the places one came from, marks with a letter, the matching bracket.

use crate::model::{FileText, LineNo, RepoPath, Side};
use crate::tui::action::Action;
use crate::tui::document::DocRow;
use crate::tui::effect::Effect;
use crate::tui::layout::Focus;
use crate::tui::message::{BracketMatch, Notice};
use crate::tui::state::{Arrival, Naming, Spot, State};

/// Most places that are kept.
const KEPT: usize = 100;
/// Most lines that are looked through for a bracket.
const BRACKET_LINES: u32 = 20_000;

/// Returns where the cursor is.
pub fn spot(state: &State) -> Spot {
    let line = state.code.document.as_ref().and_then(|document| {
        match document.row(state.code.cursor)? {
            DocRow::Line { row, .. } => row
                .new
                .map(|line| (Side::New, line))
                .or(row.old.map(|line| (Side::Old, line))),
            _ => None,
        }
    });
    Spot {
        file: state.code.file,
        line,
    }
}

/// Keeps a place that a jump has left.
pub fn left(state: &mut State, from: Spot) {
    if from.line.is_some() && spot(state) != from && state.jumps.last() != Some(&from) {
        state.jumps.push(from);
        let surplus = state.jumps.len().saturating_sub(KEPT);
        state.jumps.drain(..surplus);
    }
}

/// Goes back to where the last jump came from.
pub fn back(state: &mut State) {
    match state.jumps.pop() {
        Some(spot) => go(state, spot),
        None if super::lens::leave(state) => {}
        None => state.notice = Some(Notice::plain("There is no earlier place to go back to.")),
    }
}

fn go(state: &mut State, spot: Spot) {
    state.focus = Focus::Code;
    let arrival = spot
        .line
        .map_or(Arrival::Resume, |(side, line)| Arrival::Line(side, line));
    super::motion::go_to_file(state, spot.file, arrival);
}

/// Waits for the letter of a mark.
pub fn name(state: &mut State, naming: Naming) {
    state.pending.naming = Some(naming);
    let what = match naming {
        Naming::Set => "Mark this line as: a letter",
        Naming::Go => "Go to the mark: its letter",
    };
    state.notice = Some(Notice::plain(what));
}

/// Sets a mark, or goes to it.
pub fn named(state: &mut State, naming: Naming, letter: char) {
    // Marks are lines of the whole change.
    if state.lens().is_some() && (naming == Naming::Set || state.marks.contains_key(&letter)) {
        if naming == Naming::Set {
            super::lens::refuse_letter(state);
            return;
        }
        super::lens::leave_all(state);
    }
    match naming {
        Naming::Set => {
            let here = spot(state);
            state.marks.insert(letter, here);
            state.notice = Some(Notice::plain(format!(
                "This line is mark {letter} until you leave."
            )));
        }
        Naming::Go => match state.marks.get(&letter).copied() {
            Some(spot) => {
                let from = self::spot(state);
                go(state, spot);
                left(state, from);
            }
            None => state.notice = Some(Notice::plain(format!("There is no mark {letter}."))),
        },
    }
}

const PAIRS: [(u8, u8); 3] = [(b'(', b')'), (b'[', b']'), (b'{', b'}')];

/// Asks for the line with the match of a bracket of the cursor's line.
pub fn bracket(state: &State) -> Vec<Effect> {
    let path = state.file().map(|file| file.path.clone());
    let (Some(path), Some((side, line))) = (path, spot(state).line) else {
        return Vec::new();
    };
    vec![Effect::Bracket { path, side, line }]
}

/// Goes from a line that opens a bracket to the one that closes it, or back, unless the cursor has gone on. `found` says
/// what the tree of the file knows, in which strings and comments hold no brackets; a text without one is read as it is.
pub fn on_bracket(state: &mut State, path: &RepoPath, at: (Side, LineNo), found: BracketMatch) {
    let from = spot(state);
    let here = state.file().is_some_and(|file| &file.path == path) && from.line == Some(at);
    let Some(document) = state.code.document.as_ref().filter(|_| here) else {
        return;
    };
    let (side, line) = at;
    let text = match side {
        Side::Old => &document.diff.old,
        Side::New => &document.diff.new,
    };
    let target = match found {
        BracketMatch::Line(line) => Some(line),
        BracketMatch::Nowhere => None,
        BracketMatch::NotParsed => plain_match(text, line),
    };
    let Some(target) = target else {
        state.notice = Some(Notice::plain(
            "No bracket of this line has its match on another.",
        ));
        return;
    };
    if let Some(row) = document.row_of_line(side, target) {
        state.code.cursor = row;
        left(state, from);
        return;
    }
    let key = state.key_of(Action::ExpandFile);
    state.notice = Some(Notice::plain(format!(
        "The matching bracket is on line {target}, which is not shown; {key} shows the whole file."
    )));
}

/// Finds the line with the match of a line's bracket in text of no known language.
fn plain_match(text: &FileText, line: LineNo) -> Option<LineNo> {
    let own = text.line(line).unwrap_or_default();
    let found = match (unclosed(own), unopened(own)) {
        (Some(at), _) => {
            let lines = (line.0 + 1..=line.0.saturating_add(BRACKET_LINES)).map_while(|number| {
                text.line(LineNo(number))
                    .map(|bytes| (number, bytes.to_vec()))
            });
            closing(PAIRS[at], lines)
        }
        (None, Some(at)) => {
            let lines = (line.0.saturating_sub(BRACKET_LINES).max(1)..line.0)
                .rev()
                .map_while(|number| {
                    let bytes = text.line(LineNo(number))?;
                    Some((number, bytes.iter().rev().copied().collect()))
                });
            let (open, close) = PAIRS[at];
            closing((close, open), lines)
        }
        (None, None) => None,
    };
    found.map(LineNo)
}

/// Returns the kind of the last bracket that a line opens and does not close.
fn unclosed(line: &[u8]) -> Option<usize> {
    let mut open = Vec::new();
    for byte in line {
        for (kind, pair) in PAIRS.iter().enumerate() {
            if *byte == pair.0 {
                open.push(kind);
            } else if *byte == pair.1 && open.last() == Some(&kind) {
                open.pop();
            }
        }
    }
    open.pop()
}

/// Returns the kind of the first bracket that a line closes and does not open.
fn unopened(line: &[u8]) -> Option<usize> {
    let mut depth = [0_u32; 3];
    for byte in line {
        for (kind, pair) in PAIRS.iter().enumerate() {
            if *byte == pair.0 {
                depth[kind] += 1;
            } else if *byte == pair.1 {
                if depth[kind] == 0 {
                    return Some(kind);
                }
                depth[kind] -= 1;
            }
        }
    }
    None
}

/// Returns the line on which a bracket that is open closes.
fn closing((open, close): (u8, u8), lines: impl Iterator<Item = (u32, Vec<u8>)>) -> Option<u32> {
    let mut depth = 1_u32;
    for (number, bytes) in lines {
        for byte in bytes {
            if byte == open {
                depth += 1;
            } else if byte == close {
                depth -= 1;
                if depth == 0 {
                    return Some(number);
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_matched_over_lines() {
        assert_eq!(unclosed(b"fn main() {"), Some(2));
        assert_eq!(unclosed(b"call(a, [1, 2]);"), None);
        assert_eq!(unopened(b"    });"), Some(2));
        let lines = |text: &[&str]| {
            let lines: Vec<(u32, Vec<u8>)> = text
                .iter()
                .zip(2..)
                .map(|(line, number)| (number, line.as_bytes().to_vec()))
                .collect();
            lines.into_iter()
        };
        assert_eq!(closing(PAIRS[2], lines(&["if x {", "}", "}"])), Some(4));
        assert_eq!(closing(PAIRS[2], lines(&["if x {", "}"])), None);
    }
}
