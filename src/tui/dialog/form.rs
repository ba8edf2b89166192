//! Several fields with labels, of which one has the keys. Owns moving between them, errors under them and the draft of
//! what was typed; knows nothing of what the fields are for.

use std::collections::BTreeMap;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use jiff::civil::Date;

use super::aim::Target;
use super::area::AreaField;
use super::choice::ChoiceField;
use super::field::{FieldEvent, LineField};
use super::page::{Page, Viewport};
use super::places::PlaceList;
use super::slot::push_slot;
use crate::tui::theme::Role;

/// A field's widget.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// One line.
    Line(LineField),
    /// Several lines.
    Area(AreaField),
    /// One of a few answers.
    Choice(ChoiceField),
    /// A day, shown as it is understood.
    Day(LineField),
    /// Places in the code.
    Places(PlaceList),
}

/// A field in its place.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// Its name in drafts and in code.
    pub key: &'static str,
    /// Its name for the reader.
    pub label: &'static str,
    /// What stands in it while it is empty.
    pub hint: &'static str,
    /// The widget.
    pub kind: Kind,
    /// What is wrong with it.
    pub error: Option<String>,
    hidden: bool,
    initial: String,
}

impl Slot {
    /// Makes a field.
    pub fn new(key: &'static str, label: &'static str, kind: Kind) -> Self {
        let mut slot = Self {
            key,
            label,
            hint: "",
            kind,
            error: None,
            hidden: false,
            initial: String::new(),
        };
        slot.initial = slot.value();
        slot
    }

    /// Sets what stands in it while it is empty.
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    /// Returns the content as text.
    pub fn value(&self) -> String {
        match &self.kind {
            Kind::Line(field) | Kind::Day(field) => field.text().to_owned(),
            Kind::Area(field) => field.text(),
            Kind::Choice(field) => field.name().to_owned(),
            Kind::Places(list) => list.written(),
        }
    }

    fn set_value(&mut self, text: &str) {
        match &mut self.kind {
            Kind::Line(field) | Kind::Day(field) => field.set(text),
            Kind::Area(field) => field.set(text),
            Kind::Choice(field) => field.choose(text),
            Kind::Places(list) => list.join(PlaceList::read(text)),
        }
    }

    fn on_key(&mut self, key: KeyEvent) -> FieldEvent {
        match &mut self.kind {
            Kind::Line(field) | Kind::Day(field) => field.on_key(key),
            Kind::Area(field) => field.on_key(key),
            Kind::Choice(field) => field.on_key(key),
            Kind::Places(list) => list.on_key(key),
        }
    }
}

/// What a form made of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FormEvent {
    /// A field's content changed.
    Changed,
    /// The key was used up otherwise.
    Used,
    /// The form is to be checked and sent.
    Submit,
    /// The form is to be left.
    Close,
    /// This text is to be opened in an editor.
    Editor(String),
    /// Not a key of the form: Up and Down at its ends, and what the field does not know.
    Ignored(KeyEvent),
}

/// A remark above the fields' end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Notice {
    /// The act was refused or could not be saved.
    Refused(String),
    /// A draft was put back.
    Restored,
}

/// Fields under edit.
#[derive(Debug, Clone)]
pub(super) struct Form {
    slots: Vec<Slot>,
    focus: usize,
    /// What is to be said about the form as a whole.
    pub notice: Option<Notice>,
    /// Where its page stands.
    pub view: Viewport,
}

impl Form {
    /// Makes a form whose first field has the keys.
    pub fn new(slots: Vec<Slot>) -> Self {
        Self {
            slots,
            focus: 0,
            notice: None,
            view: Viewport::default(),
        }
    }

    /// Returns a field; the key is one the form was made with.
    pub fn slot(&self, key: &str) -> &Slot {
        self.slots
            .iter()
            .find(|slot| slot.key == key)
            .expect("a form is asked for fields it was made with")
    }

    /// Returns a field for change; the key is one the form was made with.
    pub fn slot_mut(&mut self, key: &str) -> &mut Slot {
        self.slots
            .iter_mut()
            .find(|slot| slot.key == key)
            .expect("a form is asked for fields it was made with")
    }

