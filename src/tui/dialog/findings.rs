//! All findings, by what is to be done about them: go to one, edit it, take it back.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::finding::FindingForm;
use super::list::ListRow;
use super::page::{Viewport, column, piece, tail_fitted, text_width};
use super::places::place_of;
use super::records::{Asked, HINTS, RecordList};
use super::words::{item_of, item_title, severity_words, term_words};
use super::{Confirm, Dialog, DialogContext, Outcome};
use crate::model::Disposition;
use crate::review::FindingState;
use crate::tui::theme::{Role, Theme};
use crate::workbench::Act;

/// The list of findings.
#[derive(Debug, Clone, Default)]
pub struct FindingsList {
    records: RecordList,
}

impl FindingsList {
    /// Opens the list at its first finding.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn on_key(&mut self, key: KeyEvent, context: &DialogContext<'_>) -> Outcome {
        let states = sorted(context);
        match self.records.on_key(key, &rows_of(&states, context, 80)) {
            Asked::Leave => Outcome::Close,
            Asked::Go(at) => self.jump(states[at]),
            Asked::Edit(at) if self.is_allowed(states[at], context) => {
                let item = item_of(context, &states[at].finding.item);
                let form = FindingForm::edit(states[at], item);
                Outcome::Open(Box::new(Dialog::Finding(form)))
            }
            Asked::Delete(at) if self.is_allowed(states[at], context) => {
                let question = confirm_deletion(states[at], context);
                Outcome::Open(Box::new(Dialog::Confirm(question)))
            }
            Asked::Nothing | Asked::Edit(_) | Asked::Delete(_) => Outcome::Stay,
        }
    }

    pub(super) fn press(&mut self, entry: usize, context: &DialogContext<'_>) -> Outcome {
        let states = sorted(context);
        match self.records.press(entry, &rows_of(&states, context, 80)) {
            Asked::Go(at) => self.jump(states[at]),
            Asked::Nothing | Asked::Leave | Asked::Edit(_) | Asked::Delete(_) => Outcome::Stay,
        }
    }

    pub(super) fn view(&self) -> &Viewport {
        self.records.view()
    }

    fn jump(&mut self, state: &FindingState) -> Outcome {
        if let Some(anchor) = state.finding.evidence.first() {
            return Outcome::Jump(place_of(anchor));
        }
        self.records.say("This finding points at no lines.");
        Outcome::Stay
    }

    fn is_allowed(&mut self, state: &FindingState, context: &DialogContext<'_>) -> bool {
        let others =
            "made this finding; only they can change it. Flag the item yourself to add yours.";
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
        let rows = rows_of(&sorted(context), context, width);
        let words = (
            "Findings",
            "No findings yet. Flag an item with f to make one.",
        );
        self.records.draw(frame, area, theme, words, (&rows, width));
    }
}

fn confirm_deletion(state: &FindingState, context: &DialogContext<'_>) -> Confirm {
    let finding = &state.finding;
    let key = context.person.key();
    let others = context
        .review
        .findings_of(&finding.item)
        .any(|other| other.finding.id != finding.id && other.made.by.key() == key);
    let title = item_title(context, &finding.item);
    let consequence = if others {
        format!("\u{201c}{title}\u{201d} stays flagged by your other findings.")
    } else {
        format!("It is your last finding on \u{201c}{title}\u{201d}: your flag goes with it.")
    };
    Confirm::new(
        format!("Delete the finding \u{201c}{}\u{201d}?", finding.title),
        format!("{consequence} The journal keeps that it was made and taken back."),
        Outcome::Submit(vec![Act::DeleteFinding(finding.id.clone())]),
    )
}

/// Puts what is to be fixed first, and within that the most severe first.
fn sorted<'a>(context: &DialogContext<'a>) -> Vec<&'a FindingState> {
    let mut states: Vec<_> = context.review.findings.iter().collect();
    states.sort_by_key(|state| {
        let finding = &state.finding;
        (
            part(&finding.disposition).0,
            std::cmp::Reverse(finding.severity),
        )
    });
    states
}

fn part(disposition: &Disposition) -> (u8, &'static str) {
    match disposition {
        Disposition::FixBeforeLaunch => (0, "Fix before launch"),
        Disposition::CanWait { .. } => (1, "Can wait"),
        Disposition::AcceptedRisk { .. } => (2, "Accepted risk"),
    }
}

fn rows_of(states: &[&FindingState], context: &DialogContext<'_>, width: usize) -> Vec<ListRow> {
    states
        .iter()
        .map(|state| row_of(state, context, width))
        .collect()
}

fn row_of(state: &FindingState, context: &DialogContext<'_>, width: usize) -> ListRow {
    const SEVERITY: usize = 11;
    let finding = &state.finding;
    let severity = severity_words(finding.severity);
    let item = item_title(context, &finding.item);
    let places: Vec<String> = finding
        .evidence
        .iter()
        .map(crate::model::Anchor::place)
        .collect();
    let place = match &places[..] {
        [] => "no lines".to_owned(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    };
    let by = &state.made.by.name;
    let room = width.saturating_sub(2);
    let term = term_words(&finding.disposition);
    let parts = [by.as_str(), &term, &item].map(str::to_owned);
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let about = parts.join(" \u{b7} ");
    ListRow {
        group: part(&finding.disposition).1.to_owned(),
        search: format!(
            "{severity} {} {item} {} {place} {by}",
            finding.title, finding.item
        ),
        rows: vec![
            vec![
                column(Role::Strong, severity, SEVERITY),
                column(Role::Text, &finding.title, room.saturating_sub(SEVERITY)),
            ],
            vec![
                piece(Role::Text, " ".repeat(SEVERITY)),
                tail_fitted(Role::Text, place, room.saturating_sub(SEVERITY)),
            ],
            vec![
                piece(Role::Text, " ".repeat(SEVERITY)),
                column(Role::Dim, about, room.saturating_sub(SEVERITY)),
            ],
        ],
    }
}
