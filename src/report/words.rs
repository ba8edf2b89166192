//! The sentences and labels that every format for readers shares. Owns the wording; refuses to know any markup.
//!
//! Sentences hold no foreign text, so a renderer may escape or print them alike.

use jiff::Timestamp;
use jiff::civil::Date;

use super::document::{Evidence, HintTally, HintsSection, Parts, Report, Scope, UnreadFile};
use super::shown::Shown;
use crate::model::{Digest, Severity, SignoffVerdict, SourceKind, VerdictKind};
use crate::review::Outcome;
use crate::support::number::{count, grouped};

/// A label with the shape that stands beside it, so that colour alone says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label {
    /// One character.
    pub shape: &'static str,
    /// The words.
    pub words: &'static str,
}

const fn label(shape: &'static str, words: &'static str) -> Label {
    Label { shape, words }
}

/// The verdict on the whole; `None` is a draft.
pub(super) fn verdict(verdict: Option<SignoffVerdict>) -> Label {
    match verdict {
        None => label("○", "Draft: not signed"),
        Some(SignoffVerdict::Approved) => label("✓", "Approved"),
        Some(SignoffVerdict::ApprovedWithConditions) => label("◆", "Approved with conditions"),
        Some(SignoffVerdict::Rejected) => label("✕", "Rejected"),
    }
}

/// What the verdict means, in a sentence.
pub(super) fn verdict_sentence(verdict: Option<SignoffVerdict>) -> &'static str {
    match verdict {
        None => "Nobody has signed for this change. The findings below may still change.",
        Some(SignoffVerdict::Approved) => "The change may go to production as it is.",
        Some(SignoffVerdict::ApprovedWithConditions) => {
            "The change may go to production once the conditions below are met."
        }
        Some(SignoffVerdict::Rejected) => "The change must not go to production as it is.",
    }
}

/// What an unsigned report means.
pub(super) const UNSIGNED: &str = "Nobody has taken responsibility for this change.";

/// The heading over what the verdict depends on.
pub(super) fn conditions_heading(verdict: Option<SignoffVerdict>) -> &'static str {
    match verdict {
        None => "Open so far",
        Some(SignoffVerdict::Approved) => "What the approval leaves open",
        Some(SignoffVerdict::ApprovedWithConditions) => "Conditions",
        Some(SignoffVerdict::Rejected) => "What stands against approval",
    }
}

/// How bad.
pub(super) fn severity(severity: Severity) -> Label {
    match severity {
        Severity::Blocker => label("■", "Blocker"),
        Severity::Major => label("▲", "Major"),
        Severity::Minor => label("●", "Minor"),
        Severity::Note => label("○", "Note"),
    }
}

/// What an item comes to.
pub(super) fn outcome(outcome: Outcome) -> Label {
    match outcome {
        Outcome::Undecided => label("·", "Undecided"),
        Outcome::NotApplicable => label("–", "Not applicable"),
        Outcome::Accepted => label("✓", "Accepted"),
        Outcome::Waived => label("◇", "Waived"),
        Outcome::Contested => label("≠", "Contested"),
        Outcome::Flagged => label("▲", "Flagged"),
    }
}

/// One person's decision.
pub(super) fn decision(kind: VerdictKind) -> Label {
    outcome(Outcome::from(kind))
}

/// The three parts of the findings: heading, explanation, what to say where there is none, and the stable name.
pub(super) const PARTS: [Part; 3] = [
    Part {
        name: "fix-before-launch",
        heading: "Now: fix before launch",
        about: "These must be dealt with before the change goes to production.",
        none: "Nothing has to be fixed before launch.",
    },
    Part {
        name: "can-wait",
        heading: "Can wait",
        about: "These may follow after launch, each until the day or milestone named.",
        none: "Nothing was put off until after launch.",
    },
    Part {
        name: "accepted-risk",
        heading: "Accepted risk",
        about: "These stay as they are; the person named carries the risk.",
        none: "No risk was accepted in place of a fix.",
    },
];

/// The words around one part of the findings.
pub(super) struct Part {
    /// The disposition's stable name.
    pub name: &'static str,
    /// Its heading.
    pub heading: &'static str,
    /// What it holds.
    pub about: &'static str,
    /// What to say where it is empty.
    pub none: &'static str,
}

