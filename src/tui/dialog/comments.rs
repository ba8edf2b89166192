//! All comments: go to one, edit it, take it back. Internal ones are marked.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::comment::CommentForm;
use super::form::read_only_text;
use super::list::{ListEvent, ListRow, ListView};
use super::page::{
    Extent, Page, Sheet, column, draw_sheet, fitted, piece, tail_fitted, text_width,
};
use super::places::place_of;
use super::words::target_words;
use super::{Confirm, Dialog, DialogContext, Outcome};
use crate::model::{CommentTarget, Visibility};
use crate::review::CommentState;
use crate::tui::theme::{Role, Theme};
use crate::workbench::Act;

/// The list of comments.
#[derive(Debug, Clone, Default)]
pub struct CommentsList {
    list: ListView,
    notice: Option<String>,
}

impl CommentsList {
    /// Opens the list at its first comment.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn on_key(&mut self, key: KeyEvent, context: &DialogContext<'_>) -> Outcome {
        let states = &context.review.comments;
        let rows = rows_of(context, 80);
        let event = self.list.on_key(key, &rows);
        if key.kind != crossterm::event::KeyEventKind::Release {
            self.notice = None;
        }
        let current = self.list.current(&rows).map(|at| &states[at]);
        match (event, current) {
            (ListEvent::Close, _) => Outcome::Close,
            (ListEvent::Pick, Some(state)) => self.jump(state),
            (ListEvent::Other(key), Some(state)) => self.act_on(key, state, context),
            (ListEvent::Used | ListEvent::Pick | ListEvent::Other(_), _) => Outcome::Stay,
        }
    }

    fn act_on(
        &mut self,
        key: KeyEvent,
        state: &CommentState,
        context: &DialogContext<'_>,
    ) -> Outcome {
        if key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
        {
            return Outcome::Stay;
        }
        match key.code {
            KeyCode::Char('e') if self.is_allowed(state, context) => {
                Outcome::Open(Box::new(Dialog::Comment(CommentForm::edit(state))))
            }
            KeyCode::Char('d' | 'x') | KeyCode::Delete if self.is_allowed(state, context) => {
                Outcome::Open(Box::new(Dialog::Confirm(Confirm::new(
                    "Delete this comment?",
                    "It goes from the report. The journal keeps that it was made and taken back.",
                    Outcome::Submit(vec![Act::DeleteComment(state.comment.id.clone())]),
                ))))
            }
            _ => Outcome::Stay,
        }
    }

    fn jump(&mut self, state: &CommentState) -> Outcome {
        match &state.comment.target {
            CommentTarget::Lines(anchor) => Outcome::Jump(place_of(anchor)),
            CommentTarget::Review | CommentTarget::Item(_) | CommentTarget::File(_) => {
                self.notice = Some("This comment points at no lines.".to_owned());
                Outcome::Stay
            }
        }
    }

    /// Only one's own comments can be changed, and only where the review can be written.
    fn is_allowed(&mut self, state: &CommentState, context: &DialogContext<'_>) -> bool {
        let own = state.made.by.key() == context.person.key();
        self.notice = match context.read_only {
            Some(holder) => Some(read_only_text(holder)),
            None if own => None,
            None => Some(format!(
                "{} made this comment; only they can change it.",
                state.made.by.name
            )),
        };
        self.notice.is_none()
    }

    pub(super) fn on_paste(&mut self, text: &str) {
        self.list.on_paste(text);
    }

    pub(super) fn refused(&mut self, message: &str) {
        self.notice = Some(message.to_owned());
    }

    #[expect(clippy::unused_self, reason = "every dialog answers for its keys")]
    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("Enter", "go to the code"),
            ("e", "edit"),
            ("d", "delete"),
            ("/", "filter"),
            ("Esc", "leave"),
        ]
    }

    pub(super) fn draw(
        &self,
        frame: &mut Frame,
        area: Rect,
        theme: &Theme,
        context: &DialogContext<'_>,
    ) {
        let width = text_width(area);
        let rows = rows_of(context, width);
        let mut page = Page::new(width);
        let empty = "No comments yet. Write one with c.";
        self.list.push(&mut page, &rows, empty);
        let mut footer = Page::new(width);
        if let Some(notice) = &self.notice {
            footer.marked(Role::Warn, 0, "! ", notice);
        }
        self.list.push_filter(&mut footer);
        let sheet = Sheet {
            title: &format!("Comments: {}", rows.len()),
            extent: Extent::Full,
            footer,
            view: self.list.view(),
        };
        draw_sheet(frame, area, theme, &sheet, &page);
    }
}

fn rows_of(context: &DialogContext<'_>, width: usize) -> Vec<ListRow> {
    let comments = context.review.comments.iter();
    comments
        .map(|state| row_of(state, context, width))
        .collect()
}

fn row_of(state: &CommentState, context: &DialogContext<'_>, width: usize) -> ListRow {
    const MARK: usize = 11;
    let comment = &state.comment;
    let (role, mark) = match comment.visibility {
        Visibility::Client => (Role::Text, "client"),
        Visibility::Internal => (Role::Warn, "\u{25c6} internal"),
    };
    let target = target_words(context, &comment.target);
    let by = &state.made.by.name;
    let first = comment.text.lines().next().unwrap_or_default();
    let room = width.saturating_sub(2 + MARK);
    let by_columns = room / 3;
    ListRow {
        group: String::new(),
        search: format!("{mark} {target} {by} {}", comment.text),
        rows: vec![
            vec![column(role, mark, MARK), column(Role::Text, first, room)],
            vec![
                piece(Role::Text, " ".repeat(MARK)),
                fitted(Role::Dim, by, by_columns),
                piece(Role::Dim, " \u{b7} "),
                tail_fitted(Role::Dim, target, room.saturating_sub(by_columns + 3)),
            ],
        ],
    }
}
