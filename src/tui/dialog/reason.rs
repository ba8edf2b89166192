//! Accepting an item, or saying that it is not applicable: one reason.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::area::{AreaField, EnterKey};
use super::field::LineField;
use super::form::{Form, FormEvent, Kind, Notice, Slot, read_only_text};
use super::page::{Extent, Page, Sheet, draw_sheet, text_width};
use super::words::draft_name;
use super::{DialogContext, Outcome};
use crate::model::{EvidenceKind, HintRef, Item, ItemId, VerdictKind};
use crate::tui::theme::{Role, Theme};
use crate::workbench::Act;

const REASON: &str = "reason";
/// Why hints that were not looked at need no look.
const UNSEEN: &str = "unseen";
/// How many hints that were not looked at are named.
const NAMED: usize = 6;
const REFERENCE: &str = "reference";

#[derive(Debug, Clone, PartialEq, Eq)]
enum Decision {
    Accept,
    NotApplicable,
    Dismiss(Box<HintRef>),
}

/// A decision that needs a reason and nothing else.
#[derive(Debug, Clone)]
pub struct ReasonForm {
    decision: Decision,
    item: ItemId,
    title: String,
    ask: String,
    /// Hints of the item that were not looked at.
    unseen: Vec<String>,
    /// What else to know before deciding.
    remark: Option<String>,
    pub(super) form: Form,
    /// Whether the answer rests on something outside the change.
    by_reference: bool,
    /// How many reasons back the field shows, and what was typed before going back.
    recalled: usize,
    typed: String,
}

impl ReasonForm {
    /// Opens the form that accepts an item.
    pub fn accept(item: &Item) -> Self {
        let mut form = Self::new(Decision::Accept, item, "", "why this is good here");
        if item.evidence == EvidenceKind::Reference {
            form.add_reference();
        }
        form
    }

    /// Opens the form that dismisses a hint.
    pub fn dismiss(hint: HintRef, message: &str) -> Self {
        let title = format!("{} at {}", hint.rule, hint.place());
        let decision = Decision::Dismiss(Box::new(hint));
        Self::of(
            decision,
            title,
            message.to_owned(),
            "",
            "why this is no concern here",
        )
    }

    /// Asks, beside the reason, for one for the hints that were not looked at.
    pub fn with_hints(mut self, unseen: Vec<String>, remark: Option<String>) -> Self {
        self.form.show_when(UNSEEN, || !unseen.is_empty());
        self.unseen = unseen;
        self.remark = remark;
        self
    }

    /// Opens the form that says an item cannot occur here, with a reason to take over or to change.
    pub fn not_applicable(item: &Item, proposed: &str) -> Self {
        Self::new(
            Decision::NotApplicable,
            item,
            proposed,
            "why this cannot occur in this change",
        )
    }

    fn new(decision: Decision, item: &Item, text: &str, hint: &'static str) -> Self {
        let form = Self::of(decision, item.title.clone(), item.ask.clone(), text, hint);
        Self {
            item: item.id.clone(),
            ..form
        }
    }

    fn of(decision: Decision, title: String, ask: String, text: &str, hint: &'static str) -> Self {
        let area = |text| Kind::Area(AreaField::new(text, EnterKey::Finishes));
        let mut form = Form::new(vec![
            Slot::new(REASON, "Reason", area(text)).hint(hint),
            Slot::new(UNSEEN, "Not looked at", area("")).hint("why these hints need no look"),
        ]);
        form.show_when(UNSEEN, || false);
        Self {
            decision,
            item: ItemId::from(""),
            title,
            ask,
            unseen: Vec::new(),
            remark: None,
            form,
            by_reference: false,
            recalled: 0,
            typed: String::new(),
        }
    }

