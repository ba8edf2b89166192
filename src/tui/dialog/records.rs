//! A list of what persons have recorded, as findings and comments are: go to one, edit it, take it back. Owns the keys,
//! whose record may be changed, and the page; the rows and what follows from a key are the caller's.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::DialogContext;
use super::form::read_only_text;
use super::list::{ListEvent, ListRow, ListView};
use super::page::{Extent, Page, Sheet, Viewport, draw_sheet};
use crate::review::Stamp;
use crate::tui::theme::{Role, Theme};

/// The keys of such a list.
pub(super) const HINTS: [(&str, &str); 5] = [
    ("Enter", "go to the code"),
    ("e", "edit"),
    ("d", "delete"),
    ("/", "filter"),
    ("Esc", "leave"),
];

/// The list, and what is said below it.
#[derive(Debug, Clone, Default)]
pub(super) struct RecordList {
    list: ListView,
    notice: Option<String>,
}

/// What a key asks for; the number is the record's among the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing more.
    Nothing,
    /// Leave the list.
    Leave,
    /// Go to the code.
    Go(usize),
    /// Edit the record.
    Edit(usize),
    /// Take the record back.
    Delete(usize),
}

impl RecordList {
    /// Handles one key.
    pub fn on_key(&mut self, key: KeyEvent, rows: &[ListRow]) -> Asked {
        let event = self.list.on_key(key, rows);
        if key.kind != KeyEventKind::Release {
            self.notice = None;
        }
        match (event, self.list.current(rows)) {
            (ListEvent::Close, _) => Asked::Leave,
            (ListEvent::Pick, Some(at)) => Asked::Go(at),
            (ListEvent::Other(key), Some(at)) => asked_of(key, at),
            (ListEvent::Used | ListEvent::Pick | ListEvent::Other(_), _) => Asked::Nothing,
        }
    }

    /// Takes a press of the mouse on an entry.
    pub fn press(&mut self, entry: usize, rows: &[ListRow]) -> Asked {
        self.notice = None;
        match (self.list.press(entry, rows), self.list.current(rows)) {
            (ListEvent::Pick, Some(at)) => Asked::Go(at),
            _ => Asked::Nothing,
        }
    }

    /// Returns where the list's page stands.
    pub fn view(&self) -> &Viewport {
        self.list.view()
    }

    /// Tells whether a record may be changed, and says below the list why not: only one's own records can be, and only
    /// where the review can be written. `others` says what holds for another person's.
    pub fn may_change(&mut self, made: &Stamp, others: &str, context: &DialogContext<'_>) -> bool {
        let own = made.by.key() == context.person.key();
        self.notice = match context.read_only {
            Some(holder) => Some(read_only_text(holder)),
            None if own => None,
            None => Some(format!("{} {others}", made.by.name)),
        };
        self.notice.is_none()
    }

    /// Says something below the list.
    pub fn say(&mut self, text: &str) {
        self.notice = Some(text.to_owned());
    }

    pub fn on_paste(&mut self, text: &str) {
        self.list.on_paste(text);
    }

    /// Draws the list over `width` columns of text; `empty` stands there where it has no rows.
    pub fn draw(
        &self,
        frame: &mut Frame,
        area: Rect,
        theme: &Theme,
        (title, empty): (&str, &str),
        (rows, width): (&[ListRow], usize),
    ) {
        let mut page = Page::new(width);
        self.list.push(&mut page, rows, empty);
        let mut footer = Page::new(width);
        if let Some(notice) = &self.notice {
            footer.marked(Role::Warn, 0, "! ", notice);
        }
        self.list.push_filter(&mut footer);
        let sheet = Sheet {
            title: &format!("{title}: {}", rows.len()),
            extent: Extent::Full,
            footer,
            view: self.list.view(),
        };
        draw_sheet(frame, area, theme, &sheet, &page);
    }
}

fn asked_of(key: KeyEvent, at: usize) -> Asked {
    if key
        .modifiers
        .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
    {
        return Asked::Nothing;
    }
    match key.code {
        KeyCode::Char('e') => Asked::Edit(at),
        KeyCode::Char('d' | 'x') | KeyCode::Delete => Asked::Delete(at),
        _ => Asked::Nothing,
    }
}
