//! A question with yes and no, and what follows from yes.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::page::{Extent, Page, Sheet, Viewport, draw_sheet, piece, text_width};
use super::{DialogContext, Outcome};
use crate::tui::theme::{Role, Theme};

/// A question. The answer that has the keys in the beginning is no.
#[derive(Debug, Clone)]
pub struct Confirm {
    question: String,
    consequence: String,
    yes: Box<Outcome>,
    yes_focused: bool,
    refused: Option<String>,
    view: Viewport,
}

impl Confirm {
    /// Asks a question; `consequence` says what follows from yes, `yes` is what yes leads to.
    pub fn new(question: impl Into<String>, consequence: impl Into<String>, yes: Outcome) -> Self {
        Self {
            question: question.into(),
            consequence: consequence.into(),
            yes: Box::new(yes),
            yes_focused: false,
            refused: None,
            view: Viewport::default(),
        }
    }

    pub(super) fn on_key(&mut self, key: KeyEvent, _context: &DialogContext<'_>) -> Outcome {
        if key.kind == KeyEventKind::Release {
            return Outcome::Stay;
        }
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return match key.code {
                KeyCode::Char('c') => Outcome::Close,
                _ => Outcome::Stay,
            };
        }
        match key.code {
            KeyCode::Char('y' | 'Y') => (*self.yes).clone(),
            KeyCode::Enter if self.yes_focused => (*self.yes).clone(),
            KeyCode::Char('n' | 'N' | 'q') | KeyCode::Esc | KeyCode::Enter => Outcome::Close,
            KeyCode::Tab
            | KeyCode::BackTab
            | KeyCode::Left
            | KeyCode::Right
            | KeyCode::Char('h' | 'l' | ' ') => {
                self.yes_focused = !self.yes_focused;
                Outcome::Stay
            }
            KeyCode::PageUp => self.scroll(-1),
            KeyCode::PageDown => self.scroll(1),
            _ => Outcome::Stay,
        }
    }

    pub(super) fn view(&self) -> &Viewport {
        &self.view
    }

    fn scroll(&mut self, pages: isize) -> Outcome {
        self.view.scroll(pages);
        Outcome::Stay
    }

    #[expect(
        clippy::unused_self,
        reason = "every dialog takes pasted text; this one has no field for it"
    )]
    pub(super) fn on_paste(&mut self, _text: &str) {}

    pub(super) fn refused(&mut self, message: &str) {
        self.refused = Some(message.to_owned());
    }

    #[expect(clippy::unused_self, reason = "every dialog answers for its keys")]
    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("y", "yes"),
            ("n", "no"),
            ("Tab", "other answer"),
            ("Enter", "answer"),
        ]
    }

    pub(super) fn draw(
        &self,
        frame: &mut Frame,
        area: Rect,
        theme: &Theme,
        _context: &DialogContext<'_>,
    ) {
        let width = text_width(area);
        let mut page = Page::new(width);
        page.text(Role::Strong, 0, &self.question);
        page.text(Role::Text, 0, &self.consequence);
        let mut footer = Page::new(width);
        if let Some(message) = &self.refused {
            footer.marked(Role::Bad, 0, "\u{2717} ", message);
        }
        footer.blank();
        let (yes, no) = if self.yes_focused {
            (("\u{25b8} ", Role::Cursor), ("  ", Role::Text))
        } else {
            (("  ", Role::Text), ("\u{25b8} ", Role::Cursor))
        };
        footer.set_cursor(footer.len(), if self.yes_focused { 2 } else { 14 });
        footer.push(vec![
            piece(Role::Focus, yes.0),
            piece(yes.1, "[ Yes ]"),
            piece(Role::Text, "   "),
            piece(Role::Focus, no.0),
            piece(no.1, "[ No ]"),
        ]);
        let sheet = Sheet {
            title: "Please confirm",
            extent: Extent::Content,
            footer,
            view: &self.view,
        };
        draw_sheet(frame, area, theme, &sheet, &page);
    }
}
