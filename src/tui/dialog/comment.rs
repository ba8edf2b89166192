//! A comment under edit: the text, and who may read it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::area::{AreaField, EnterKey};
use super::choice::{Answer, ChoiceField, Layout};
use super::form::{Form, FormEvent, Kind, Notice, Slot, read_only_text};
use super::page::{Extent, Page, Sheet, draw_sheet, text_width};
use super::words::{draft_name, subject_words, target_words};
use super::{DialogContext, Outcome};
use crate::model::{CommentId, CommentTarget, Visibility};
use crate::review::CommentState;
use crate::tui::theme::{Role, Theme};
use crate::workbench::{Act, CommentSubject};

#[derive(Debug, Clone)]
enum On {
    New(CommentSubject),
    Existing(CommentId, CommentTarget),
}

/// A comment under edit.
#[derive(Debug, Clone)]
pub struct CommentForm {
    on: On,
    pub(super) form: Form,
}

impl CommentForm {
    /// Opens the form for a new comment, readable by the client.
    pub fn new(on: CommentSubject) -> Self {
        Self::with(On::New(on), "", Visibility::Client)
    }

    /// Opens the form on a comment there is.
    pub fn edit(state: &CommentState) -> Self {
        let comment = &state.comment;
        let on = On::Existing(comment.id.clone(), comment.target.clone());
        Self::with(on, &comment.text, comment.visibility)
    }

    fn with(on: On, text: &str, visibility: Visibility) -> Self {
        let answers = vec![
            Answer::new(Visibility::Client.name(), "client: goes into the report"),
            Answer::new(Visibility::Internal.name(), "internal: never leaves"),
        ];
        let choice = ChoiceField::new(answers, Some(visibility.name()), Layout::Column);
        let area = AreaField::new(text, EnterKey::BreaksLine);
        Self {
            on,
            form: Form::new(vec![
                Slot::new("text", "Comment", Kind::Area(area)),
                Slot::new("visibility", "Readable by", Kind::Choice(choice)),
            ]),
        }
    }

    pub(super) fn on_key(&mut self, key: KeyEvent, context: &DialogContext<'_>) -> Outcome {
        if key.code == KeyCode::Char('t') && key.modifiers.contains(KeyModifiers::CONTROL) {
            self.toggle();
            return Outcome::Stay;
        }
        match self.form.on_key(key) {
            FormEvent::Submit => self.submit(context),
            FormEvent::Close => Outcome::Close,
            FormEvent::Editor(text) => Outcome::Editor { text },
            FormEvent::Changed | FormEvent::Used | FormEvent::Ignored(_) => Outcome::Stay,
        }
    }

    fn toggle(&mut self) {
        let other = match self.visibility() {
            Visibility::Client => Visibility::Internal,
            Visibility::Internal => Visibility::Client,
        };
        if let Some(choice) = self.form.choice_mut("visibility") {
            choice.choose(other.name());
        }
    }

    fn visibility(&self) -> Visibility {
        if self.form.value("visibility") == Visibility::Internal.name() {
            Visibility::Internal
        } else {
            Visibility::Client
        }
    }

    fn submit(&mut self, context: &DialogContext<'_>) -> Outcome {
        self.form.clear_errors();
        let text = self.form.value("text");
        if text.is_empty() {
            self.form
                .set_error("text", "a comment needs text; Esc leaves without one");
        }
        if self.form.has_errors() {
            return Outcome::Stay;
        }
        if let Some(holder) = context.read_only {
            self.refused(&read_only_text(holder));
            return Outcome::Stay;
        }
        let visibility = self.visibility();
        Outcome::Submit(vec![match &self.on {
            On::New(on) => Act::Comment {
                on: on.clone(),
                visibility,
                text,
            },
            On::Existing(id, _) => Act::EditComment {
                id: id.clone(),
                visibility,
                text,
            },
        }])
    }

    pub(super) fn on_paste(&mut self, text: &str) {
        self.form.on_paste(text);
    }

    pub(super) fn refused(&mut self, message: &str) {
        self.form.notice = Some(Notice::Refused(message.to_owned()));
    }

    pub(super) fn draft_name(&self) -> String {
        match &self.on {
            On::New(CommentSubject::Review) => draft_name("comment", "review"),
            On::New(CommentSubject::Item(id)) => draft_name("comment-item", id.as_str()),
            On::New(CommentSubject::File(path)) => draft_name("comment-file", &path.quoted()),
            On::New(CommentSubject::Lines(place)) => {
                draft_name("comment-lines", &super::places::place_text(place))
            }
            On::Existing(id, _) => draft_name("comment-edit", id.as_str()),
        }
    }

    #[expect(clippy::unused_self, reason = "every dialog answers for its keys")]
    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("^S", "save"),
            ("^T", "client or internal"),
            ("^E", "editor"),
            ("Esc", "leave, keep the draft"),
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
        let (title, about) = match &self.on {
            On::New(on) => ("Comment", subject_words(context, on)),
            On::Existing(_, target) => ("Edit comment", target_words(context, target)),
        };
        let mut page = Page::new(width);
        page.marked(Role::Strong, 0, "On ", &about);
        page.blank();
        self.form.push_all(&mut page, context.today);
        let sheet = Sheet {
            title,
            extent: Extent::Content,
            footer: self.form.footer(width, context.read_only),
            view: &self.form.view,
        };
        draw_sheet(frame, area, theme, &sheet, &page);
    }
}
