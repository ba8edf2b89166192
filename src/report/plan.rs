//! The words of what every reader's format prints in tables: the plan that dispositions come to, the production profile,
//! the critical surfaces. Refuses to know any markup.

use std::fmt::Write as _;

use super::document::{CriticalEntry, FindingEntry, ProfileSection, Report};
use super::shown::Shown;
use super::words;
use crate::support::decimal::Decimal;
use crate::support::number::{count, grouped};

/// Minutes of a working day.
const DAY: u64 = 8 * 60;

/// One line of the plan.
pub(super) struct Line<'a> {
    /// The finding.
    pub finding: &'a FindingEntry,
    /// Effort, or that it is not estimated.
    pub effort: Shown,
    /// Who deals with it or carries it, or that nobody is named.
    pub owner: Shown,
    /// By when, or until when, or that no day is agreed.
    pub due: Shown,
    /// What of its horizon must be said.
    pub standing: Option<Shown>,
}

/// One disposition of the plan.
pub(super) struct Part<'a> {
    /// Its heading.
    pub heading: &'static str,
    /// Its findings, by severity, then effort.
    pub lines: Vec<Line<'a>>,
    /// What they come to, as a sentence.
    pub total: String,
}

/// Returns the plan: what is to be done now, what can wait, what stays as it is.
pub(super) fn parts(report: &Report) -> Vec<Part<'_>> {
    words::parts(&report.findings)
        .into_iter()
        .map(|(part, findings)| Part {
            heading: part.heading,
            lines: findings.iter().map(line).collect(),
            total: total(findings),
        })
        .collect()
}

fn line(finding: &FindingEntry) -> Line<'_> {
    let or = |text: &Shown, none: &str| {
        if text.is_blank() {
            Shown::line(none)
        } else {
            text.clone()
        }
    };
    let owner = finding.accepted_by.as_ref().unwrap_or(&finding.owner);
    let due = match (&finding.until, finding.due) {
        (Some(until), _) => until.clone(),
        (None, Some(day)) => Shown::line(&words::day(day)),
        (None, None) => Shown::line("no day agreed"),
    };
    Line {
        finding,
        effort: or(&finding.effort, "not estimated"),
        owner: or(owner, "nobody named"),
        due,
        standing: standing(finding),
    }
}

/// Says how a horizon stands, a lapse first and loud.
pub(super) fn standing(finding: &FindingEntry) -> Option<Shown> {
    let note = finding.standing.as_ref()?;
    let lead = if note.lapsed { "LAPSED: " } else { "" };
    Some(Shown::line(&format!("{lead}{}", note.why)))
}

fn total(findings: &[FindingEntry]) -> String {
    let known: u64 = findings.iter().filter_map(|finding| finding.minutes).sum();
    let unknown = findings
        .iter()
        .filter(|finding| finding.minutes.is_none())
        .count() as u64;
    let found = count(findings.len() as u64, "finding");
    let lapsed = findings.iter().filter(|finding| is_lapsed(finding)).count() as u64;
    let mut text = match (known, unknown) {
        (0, 0) => format!("{found}."),
        (0, _) => format!("{found}; no effort is estimated."),
        (known, 0) => format!("{found}, {} of work.", span(known)),
        (known, unknown) => format!(
            "{found}, {} of work so far as it is estimated; {} without an estimate.",
            span(known),
            grouped(unknown)
        ),
    };
    if lapsed > 0 {
        let verb = if lapsed == 1 { "has" } else { "have" };
        // Writing to a string cannot fail.
        let _ = write!(text, " {} {verb} lapsed.", grouped(lapsed));
    }
    text
}

fn is_lapsed(finding: &FindingEntry) -> bool {
    finding.standing.as_ref().is_some_and(|note| note.lapsed)
}

/// Working time in days of eight hours, or in hours where that is less than one.
fn span(minutes: u64) -> String {
    let (unit, length) = if minutes >= DAY {
        ("day", DAY)
    } else {
        ("hour", 60)
    };
    let amount = Decimal::whole(minutes)
        .over(Decimal::whole(length))
        .unwrap_or_default()
        .rounded(1);
    let plural = if amount == Decimal::whole(1) { "" } else { "s" };
    format!("{amount} {unit}{plural}")
}

/// What stands over the profile.
pub(super) fn profile_sentence(profile: &ProfileSection) -> String {
    match &profile.set {
        None => "No production profile was set: nothing in this report was judged against numbers of production."
            .to_owned(),
        Some((_, _, at)) => format!(
            "The code was judged against this model of production, as it was set on {}.",
            words::moment(*at)
        ),
    }
}

/// What nobody knew, as a sentence; none where all is known.
pub(super) fn assumptions(profile: &ProfileSection) -> Option<String> {
    if profile.unknown.is_empty() {
        return None;
    }
    let names: Vec<&str> = profile.unknown.iter().map(Shown::as_str).collect();
    Some(format!(
        "Unknown, so that every verdict that depends on it is an assumption: {}.",
        names.join(", ")
    ))
}

/// What stands over the critical surfaces.
pub(super) fn critical_sentence(critical: &[CriticalEntry]) -> String {
    let read = critical
        .iter()
        .filter(|hunk| !hunk.readers.is_empty())
        .count() as u64;
    let all = critical.len() as u64;
    if all == 0 {
        return "No hunk of this change was recognised as payment, authentication, authorisation or data consistency, nor as what the production profile names.".to_owned();
    }
    let verb = if all == 1 { "was" } else { "were" };
    format!(
        "{} {verb} recognised by path, import or name as a surface a person must read before an approval; {} of them {} marked as read. Tests and prose are not among them.",
        count(all, "hunk"),
        grouped(read),
        if read == 1 { "is" } else { "are" }
    )
}

/// A row of the critical surfaces: where, what it touches and by what sign, who read it.
pub(super) struct CriticalRow {
    /// The file.
    pub path: Shown,
    /// Hunk and lines.
    pub place: String,
    /// What it touches.
    pub surfaces: Shown,
    /// By what sign.
    pub signs: Shown,
    /// Who read it, or that nobody did.
    pub readers: Shown,
}

/// Returns the rows of the critical surfaces, unread ones first.
pub(super) fn critical_rows(critical: &[CriticalEntry]) -> Vec<CriticalRow> {
    let mut hunks: Vec<&CriticalEntry> = critical.iter().collect();
    hunks.sort_by_key(|hunk| !hunk.readers.is_empty());
    let joined = |parts: Vec<&Shown>| {
        let parts: Vec<&str> = parts.into_iter().map(Shown::as_str).collect();
        Shown::line(&parts.join(", "))
    };
    hunks
        .into_iter()
        .map(|hunk| CriticalRow {
            path: hunk.path.clone(),
            place: format!(
                "hunk {}, lines {}–{}",
                hunk.hunk, hunk.lines.0, hunk.lines.1
            ),
            surfaces: joined(hunk.touches.iter().map(|(surface, _)| surface).collect()),
            signs: {
                let mut signs: Vec<&Shown> = hunk.touches.iter().map(|(_, by)| by).collect();
                signs.dedup();
                joined(signs)
            },
            readers: if hunk.readers.is_empty() {
                Shown::line("nobody")
            } else {
                joined(hunk.readers.iter().collect())
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_time_is_told_in_days_or_hours() {
        assert_eq!(span(30), "0.5 hours");
        assert_eq!(span(60), "1 hour");
        assert_eq!(span(480), "1 day");
        assert_eq!(span(1_200), "2.5 days");
    }
}
