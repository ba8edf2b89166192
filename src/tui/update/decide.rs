//! Opens the forms in which a person decides; the forms ask, the journal records.

use super::overlay::{evidence, evidence_at, open};
use super::{hints, lens};
use crate::model::{Hint, Side, VerdictKind};
use crate::review::Proposal;
use crate::tui::action::Action;
use crate::tui::dialog::{
    CommentForm, CommentsList, Confirm, Dialog, FindingForm, FindingsList, Outcome, ProfileForm,
    ReasonForm, SignoffScreen, WaiveForm,
};
use crate::tui::document::DocRow;
use crate::tui::effect::Effect;
use crate::tui::halt::Pace;
use crate::tui::layout::Focus;
use crate::tui::message::Notice;
use crate::tui::state::State;
use crate::workbench::{Act, CommentSubject, FindingDraft, Place};

/// Asks why the item is accepted.
pub fn accept(state: &mut State) {
    if undecided(state) {
        let unseen = hints::not_looked_at(state);
        let progress = state.board.progress;
        let (done, total) = (progress.done, progress.total);
        let remark = (total > 0 && !progress.finished).then(|| match state.hinting {
            Pace::Goes => {
                format!("Hints are still being looked for: {done} of {total} files so far.")
            }
            Pace::Halted => format!(
                "The search for hints was stopped: {done} of {total} files; {} goes on.",
                state.key_of(Action::Count)
            ),
        });
        let form = ReasonForm::accept(state.selected()).with_hints(unseen, remark);
        open(state, Dialog::Reason(form));
    }
}

/// Asks why the item cannot occur.
pub fn not_applicable(state: &mut State) {
    if undecided(state) {
        let proposed = match state.snapshot.proposals.get(&state.selected().id) {
            Some(Proposal::NotApplicable(reason)) => reason.clone(),
            Some(Proposal::Waits(_)) | None => String::new(),
        };
        open(
            state,
            Dialog::Reason(ReasonForm::not_applicable(state.selected(), &proposed)),
        );
    }
}

/// Asks who carries the risk, why and until when.
pub fn waive(state: &mut State) {
    if undecided(state) {
        open(state, Dialog::Waive(WaiveForm::new(state.selected())));
    }
}

/// Asks what is wrong, with the selection as evidence.
pub fn flag(state: &mut State) {
    let own = own_verdict(state);
    if own != Some(VerdictKind::Flagged) && !undecided(state) {
        return;
    }
    if state.focus == Focus::Code && lens::refuse(state) {
        return;
    }
    let hint = state
        .board
        .current_hint()
        .filter(|_| state.code.selection.is_none());
    let form = if let Some(hint) = hint {
        let places = evidence_at(state, hint_place(hint)).into_iter().collect();
        FindingForm::of_hint(state.selected(), hint.reference(), &hint.message, places)
    } else {
        let places = evidence(state).into_iter().collect();
        FindingForm::new(state.selected(), places)
    };
    state.code.selection = None;
    open(state, Dialog::Finding(form));
}

/// Returns the lines a hint points at: all of what was matched, where that is not too much to quote.
fn hint_place(hint: &Hint) -> Place {
    const MOST: u32 = 20;
    let lines = if hint.span.end_line - hint.span.start_line < MOST {
        hint.span
    } else {
        hint.focus
    };
    Place {
        path: hint.path.clone(),
        side: Side::New,
        start: lines.start_line,
        end: lines
            .end_line
            .min(lines.start_line + MOST - 1)
            .max(lines.start_line),
    }
}

/// Adds the selected lines to the latest finding this person has on the item.
pub fn add_evidence(state: &mut State) -> Vec<Effect> {
    let me = state.subject.person.key();
    let item = state.selected().id.clone();
    let latest = state
        .snapshot
        .review
        .findings_of(&item)
        .filter(|finding| finding.made.by.key() == me)
        .last()
        .map(|finding| finding.finding.clone());
    let Some(finding) = latest else {
        let key = state.key_of(Action::Flag);
        state.notice = Some(Notice::plain(format!(
            "You have no finding on this item yet; {key} makes one of these lines."
        )));
        return Vec::new();
    };
    if lens::refuse(state) {
        return Vec::new();
    }
    let Some(place) = state.selected_place() else {
        state.notice = Some(Notice::plain("There is no line here to add as evidence."));
        return Vec::new();
    };
    let mut places: Vec<_> = finding
        .evidence
        .iter()
        .map(|anchor| crate::workbench::Place {
            path: anchor.path.clone(),
            side: anchor.side,
            start: anchor.start.0,
            end: anchor.end.0,
        })
        .collect();
    places.push(place);
    state.code.selection = None;
    let draft = FindingDraft {
        title: Some(finding.title),
        severity: Some(finding.severity),
        disposition: Some(finding.disposition),
        note: finding.note,
        places,
        mitigation: Some(finding.mitigation),
        effort: finding.effort,
        owner: finding.owner,
        hint: None,
        due: finding.due,
    };
    let act = Act::EditFinding {
        id: finding.id,
        finding: draft,
    };
    super::submit(state, vec![act])
}

