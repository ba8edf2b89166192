//! A one-line text field: text, a cursor between graphemes, the editing keys of a shell line. Owns no label and no check.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::support::text::{visible, width};

/// What a field made of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldEvent {
    /// The content changed.
    Changed,
    /// The key was used up otherwise.
    Used,
    /// The next field is wanted.
    Next,
    /// The previous field is wanted.
    Previous,
    /// The field is done: the next one, or the end of the form.
    Done,
    /// The text is to be opened in an editor.
    Editor,
    /// Not a key of this field.
    Ignored,
}

/// One line of text under edit.
#[derive(Debug, Clone, Default)]
pub(super) struct LineField {
    text: String,
    /// Byte offset, on a grapheme boundary.
    cursor: usize,
}

impl LineField {
    /// Starts with a text and the cursor behind it.
    pub fn new(text: &str) -> Self {
        let mut field = Self::default();
        field.set(text);
        field
    }

    /// Returns the text as typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Replaces the text; the cursor goes behind it.
    pub fn set(&mut self, text: &str) {
        self.text = fold_lines(text);
        self.cursor = self.text.len();
    }

    /// Inserts pasted text; line breaks become blanks and control characters are dropped.
    pub fn paste(&mut self, text: &str) {
        self.insert(&fold_lines(text));
    }

    /// Handles one key.
    pub fn on_key(&mut self, key: KeyEvent) -> FieldEvent {
        let before = self.text.len();
        let used = if key.modifiers.contains(KeyModifiers::CONTROL) {
            self.on_control(key.code)
        } else if key.modifiers.contains(KeyModifiers::ALT) {
            self.on_alt(key.code)
        } else {
            self.on_plain(key.code)
        };
        if used == FieldEvent::Used && self.text.len() != before {
            FieldEvent::Changed
        } else {
            used
        }
    }

    fn on_plain(&mut self, code: KeyCode) -> FieldEvent {
        match code {
            KeyCode::Char(char) if !char.is_control() => {
                self.insert(char.encode_utf8(&mut [0; 4]));
            }
            KeyCode::Backspace => self.cut(self.left(), self.cursor),
            KeyCode::Delete => self.cut(self.cursor, self.right()),
            KeyCode::Left => self.cursor = self.left(),
            KeyCode::Right => self.cursor = self.right(),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.text.len(),
            KeyCode::Up => return FieldEvent::Previous,
            KeyCode::Down => return FieldEvent::Next,
            KeyCode::Enter => return FieldEvent::Done,
            _ => return FieldEvent::Ignored,
        }
        FieldEvent::Used
    }

    fn on_control(&mut self, code: KeyCode) -> FieldEvent {
        match code {
            KeyCode::Char('a') => self.cursor = 0,
            KeyCode::Char('e') => self.cursor = self.text.len(),
            KeyCode::Char('b') => self.cursor = self.left(),
            KeyCode::Char('f') => self.cursor = self.right(),
            KeyCode::Left => self.cursor = self.word_left(),
            KeyCode::Right => self.cursor = self.word_right(),
            KeyCode::Char('u') => self.cut(0, self.cursor),
            KeyCode::Char('k') => self.cut(self.cursor, self.text.len()),
            KeyCode::Char('w') | KeyCode::Backspace => self.cut(self.word_left(), self.cursor),
            KeyCode::Char('h') => self.cut(self.left(), self.cursor),
            KeyCode::Char('d') => self.cut(self.cursor, self.right()),
            KeyCode::Char('n') => return FieldEvent::Next,
            KeyCode::Char('p') => return FieldEvent::Previous,
            _ => return FieldEvent::Ignored,
        }
        FieldEvent::Used
    }

    fn on_alt(&mut self, code: KeyCode) -> FieldEvent {
        match code {
            KeyCode::Char('b') | KeyCode::Left => self.cursor = self.word_left(),
            KeyCode::Char('f') | KeyCode::Right => self.cursor = self.word_right(),
            KeyCode::Char('d') => self.cut(self.cursor, self.word_right()),
            KeyCode::Backspace => self.cut(self.word_left(), self.cursor),
            _ => return FieldEvent::Ignored,
        }
        FieldEvent::Used
    }

    fn insert(&mut self, text: &str) {
        self.text.insert_str(self.cursor, text);
        self.cursor += text.len();
        // A combining mark joins the grapheme before it; the cursor stays on a boundary.
        if self.boundaries().all(|at| at != self.cursor) {
            self.cursor = self.right();
        }
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
        if self.boundaries().all(|at| at != from) {
            self.cursor = self.left();
        }
    }