    /// Asks for what the answer rests on, since no line of the change can show it.
    fn add_reference(&mut self) {
        let reason = self.form.slot(REASON).clone();
        let unseen = self.form.slot(UNSEEN).clone();
        let line = Kind::Line(LineField::default());
        self.by_reference = true;
        self.form = Form::new(vec![
            reason,
            Slot::new(REFERENCE, "Rests on", line).hint("a document, a link, who said so, a date"),
            unseen,
        ]);
        self.form.show_when(UNSEEN, || false);
    }

    pub(super) fn on_key(&mut self, key: KeyEvent, context: &DialogContext<'_>) -> Outcome {
        match self.form.on_key(key) {
            FormEvent::Changed => {
                self.recalled = 0;
                Outcome::Stay
            }
            FormEvent::Submit => self.submit(context),
            FormEvent::Close => Outcome::Close,
            FormEvent::Editor(text) => Outcome::Editor { text },
            FormEvent::Ignored(key) => self.recall(key, context),
            FormEvent::Used => Outcome::Stay,
        }
    }

    /// Goes through this person's reasons for the same decision, newest first, and back to what was typed.
    fn recall(&mut self, key: KeyEvent, context: &DialogContext<'_>) -> Outcome {
        let older = match key.code {
            KeyCode::Up | KeyCode::Char('p') => self.recalled + 1,
            KeyCode::Down | KeyCode::Char('n') if self.recalled > 0 => self.recalled - 1,
            _ => return Outcome::Stay,
        };
        let reasons = match self.kind() {
            Some(kind) => past_reasons(kind, context),
            None => past_dismissals(context),
        };
        if older > reasons.len() {
            return Outcome::Stay;
        }
        if self.recalled == 0 {
            self.typed = self.form.slot(REASON).value();
        }
        let text = older
            .checked_sub(1)
            .and_then(|at| reasons.get(at))
            .unwrap_or(&self.typed)
            .clone();
        self.recalled = older;
        if let Kind::Area(area) = &mut self.form.slot_mut(REASON).kind {
            area.set(&text);
        }
        Outcome::Stay
    }

    /// Returns the verdict it comes to; a dismissed hint is none.
    fn kind(&self) -> Option<VerdictKind> {
        match self.decision {
            Decision::Accept => Some(VerdictKind::Accepted),
            Decision::NotApplicable => Some(VerdictKind::NotApplicable),
            Decision::Dismiss(_) => None,
        }
    }

    fn submit(&mut self, context: &DialogContext<'_>) -> Outcome {
        self.form.clear_errors();
        let reason = self.form.value(REASON);
        if reason.is_empty() {
            self.form
                .set_error(REASON, "a reason is needed; say what you looked at");
        }
        let unseen = self.form.value(UNSEEN);
        if !self.unseen.is_empty() && unseen.is_empty() {
            self.form.set_error(
                UNSEEN,
                "look at them first (Esc, then n), or say why they need no look",
            );
        }
        if self.by_reference && self.form.value(REFERENCE).is_empty() {
            let text =
                "a reference is needed: a document, a link, a named person's statement, or a date";
            self.form.set_error(REFERENCE, text);
        }
        if self.form.has_errors() {
            return Outcome::Stay;
        }
        if let Some(holder) = context.read_only {
            self.refused(&read_only_text(holder));
            return Outcome::Stay;
        }
        let item = self.item.clone();
        Outcome::Submit(vec![match &self.decision {
            Decision::Accept if self.by_reference => Act::AcceptOn {
                item,
                reason: self.with_unseen(reason, &unseen),
                reference: self.form.value(REFERENCE),
            },
            Decision::Accept => Act::Accept {
                item,
                reason: self.with_unseen(reason, &unseen),
            },
            Decision::NotApplicable => Act::NotApplicable { item, reason },
            Decision::Dismiss(hint) => Act::DismissHint {
                hint: (**hint).clone(),
                reason,
            },
        }])
    }

    /// The verdict itself says which hints nobody looked at, and why that is enough.
    fn with_unseen(&self, reason: String, why: &str) -> String {
        match self.unseen.len() {
            0 => reason,
            1 => format!("{reason}\n\n1 hint not looked at: {why}"),
            count => format!("{reason}\n\n{count} hints not looked at: {why}"),
        }
    }

