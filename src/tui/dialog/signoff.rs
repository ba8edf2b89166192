//! The way to a signature on one page: what is missing, the verdict, the sentence of responsibility, the name typed by
//! hand, the key. Asks for a signature; makes none.

use std::sync::Arc;

use crossterm::event::KeyEvent;
use jiff::civil::Date;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::area::{AreaField, EnterKey};
use super::choice::{Answer, ChoiceField, Layout};
use super::field::LineField;
use super::form::{Form, FormEvent, Kind, Notice, Slot};
use super::page::{Extent, Page, Sheet, draw_sheet, text_width};
use super::when::parse_when;
use super::words::coverage_words;
use super::{DialogContext, Outcome};
use crate::model::SignoffVerdict;
use crate::tui::theme::{Role, Theme};

const OTHER_KEY: &str = "another-file";
const PRINTED: &str = "printed";

/// Writes the sentence of responsibility as it is going to be signed.
#[derive(Clone)]
pub struct Meaning(Arc<dyn Fn(&SignRequest) -> String + Send + Sync>);

impl Meaning {
    /// Wraps what writes the sentence.
    pub fn new(write: impl Fn(&SignRequest) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }
}

impl std::fmt::Debug for Meaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meaning")
    }
}

/// A key that could sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChoice {
    /// What [`SignRequest::key`] says when it is chosen: a path, or a name the caller knows.
    pub id: String,
    /// What the reader sees: the path or the agent's comment.
    pub label: String,
    /// `SHA256:…`.
    pub fingerprint: String,
}

/// What the screen starts with.
#[derive(Debug, Clone)]
pub struct SignoffSetup {
    /// Keys that were found, once they were looked for.
    pub keys: Option<Vec<KeyChoice>>,
    /// The signer's role.
    pub role: String,
    /// The signer's organisation.
    pub organisation: String,
    /// Who signs, as an allowed-signers file names them.
    pub principal: String,
    /// The folder for the bundle.
    pub out: String,
    /// Writes the sentence of responsibility.
    pub meaning: Meaning,
}

/// What is to be signed, by whom, with which key. While the form is not complete, the parts that are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignRequest {
    /// The decision; `None` only while none is chosen, never in [`Outcome::Sign`].
    pub verdict: Option<SignoffVerdict>,
    /// A statement in the signer's words; may be empty.
    pub statement: String,
    /// The last day the sign-off holds, if not for good.
    pub not_after: Option<Date>,
    /// The signer's role.
    pub role: String,
    /// The signer's organisation.
    pub organisation: String,
    /// Who signs, as an allowed-signers file names them.
    pub principal: String,
    /// The name as typed, blanks folded.
    pub printed_name: String,
    /// A [`KeyChoice::id`], or the path that was typed.
    pub key: String,
    /// The folder for the bundle.
    pub out: String,
}

/// The sign-off under edit.
#[derive(Debug, Clone)]
pub struct SignoffScreen {
    pub(super) form: Form,
    meaning: Meaning,
}

impl SignoffScreen {
    /// Opens the screen; no verdict is chosen, no name is typed.
    pub fn new(setup: SignoffSetup, context: &DialogContext<'_>) -> Self {
        let mut screen = Self {
            meaning: setup.meaning.clone(),
            form: form_of(setup),
        };
        screen.sync(context);
        screen
    }

    /// Follows the review and the key choice.
    fn sync(&mut self, context: &DialogContext<'_>) {
        if let Some(verdict) = self.form.choice_mut("verdict") {
            verdict.refuse(|name| refusals(name, context));
        }
        let other = self.form.value("key") == OTHER_KEY;
        self.form.show_when("key-path", || other);
    }

    pub(super) fn on_key(&mut self, key: KeyEvent, context: &DialogContext<'_>) -> Outcome {
        let event = self.form.on_key(key);
        self.sync(context);
        match event {
            FormEvent::Submit => self.submit(context),
            FormEvent::Close => Outcome::Close,
            FormEvent::Editor(text) => Outcome::Editor { text },
            FormEvent::Changed | FormEvent::Used | FormEvent::Ignored(_) => Outcome::Stay,
        }
    }

    /// Reads the fields as they are.
    fn request(&self, today: Date) -> SignRequest {
        let chosen = self.form.value("key");
        let key = if chosen == OTHER_KEY {
            self.form.value("key-path")
        } else {
            chosen
        };
        SignRequest {
            verdict: SignoffVerdict::from_name(&self.form.value("verdict")),
            statement: self.form.value("statement"),
            not_after: parse_when(&self.form.value("not-after"), today).ok(),
            role: fold(&self.form.value("role")),
            organisation: fold(&self.form.value("organisation")),
            principal: self.form.value("principal"),
            printed_name: fold(&self.form.value(PRINTED)),
            key,
            out: self.form.value("out"),
        }
    }

