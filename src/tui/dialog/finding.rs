//! A finding under edit. A new one is drafted from its item, so that it is complete before anything is typed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::civil::Date;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::aim::Target;
use super::area::{AreaField, EnterKey};
use super::choice::{Answer, ChoiceField, Layout};
use super::field::LineField;
use super::form::{Form, FormEvent, Kind, Notice, Slot, read_only_text};
use super::page::{Extent, Page, Sheet, draw_sheet, text_width};
use super::places::{Evidence, PlaceList};
use super::when::{parse_horizon, parse_when};
use super::words::draft_name;
use super::{DialogContext, Outcome};
use crate::model::{Disposition, FindingId, HintRef, Horizon, Item, ItemId, Severity};
use crate::review::FindingState;
use crate::tui::theme::{Role, Theme};
use crate::workbench::{Act, FindingDraft};

const FIX: &str = "fix-before-launch";
const WAIT: &str = "can-wait";
const RISK: &str = "accepted-risk";

/// A finding under edit.
#[derive(Debug, Clone)]
pub struct FindingForm {
    item: ItemId,
    item_title: String,
    ask: String,
    editing: Option<FindingId>,
    mitigations: Vec<String>,
    /// Which of the item's mitigations the field was last filled with.
    mitigation: usize,
    /// The hint that led here.
    hint: Option<HintRef>,
    pub(super) form: Form,
}

/// Which of the neighbouring mitigations is wanted.
#[derive(Debug, Clone, Copy)]
enum Step {
    Next,
    Previous,
}

/// What the fields start with.
struct Start {
    title: String,
    severity: Severity,
    disposition: Disposition,
    note: String,
    evidence: Vec<Evidence>,
    mitigation: String,
    effort: String,
    owner: String,
    due: Option<Date>,
}

impl FindingForm {
    /// Opens the form for a new finding on an item, with the places that were pointed at.
    pub fn new(item: &Item, evidence: Vec<Evidence>) -> Self {
        Self::begin(item, evidence, String::new())
    }

    fn begin(item: &Item, evidence: Vec<Evidence>, note: String) -> Self {
        let start = Start {
            title: item.title.clone(),
            severity: item.severity,
            disposition: Disposition::FixBeforeLaunch,
            note,
            evidence,
            mitigation: item.mitigations.first().cloned().unwrap_or_default(),
            effort: String::new(),
            owner: String::new(),
            due: None,
        };
        Self {
            item: item.id.clone(),
            item_title: item.title.clone(),
            ask: item.ask.clone(),
            editing: None,
            mitigations: item.mitigations.clone(),
            mitigation: 0,
            hint: None,
            form: form_of(start),
        }
    }

    /// Opens the form for a new finding that a hint led to; what it says is the note to begin with.
    pub fn of_hint(item: &Item, hint: HintRef, message: &str, evidence: Vec<Evidence>) -> Self {
        let note = match &hint.tool {
            Some(tool) => format!("{message} ({tool}: {})", hint.rule),
            None => message.to_owned(),
        };
        Self {
            hint: Some(hint),
            ..Self::begin(item, evidence, note)
        }
    }

    /// Opens the form on a finding there is; `item` is the item it answers, where a checklist has it.
    pub fn edit(state: &FindingState, item: Option<&Item>) -> Self {
        let finding = &state.finding;
        let mitigations = item.map_or_else(Vec::new, |item| item.mitigations.clone());
        let used = |text: &String| *text == finding.mitigation;
        let start = Start {
            title: finding.title.clone(),
            severity: finding.severity,
            disposition: finding.disposition.clone(),
            note: finding.note.clone(),
            evidence: finding.evidence.iter().map(Evidence::of).collect(),
            mitigation: finding.mitigation.clone(),
            effort: finding.effort.clone(),
            owner: finding.owner.clone(),
            due: finding.due,
        };
        Self {
            item: finding.item.clone(),
            item_title: item.map_or_else(|| finding.item.to_string(), |item| item.title.clone()),
            ask: item.map_or_else(String::new, |item| item.ask.clone()),
            editing: Some(finding.id.clone()),
            mitigation: mitigations.iter().position(used).unwrap_or(0),
            mitigations,
            hint: None,
            form: form_of(start),
        }
    }

