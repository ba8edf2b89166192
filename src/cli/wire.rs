//! The objects `--json` prints. Names and shapes are stable: keys are added, never changed or removed.

use serde::Serialize;

use crate::checklist::figures;
use crate::model::{Anchor, Checklist, Entry, Finding, Hint, Side, SignedRef};
use crate::review::{Coverage, CriticalHunk, FindingState, Proposal, Review, SignoffState};
use crate::support::clock::stamp;
use crate::workbench::{Desk, HintsFound, Snapshot};

/// `status`.
#[derive(Debug, Serialize)]
pub struct Status {
    /// The review's id.
    pub review: String,
    /// Its name.
    pub title: String,
    /// Where the change comes from (`range`, `patch`, …).
    pub kind: &'static str,
    /// The commit before, or what stands there where there is none.
    pub base: String,
    /// The commit after, or what stands there where there is none.
    pub head: String,
    /// Files changed.
    pub files: usize,
    /// Lines added.
    pub added: u64,
    /// Lines removed.
    pub removed: u64,
    /// Every item.
    pub items: Vec<ItemLine>,
    /// Every finding that stands.
    pub findings: Vec<FindingLine>,
    /// What was displayed and read.
    pub coverage: CoverageLine,
    /// Hunks of critical surfaces, which must be read before an approval.
    pub critical: Vec<CriticalLine>,
    /// Whether an approval can be signed now.
    pub signable: bool,
    /// What stands between here and a signature, as sentences.
    pub missing: Vec<String>,
    /// What excludes an unconditional approval, as sentences.
    pub against_approved: Vec<String>,
    /// What the record will say of what was not read.
    pub remarks: Vec<String>,
    /// Every sign-off that was recorded, in the order they were made.
    pub signed: Vec<SignedLine>,
    /// Why nothing may be written here now.
    pub read_only: Option<String>,
    /// What was noticed on opening, as sentences.
    pub notes: Vec<String>,
    /// The hints, by what became of them.
    pub hints: HintCounts,
}

/// Hints, by what became of them.
#[derive(Debug, Default, Serialize)]
pub struct HintCounts {
    /// Shown and not dealt with by anybody.
    pub open: usize,
    /// Dismissed by anybody.
    pub dismissed: usize,
    /// Led to a finding that stands.
    pub confirmed: usize,
    /// Beyond the budget.
    pub folded: usize,
    /// What was not read, and rules that were stopped.
    pub problems: Vec<String>,
}

/// One sign-off.
#[derive(Debug, Serialize)]
pub struct SignedLine {
    /// The SHA-256 of its record.
    pub record: String,
    /// `approved`, `approved-with-conditions` or `rejected`.
    pub verdict: &'static str,
    /// Who signed, as in the client's allowed-signers file.
    pub principal: String,
    /// The key.
    pub fingerprint: String,
    /// When, by the signer's clock.
    pub at: String,
    /// Why it was withdrawn, where it was.
    pub withdrawn: Option<String>,
}

/// One item.
#[derive(Debug, Serialize)]
pub struct ItemLine {
    /// Its id.
    pub id: String,
    /// Its checklist.
    pub checklist: String,
    /// Its category's id.
    pub category: String,
    /// Its title.
    pub title: String,
    /// What it came to: `undecided`, `accepted`, `flagged`, `not-applicable`, `waived`, `contested`.
    pub verdict: &'static str,
    /// Who decided (the most severe decision).
    pub by: Option<String>,
    /// When, by their clock.
    pub at: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The last day a waiver holds.
    pub until: Option<String>,
    /// How many persons decided.
    pub decisions: usize,
    /// What it rests on where that is not lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Why it is proposed as not applicable; a person decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<String>,
    /// Items that come first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waits_for: Vec<String>,
    /// Questions of other lists that the same verdict answers, as `list/item`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
    /// What follows for it from the production profile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<String>,
}

/// A hunk of a critical surface.
#[derive(Debug, Serialize)]
pub struct CriticalLine {
    /// The file.
    pub path: String,
    /// The hunk, from 1.
    pub hunk: u32,
    /// What it touches, each with the sign it was recognised by.
    pub touches: Vec<[String; 2]>,
    /// The persons (addresses) who marked it as read.
    pub read_by: Vec<String>,
}