    pub(super) fn on_paste(&mut self, text: &str) {
        self.form.on_paste(text);
        self.recalled = 0;
    }

    pub(super) fn refused(&mut self, message: &str) {
        self.form.notice = Some(Notice::Refused(message.to_owned()));
    }

    pub(super) fn draft_name(&self) -> String {
        match &self.decision {
            Decision::Accept => draft_name(VerdictKind::Accepted.name(), self.item.as_str()),
            Decision::NotApplicable => {
                draft_name(VerdictKind::NotApplicable.name(), self.item.as_str())
            }
            Decision::Dismiss(hint) => draft_name("dismiss", &hint.fingerprint.short()),
        }
    }

    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        let done = match self.decision {
            Decision::Accept => "accept",
            Decision::NotApplicable => "not applicable",
            Decision::Dismiss(_) => "dismiss",
        };
        vec![
            ("Enter", done),
            ("Alt-Enter", "new line"),
            ("\u{2191}", "earlier reasons"),
            ("^E", "editor"),
            ("Esc", "leave, keep the draft"),
        ]
    }

    fn push_unseen(&self, page: &mut Page) {
        if self.unseen.is_empty() {
            return;
        }
        let count = self.unseen.len();
        let head = if count == 1 {
            "1 hint was not looked at; Esc, then n goes there:".to_owned()
        } else {
            format!("{count} hints were not looked at; Esc, then n walks them:")
        };
        page.text(Role::Warn, 0, &head);
        for hint in self.unseen.iter().take(NAMED) {
            page.marked(Role::Text, 2, "\u{25cf} ", hint);
        }
        if count > NAMED {
            page.text(Role::Dim, 2, &format!("and {} more", count - NAMED));
        }
        page.blank();
    }

    pub(super) fn draw(
        &self,
        frame: &mut Frame,
        area: Rect,
        theme: &Theme,
        context: &DialogContext<'_>,
    ) {
        let width = text_width(area);
        let title = match self.decision {
            Decision::Accept => "Accept",
            Decision::NotApplicable => "Not applicable",
            Decision::Dismiss(_) => "Dismiss a hint",
        };
        let mut page = Page::new(width);
        page.text(Role::Strong, 0, &self.title);
        page.text(Role::Text, 0, &self.ask);
        page.blank();
        if let Some(remark) = &self.remark {
            page.text(Role::Warn, 0, remark);
        }
        self.push_unseen(&mut page);
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

/// Returns this person's reasons for dismissing hints, newest first.
fn past_dismissals(context: &DialogContext<'_>) -> Vec<String> {
    let key = context.person.key();
    let mut own: Vec<_> = context
        .review
        .hints
        .values()
        .filter_map(|hint| hint.dismissed.get(&key))
        .collect();
    own.sort_by_key(|said| std::cmp::Reverse((said.stamp.lamport, said.stamp.entry)));
    let mut reasons: Vec<String> = Vec::new();
    for said in own {
        if !reasons.contains(&said.reason) {
            reasons.push(said.reason.clone());
        }
    }
    reasons
}

fn past_reasons(kind: VerdictKind, context: &DialogContext<'_>) -> Vec<String> {
    let key = context.person.key();
    let mut own: Vec<_> = context
        .review
        .items
        .values()
        .filter_map(|item| item.by_person.get(&key))
        .flatten()
        .filter(|state| state.verdict.kind() == kind)
        .collect();
    own.sort_by_key(|state| std::cmp::Reverse((state.stamp.lamport, state.stamp.entry)));
    let mut reasons: Vec<String> = Vec::new();
    for reason in own.iter().filter_map(|state| state.verdict.reason()) {
        if reasons.iter().all(|other| other != reason) {
            reasons.push(reason.to_owned());
        }
    }
    reasons
}
