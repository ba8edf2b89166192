//! The dialogs over the workbench: forms for acts, lists of findings and comments, the sign-off, the start.
//!
//! A dialog is plain state. It takes keys and gives an [`Outcome`]; it neither writes nor reads anything, knows no clock
//! and changes no review. What was typed is never lost: it is a [`Draft`] until the caller says that it is on disk.

mod aim;
mod area;
mod choice;
mod comment;
mod comments;
mod confirm;
mod field;
mod finding;
mod findings;
mod form;
mod list;
mod page;
mod places;
mod profile;
mod reason;
mod records;
mod signoff;
mod slot;
mod start;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod typed;
mod waive;
mod when;
mod words;

use crossterm::event::KeyEvent;
use jiff::civil::Date;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use aim::Target;
use page::Viewport;

use crate::model::{Checklist, Person, ReviewId, SourceSpec};
use crate::review::{Coverage, Gate, Review};
use crate::tui::theme::Theme;
use crate::workbench::{Act, Place};

pub use comment::CommentForm;
pub use comments::CommentsList;
pub use confirm::Confirm;
pub use finding::FindingForm;
pub use findings::FindingsList;
pub use places::Evidence;
pub use profile::ProfileForm;
pub use reason::ReasonForm;
pub use signoff::{KeyChoice, Meaning, SignRequest, SignoffScreen, SignoffSetup};
pub use start::{ResumeRow, StartScreen};
pub use waive::WaiveForm;
pub use when::{WhenError, parse_horizon, parse_when};

/// What a dialog may look at.
#[derive(Debug, Clone, Copy)]
pub struct DialogContext<'a> {
    /// The review as it stands.
    pub review: &'a Review,
    /// Its questions.
    pub checklists: &'a [Checklist],
    /// Who acts.
    pub person: &'a Person,
    /// The present day.
    pub today: Date,
    /// What stands between the review and a signature.
    pub gate: &'a Gate,
    /// What was read and displayed.
    pub coverage: &'a Coverage,
    /// Who holds the review, where it is read-only here.
    pub read_only: Option<&'a str>,
}

/// A dialog.
#[derive(Debug, Clone)]
pub enum Dialog {
    /// Accepts an item or says it is not applicable.
    Reason(ReasonForm),
    /// Waives an item.
    Waive(WaiveForm),
    /// Makes or edits a finding.
    Finding(FindingForm),
    /// Makes or edits a comment.
    Comment(CommentForm),
    /// All findings.
    Findings(FindingsList),
    /// All comments.
    Comments(CommentsList),
    /// The way to a signature.
    Signoff(SignoffScreen),
    /// The production profile.
    Profile(ProfileForm),
    /// A question with yes and no.
    Confirm(Confirm),
    /// Reviews to resume and to start.
    Start(StartScreen),
}

/// What a key in a dialog leads to.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Nothing outside the dialog.
    Stay,
    /// The dialog is left. What was typed stays in [`Dialog::draft`]: keep it before dropping the dialog.
    Close,
    /// The acts are asked for. Once they are on disk the dialog closes and its draft is deleted; otherwise
    /// [`Dialog::refused`] says why and the dialog stays as it is.
    Submit(Vec<Act>),
    /// The dialog closes and the code pane goes to a place.
    Jump(Place),
    /// Another dialog opens over this one, which comes back when the other is left.
    Open(Box<Dialog>),
    /// The text is to be edited outside; [`Dialog::on_editor`] takes the result.
    Editor {
        /// What the editor starts with.
        text: String,
    },
    /// A signature is asked for; [`Dialog::refused`] says why where there is none.
    Sign(SignRequest),
    /// A review is to be opened again.
    Resume(ReviewId),
    /// A review is to be started.
    StartReview(SourceSpec),
    /// The program is to be left.
    Quit,
}

/// Text that is typed but not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// A name of letters, digits, `-` and `_`: the same for the same dialog on the same subject.
    pub name: String,
    /// JSON.
    pub text: String,
}

/// Runs one method of whichever dialog it is.
macro_rules! each {
    ($self:expr, $dialog:ident => $call:expr) => {
        match $self {
            Dialog::Reason($dialog) => $call,
            Dialog::Waive($dialog) => $call,
            Dialog::Finding($dialog) => $call,
            Dialog::Comment($dialog) => $call,
            Dialog::Findings($dialog) => $call,
            Dialog::Comments($dialog) => $call,
            Dialog::Signoff($dialog) => $call,
            Dialog::Profile($dialog) => $call,
            Dialog::Confirm($dialog) => $call,
            Dialog::Start($dialog) => $call,
        }
    };
}

impl Dialog {
    /// Handles one key.
    pub fn on_key(&mut self, key: KeyEvent, context: &DialogContext<'_>) -> Outcome {
        each!(self, dialog => dialog.on_key(key, context))
    }

    /// Scrolls what does not fit; what has the keys keeps them.
    pub fn on_wheel(&mut self, rows: isize) {
        self.view().scroll_rows(rows);
    }

