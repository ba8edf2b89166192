//! A multi-line text field. The text and its undo live in `ratatui-textarea`; wrapping and drawing are done here, so that
//! a page of fields can scroll as one and every character goes through `visible`.

use std::cell::Cell;
use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation as _;

use super::field::FieldEvent;
use crate::support::text::{visible, width};

/// What Enter does in a multi-line field; Alt-Enter, Shift-Enter and Ctrl-J always begin a new line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EnterKey {
    /// Begins a new line.
    BreaksLine,
    /// Ends the field.
    Finishes,
}

/// Several lines of text under edit.
#[derive(Debug, Clone)]
pub(super) struct AreaField {
    area: Box<TextArea<'static>>,
    enter: EnterKey,
    /// The columns of the last drawing: vertical moves go by what is seen.
    cols: Cell<usize>,
}

/// One drawn row of an area.
struct Seen {
    line: usize,
    bytes: Range<usize>,
}

impl AreaField {
    /// Starts with a text and the cursor behind it.
    pub fn new(text: &str, enter: EnterKey) -> Self {
        let mut field = Self {
            area: Box::default(),
            enter,
            cols: Cell::new(60),
        };
        field.set(text);
        field
    }

    /// Returns the text, lines separated by `\n`.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Replaces the text; the cursor goes behind it. What stood before can be undone no more.
    pub fn set(&mut self, text: &str) {
        let lines = clean(text).split('\n').map(str::to_owned).collect();
        *self.area = TextArea::new(lines);
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
    }

    /// Replaces the text such that it can be undone.
    pub fn replace(&mut self, text: &str) {
        self.area.select_all();
        self.area.insert_str(clean(text));
    }

    /// Inserts pasted text; CR and CRLF become line ends, control characters are dropped.
    pub fn paste(&mut self, text: &str) {
        self.area.insert_str(clean(text));
    }

    /// Handles one key.
    pub fn on_key(&mut self, key: KeyEvent) -> FieldEvent {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let shift = key.modifiers.contains(KeyModifiers::SHIFT);
        match key.code {
            KeyCode::Up => self.vertical(-1),
            KeyCode::Down => self.vertical(1),
            KeyCode::Char('p') if control => self.vertical(-1),
            KeyCode::Char('n') if control => self.vertical(1),
            KeyCode::Char('e') if control => FieldEvent::Editor,
            KeyCode::Enter if !alt && !shift && self.enter == EnterKey::Finishes => {
                FieldEvent::Done
            }
            KeyCode::Enter => self.edit(TextArea::insert_newline),
            KeyCode::Char('j') if control => self.edit(TextArea::insert_newline),
            KeyCode::Char('u') if control => self.edit(|area| {
                area.delete_line_by_head();
            }),
            KeyCode::Char('u') if alt => self.edit(|area| {
                area.undo();
            }),
            KeyCode::Char('_' | '7' | '/') if control => self.edit(|area| {
                area.undo();
            }),
            KeyCode::Char('x' | 'y' | 'v' | 'c' | 'm') if control => FieldEvent::Ignored,
            KeyCode::Char(char) if char.is_control() => FieldEvent::Ignored,
            KeyCode::Char(_)
            | KeyCode::Backspace
            | KeyCode::Delete
            | KeyCode::Left
            | KeyCode::Right
            | KeyCode::Home
            | KeyCode::End => self.delegate(key),
            _ => FieldEvent::Ignored,
        }
    }

