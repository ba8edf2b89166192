//! Findings in three parts, ordered, numbered and quoted.

use std::cmp::Reverse;

use super::super::ReportInput;
use super::super::document::{CodeLine, Evidence, FindingEntry, HorizonNote, Parts};
use super::super::effort::parse_effort;
use super::super::shown::{Prose, Shown};
use super::{Names, path, who};
use crate::model::{Anchor, Disposition, Horizon};
use crate::profile::standing;
use crate::review::FindingState;

/// How many characters of a line are quoted.
const LINE_LIMIT: usize = 400;

pub(super) fn parts(input: &ReportInput<'_>, names: &Names) -> Parts {
    let mut states: Vec<&FindingState> = input.review.findings.iter().collect();
    states.sort_by_cached_key(|state| {
        let finding = &state.finding;
        let place = finding
            .evidence
            .first()
            .map(|anchor| (anchor.path.clone(), anchor.start, anchor.side));
        (
            Reverse(finding.severity),
            // An effort nobody can read comes after all that can be compared.
            parse_effort(&finding.effort).unwrap_or(u64::MAX),
            place.is_none(),
            place,
            finding.id.clone(),
        )
    });
    let mut parts = Parts::default();
    for state in states {
        let part = match state.finding.disposition {
            Disposition::FixBeforeLaunch => &mut parts.now,
            Disposition::CanWait { .. } => &mut parts.later,
            Disposition::AcceptedRisk { .. } => &mut parts.accepted,
        };
        part.push(entry(input, state, names));
    }
    let all = [&mut parts.now, &mut parts.later, &mut parts.accepted];
    for (entry, number) in all.into_iter().flatten().zip(1..) {
        entry.number = number;
    }
    parts
}

/// Quotes a place.
pub(super) fn evidence(anchor: &Anchor) -> Evidence {
    let span = (anchor.end.0.saturating_sub(anchor.start.0)).saturating_add(1);
    let lines: Vec<CodeLine> = anchor
        .excerpt
        .iter()
        .take(Anchor::EXCERPT_LINES.min(span as usize))
        .zip(anchor.start.0..)
        .map(|(text, number)| {
            let (text, cut) = Shown::cut(text, LINE_LIMIT);
            CodeLine { number, text, cut }
        })
        .collect();
    Evidence {
        place: Shown::line(&anchor.place()),
        side: anchor.side,
        path: path(&anchor.path),
        start: anchor.start.0,
        end: anchor.end.0,
        blob: Shown::line(&anchor.blob.to_string()),
        content: anchor.content,
        omitted: span.saturating_sub(lines.len() as u32),
        lines,
    }
}

fn entry(input: &ReportInput<'_>, state: &FindingState, names: &Names) -> FindingEntry {
    let finding = &state.finding;
    let accepted_by = match &finding.disposition {
        Disposition::FixBeforeLaunch | Disposition::CanWait { .. } => None,
        Disposition::AcceptedRisk { by, .. } => Some(Shown::line(by)),
    };
    FindingEntry {
        number: 0,
        id: Shown::line(finding.id.as_str()),
        title: Shown::line(&finding.title),
        severity: finding.severity,
        item: names.get(&finding.item),
        note: Prose::new(&finding.note),
        evidence: finding.evidence.iter().map(evidence).collect(),
        mitigation: Prose::new(&finding.mitigation),
        effort: Shown::line(finding.effort.trim()),
        owner: Shown::line(finding.owner.trim()),
        minutes: parse_effort(&finding.effort),
        due: match &finding.disposition {
            Disposition::FixBeforeLaunch => finding.due.or_else(|| input.profile.day("launch")),
            Disposition::CanWait {
                until: Horizon::Date(day),
            } => finding.due.or(Some(*day)),
            Disposition::CanWait { .. } | Disposition::AcceptedRisk { .. } => finding.due,
        },
        until: finding.disposition.until().map(horizon),
        standing: finding
            .disposition
            .until()
            .and_then(|until| note(input, until)),
        accepted_by,
        by: who(&state.made.by),
        at: state.made.at,
        edited: state.edited.as_ref().map(|edit| (who(&edit.by), edit.at)),
    }
}

/// Holds a horizon against the profile and the day of the report; a day to come needs no remark.
fn note(input: &ReportInput<'_>, until: &Horizon) -> Option<HorizonNote> {
    let today = input.generated_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let standing = standing(until, input.profile, today);
    let plain = matches!(until, Horizon::Date(_)) && !standing.is_lapsed();
    (!plain && !standing.text().is_empty()).then(|| HorizonNote {
        lapsed: standing.is_lapsed(),
        why: Shown::line(standing.text()),
    })
}

fn horizon(horizon: &Horizon) -> Shown {
    match horizon {
        Horizon::Date(date) => Shown::line(&super::super::words::day(*date)),
        Horizon::Milestone(text) => Shown::line(text),
    }
}