    /// Returns a field's content without blanks around it.
    pub fn value(&self, key: &str) -> String {
        self.slot(key).value().trim().to_owned()
    }

    /// Tells whether a field differs from what it was in the beginning.
    pub fn touched(&self, key: &str) -> bool {
        let slot = self.slot(key);
        slot.value() != slot.initial
    }

    /// Returns the choice of a choice field.
    pub fn choice_mut(&mut self, key: &str) -> Option<&mut ChoiceField> {
        match &mut self.slot_mut(key).kind {
            Kind::Choice(field) => Some(field),
            Kind::Line(_) | Kind::Area(_) | Kind::Day(_) | Kind::Places(_) => None,
        }
    }

    /// Returns the name of the field that has the keys.
    pub fn focused(&self) -> &'static str {
        self.slots[self.focus].key
    }

    /// Shows or hides a field; a hidden one takes no keys and has no say.
    pub fn show_when(&mut self, key: &str, wanted: impl FnOnce() -> bool) {
        self.slot_mut(key).hidden = !wanted();
    }

    /// Handles one key.
    pub fn on_key(&mut self, key: KeyEvent) -> FormEvent {
        if key.kind == KeyEventKind::Release {
            return FormEvent::Used;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::PageUp => return self.scroll(-1),
            KeyCode::PageDown => return self.scroll(1),
            _ => self.view.follow(),
        }
        match key.code {
            KeyCode::Esc => FormEvent::Close,
            KeyCode::Char('c') if control => FormEvent::Close,
            KeyCode::Char('s') | KeyCode::Enter if control => FormEvent::Submit,
            KeyCode::BackTab => self.go_round(-1),
            KeyCode::Tab if key.modifiers.contains(KeyModifiers::SHIFT) => self.go_round(-1),
            KeyCode::Tab => self.go_round(1),
            _ => self.on_field_key(key),
        }
    }

    fn on_field_key(&mut self, key: KeyEvent) -> FormEvent {
        let slot = &mut self.slots[self.focus];
        match slot.on_key(key) {
            FieldEvent::Changed => {
                slot.error = None;
                self.notice = None;
                FormEvent::Changed
            }
            FieldEvent::Used => FormEvent::Used,
            FieldEvent::Next => self.step(1).unwrap_or(FormEvent::Ignored(key)),
            FieldEvent::Previous => self.step(-1).unwrap_or(FormEvent::Ignored(key)),
            FieldEvent::Done => self.step(1).unwrap_or(FormEvent::Submit),
            FieldEvent::Editor => FormEvent::Editor(slot.value()),
            FieldEvent::Ignored => FormEvent::Ignored(key),
        }
    }

    /// Takes a press of the mouse: the field gets the keys, an answer that can be given is chosen. Sends nothing.
    pub fn press(&mut self, target: Target) {
        let (Target::Field(key) | Target::Answer(key, _) | Target::Place(key, _)) = target else {
            return;
        };
        let Some(at) = self.slots.iter().position(|slot| slot.key == key) else {
            return;
        };
        self.view.follow();
        self.focus = at;
        let slot = &mut self.slots[at];
        let chosen = match (target, &mut slot.kind) {
            (Target::Answer(_, answer), Kind::Choice(field)) => field.choose_at(answer),
            (Target::Place(_, place), Kind::Places(list)) => {
                list.cursor = place;
                false
            }
            _ => false,
        };
        if chosen {
            slot.error = None;
            self.notice = None;
        }
    }

    fn scroll(&mut self, pages: isize) -> FormEvent {
        self.view.scroll(pages);
        FormEvent::Used
    }

    fn shown(&self) -> Vec<usize> {
        (0..self.slots.len())
            .filter(|&at| !self.slots[at].hidden)
            .collect()
    }

    /// Goes to the neighbouring field; `None` at the end.
    fn step(&mut self, by: isize) -> Option<FormEvent> {
        let shown = self.shown();
        let at = shown.iter().position(|&slot| slot == self.focus)?;
        self.focus = *shown.get(at.checked_add_signed(by)?)?;
        Some(FormEvent::Used)
    }

    fn go_round(&mut self, by: isize) -> FormEvent {
        if self.step(by).is_none() {
            let shown = self.shown();
            let end = if by < 0 { shown.last() } else { shown.first() };
            self.focus = end.copied().unwrap_or(0);
        }
        FormEvent::Used
    }

    /// Puts pasted text into the field that has the keys.
    pub fn on_paste(&mut self, text: &str) {
        self.view.follow();
        let slot = &mut self.slots[self.focus];
        match &mut slot.kind {
            Kind::Line(field) | Kind::Day(field) => field.paste(text),
            Kind::Area(field) => field.paste(text),
            Kind::Choice(_) | Kind::Places(_) => return,
        }
        slot.error = None;
        self.notice = None;
    }

    /// Puts text from an editor into the multi-line field that has the keys, or else the first one.
    pub fn on_editor(&mut self, text: &str) {
        let is_area = |slot: &Slot| matches!(slot.kind, Kind::Area(_));
        let at = if is_area(&self.slots[self.focus]) {
            Some(self.focus)
        } else {
            self.slots.iter().position(is_area)
        };
        let Some(slot) = at.map(|at| &mut self.slots[at]) else {
            return;
        };
        if let Kind::Area(field) = &mut slot.kind {
            field.replace(text.trim_end());
            slot.error = None;
        }
    }

    /// Forgets every error.
    pub fn clear_errors(&mut self) {
        for slot in &mut self.slots {
            slot.error = None;
        }
        self.notice = None;
    }

    /// Says what is wrong with a field.
    pub fn set_error(&mut self, key: &str, message: impl Into<String>) {
        self.slot_mut(key).error = Some(message.into());
    }

    /// Gives the keys to the first field with an error and tells whether there is one.
    pub fn has_errors(&mut self) -> bool {
        let wrong = |slot: &Slot| slot.error.is_some() && !slot.hidden;
        match self.slots.iter().position(wrong) {
            Some(at) => {
                self.focus = at;
                self.view.follow();
                true
            }
            None => false,
        }
    }

    /// Returns what was typed as JSON; `None` while every field is as it was in the beginning.
    pub fn draft(&self) -> Option<String> {
        if self.slots.iter().all(|slot| slot.value() == slot.initial) {
            return None;
        }
        let values: BTreeMap<&str, String> = self
            .slots
            .iter()
            .map(|slot| (slot.key, slot.value()))
            .collect();
        Some(serde_json::to_string(&values).expect("a map of strings has a JSON form"))
    }

    /// Puts a draft back; what cannot be read is left out.
    pub fn restore(&mut self, draft: &str) {
        let Ok(values) = serde_json::from_str::<BTreeMap<String, String>>(draft) else {
            return;
        };
        for slot in &mut self.slots {
            if let Some(text) = values.get(slot.key) {
                slot.set_value(text);
            }
        }
        if self.draft().is_some() {
            self.notice = Some(Notice::Restored);
        }
    }

    /// Adds a field to a page, unless it is hidden.
    pub fn push(&self, key: &str, page: &mut Page, today: Date) {
        let slot = self.slot(key);
        if !slot.hidden {
            let focused = self.focused() == key;
            push_slot(slot, focused, page, today);
        }
    }

    /// Adds every field to a page.
    pub fn push_all(&self, page: &mut Page, today: Date) {
        for slot in &self.slots {
            self.push(slot.key, page, today);
        }
    }

    /// Returns the rows below the page: the notice, and who else holds the review.
    pub fn footer(&self, width: usize, read_only: Option<&str>) -> Page {
        let mut footer = Page::new(width);
        if let Some(holder) = read_only {
            footer.marked(Role::Warn, 0, "! ", &read_only_text(holder));
        }
        match &self.notice {
            Some(Notice::Refused(message)) => {
                footer.marked(Role::Bad, 0, "\u{2717} ", message);
            }
            Some(Notice::Restored) => footer.text(
                Role::Dim,
                0,
                "Your draft is back. What was typed before is in the fields.",
            ),
            None => {}
        }
        footer
    }
}

/// Says that nothing can be written, and what becomes of the text.
pub(super) fn read_only_text(holder: &str) -> String {
    format!(
        "This review is read-only here: {} What you type stays as a draft.",
        sentence(holder)
    )
}

/// Ends a reason with one full stop.
fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end().trim_end_matches('.'))
}