    fn submit(&mut self, context: &DialogContext<'_>) -> Outcome {
        self.form.clear_errors();
        let request = self.request(context.today);
        for (field, message) in faults(&request, context) {
            self.form.set_error(field, message);
        }
        if request.key.is_empty() {
            let field = if self.form.value("key") == OTHER_KEY {
                "key-path"
            } else {
                "key"
            };
            self.form.set_error(
                field,
                "a key is needed; choose one or give the path of a key file",
            );
        }
        let day = self.form.value("not-after");
        if let (false, Err(error)) = (day.is_empty(), parse_when(&day, context.today)) {
            self.form.set_error("not-after", error.to_string());
        }
        if self.form.has_errors() {
            return Outcome::Stay;
        }
        if let Some(holder) = context.read_only {
            let message = format!("this review is read-only here: {holder}; sign where it is held");
            self.refused(&message);
            return Outcome::Stay;
        }
        Outcome::Sign(request)
    }

    /// The printed name is typed by hand: pasting it would be no act of its own.
    pub(super) fn on_paste(&mut self, text: &str) {
        if self.form.focused() == PRINTED {
            self.form.set_error(
                PRINTED,
                "type the name by hand; it is not taken from a paste",
            );
        } else {
            self.form.on_paste(text);
        }
    }

    pub(super) fn refused(&mut self, message: &str) {
        self.form.notice = Some(Notice::Refused(message.to_owned()));
    }

    /// The typed name is left out of the draft: it is typed anew for each signature.
    pub(super) fn draft(&self) -> Option<String> {
        let mut form = self.form.clone();
        clear_printed(&mut form);
        form.draft()
    }

    pub(super) fn restore(&mut self, draft: &str) {
        self.form.restore(draft);
        clear_printed(&mut self.form);
        let other = self.form.value("key") == OTHER_KEY;
        self.form.show_when("key-path", || other);
    }

    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        let mut hints = vec![("^S", "sign"), ("Tab", "next field"), ("PgDn", "scroll")];
        match self.form.focused() {
            "verdict" | "key" => hints.push(("\u{2191} \u{2193}", "choose")),
            "statement" => hints.push(("^E", "editor")),
            _ => {}
        }
        hints.push(("Esc", "leave, keep the draft"));
        hints
    }

    pub(super) fn draw(
        &self,
        frame: &mut Frame,
        area: Rect,
        theme: &Theme,
        context: &DialogContext<'_>,
    ) {
        let width = text_width(area);
        let mut page = Page::new(width);
        push_state(&mut page, context);
        let step = |page: &mut Page, heading: &str, fields: &[&str]| {
            page.blank();
            page.text(Role::Heading, 0, heading);
            for field in fields {
                self.form.push(field, page, context.today);
            }
        };
        step(&mut page, "2  Verdict", &["verdict"]);
        step(
            &mut page,
            "3  Statement and term",
            &["statement", "not-after"],
        );
        step(
            &mut page,
            "4  Who signs",
            &["role", "organisation", "principal"],
        );
        page.blank();
        page.text(Role::Strong, 2, "You sign this sentence:");
        let request = self.request(context.today);
        page.marked(Role::Text, 2, "\u{2502} ", &(self.meaning.0)(&request));
        step(&mut page, "5  Key", &["key", "key-path"]);
        page.blank();
        page.text(Role::Heading, 0, "6  Your name");
        let ask = format!("Type {} by hand to sign.", context.person.name);
        page.text(Role::Text, 2, &ask);
        self.form.push(PRINTED, &mut page, context.today);
        step(&mut page, "7  Bundle", &["out"]);
        let sheet = Sheet {
            title: "Sign-off",
            extent: Extent::Full,
            footer: self.form.footer(width, context.read_only),
            view: &self.form.view,
        };
        draw_sheet(frame, area, theme, &sheet, &page);
    }
}

fn clear_printed(form: &mut Form) {
    if let Kind::Line(field) = &mut form.slot_mut(PRINTED).kind {
        field.set("");
    }
}

fn refusals(verdict: &str, context: &DialogContext<'_>) -> Vec<String> {
    SignoffVerdict::from_name(verdict).map_or_else(Vec::new, |verdict| {
        let reasons = context.gate.refusals(verdict).into_iter();
        reasons.map(str::to_owned).collect()
    })
}