    pub(super) fn on_key(&mut self, key: KeyEvent, context: &DialogContext<'_>) -> Outcome {
        if key.modifiers.contains(KeyModifiers::CONTROL) && self.form.focused() == "mitigation" {
            match key.code {
                KeyCode::Char('n') => return self.draft_mitigation(Step::Next),
                KeyCode::Char('p') => return self.draft_mitigation(Step::Previous),
                _ => {}
            }
        }
        match self.form.on_key(key) {
            FormEvent::Changed => {
                self.sync();
                Outcome::Stay
            }
            FormEvent::Submit => self.submit(context),
            FormEvent::Close => Outcome::Close,
            FormEvent::Editor(text) => Outcome::Editor { text },
            FormEvent::Used | FormEvent::Ignored(_) => Outcome::Stay,
        }
    }

    pub(super) fn press(&mut self, target: Target) {
        self.form.press(target);
        self.sync();
    }

    /// Fills the mitigation with another of the item's; Alt-U takes that back.
    fn draft_mitigation(&mut self, step: Step) -> Outcome {
        let count = self.mitigations.len();
        if count == 0 {
            return Outcome::Stay;
        }
        if !self.form.value("mitigation").is_empty() {
            let by = match step {
                Step::Next => 1,
                Step::Previous => count - 1,
            };
            self.mitigation = (self.mitigation + by) % count;
        }
        let text = self.mitigations[self.mitigation].clone();
        if let Kind::Area(area) = &mut self.form.slot_mut("mitigation").kind {
            area.replace(&text);
        }
        Outcome::Stay
    }

    /// Shows the fields the disposition asks for.
    fn sync(&mut self) {
        sync_fields(&mut self.form);
    }

    pub(super) fn restore(&mut self, draft: &str) {
        self.form.restore(draft);
        self.sync();
    }

    fn submit(&mut self, context: &DialogContext<'_>) -> Outcome {
        self.form.clear_errors();
        let disposition = self.disposition(context.today);
        let due = self.due(context.today);
        if self.form.value("title").is_empty() {
            self.form.set_error(
                "title",
                "a title is needed; one line that says what is wrong",
            );
        }
        let wrong = self.form.has_errors();
        let Some(disposition) = disposition.filter(|_| !wrong) else {
            return Outcome::Stay;
        };
        if let Some(holder) = context.read_only {
            self.refused(&read_only_text(holder));
            return Outcome::Stay;
        }
        let finding = FindingDraft {
            due: due.filter(|_| disposition == Disposition::FixBeforeLaunch),
            ..self.contents(disposition)
        };
        Outcome::Submit(vec![match &self.editing {
            None => Act::Flag {
                item: self.item.clone(),
                finding,
            },
            Some(id) => Act::EditFinding {
                id: id.clone(),
                finding,
            },
        }])
    }

    fn contents(&self, disposition: Disposition) -> FindingDraft {
        let places = match &self.form.slot("evidence").kind {
            Kind::Places(list) => list.rows.iter().map(|row| row.place.clone()).collect(),
            Kind::Line(_) | Kind::Area(_) | Kind::Choice(_) | Kind::Day(_) => Vec::new(),
        };
        FindingDraft {
            title: Some(self.form.value("title")),
            severity: Severity::from_name(&self.form.value("severity")),
            disposition: Some(disposition),
            note: self.form.value("note"),
            places,
            mitigation: Some(self.form.value("mitigation")),
            effort: self.form.value("effort"),
            owner: self.form.value("owner"),
            hint: self.hint.clone(),
            due: None,
        }
    }

    /// Reads the day by which it is to be fixed; where it is none the field says so.
    fn due(&mut self, today: Date) -> Option<Date> {
        let text = self.form.value("due");
        if text.is_empty() {
            return None;
        }
        match parse_when(&text, today) {
            Ok(day) => Some(day),
            Err(error) => {
                self.form.set_error("due", error.to_string());
                None
            }
        }
    }

    /// Reads the disposition; where something is wrong the field says so.
    fn disposition(&mut self, today: Date) -> Option<Disposition> {
        let name = self.form.value("disposition");
        if name != WAIT && name != RISK {
            return Some(Disposition::FixBeforeLaunch);
        }
        let by = self.form.value("by");
        let until = match self.until(today) {
            Ok(None) if name == WAIT => Err(
                "say until when it can wait: a date (2027-03-31, +3m) or a milestone".to_owned(),
            ),
            other => other,
        };
        if name == RISK && by.is_empty() {
            self.form
                .set_error("by", "a person is needed; name who accepts the risk");
        }
        match until {
            Ok(Some(until)) if name == WAIT => Some(Disposition::CanWait { until }),
            Ok(until) => Some(Disposition::AcceptedRisk { by, until }),
            Err(message) => {
                self.form.set_error("until", message);
                None
            }
        }
    }