/// Asks before a verdict is taken back.
pub fn take_back(state: &mut State) {
    let item = state.selected();
    let Some(kind) = own_verdict(state) else {
        state.notice = Some(Notice::plain(
            "You have no verdict on this item to take back.",
        ));
        return;
    };
    let me = state.subject.person.key();
    let findings = state
        .snapshot
        .review
        .findings_of(&item.id)
        .filter(|finding| finding.made.by.key() == me)
        .count();
    let consequence = match (kind, findings) {
        (VerdictKind::Flagged, 1) => "Its finding goes with it. The journal keeps both.".to_owned(),
        (VerdictKind::Flagged, n) => format!("Its {n} findings go with it. The journal keeps all."),
        _ => {
            "The item is undecided again. The journal keeps the verdict and that it was taken back."
                .to_owned()
        }
    };
    let question = format!(
        "Take back \u{201c}{}\u{201d} on {}?",
        kind.name(),
        item.title
    );
    let act = Act::Retract {
        item: item.id.clone(),
    };
    open(
        state,
        Dialog::Confirm(Confirm::new(
            question,
            consequence,
            Outcome::Submit(vec![act]),
        )),
    );
}

/// Comments on the lines, or on the item where its pane has the keys.
pub fn comment(state: &mut State) {
    if state.focus == Focus::Code && lens::refuse(state) {
        return;
    }
    let on_line = matches!(
        state
            .code
            .document
            .as_ref()
            .and_then(|document| document.row(state.code.cursor)),
        Some(DocRow::Line { place: Some(_), .. })
    );
    let subject = match (state.focus, state.selected_place()) {
        (Focus::Code, Some(place)) if on_line || state.code.selection.is_some() => {
            CommentSubject::Lines(place)
        }
        (Focus::Code, _) => match state.file() {
            Some(file) => CommentSubject::File(file.path.clone()),
            None => CommentSubject::Review,
        },
        (Focus::Checklist | Focus::Item, _) => CommentSubject::Item(state.selected().id.clone()),
    };
    state.code.selection = None;
    open(state, Dialog::Comment(CommentForm::new(subject)));
}

/// Comments on the file.
pub fn comment_file(state: &mut State) {
    let path = state.file().map(|file| file.path.clone());
    let own = path.filter(|path| state.subject.change.file(path).is_some());
    if own.is_none() {
        lens::refuse(state);
    }
    if let Some(path) = own {
        open(
            state,
            Dialog::Comment(CommentForm::new(CommentSubject::File(path))),
        );
    }
}

/// Shows the production profile, to be filled in.
pub fn profile(state: &mut State) {
    let form = ProfileForm::new(&state.snapshot.profile);
    open(state, Dialog::Profile(form));
}

/// Comments on the review.
pub fn comment_review(state: &mut State) {
    open(
        state,
        Dialog::Comment(CommentForm::new(CommentSubject::Review)),
    );
}

/// Lists the findings.
pub fn findings(state: &mut State) {
    open(state, Dialog::Findings(FindingsList::new()));
}

/// Lists the comments.
pub fn comments(state: &mut State) {
    open(state, Dialog::Comments(CommentsList::new()));
}

/// Shows what is missing, and the sign-off.
pub fn sign(state: &mut State) {
    // Taken back below where nothing is missing.
    state.awaits_signing = true;
    let total = state.subject.change.files.len();
    if state.snapshot.counted < total {
        if state.counting == Pace::Halted {
            let key = state.key_of(Action::Count);
            state.notice = Some(Notice::warn(format!(
                "Counting was stopped at {} of {total} files; the sign-off states them all, so {key} first.",
                state.snapshot.counted
            )));
            return;
        }
        state.notice = Some(Notice::plain(format!(
            "Still counting lines ({} of {total} files); the sign-off states them all, so it waits.",
            state.snapshot.counted
        )));
        return;
    }
    let mut setup = state.subject.signer.clone();
    if setup.keys.is_none() {
        state.notice = Some(Notice::plain("Looking for keys to sign with\u{2026}"));
        return;
    }
    // A bundle never takes an earlier one's folder.
    let earlier = state.snapshot.review.signoffs.len();
    if earlier > 0 {
        setup.out = format!("{}-{}", setup.out, earlier + 1);
    }
    state.awaits_signing = false;
    let screen = SignoffScreen::new(setup, &state.dialog_context());
    open(state, Dialog::Signoff(screen));
}

/// Opens a sign-off that was asked for too early, once it can be, unless something else stands in front.
pub fn sign_if_awaited(state: &mut State) {
    let is_counted = state.snapshot.counted >= state.subject.change.files.len();
    let is_ready = is_counted && state.subject.signer.keys.is_some();
    if state.awaits_signing && is_ready && state.overlays.is_empty() {
        state.awaits_signing = false;
        state.notice = None;
        sign(state);
    }
}

/// Asks before acts that could not be saved are lost.
pub fn confirm_loss(state: &mut State, acts: usize) {
    let what = match acts {
        // Nothing was done yet, and the review itself could not be written.
        0 => "this review is".to_owned(),
        1 => "1 act is".to_owned(),
        more => format!("{more} acts are"),
    };
    let question = format!("Leave, though {what} not saved?");
    let consequence = format!(
        "What is not saved is lost when the program ends. {} tries again to save it.",
        state.key_of(Action::Retry)
    );
    open(
        state,
        Dialog::Confirm(Confirm::new(question, consequence, Outcome::Quit)),
    );
}

fn own_verdict(state: &State) -> Option<VerdictKind> {
    state
        .snapshot
        .review
        .verdict_of(&state.selected().id, &state.subject.person)
        .map(|standing| standing.verdict.kind())
}

/// Says so where this person has decided already.
fn undecided(state: &mut State) -> bool {
    let Some(kind) = own_verdict(state) else {
        return true;
    };
    state.notice = Some(Notice::plain(format!(
        "You decided this item already ({}); {} takes that back first.",
        kind.name(),
        state.key_of(Action::TakeBack)
    )));
    false
}