/// Names what is wrong with a request, by field.
fn faults(request: &SignRequest, context: &DialogContext<'_>) -> Vec<(&'static str, String)> {
    let mut faults: Vec<(&'static str, String)> = Vec::new();
    match request.verdict {
        None => faults.push(("verdict", "choose a verdict".to_owned())),
        Some(verdict) => {
            if let Some(reason) = context.gate.refusals(verdict).first() {
                faults.push((
                    "verdict",
                    format!("{} is refused: {reason}", verdict.name()),
                ));
            }
        }
    }
    for (field, text, message) in [
        ("role", &request.role, "a role is needed, such as Architect"),
        (
            "organisation",
            &request.organisation,
            "an organisation is needed",
        ),
        ("out", &request.out, "a folder for the bundle is needed"),
    ] {
        if text.is_empty() {
            faults.push((field, message.to_owned()));
        }
    }
    let strange = |char: char| char.is_whitespace() || char.is_control() || ",\"*?!".contains(char);
    if request.principal.is_empty() || request.principal.contains(strange) {
        let message = "a principal is one word as in allowed_signers, such as you@firm.example";
        faults.push(("principal", message.to_owned()));
    }
    if !same_name(&request.printed_name, &context.person.name) {
        let message = format!(
            "type the name as it stands here: {}",
            fold(&context.person.name)
        );
        faults.push((PRINTED, message));
    }
    faults
}

/// Compares names with case and blanks folded; nothing is no name.
fn same_name(typed: &str, name: &str) -> bool {
    let typed = fold(typed).to_lowercase();
    !typed.is_empty() && typed == fold(name).to_lowercase()
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_state(page: &mut Page, context: &DialogContext<'_>) {
    let gate = context.gate;
    page.text(Role::Heading, 0, "1  What is missing");
    if gate.missing.is_empty() {
        page.marked(
            Role::Good,
            2,
            "\u{2713} ",
            "Nothing: every item is decided.",
        );
    }
    for sentence in &gate.missing {
        page.marked(Role::Bad, 2, "\u{2717} ", sentence);
    }
    for sentence in &gate.against_approved {
        page.marked(Role::Warn, 2, "! ", sentence);
    }
    for sentence in &gate.remarks {
        page.marked(Role::Text, 2, "\u{b7} ", sentence);
    }
    page.marked(Role::Text, 2, "\u{b7} ", &coverage_words(context.coverage));
}

fn verdict_words(verdict: SignoffVerdict) -> &'static str {
    match verdict {
        SignoffVerdict::Approved => "approved: may go to production as it is",
        SignoffVerdict::ApprovedWithConditions => {
            "approved with conditions: may go once the findings are dealt with"
        }
        SignoffVerdict::Rejected => "rejected: must not go to production",
    }
}

fn form_of(setup: SignoffSetup) -> Form {
    let verdicts =
        SignoffVerdict::ALL.map(|verdict| Answer::new(verdict.name(), verdict_words(verdict)));
    let verdict = ChoiceField::new(verdicts.to_vec(), None, Layout::Column);
    let found = setup.keys.unwrap_or_default();
    let first = found.first().map(|key| key.id.clone());
    let mut keys: Vec<Answer> = found
        .into_iter()
        .map(|key| Answer::new(key.id, format!("{}  {}", key.fingerprint, key.label)))
        .collect();
    keys.push(Answer::new(OTHER_KEY, "a key file, by its path"));
    let key = ChoiceField::new(keys, first.as_deref().or(Some(OTHER_KEY)), Layout::Column);
    let line = |text: &str| Kind::Line(LineField::new(text));
    Form::new(vec![
        Slot::new("verdict", "Verdict", Kind::Choice(verdict)),
        Slot::new(
            "statement",
            "Statement",
            Kind::Area(AreaField::new("", EnterKey::BreaksLine)),
        )
        .hint("in your own words, if any"),
        Slot::new("not-after", "Not after", Kind::Day(LineField::default()))
            .hint("no end; or 2027-03-31, +3m"),
        Slot::new("role", "Role", line(&setup.role)).hint("such as Architect"),
        Slot::new("organisation", "Organisation", line(&setup.organisation)),
        Slot::new("principal", "Principal", line(&setup.principal)).hint("you@firm.example"),
        Slot::new("key", "Key", Kind::Choice(key)),
        Slot::new("key-path", "Path", line("")).hint("~/.ssh/id_ed25519"),
        Slot::new(PRINTED, "Name", line("")),
        Slot::new("out", "Folder", line(&setup.out)).hint("where the bundle is written"),
    ])
}
