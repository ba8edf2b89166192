//! A list with a cursor and a filter: how findings, comments and reviews are gone through. The rows are the caller's and
//! are made anew each time; the list knows where the cursor is and what is typed into the filter.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::aim::Target;
use super::field::{FieldEvent, LineField};
use super::page::{Page, Piece, Viewport, piece};
use crate::support::text::visible;
use crate::tui::theme::Role;

/// One entry of a list.
#[derive(Debug, Clone)]
pub(super) struct ListRow {
    /// The heading it stands under; shown once for neighbours.
    pub group: String,
    /// Its rows; the first one carries the cursor's mark.
    pub rows: Vec<Vec<Piece>>,
    /// What the filter looks at.
    pub search: String,
}

/// What a list made of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListEvent {
    /// The key was used up.
    Used,
    /// The entry under the cursor is wanted.
    Pick,
    /// The list is to be left.
    Close,
    /// Not a key of the list.
    Other(KeyEvent),
}

/// A cursor over entries and a filter.
#[derive(Debug, Clone, Default)]
pub(super) struct ListView {
    cursor: usize,
    filter: LineField,
    typing: bool,
    /// A `g` was typed and waits for the second one.
    pending_g: bool,
    view: Viewport,
}

impl ListView {
    /// Returns the numbers of the entries the filter leaves, in order.
    pub fn left(&self, rows: &[ListRow]) -> Vec<usize> {
        let wanted = self.filter.text().to_lowercase();
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let matches = |row: &ListRow| {
            let text = row.search.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        (0..rows.len()).filter(|&at| matches(&rows[at])).collect()
    }

    /// Returns the number of the entry under the cursor.
    pub fn current(&self, rows: &[ListRow]) -> Option<usize> {
        let left = self.left(rows);
        let at = self.cursor.min(left.len().saturating_sub(1));
        left.get(at).copied()
    }

    /// Handles one key.
    pub fn on_key(&mut self, key: KeyEvent, rows: &[ListRow]) -> ListEvent {
        if key.kind == KeyEventKind::Release {
            return ListEvent::Used;
        }
        self.view.follow();
        if self.typing {
            return self.on_filter_key(key, rows);
        }
        let last = self.left(rows).len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        let page = (self.view.height() / 2).max(1);
        let pending = std::mem::take(&mut self.pending_g);
        let target = if key.modifiers.contains(KeyModifiers::CONTROL) {
            match key.code {
                KeyCode::Char('c') => return ListEvent::Close,
                KeyCode::Char('n') => self.cursor + 1,
                KeyCode::Char('p') => self.cursor.saturating_sub(1),
                KeyCode::Char('d' | 'f') => self.cursor + page,
                KeyCode::Char('u' | 'b') => self.cursor.saturating_sub(page),
                _ => return ListEvent::Other(key),
            }
        } else {
            match key.code {
                KeyCode::Down | KeyCode::Char('j') => self.cursor + 1,
                KeyCode::Up | KeyCode::Char('k') => self.cursor.saturating_sub(1),
                KeyCode::PageDown => self.cursor + page,
                KeyCode::PageUp => self.cursor.saturating_sub(page),
                KeyCode::Home => 0,
                KeyCode::End | KeyCode::Char('G') => last,
                KeyCode::Char('g') if pending => 0,
                KeyCode::Char('g') => {
                    self.pending_g = true;
                    self.cursor
                }
                KeyCode::Char('/') => {
                    self.typing = true;
                    self.cursor
                }
                KeyCode::Enter => return ListEvent::Pick,
                KeyCode::Esc if !self.filter.text().is_empty() => {
                    self.filter.set("");
                    0
                }
                KeyCode::Esc | KeyCode::Char('q') => return ListEvent::Close,
                _ => return ListEvent::Other(key),
            }
        };
        self.cursor = target.min(last);
        ListEvent::Used
    }

    /// Takes a press of the mouse: the first one on an entry puts the cursor there, the next one wants it.
    pub fn press(&mut self, entry: usize, rows: &[ListRow]) -> ListEvent {
        self.view.follow();
        let last = self.left(rows).len().saturating_sub(1);
        if self.cursor.min(last) == entry {
            return ListEvent::Pick;
        }
        self.cursor = entry.min(last);
        ListEvent::Used
    }

    fn on_filter_key(&mut self, key: KeyEvent, rows: &[ListRow]) -> ListEvent {
        let cancel = key.code == KeyCode::Char('c') && key.modifiers == KeyModifiers::CONTROL;
        if key.code == KeyCode::Esc || cancel {
            self.typing = false;
            self.filter.set("");
            self.cursor = 0;
            return ListEvent::Used;
        }
        let last = self.left(rows).len().saturating_sub(1);
        match self.filter.on_key(key) {
            FieldEvent::Done => self.typing = false,
            FieldEvent::Changed => self.cursor = 0,
            FieldEvent::Next => self.cursor = (self.cursor + 1).min(last),
            FieldEvent::Previous => self.cursor = self.cursor.saturating_sub(1),
            FieldEvent::Used | FieldEvent::Editor | FieldEvent::Ignored => {}
        }
        ListEvent::Used
    }

    /// Takes pasted text into the filter, while it has the keys.
    pub fn on_paste(&mut self, text: &str) {
        if self.typing {
            self.filter.paste(text);
            self.cursor = 0;
        }
    }

    /// Adds the entries that are left to a page; `empty` is said where there are none at all.
    pub fn push(&self, page: &mut Page, rows: &[ListRow], empty: &str) {
        if rows.is_empty() {
            page.text(Role::Dim, 0, empty);
            return;
        }
        let left = self.left(rows);
        if left.is_empty() {
            page.text(Role::Dim, 0, "Nothing matches the filter; Esc clears it.");
        }
        let here = self.cursor.min(left.len().saturating_sub(1));
        let mut group = "";
        for (at, row) in left.iter().map(|&number| &rows[number]).enumerate() {
            if row.group != group {
                if page.len() > 0 {
                    page.blank();
                }
                page.text(Role::Heading, 0, &row.group);
                group = &row.group;
            }
            let first = page.len();
            push_row(page, row, at == here);
            page.aim(first..page.len(), Target::Entry(at));
        }
    }

    /// Returns where the list's page stands.
    pub fn view(&self) -> &Viewport {
        &self.view
    }

    /// Adds the filter to the rows below the page, where there is one.
    pub fn push_filter(&self, footer: &mut Page) {
        if self.typing {
            let (text, cursor) = self.filter.window(footer.width.saturating_sub(2));
            footer.set_cursor(footer.len(), 1 + cursor);
            footer.push(vec![piece(Role::Key, "/"), piece(Role::Field, text)]);
        } else if !self.filter.text().is_empty() {
            let text = format!("/{}  (Esc shows all)", visible(self.filter.text()));
            footer.push(vec![piece(Role::Match, text)]);
        }
    }
}

fn push_row(page: &mut Page, row: &ListRow, here: bool) {
    let first = page.len();
    for (number, pieces) in row.rows.iter().enumerate() {
        let mark = if here && number == 0 {
            "\u{25b8} "
        } else {
            "  "
        };
        let mut whole = vec![piece(Role::Focus, mark)];
        whole.extend(pieces.iter().cloned());
        if here && number == 0 {
            page.push_filled(Role::Cursor, whole);
        } else {
            page.push(whole);
        }
    }
    if here {
        // The heading above the first entry stays in sight with it.
        page.set_focus(first.saturating_sub(1)..page.len());
    }
}