    fn edit(&mut self, change: impl FnOnce(&mut TextArea<'static>)) -> FieldEvent {
        change(&mut self.area);
        FieldEvent::Changed
    }

    /// Shift is dropped from keys that would select: a selection is not drawn here.
    fn delegate(&mut self, mut key: KeyEvent) -> FieldEvent {
        self.area.cancel_selection();
        if !matches!(key.code, KeyCode::Char(_)) {
            key.modifiers.remove(KeyModifiers::SHIFT);
        }
        if self.area.input(key) {
            FieldEvent::Changed
        } else {
            FieldEvent::Used
        }
    }

    /// Moves the cursor by rows as they are seen; at an end the neighbouring field is wanted.
    fn vertical(&mut self, by: isize) -> FieldEvent {
        let (rows, row, column) = self.layout(self.cols.get());
        let Some(target) = row
            .checked_add_signed(by)
            .and_then(|target| rows.get(target))
        else {
            return if by < 0 {
                FieldEvent::Previous
            } else {
                FieldEvent::Next
            };
        };
        let line = &self.area.lines()[target.line];
        let mut used = 0;
        let mut end = target.bytes.start;
        for (at, grapheme) in line[target.bytes.clone()].grapheme_indices(true) {
            used += width(&visible(grapheme));
            let last = target.bytes.start + at + grapheme.len() == target.bytes.end
                && target.bytes.end < line.len();
            if used > column || last {
                break;
            }
            end = target.bytes.start + at + grapheme.len();
        }
        let chars = line[..end].chars().count();
        self.area
            .move_cursor(CursorMove::Jump(target.line as u16, chars as u16));
        FieldEvent::Used
    }

    /// Returns the rows as they are seen in `cols` columns, and the cursor's row and column among them.
    fn layout(&self, cols: usize) -> (Vec<Seen>, usize, usize) {
        let at = self.area.cursor();
        let mut rows = Vec::new();
        let (mut cursor_row, mut cursor_column) = (0, 0);
        for (number, line) in self.area.lines().iter().enumerate() {
            let byte = line
                .char_indices()
                .nth(at.1)
                .map_or(line.len(), |(byte, _)| byte);
            for bytes in break_line(line, cols) {
                if number == at.0 && bytes.start <= byte {
                    cursor_row = rows.len();
                    cursor_column = width(&visible(&line[bytes.start..byte.min(bytes.end)]));
                }
                rows.push(Seen {
                    line: number,
                    bytes,
                });
            }
        }
        (rows, cursor_row, cursor_column)
    }

    /// Returns the rows to draw in `cols` columns and the cursor's row and column.
    pub fn rows(&self, cols: usize) -> (Vec<String>, usize, usize) {
        let cols = cols.max(2);
        self.cols.set(cols);
        let (rows, row, column) = self.layout(cols);
        let texts = rows
            .iter()
            .map(|seen| visible(&self.area.lines()[seen.line][seen.bytes.clone()]).into_owned())
            .collect();
        (texts, row, column.min(cols - 1))
    }
}

/// Breaks a line into rows of at most `cols` columns, between words where it can; blanks hang over the edge.
fn break_line(line: &str, cols: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (at, word) in line.split_word_bound_indices() {
        let wide = width(&visible(word));
        if used + wide <= cols || word.chars().all(char::is_whitespace) {
            used += wide;
            continue;
        }
        if at > start {
            rows.push(start..at);
            (start, used) = (at, 0);
        }
        for (offset, grapheme) in word.grapheme_indices(true) {
            let wide = width(&visible(grapheme));
            if used + wide > cols && at + offset > start {
                rows.push(start..at + offset);
                (start, used) = (at + offset, 0);
            }
            used += wide;
        }
    }
    rows.push(start..line.len());
    rows
}

/// Normalises line ends, widens tabs and drops other control characters.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\t', "    ")
        .chars()
        .filter(|&char| char == '\n' || !char.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::dialog::typed::keys;

    fn type_into(field: &mut AreaField, typed: &str) -> FieldEvent {
        let mut last = FieldEvent::Used;
        for key in keys(typed) {
            last = field.on_key(key);
        }
        last
    }

    #[test]
    fn pasted_line_ends_are_made_one_kind() {
        let mut field = AreaField::new("", EnterKey::BreaksLine);
        field.paste("a\r\nb\rc\u{1b}[0m\td");
        assert_eq!(field.text(), "a\nb\nc[0m    d");
    }

    #[test]
    fn up_and_down_go_by_the_rows_that_are_seen_and_leave_at_the_ends() {
        let mut field = AreaField::new("one two three four", EnterKey::BreaksLine);
        let (rows, row, column) = field.rows(10);
        assert_eq!(rows, ["one two ", "three four"]);
        assert_eq!(
            (row, column),
            (1, 9),
            "the cursor behind the last column is drawn on it"
        );
        assert_eq!(type_into(&mut field, "<up>"), FieldEvent::Used);
        assert_eq!(type_into(&mut field, "<up>"), FieldEvent::Previous);
        type_into(&mut field, "!");
        assert_eq!(field.text(), "one two! three four");
        assert_eq!(type_into(&mut field, "<down>"), FieldEvent::Used);
        assert_eq!(type_into(&mut field, "<down>"), FieldEvent::Next);
    }

    #[test]
    fn a_replacement_can_be_undone() {
        let mut field = AreaField::new("mine", EnterKey::BreaksLine);
        field.replace("drafted");
        assert_eq!(field.text(), "drafted");
        type_into(&mut field, "<A-u><A-u>");
        assert_eq!(field.text(), "mine");
    }

    #[test]
    fn enter_breaks_the_line_or_finishes_as_the_form_wants() {
        let mut note = AreaField::new("a", EnterKey::BreaksLine);
        type_into(&mut note, "<enter>b");
        assert_eq!(note.text(), "a\nb");
        let mut reason = AreaField::new("a", EnterKey::Finishes);
        assert_eq!(type_into(&mut reason, "<enter>"), FieldEvent::Done);
        type_into(&mut reason, "<A-enter>b");
        assert_eq!(reason.text(), "a\nb");
    }

    #[test]
    fn a_word_longer_than_the_row_is_broken_between_graphemes() {
        let rows = break_line("日本語日本語 e\u{301}", 5);
        let line = "日本語日本語 e\u{301}";
        let texts: Vec<_> = rows.into_iter().map(|bytes| &line[bytes]).collect();
        assert_eq!(texts, ["日本", "語日", "本語 ", "e\u{301}"]);
    }
}