/// Pairs the three parts with their words.
pub(super) fn parts(findings: &Parts) -> [(&'static Part, &[super::FindingEntry]); 3] {
    let [now, later, accepted] = &PARTS;
    [
        (now, &findings.now),
        (later, &findings.later),
        (accepted, &findings.accepted),
    ]
}

/// The kind of source.
pub(super) fn source(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Range => "A range between two commits",
        SourceKind::Commit => "One commit against its parent",
        SourceKind::Staged => "The staged changes against the last commit",
        SourceKind::Worktree => "The work tree, untracked files included, against the last commit",
        SourceKind::Patch => "A patch; it is bound by its content, not by commits",
        SourceKind::Tree => "Everything in one commit",
        SourceKind::Folder => "A folder outside version control; it is bound by its content",
    }
}

/// A day: `20 November 2026`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// A moment: `20 November 2026, 14:02 UTC`.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%-d %B %Y, %H:%M UTC").to_string()
}

/// Hunk numbers as ranges: `1–3, 7`.
pub(super) fn ranges(numbers: &[u32]) -> String {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for &n in numbers {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => spans.push((n, n)),
        }
    }
    let spans: Vec<String> = spans
        .into_iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}–{last}")
            }
        })
        .collect();
    spans.join(", ")
}

/// What the change consists of.
pub(super) fn size(scope: &Scope) -> String {
    format!(
        "{} with {}: {} added, {} removed.",
        count(scope.files, "file"),
        count(scope.lines, "changed line"),
        grouped(scope.added),
        grouped(scope.removed)
    )
}

/// How much was read, as a sentence.
pub(super) fn read(scope: &Scope) -> String {
    if scope.is_all_read() {
        return format!(
            "All {} in {} are marked as read.",
            count(scope.lines, "changed line"),
            count(scope.hunks, "hunk")
        );
    }
    format!(
        "{} of {} changed lines ({}%), in {} of {}, are marked as read.",
        grouped(scope.lines_read),
        grouped(scope.lines),
        scope.percent,
        grouped(scope.read),
        count(scope.hunks, "hunk")
    )
}

/// How much was not read, as a sentence that is there even where it is nothing.
pub(super) fn not_read(scope: &Scope) -> String {
    if scope.is_all_read() {
        return "No part of the change is left unread.".to_owned();
    }
    let mut sentences = Vec::new();
    if !scope.unread.is_empty() {
        sentences.push(format!(
            "{} in {} of {} were not marked as read by anybody.",
            count(scope.lines_unread(), "changed line"),
            count(scope.hunks_unread(), "hunk"),
            count(scope.unread.len() as u64, "file"),
        ));
    }
    if !scope.unopened.is_empty() {
        sentences.push(format!(
            "{} never opened: how much changed in them is not counted here.",
            were(scope.unopened.len() as u64, "file")
        ));
    }
    sentences.join(" ")
}

fn were(n: u64, noun: &str) -> String {
    let verb = if n == 1 { "was" } else { "were" };
    format!("{} {verb}", count(n, noun))
}

/// What the two words of coverage mean.
pub(super) const READING: &str = "A hunk is a stretch of neighbouring changed lines. \u{201c}Displayed\u{201d} \
means that all of its lines were on a reviewer's screen, which the program records by itself; \u{201c}read\u{201d} \
means that a reviewer marked it as read. Neither measures attention.";

/// How far the items have come.
pub(super) fn decided(report: &Report) -> String {
    let summary = &report.summary;
    if summary.items == summary.decided {
        format!("All {} are decided.", count(summary.items, "item"))
    } else {
        format!(
            "{} of {} are decided.",
            grouped(summary.decided),
            count(summary.items, "item")
        )
    }
}