    fn boundaries(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.text
            .grapheme_indices(true)
            .map(|(at, _)| at)
            .chain([self.text.len()])
    }

    fn left(&self) -> usize {
        self.boundaries()
            .rev()
            .find(|&at| at < self.cursor)
            .unwrap_or(0)
    }

    fn right(&self) -> usize {
        self.boundaries()
            .find(|&at| at > self.cursor)
            .unwrap_or(self.text.len())
    }

    fn word_left(&self) -> usize {
        self.text[..self.cursor]
            .unicode_word_indices()
            .next_back()
            .map_or(0, |(at, _)| at)
    }

    fn word_right(&self) -> usize {
        self.text[self.cursor..]
            .unicode_word_indices()
            .next()
            .map_or(self.text.len(), |(at, word)| self.cursor + at + word.len())
    }

    /// Returns the part to draw in `cols` columns and the cursor's column in it. The window moves in half widths, so
    /// that the text around the cursor stays in sight.
    pub fn window(&self, cols: usize) -> (String, usize) {
        let cols = cols.max(2);
        let at = width(&visible(&self.text[..self.cursor]));
        let step = cols / 2;
        let start = if at < cols {
            0
        } else {
            (at - step) / step * step
        };
        let mut out = String::new();
        let (mut column, mut cursor) = (0, 0);
        for (offset, grapheme) in self.text.grapheme_indices(true) {
            let shown = visible(grapheme);
            let wide = width(&shown);
            let inside = column >= start && column + wide <= start + cols;
            if offset < self.cursor && inside {
                cursor += wide;
            }
            if inside {
                out.push_str(&shown);
            }
            column += wide;
        }
        (out, cursor.min(cols - 1))
    }
}

/// Makes one line of pasted text: runs of line breaks become one blank, tabs become blanks, other controls go.
fn fold_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut broke = false;
    for char in text.chars() {
        if matches!(char, '\n' | '\r') {
            if !broke {
                out.push(' ');
            }
            broke = true;
            continue;
        }
        broke = false;
        if char == '\t' {
            out.push(' ');
        } else if !char.is_control() {
            out.push(char);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::dialog::typed::keys;

    fn after(start: &str, typed: &str) -> (String, usize) {
        let mut field = LineField::new(start);
        for key in keys(typed) {
            field.on_key(key);
        }
        (field.text.clone(), field.cursor)
    }

    #[test]
    fn the_editing_keys_of_a_shell_line_work() {
        let cases = [
            ("one two", "<C-a>x", "xone two", 1),
            ("one two", "<C-a><C-e>x", "one twox", 8),
            ("one two", "<A-b>x", "one xtwo", 5),
            ("one two", "<C-a><A-f>x", "onex two", 4),
            ("one two", "<C-w>", "one ", 4),
            ("one two", "<A-b><C-k>", "one ", 4),
            ("one two", "<A-b><C-u>", "two", 0),
            ("one two", "<home><del>", "ne two", 0),
            ("one two", "<left><bs>", "one to", 5),
            ("日本", "<bs>", "日", 3),
            ("e\u{301}x", "<left><bs>", "x", 0),
        ];
        for (start, typed, text, cursor) in cases {
            assert_eq!(
                after(start, typed),
                (text.to_owned(), cursor),
                "{start} {typed}"
            );
        }
    }

    #[test]
    fn pasted_lines_become_one_line_without_controls() {
        let mut field = LineField::new("a:");
        field.paste("x\r\n\r\ny\tz\u{1b}[31m");
        assert_eq!(field.text(), "a:x y z[31m");
    }

    #[test]
    fn the_window_follows_the_cursor_over_wide_characters() {
        let mut field = LineField::new(&"日本語".repeat(10));
        let (shown, cursor) = field.window(10);
        assert!(width(&shown) <= 10 && cursor < 10, "{shown} {cursor}");
        field.on_key(keys("<home>")[0]);
        assert_eq!(field.window(10), ("日本語日本".to_owned(), 0));
    }

    #[test]
    fn deleting_what_stood_between_two_graphemes_leaves_the_cursor_on_a_boundary() {
        let mut field = LineField::new("ae\u{200d}");
        field.set("ex\u{301}");
        field.on_key(keys("<home>")[0]);
        field.on_key(keys("<del>")[0]);
        assert!(field.boundaries().any(|at| at == field.cursor));
        let _ = field.window(4);
    }
}
