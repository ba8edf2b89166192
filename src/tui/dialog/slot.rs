//! How a field is painted: gutter, label, content, the day it stands for, what is wrong with it.

use jiff::civil::Date;

use super::aim::Target;
use super::area::AreaField;
use super::choice::{Answer, ChoiceField, Layout};
use super::field::LineField;
use super::form::{Kind, Slot};
use super::page::{Page, Piece, column, fitted, piece, tail_fitted};
use super::places::{PlaceList, place_text};
use super::when::parse_when;
use crate::support::text::{visible, width};
use crate::tui::theme::Role;

/// Columns of a label, gutter not included.
const LABEL: usize = 14;
const GUTTER: usize = 2;
/// Rows a multi-line field has at the least.
const AREA_ROWS: usize = 2;

/// Whether a field has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    Here,
    Elsewhere,
}

/// Adds a field to a page.
pub(super) fn push_slot(slot: &Slot, focused: bool, page: &mut Page, today: Date) {
    let keys = if focused { Keys::Here } else { Keys::Elsewhere };
    let first = page.len();
    match &slot.kind {
        Kind::Line(field) => push_line(slot, field, keys, page),
        Kind::Day(field) => push_day(slot, field, keys, page, today),
        Kind::Area(field) => push_area(slot, field, keys, page),
        Kind::Choice(field) if field.layout == Layout::Row => push_row(slot, field, keys, page),
        Kind::Choice(field) => push_column(slot, field, keys, page),
        Kind::Places(list) => push_places(slot, list, keys, page),
    }
    if let Some(error) = &slot.error {
        page.marked(Role::Bad, GUTTER, "\u{2717} ", error);
    }
    page.aim(first..page.len(), Target::Field(slot.key));
    if keys == Keys::Here {
        page.set_focus(first..page.len());
    }
}

fn label(slot: &Slot, keys: Keys) -> Vec<Piece> {
    let (mark, role) = match keys {
        Keys::Here => ("\u{25b8} ", Role::Focus),
        Keys::Elsewhere => ("  ", Role::Dim),
    };
    vec![piece(role, mark), column(role, slot.label, LABEL)]
}

fn push_line(slot: &Slot, field: &LineField, keys: Keys, page: &mut Page) {
    let cols = page.width.saturating_sub(GUTTER + LABEL).max(2);
    let (text, cursor) = field.window(cols);
    let mut row = label(slot, keys);
    if text.is_empty() && keys == Keys::Elsewhere {
        row.push(fitted(Role::Dim, empty_hint(slot), cols));
    } else if text.is_empty() {
        row.push(column(Role::Dim, slot.hint, cols));
    } else {
        let role = match keys {
            Keys::Here => Role::Field,
            Keys::Elsewhere => Role::Text,
        };
        row.push(column(role, text, cols));
    }
    page.push(row);
    if keys == Keys::Here {
        page.set_cursor(page.len() - 1, GUTTER + LABEL + cursor);
    }
}

fn empty_hint(slot: &Slot) -> &str {
    if slot.hint.is_empty() {
        "\u{2014}"
    } else {
        slot.hint
    }
}

fn push_day(slot: &Slot, field: &LineField, keys: Keys, page: &mut Page, today: Date) {
    push_line(slot, field, keys, page);
    if let Ok(day) = parse_when(field.text(), today) {
        let words = day.strftime("= %A, %-d %B %Y").to_string();
        page.push(vec![
            piece(Role::Dim, " ".repeat(GUTTER + LABEL)),
            piece(Role::Dim, words),
        ]);
    }
}

fn push_area(slot: &Slot, field: &AreaField, keys: Keys, page: &mut Page) {
    let bar = "\u{2502} ";
    let indent = GUTTER + width(bar);
    let (rows, cursor_row, cursor_column) = field.rows(page.width.saturating_sub(indent));
    page.push(label(slot, keys));
    let first = page.len();
    let empty = rows.iter().all(String::is_empty);
    let (bar_role, role) = match keys {
        Keys::Here => (Role::Focus, Role::Field),
        Keys::Elsewhere => (Role::Border, Role::Text),
    };
    let spare = AREA_ROWS.saturating_sub(rows.len());
    for (number, text) in rows
        .iter()
        .map(String::as_str)
        .chain(vec![""; spare])
        .enumerate()
    {
        let cols = page.width.saturating_sub(indent);
        let content = if empty && number == 0 {
            column(Role::Dim, slot.hint, cols)
        } else {
            column(role, text, cols)
        };
        page.push(vec![
            piece(Role::Text, " ".repeat(GUTTER)),
            piece(bar_role, bar),
            content,
        ]);
    }
    if keys == Keys::Here {
        page.set_cursor(first + cursor_row, indent + cursor_column);
    }
}