fn critical(hunk: &CriticalHunk) -> CriticalLine {
    CriticalLine {
        path: hunk.mark.path.quoted(),
        hunk: hunk.mark.hunk,
        touches: hunk
            .touches
            .iter()
            .map(|touch| [touch.surface.to_string(), touch.by.clone()])
            .collect(),
        read_by: hunk.readers.iter().cloned().collect(),
    }
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct FindingLine {
    /// Its id.
    pub id: String,
    /// Its item.
    pub item: String,
    /// `blocker`, `major`, `minor` or `note`.
    pub severity: &'static str,
    /// `fix-before-launch`, `can-wait` or `accepted-risk`.
    pub disposition: &'static str,
    /// Until when.
    pub until: Option<String>,
    /// Who accepts the risk.
    pub accepted_by: Option<String>,
    /// One line.
    pub title: String,
    /// What is wrong.
    pub note: String,
    /// The way out.
    pub mitigation: String,
    /// In words.
    pub effort: String,
    /// Who deals with it.
    pub owner: String,
    /// The day by which it is to be dealt with, where one was agreed.
    pub due: Option<String>,
    /// The places that show it, as `path:start-end`.
    pub at: Vec<String>,
    /// The same places, in parts.
    pub evidence: Vec<Place>,
    /// Who made it.
    pub by: String,
}

/// A place in code.
#[derive(Debug, Serialize)]
pub struct Place {
    /// The path, quoted as git does where it must be.
    pub path: String,
    /// `old` or `new`.
    pub side: &'static str,
    /// First line.
    pub start: u32,
    /// Last line.
    pub end: u32,
}

/// Coverage.
#[derive(Debug, Serialize)]
pub struct CoverageLine {
    /// Hunks in the change.
    pub hunks: u64,
    /// Hunks displayed in full.
    pub displayed: u64,
    /// Hunks marked as read.
    pub read: u64,
    /// Changed lines.
    pub lines: u64,
    /// Changed lines in hunks marked as read.
    pub lines_read: u64,
}

impl From<&Coverage> for CoverageLine {
    fn from(coverage: &Coverage) -> Self {
        Self {
            hunks: coverage.hunks,
            displayed: coverage.displayed,
            read: coverage.read,
            lines: coverage.lines,
            lines_read: coverage.lines_read,
        }
    }
}

/// Builds the status object.
pub fn status(desk: &Desk, snapshot: &Snapshot, found: &HintsFound) -> Status {
    let change = desk.change();
    Status {
        review: desk.id().to_string(),
        title: snapshot
            .review
            .opened
            .as_ref()
            .map_or_else(String::new, |opened| opened.title.clone()),
        kind: change.kind.name(),
        base: change.base.id(),
        head: change.head.id(),
        files: change.files.len(),
        added: snapshot.coverage.added,
        removed: snapshot.coverage.removed,
        items: items(desk.checklists(), snapshot),
        findings: snapshot.review.findings.iter().map(finding).collect(),
        coverage: (&*snapshot.coverage).into(),
        critical: snapshot.critical.iter().map(critical).collect(),
        signable: snapshot.gate.signable(),
        missing: snapshot.gate.missing.clone(),
        against_approved: snapshot.gate.against_approved.clone(),
        remarks: snapshot.gate.remarks.clone(),
        signed: snapshot.review.signoffs.iter().map(signed).collect(),
        read_only: snapshot.read_only.clone(),
        notes: desk.notes().to_vec(),
        hints: hint_counts(snapshot, found),
    }
}

fn hint_counts(snapshot: &Snapshot, found: &HintsFound) -> HintCounts {
    let mut counts = HintCounts {
        problems: found.told(),
        ..HintCounts::default()
    };
    for hint in &found.hints {
        let count = match hint_state(&snapshot.review, hint) {
            "confirmed" => &mut counts.confirmed,
            "dismissed" => &mut counts.dismissed,
            "folded" => &mut counts.folded,
            _ => &mut counts.open,
        };
        *count += 1;
    }
    counts
}

/// Returns what became of a hint: `open`, `folded`, `dismissed`, `confirmed`.
pub fn hint_state(review: &Review, hint: &Hint) -> &'static str {
    match review.hints.get(&hint.fingerprint) {
        Some(said) if !said.confirmed.is_empty() => "confirmed",
        Some(said) if !said.dismissed.is_empty() => "dismissed",
        _ if hint.folded => "folded",
        _ => "open",
    }
}

fn signed(state: &SignoffState) -> SignedLine {
    let SignedRef {
        record,
        verdict,
        principal,
        fingerprint,
    } = &state.signed;
    SignedLine {
        record: record.to_string(),
        verdict: verdict.name(),
        principal: principal.clone(),
        fingerprint: fingerprint.clone(),
        at: stamp(state.stamp.at),
        withdrawn: state.withdrawn.clone(),
    }
}

