//! All comments: go to one, edit it, take it back. Internal ones are marked.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::comment::CommentForm;
use super::list::ListRow;
use super::page::{Viewport, column, fitted, piece, tail_fitted, text_width};
use super::places::place_of;
use super::records::{Asked, HINTS, RecordList};
use super::words::target_words;
use super::{Confirm, Dialog, DialogContext, Outcome};
use crate::model::{CommentTarget, Visibility};
use crate::review::CommentState;
use crate::tui::theme::{Role, Theme};
use crate::workbench::Act;

/// The list of comments.
#[derive(Debug, Clone, Default)]
pub struct CommentsList {
    records: RecordList,
}

impl CommentsList {
    /// Opens the list at its first comment.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn on_key(&mut self, key: KeyEvent, context: &DialogContext<'_>) -> Outcome {
        let states = &context.review.comments;
        match self.records.on_key(key, &rows_of(context, 80)) {
            Asked::Leave => Outcome::Close,
            Asked::Go(at) => self.jump(&states[at]),
            Asked::Edit(at) if self.is_allowed(&states[at], context) => {
                Outcome::Open(Box::new(Dialog::Comment(CommentForm::edit(&states[at]))))
            }
            Asked::Delete(at) if self.is_allowed(&states[at], context) => {
                Outcome::Open(Box::new(Dialog::Confirm(confirm_deletion(&states[at]))))
            }
            Asked::Nothing | Asked::Edit(_) | Asked::Delete(_) => Outcome::Stay,
        }
    }

    pub(super) fn press(&mut self, entry: usize, context: &DialogContext<'_>) -> Outcome {
        let states = &context.review.comments;
        match self.records.press(entry, &rows_of(context, 80)) {
            Asked::Go(at) => self.jump(&states[at]),
            Asked::Nothing | Asked::Leave | Asked::Edit(_) | Asked::Delete(_) => Outcome::Stay,
        }
    }

    pub(super) fn view(&self) -> &Viewport {
        self.records.view()
    }

    fn jump(&mut self, state: &CommentState) -> Outcome {
        match &state.comment.target {
            CommentTarget::Lines(anchor) => Outcome::Jump(place_of(anchor)),
            CommentTarget::Review | CommentTarget::Item(_) | CommentTarget::File(_) => {
                self.records.say("This comment points at no lines.");
                Outcome::Stay
            }
        }
    }

    fn is_allowed(&mut self, state: &CommentState, context: &DialogContext<'_>) -> bool {
        let others = "made this comment; only they can change it.";
        self.records.may_change(&state.made, others, context)
    }

    pub(super) fn on_paste(&mut self, text: &str) {
        self.records.on_paste(text);
    }

    pub(super) fn refused(&mut self, message: &str) {
        self.records.say(message);
    }

    #[expect(clippy::unused_self, reason = "every dialog answers for its keys")]
    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        HINTS.to_vec()
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
        let words = ("Comments", "No comments yet. Write one with c.");
        self.records.draw(frame, area, theme, words, (&rows, width));
    }
}

fn confirm_deletion(state: &CommentState) -> Confirm {
    Confirm::new(
        "Delete this comment?",
        "It goes from the report. The journal keeps that it was made and taken back.",
        Outcome::Submit(vec![Act::DeleteComment(state.comment.id.clone())]),
    )
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
