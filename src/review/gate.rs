//! What still stands between a review and a signature.

use super::{Coverage, CriticalHunk, Outcome, Review};
use crate::model::{Checklist, Finding, ItemId, Severity, SignoffVerdict};

/// Whether a review can be signed, and as what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gate {
    /// What is missing before any approval, as sentences; empty means signable.
    pub missing: Vec<String>,
    /// What excludes an unconditional approval, as sentences.
    pub against_approved: Vec<String>,
    /// What the reader should know, though it excludes nothing, as sentences.
    pub remarks: Vec<String>,
}

impl Gate {
    /// Tells whether an approval of some kind can be signed. A rejection always can, once anything is known.
    pub fn signable(&self) -> bool {
        self.missing.is_empty()
    }

    /// Returns why a verdict cannot be signed; nothing where it can.
    pub fn refusals(&self, verdict: SignoffVerdict) -> Vec<&str> {
        let missing = self.missing.iter().map(String::as_str);
        let against = self.against_approved.iter().map(String::as_str);
        match verdict {
            SignoffVerdict::Approved => missing.chain(against).collect(),
            SignoffVerdict::ApprovedWithConditions => missing.collect(),
            SignoffVerdict::Rejected => Vec::new(),
        }
    }
}

impl Gate {
    /// Takes in the hunks of critical surfaces: each must be marked as read before an approval.
    pub fn require_read(&mut self, critical: &[CriticalHunk]) {
        const NAMED: usize = 4;
        let unread: Vec<&CriticalHunk> = critical
            .iter()
            .filter(|hunk| hunk.readers.is_empty())
            .collect();
        if unread.is_empty() {
            return;
        }
        let mut names: Vec<String> = unread
            .iter()
            .take(NAMED)
            .map(|hunk| {
                format!(
                    "{}:{} ({})",
                    hunk.mark.path,
                    hunk.mark.hunk,
                    hunk.surfaces()
                )
            })
            .collect();
        if unread.len() > NAMED {
            names.push(format!("{} more", unread.len() - NAMED));
        }
        let (noun, verb) = if unread.len() == 1 {
            ("hunk", "is")
        } else {
            ("hunks", "are")
        };
        self.missing.push(format!(
            "{} {noun} of critical surfaces {verb} not marked as read: {}.",
            unread.len(),
            names.join(", ")
        ));
    }

    /// Takes in a finding whose accepted risk or time to wait is over, and why.
    pub fn take_lapsed(&mut self, finding: &Finding, why: &str) {
        let text = format!(
            "The {} of finding {} ({}) has lapsed: {why}.",
            finding.disposition.name().replace('-', " "),
            finding.id,
            finding.item
        );
        if finding.severity == Severity::Blocker {
            self.against_approved.push(text);
        } else {
            self.remarks.push(text);
        }
    }
}

/// Examines a review. `today` decides which waivers have lapsed.
pub fn gate(
    review: &Review,
    checklists: &[Checklist],
    coverage: &Coverage,
    today: jiff::civil::Date,
) -> Gate {
    let mut gate = Gate::default();
    let items: Vec<_> = checklists.iter().flat_map(|list| &list.items).collect();
    let with = |outcome| -> Vec<&ItemId> {
        items
            .iter()
            .map(|item| &item.id)
            .filter(|id| review.outcome(id) == outcome)
            .collect()
    };
    gate.missing
        .extend(sentence("undecided", &with(Outcome::Undecided)));
    gate.missing.extend(sentence(
        "contested (one person decided differently on two devices; decide again)",
        &with(Outcome::Contested),
    ));
    for item in &items {
        gate.missing.extend(lapsed_waivers(review, &item.id, today));
        if review.outcome(&item.id) == Outcome::Flagged
            && review.findings_of(&item.id).next().is_none()
        {
            gate.missing.push(format!(
                "{} is flagged but has no finding; flag it again with one.",
                item.id
            ));
        }
    }
    for state in &review.findings {
        if state.finding.is_open_blocker() {
            gate.against_approved.push(format!(
                "Finding {} ({}) is an open blocker: \u{201c}{}\u{201d}.",
                state.finding.id, state.finding.item, state.finding.title
            ));
        }
    }
    let unread = coverage.hunks - coverage.read;
    if unread > 0 {
        gate.remarks.push(format!(
            "{unread} of {} hunks are not marked as read ({} of {} changed lines are); the record will say so.",
            coverage.hunks, coverage.lines_read, coverage.lines
        ));
    }
    gate
}

fn sentence(what: &str, ids: &[&ItemId]) -> Option<String> {
    const NAMED: usize = 4;
    if ids.is_empty() {
        return None;
    }
    let mut names: Vec<String> = ids.iter().take(NAMED).map(ToString::to_string).collect();
    if ids.len() > NAMED {
        names.push(format!("{} more", ids.len() - NAMED));
    }
    let (noun, verb) = if ids.len() == 1 {
        ("item", "is")
    } else {
        ("items", "are")
    };
    Some(format!(
        "{} {noun} {verb} {what}: {}.",
        ids.len(),
        names.join(", ")
    ))
}

fn lapsed_waivers(review: &Review, item: &ItemId, today: jiff::civil::Date) -> Vec<String> {
    let Some(state) = review.items.get(item) else {
        return Vec::new();
    };
    state
        .standing()
        .iter()
        .filter_map(|standing| match &standing.verdict {
            crate::model::Verdict::Waived { by, until, .. } if *until < today => Some(format!(
                "The waiver of {item} by {by} lapsed on {until}; decide again."
            )),
            _ => None,
        })
        .collect()
}