/// Builds the lines of all items.
pub fn items(checklists: &[Checklist], snapshot: &Snapshot) -> Vec<ItemLine> {
    let line = |list: &Checklist, item: &crate::model::Item| {
        let state = snapshot.review.items.get(&item.id);
        let leading = state.and_then(|state| state.leading());
        ItemLine {
            id: item.id.to_string(),
            checklist: list.id.to_string(),
            category: item.category.clone(),
            title: item.title.clone(),
            verdict: snapshot.review.outcome(&item.id).name(),
            by: leading.map(|state| state.stamp.by.name.clone()),
            at: leading.map(|state| stamp(state.stamp.at)),
            reason: leading.and_then(|state| state.verdict.reason().map(str::to_owned)),
            until: leading.and_then(|state| match &state.verdict {
                crate::model::Verdict::Waived { until, .. } => Some(until.to_string()),
                crate::model::Verdict::Accepted { .. }
                | crate::model::Verdict::Flagged
                | crate::model::Verdict::NotApplicable { .. } => None,
            }),
            decisions: state.map_or(0, |state| state.standing().len()),
            reference: leading.and_then(|state| state.reference.clone()),
            proposed: match snapshot.proposals.get(&item.id) {
                Some(Proposal::NotApplicable(reason)) => Some(reason.clone()),
                Some(Proposal::Waits(_)) | None => None,
            },
            waits_for: match snapshot.proposals.get(&item.id) {
                Some(Proposal::Waits(ids)) => ids.iter().map(ToString::to_string).collect(),
                Some(Proposal::NotApplicable(_)) | None => Vec::new(),
            },
            answers: item
                .twins
                .iter()
                .map(|twin| format!("{}/{}", twin.list, twin.item.id))
                .collect(),
            figures: figures::worked(item, &snapshot.profile),
        }
    };
    checklists
        .iter()
        .flat_map(|list| list.items.iter().map(move |item| line(list, item)))
        .collect()
}

/// Builds a finding's line.
pub fn finding(state: &FindingState) -> FindingLine {
    let Finding {
        id,
        item,
        title,
        severity,
        disposition,
        note,
        evidence,
        mitigation,
        effort,
        owner,
        due,
    } = &state.finding;
    FindingLine {
        id: id.to_string(),
        item: item.to_string(),
        severity: severity.name(),
        disposition: disposition.name(),
        until: disposition.until().map(ToString::to_string),
        accepted_by: match disposition {
            crate::model::Disposition::AcceptedRisk { by, .. } => Some(by.clone()),
            crate::model::Disposition::FixBeforeLaunch
            | crate::model::Disposition::CanWait { .. } => None,
        },
        title: title.clone(),
        note: note.clone(),
        mitigation: mitigation.clone(),
        effort: effort.clone(),
        owner: owner.clone(),
        due: due.map(|day| day.to_string()),
        at: evidence.iter().map(Anchor::place).collect(),
        evidence: evidence.iter().map(place).collect(),
        by: state.made.by.name.clone(),
    }
}

fn place(anchor: &Anchor) -> Place {
    Place {
        path: anchor.path.quoted(),
        side: match anchor.side {
            Side::Old => "old",
            Side::New => "new",
        },
        start: anchor.start.0,
        end: anchor.end.0,
    }
}

/// One recorded act.
#[derive(Debug, Serialize)]
pub struct LogLine {
    /// The entry's id.
    pub id: String,
    /// Its writer.
    pub writer: String,
    /// Its place in the writer's log.
    pub seq: u64,
    /// Its Lamport clock.
    pub lamport: u64,
    /// The writer's clock.
    pub at: String,
    /// The person behind the writer.
    pub by: String,
    /// Its kind.
    pub kind: String,
    /// What it says, for a reader.
    pub text: String,
}

/// Builds an entry's line.
pub fn log_line(entry: &Entry, by: String, text: String) -> LogLine {
    LogLine {
        id: entry.id.to_string(),
        writer: entry.writer.to_string(),
        seq: entry.seq,
        lamport: entry.lamport,
        at: stamp(entry.at),
        by,
        kind: entry.body.kind().to_owned(),
        text,
    }
}

/// What an act did.
#[derive(Debug, Serialize)]
pub struct Done {
    /// The review's id.
    pub review: String,
    /// What was done, as a sentence.
    #[serde(rename = "done")]
    pub text: String,
    /// The item concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// What the item came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<&'static str>,
    /// The finding that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<FindingLine>,
    /// The comment that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The file that was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Coverage after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageLine>,
}