    /// Takes a press of the mouse at a place of the screen. It goes to an entry, a field or an answer; nothing is sent,
    /// confirmed, left or lost by it, wherever it is.
    pub fn on_press(&mut self, at: Position, context: &DialogContext<'_>) -> Outcome {
        let Some(target) = self.view().target(at) else {
            return Outcome::Stay;
        };
        match (self, target) {
            (Self::Findings(dialog), Target::Entry(entry)) => return dialog.press(entry, context),
            (Self::Comments(dialog), Target::Entry(entry)) => return dialog.press(entry, context),
            (Self::Start(dialog), Target::Entry(entry)) => return dialog.press(entry),
            (Self::Reason(dialog), target) => dialog.form.press(target),
            (Self::Waive(dialog), target) => dialog.form.press(target),
            (Self::Finding(dialog), target) => dialog.press(target),
            (Self::Comment(dialog), target) => dialog.form.press(target),
            (Self::Signoff(dialog), target) => dialog.form.press(target),
            (Self::Profile(dialog), target) => dialog.form.press(target),
            (Self::Confirm(_) | Self::Findings(_) | Self::Comments(_) | Self::Start(_), _) => {}
        }
        Outcome::Stay
    }

    fn view(&self) -> &Viewport {
        match self {
            Self::Reason(dialog) => &dialog.form.view,
            Self::Waive(dialog) => &dialog.form.view,
            Self::Finding(dialog) => &dialog.form.view,
            Self::Comment(dialog) => &dialog.form.view,
            Self::Signoff(dialog) => &dialog.form.view,
            Self::Profile(dialog) => &dialog.form.view,
            Self::Findings(dialog) => dialog.view(),
            Self::Comments(dialog) => dialog.view(),
            Self::Confirm(dialog) => dialog.view(),
            Self::Start(dialog) => dialog.view(),
        }
    }

    /// Takes pasted text into the field that has the keys.
    pub fn on_paste(&mut self, text: &str) {
        each!(self, dialog => dialog.on_paste(text));
    }

    /// Takes the text an editor came back with.
    pub fn on_editor(&mut self, text: &str) {
        match self {
            Self::Reason(dialog) => dialog.form.on_editor(text),
            Self::Waive(dialog) => dialog.form.on_editor(text),
            Self::Finding(dialog) => dialog.form.on_editor(text),
            Self::Comment(dialog) => dialog.form.on_editor(text),
            Self::Signoff(dialog) => dialog.form.on_editor(text),
            Self::Profile(dialog) => dialog.form.on_editor(text),
            Self::Findings(_) | Self::Comments(_) | Self::Confirm(_) | Self::Start(_) => {}
        }
    }

    /// Paints the dialog into an area.
    pub fn draw(&self, frame: &mut Frame, area: Rect, theme: &Theme, context: &DialogContext<'_>) {
        each!(self, dialog => dialog.draw(frame, area, theme, context));
    }

    /// Returns the name of the dialog's draft, whether there is one or not; `None` for dialogs that keep none.
    pub fn draft_name(&self) -> Option<String> {
        match self {
            Self::Reason(dialog) => Some(dialog.draft_name()),
            Self::Waive(dialog) => Some(dialog.draft_name()),
            Self::Finding(dialog) => Some(dialog.draft_name()),
            Self::Comment(dialog) => Some(dialog.draft_name()),
            Self::Signoff(_) => Some("signoff".to_owned()),
            Self::Profile(_) => Some("profile".to_owned()),
            Self::Findings(_) | Self::Comments(_) | Self::Confirm(_) | Self::Start(_) => None,
        }
    }

    /// Returns what is typed but not sent; `None` while nothing was changed.
    pub fn draft(&self) -> Option<Draft> {
        let text = match self {
            Self::Reason(dialog) => dialog.form.draft(),
            Self::Waive(dialog) => dialog.form.draft(),
            Self::Finding(dialog) => dialog.form.draft(),
            Self::Comment(dialog) => dialog.form.draft(),
            Self::Signoff(dialog) => dialog.draft(),
            Self::Profile(dialog) => dialog.form.draft(),
            Self::Findings(_) | Self::Comments(_) | Self::Confirm(_) | Self::Start(_) => None,
        }?;
        let name = self.draft_name()?;
        Some(Draft { name, text })
    }

    /// Puts a draft's text back; text that is no draft changes nothing.
    pub fn restore(&mut self, draft: &str) {
        match self {
            Self::Reason(dialog) => dialog.form.restore(draft),
            Self::Waive(dialog) => dialog.form.restore(draft),
            Self::Finding(dialog) => dialog.restore(draft),
            Self::Comment(dialog) => dialog.form.restore(draft),
            Self::Signoff(dialog) => dialog.restore(draft),
            Self::Profile(dialog) => dialog.form.restore(draft),
            Self::Findings(_) | Self::Comments(_) | Self::Confirm(_) | Self::Start(_) => {}
        }
    }

    /// Says that what was asked for was refused or not saved; what was typed stays.
    pub fn refused(&mut self, message: &str) {
        each!(self, dialog => dialog.refused(message));
    }

    /// Returns keys and what they do, for the key bar.
    pub fn hints(&self) -> Vec<(&'static str, &'static str)> {
        each!(self, dialog => dialog.hints())
    }
}
