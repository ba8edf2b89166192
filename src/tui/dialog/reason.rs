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
use crate::model::{EvidenceKind, Item, ItemId, VerdictKind};
use crate::tui::theme::{Role, Theme};
use crate::workbench::Act;

const REASON: &str = "reason";
const REFERENCE: &str = "reference";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Accept,
    NotApplicable,
}

/// A decision that needs a reason and nothing else.
#[derive(Debug, Clone)]
pub struct ReasonForm {
    decision: Decision,
    item: ItemId,
    title: String,
    ask: String,
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
        let area = AreaField::new(text, EnterKey::Finishes);
        Self {
            decision,
            item: item.id.clone(),
            title: item.title.clone(),
            ask: item.ask.clone(),
            form: Form::new(vec![
                Slot::new(REASON, "Reason", Kind::Area(area)).hint(hint),
            ]),
            by_reference: false,
            recalled: 0,
            typed: String::new(),
        }
    }

    /// Asks for what the answer rests on, since no line of the change can show it.
    fn add_reference(&mut self) {
        let reason = self.form.slot(REASON).clone();
        let line = Kind::Line(LineField::default());
        self.by_reference = true;
        self.form = Form::new(vec![
            reason,
            Slot::new(REFERENCE, "Rests on", line).hint("a document, a link, who said so, a date"),
        ]);
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
        let reasons = past_reasons(self.kind(), context);
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

    fn kind(&self) -> VerdictKind {
        match self.decision {
            Decision::Accept => VerdictKind::Accepted,
            Decision::NotApplicable => VerdictKind::NotApplicable,
        }
    }

    fn submit(&mut self, context: &DialogContext<'_>) -> Outcome {
        self.form.clear_errors();
        let reason = self.form.value(REASON);
        if reason.is_empty() {
            self.form
                .set_error(REASON, "a reason is needed; say what you looked at");
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
        Outcome::Submit(vec![match self.decision {
            Decision::Accept if self.by_reference => Act::AcceptOn {
                item,
                reason,
                reference: self.form.value(REFERENCE),
            },
            Decision::Accept => Act::Accept { item, reason },
            Decision::NotApplicable => Act::NotApplicable { item, reason },
        }])
    }

    pub(super) fn on_paste(&mut self, text: &str) {
        self.form.on_paste(text);
        self.recalled = 0;
    }

    pub(super) fn refused(&mut self, message: &str) {
        self.form.notice = Some(Notice::Refused(message.to_owned()));
    }

    pub(super) fn draft_name(&self) -> String {
        draft_name(self.kind().name(), self.item.as_str())
    }

    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        let done = match self.decision {
            Decision::Accept => "accept",
            Decision::NotApplicable => "not applicable",
        };
        vec![
            ("Enter", done),
            ("Alt-Enter", "new line"),
            ("\u{2191}", "earlier reasons"),
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
        let title = match self.decision {
            Decision::Accept => "Accept",
            Decision::NotApplicable => "Not applicable",
        };
        let mut page = Page::new(width);
        page.text(Role::Strong, 0, &self.title);
        page.text(Role::Text, 0, &self.ask);
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