/// What the document is worth, in the order to be read.
pub(super) fn assurances(report: &Report) -> Vec<&'static str> {
    let binding = match report.verdict() {
        None => {
            "This is a draft. No record has been signed for it, and nothing in it binds anybody."
        }
        Some(_) => {
            "The signature covers the exact bytes of record.json. That record names both ends of the change, the \
SHA-256 manifests of its content, the digests of this report, of the checklists and of the journals, every verdict, and \
how much was read. A change to any of them is found by verification. The signature does not cover VERIFY.md, nor any \
copy or printout of this document."
        }
    };
    let verify = match report.verdict() {
        None => "A signed report comes in a bundle with a record, a signature and VERIFY.md.",
        Some(_) => {
            "To verify it, follow VERIFY.md in the same bundle: it holds the commands for stock ssh-keygen, git and \
sha256sum. Take the signer's public key from a place you trust, not from this bundle, and compare the fingerprint."
        }
    };
    vec![
        binding,
        verify,
        "Times are those of the reviewers' own clocks; no third party attests them.",
        "Every verdict in this report was given by a person. Nothing is accepted by default.",
        "This document is technical evidence of who decided what about which bytes. It is not a qualified electronic \
signature, and it is not legal advice.",
    ]
}

/// What hints are worth.
pub(super) const HINTS: &str = "Hints are lines that rules, or other tools, pointed at. They decide nothing: every verdict \
was given by a person, a dismissed hint is that person's word alone, and code that no hint points at is not thereby good.";

/// What a search for hints left out.
pub(super) const HINT_PROBLEMS: &str = "Not looked at for hints, or left out";

/// How many hints there were.
pub(super) fn hints(hints: &HintsSection) -> String {
    let folded = match hints.folded {
        0 => String::new(),
        more => format!(
            " {} more were folded: beyond the budget, or on lines the change left as they were.",
            grouped(more)
        ),
    };
    format!("{} shown.{folded}", counted(hints.shown))
}

fn counted(hints: u64) -> String {
    if hints == 1 {
        "1 hint was".to_owned()
    } else {
        format!("{} hints were", grouped(hints))
    }
}

/// What became of one item's hints.
pub(super) fn tally(hints: &HintTally) -> Option<String> {
    let HintTally {
        seen,
        open,
        dismissed,
        confirmed,
    } = hints;
    if *seen == 0 && dismissed.is_empty() && confirmed.is_empty() {
        return None;
    }
    Some(format!(
        "{}: {} dismissed, {} led to a finding, {} left without a word",
        count(*seen, "hint"),
        dismissed.len(),
        confirmed.len(),
        grouped(*open)
    ))
}

/// One thing the verdict depends on: our own words, then a finding's title and owner.
pub(super) struct Condition<'a> {
    /// What is asked for; a milestone inside is foreign text already made visible.
    pub lead: String,
    /// The finding's number, where it is one.
    pub number: Option<usize>,
    /// The finding's title.
    pub title: Option<&'a Shown>,
    /// Who deals with it.
    pub owner: Option<&'a Shown>,
}

/// Everything that the verdict leaves to be done, to be watched or to lapse.
pub(super) fn conditions(report: &Report) -> Vec<Condition<'_>> {
    fn about(finding: &super::FindingEntry, lead: String) -> Condition<'_> {
        Condition {
            lead,
            number: Some(finding.number),
            title: Some(&finding.title),
            owner: (!finding.owner.is_blank()).then_some(&finding.owner),
        }
    }
    let now = report.findings.now.iter().map(|finding| {
        about(
            finding,
            format!("Before launch, fix finding {}", finding.number),
        )
    });
    let later = report.findings.later.iter().map(|finding| {
        let until = finding.until.as_ref().map_or("", Shown::as_str);
        about(
            finding,
            format!("By {until}, fix finding {}", finding.number),
        )
    });
    let lapses = report
        .signature
        .as_ref()
        .and_then(|signature| signature.not_after)
        .map(|date| Condition {
            lead: format!("This sign-off lapses after {}", day(date)),
            number: None,
            title: None,
            owner: None,
        });
    now.chain(later).chain(lapses).collect()
}

/// How many findings there are, as a sentence.
pub(super) fn findings(report: &Report) -> String {
    let found = &report.findings;
    if found.is_empty() {
        return "None.".to_owned();
    }
    format!(
        "{} to fix before launch, {} that can wait, {} with accepted risk.",
        grouped(found.now.len() as u64),
        grouped(found.later.len() as u64),
        grouped(found.accepted.len() as u64)
    )
}