    /// Reads until when it holds.
    fn until(&self, today: Date) -> Result<Option<Horizon>, String> {
        let text = self.form.value("until");
        // A day that was recorded before and is not touched may have gone by since.
        if self.editing.is_some() && !self.form.touched("until") {
            return Ok(Horizon::parse(&text));
        }
        parse_horizon(&text, today).map_err(|error| error.to_string())
    }

    pub(super) fn on_paste(&mut self, text: &str) {
        self.form.on_paste(text);
    }

    pub(super) fn refused(&mut self, message: &str) {
        self.form.notice = Some(Notice::Refused(message.to_owned()));
    }

    pub(super) fn draft_name(&self) -> String {
        match &self.editing {
            None => draft_name("finding", self.item.as_str()),
            Some(id) => draft_name("finding-edit", id.as_str()),
        }
    }

    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        let mut hints = vec![("^S", "save"), ("Tab", "next field")];
        match self.form.focused() {
            "evidence" => hints.push(("x", "drop the place")),
            "mitigation" => hints.extend([("^N", "next mitigation"), ("^E", "editor")]),
            "note" => hints.push(("^E", "editor")),
            "severity" | "disposition" => hints.push(("\u{2190} \u{2192}", "choose")),
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
        let verb = if self.editing.is_some() {
            "Edit finding"
        } else {
            "Flag"
        };
        let mut page = Page::new(width);
        if !self.ask.is_empty() {
            page.text(Role::Dim, 0, &self.ask);
        }
        self.form.push_all(&mut page, context.today);
        let sheet = Sheet {
            title: &format!("{verb}: {}", self.item_title),
            extent: Extent::Content,
            footer: self.form.footer(width, context.read_only),
            view: &self.form.view,
        };
        draw_sheet(frame, area, theme, &sheet, &page);
    }
}

fn form_of(start: Start) -> Form {
    let severities = Severity::ALL.map(|severity| Answer::new(severity.name(), severity.name()));
    let severity = ChoiceField::new(
        severities.to_vec(),
        Some(start.severity.name()),
        Layout::Row,
    );
    let dispositions = vec![
        Answer::new(FIX, "fix before launch"),
        Answer::new(WAIT, "can wait"),
        Answer::new(RISK, "accepted risk"),
    ];
    let disposition = ChoiceField::new(dispositions, Some(start.disposition.name()), Layout::Row);
    let until = start
        .disposition
        .until()
        .map_or_else(String::new, ToString::to_string);
    let by = match &start.disposition {
        Disposition::AcceptedRisk { by, .. } => by.as_str(),
        Disposition::FixBeforeLaunch | Disposition::CanWait { .. } => "",
    };
    let evidence = PlaceList {
        rows: start.evidence,
        cursor: 0,
    };
    let due = start.due.map_or_else(String::new, |day| day.to_string());
    let line = |text: &str| Kind::Line(LineField::new(text));
    let area = |text: &str| Kind::Area(AreaField::new(text, EnterKey::BreaksLine));
    let mut form = Form::new(vec![
        Slot::new("title", "Title", line(&start.title)),
        Slot::new("severity", "Severity", Kind::Choice(severity)),
        Slot::new("disposition", "Disposition", Kind::Choice(disposition)),
        Slot::new("until", "Until", Kind::Day(LineField::new(&until)))
            .hint("2027-03-31, +3m, eom or a milestone"),
        Slot::new("by", "Accepted by", line(by)).hint("who carries the risk"),
        Slot::new("note", "Note", area(&start.note)).hint("what is wrong here and what follows"),
        Slot::new("evidence", "Evidence", Kind::Places(evidence))
            .hint("none; select lines in the code and flag again"),
        Slot::new("mitigation", "Mitigation", area(&start.mitigation)).hint("the way out"),
        Slot::new("effort", "Effort", line(&start.effort)).hint("in words, such as 2 days"),
        Slot::new("owner", "Owner", line(&start.owner)).hint("who deals with it"),
        Slot::new("due", "Due", Kind::Day(LineField::new(&due)))
            .hint("2027-03-31, +6w, eom; or nothing"),
    ]);
    sync_fields(&mut form);
    form
}

fn sync_fields(form: &mut Form) {
    let disposition = form.value("disposition");
    form.show_when("until", || disposition == WAIT || disposition == RISK);
    form.show_when("by", || disposition == RISK);
    form.show_when("due", || disposition == FIX);
}