/// Returns the mark of an answer and what it looks like.
fn answer_look(answer: &Answer, chosen: bool, keys: Keys) -> (&'static str, Role) {
    let mark = if chosen { "(\u{2022}) " } else { "( ) " };
    let role = match (chosen, keys) {
        _ if !answer.refused.is_empty() => Role::Quiet,
        (true, Keys::Here) => Role::Cursor,
        (true, Keys::Elsewhere) => Role::Strong,
        (false, _) => Role::Text,
    };
    (mark, role)
}

fn push_row(slot: &Slot, field: &ChoiceField, keys: Keys, page: &mut Page) {
    let mut row = label(slot, keys);
    let mut used = GUTTER + LABEL;
    for (at, answer) in field.answers.iter().enumerate() {
        let wide = 4 + width(&visible(&answer.label)) + 2;
        if used + wide > page.width + 2 && used > GUTTER + LABEL {
            page.push(std::mem::take(&mut row));
            row.push(piece(Role::Text, " ".repeat(GUTTER + LABEL)));
            used = GUTTER + LABEL;
        }
        if field.chosen() == Some(at) && keys == Keys::Here {
            page.set_cursor(page.len(), used + 1);
        }
        let place = page.len()..page.len() + 1;
        page.aim_columns(place, used..used + wide, Target::Answer(slot.key, at));
        let (mark, role) = answer_look(answer, field.chosen() == Some(at), keys);
        row.push(piece(role, format!("{mark}{}", answer.label)));
        row.push(piece(Role::Text, "  "));
        used += wide;
    }
    page.push(row);
}

fn push_column(slot: &Slot, field: &ChoiceField, keys: Keys, page: &mut Page) {
    page.push(label(slot, keys));
    for (at, answer) in field.answers.iter().enumerate() {
        let chosen = field.chosen() == Some(at);
        if keys == Keys::Here && (chosen || (field.chosen().is_none() && at == 0)) {
            page.set_cursor(page.len(), GUTTER + 3);
        }
        let (mark, role) = answer_look(answer, chosen, keys);
        let first = page.len();
        page.marked(role, GUTTER + 2, mark, &answer.label);
        page.aim(first..page.len(), Target::Answer(slot.key, at));
        for reason in &answer.refused {
            page.marked(Role::Warn, GUTTER + 6, "not yet: ", reason);
        }
    }
}

fn push_places(slot: &Slot, list: &PlaceList, keys: Keys, page: &mut Page) {
    let mut head = label(slot, keys);
    if list.rows.is_empty() {
        let cols = page.width.saturating_sub(GUTTER + LABEL);
        head.push(fitted(Role::Dim, slot.hint, cols));
    }
    page.push(head);
    for (at, row) in list.rows.iter().enumerate() {
        let here = keys == Keys::Here && at == list.cursor;
        let mark = if here { "\u{25b8} " } else { "  " };
        let place = place_text(&row.place);
        let room = page.width.saturating_sub(GUTTER + 2);
        let excerpt = row.excerpt.as_deref().unwrap_or_default().trim();
        let place = tail_fitted(Role::Text, place, room);
        let mut pieces = vec![
            piece(Role::Text, " ".repeat(GUTTER)),
            piece(Role::Text, mark),
        ];
        pieces.extend([place, piece(Role::Dim, "  "), piece(Role::Dim, excerpt)]);
        page.aim(page.len()..page.len() + 1, Target::Place(slot.key, at));
        if here {
            page.set_cursor(page.len(), GUTTER);
            page.push_filled(Role::Cursor, pieces);
        } else {
            page.push(pieces);
        }
    }
}