/// A finding's particulars that are there, by name; the values are foreign text.
pub(super) fn particulars(finding: &super::FindingEntry) -> Vec<(&'static str, Shown)> {
    let named = [
        ("Until", finding.until.clone()),
        ("Risk accepted by", finding.accepted_by.clone()),
        ("Effort", Some(finding.effort.clone())),
        ("Owner", Some(finding.owner.clone())),
        ("Due", finding.due.map(|date| Shown::line(&day(date)))),
        ("Horizon", super::plan::standing(finding)),
    ];
    named
        .into_iter()
        .filter_map(|(name, value)| value.filter(|v| !v.is_blank()).map(|v| (name, v)))
        .collect()
}

/// The rows of the coverage table: name, in the change, displayed, read, not read.
pub(super) fn coverage(scope: &Scope) -> [[Option<String>; 5]; 2] {
    [
        [
            Some("Hunks".to_owned()),
            Some(grouped(scope.hunks)),
            Some(grouped(scope.displayed)),
            Some(grouped(scope.read)),
            Some(grouped(scope.hunks_unread())),
        ],
        [
            Some("Changed lines".to_owned()),
            Some(grouped(scope.lines)),
            None,
            Some(grouped(scope.lines_read)),
            Some(grouped(scope.lines_unread())),
        ],
    ]
}

/// Which hunks of a file were not read.
pub(super) fn unread_hunks(file: &UnreadFile) -> String {
    if file.unread.len() as u32 == file.hunks {
        match file.hunks {
            1 => "1 of 1".to_owned(),
            all => format!("all {all}"),
        }
    } else {
        format!("{} of {}", ranges(&file.unread), file.hunks)
    }
}

/// Heading over files without text.
pub(super) const UNSHOWN: &str = "Files without text to show: their content was not reviewed here";
/// Heading over what was left out or could not be read.
pub(super) const PROBLEMS: &str = "Left out, or could not be read in full";
/// What to say without waivers.
pub(super) const NO_WAIVERS: &str = "No item was waived.";

/// Says how many rows of a list are left out.
pub(super) fn more(all: usize, listed: usize) -> Option<String> {
    let rest = all.checked_sub(listed).filter(|rest| *rest > 0)?;
    Some(format!(
        "{} more are not listed here; report.json lists all {}.",
        grouped(rest as u64),
        grouped(all as u64)
    ))
}

/// Says how much of a line is left out; nothing where all of it is there.
pub(super) fn cut(characters: usize) -> String {
    match characters {
        0 => String::new(),
        n => format!(" … [{} not shown]", count(n as u64, "character")),
    }
}

/// Says how many lines of a place are left out.
pub(super) fn omitted(place: &Evidence) -> Option<String> {
    if place.lines.is_empty() {
        return Some("The lines are not quoted: no excerpt was recorded.".to_owned());
    }
    (place.omitted > 0).then(|| {
        let verb = if place.omitted == 1 { "is" } else { "are" };
        format!(
            "{} {verb} not quoted.",
            count(u64::from(place.omitted), "further line")
        )
    })
}

/// Says that some recorded acts could not be interpreted.
pub(super) fn unknown(acts: u64) -> String {
    match acts {
        0 => String::new(),
        n => format!(
            " {} of a kind that this version does not know {} kept and not interpreted.",
            count(n, "act"),
            if n == 1 { "is" } else { "are" }
        ),
    }
}

/// Every digest the report repeats: what it is of, its name, the digest.
pub(super) fn digests(report: &Report) -> Vec<(&'static str, Shown, Digest)> {
    let made = &report.production;
    let change = made
        .change
        .map(|digest| ("Change", Shown::line("identity of the change"), digest));
    let manifests = made
        .manifests
        .iter()
        .map(|(name, digest)| ("Manifest", name.clone(), *digest));
    let checklists = report.checklists.iter().filter_map(|section| {
        let source = section.source.as_ref()?;
        Some(("Checklist", source.id.clone(), source.digest))
    });
    let journals = made
        .journals
        .iter()
        .map(|(name, digest)| ("Journal", name.clone(), *digest));
    change
        .into_iter()
        .chain(manifests)
        .chain(checklists)
        .chain(journals)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunk_numbers_read_as_ranges() {
        assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), "1–3, 7, 9–10");
    }
}
