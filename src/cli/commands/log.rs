//! `log`.

use super::Call;
use crate::cli::exit::Exit;
use crate::cli::{print, wire};
use crate::model::{
    CommentTarget, Endpoint, Entry, EntryBody, Finding, ItemId, PROFILE_KEYS, Verdict,
};
use crate::support::clock::stamp;
use crate::workbench::history;

/// Prints every recorded act, also of a review whose change is gone or whose journal is damaged.
pub fn run(call: &Call) -> anyhow::Result<Exit> {
    let history = history(&call.setting()?, &call.which())?;
    for problem in &history.problems {
        print::note(problem);
    }
    let mut entries: Vec<&Entry> = history.entries.iter().collect();
    entries.sort_by_key(|entry| (entry.lamport, &entry.writer, entry.seq));
    let who = |entry: &Entry| {
        history
            .review
            .people
            .get(&entry.writer)
            .map_or_else(|| entry.writer.to_string(), |person| person.name.clone())
    };
    if call.json {
        let lines: Vec<_> = entries
            .iter()
            .map(|entry| wire::log_line(entry, who(entry), text(&entry.body)))
            .collect();
        print::json(
            &serde_json::json!({ "review": history.review.id.to_string(), "entries": lines }),
        );
        return Ok(Exit::Ok);
    }
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| {
            [
                entry.id.0.short(),
                stamp(entry.at),
                entry.body.kind().to_owned(),
                who(entry),
                text(&entry.body),
            ]
        })
        .collect();
    print::table("", &rows);
    Ok(Exit::Ok)
}

fn text(body: &EntryBody) -> String {
    match body {
        EntryBody::WriterEnrolled { person, device } => {
            format!("{} <{}> on {device}", person.name, person.email)
        }
        EntryBody::ReviewOpened(opened) => opened.title.clone(),
        EntryBody::RevisionAdded(revision) => {
            format!(
                "{}: {} … {}",
                revision.title,
                short(&revision.base),
                short(&revision.head)
            )
        }
        EntryBody::VerdictGiven {
            item,
            verdict,
            finding,
            reference,
        } => {
            let text = verdict_text(item, verdict, finding.as_ref());
            match reference {
                Some(reference) => format!("{text} (rests on {reference})"),
                None => text,
            }
        }
        EntryBody::VerdictRetracted { item } => item.to_string(),
        EntryBody::FindingAdded(finding) | EntryBody::FindingEdited(finding) => {
            format!("{} on {}: {}", finding.id, finding.item, finding.title)
        }
        EntryBody::FindingWithdrawn(id) => id.to_string(),
        EntryBody::CommentAdded(comment) | EntryBody::CommentEdited(comment) => {
            let on = match &comment.target {
                CommentTarget::Review => "the review".to_owned(),
                CommentTarget::Item(item) => item.to_string(),
                CommentTarget::File(path) => path.quoted(),
                CommentTarget::Lines(anchor) => anchor.place(),
            };
            format!(
                "{} on {on} ({}): {}",
                comment.id,
                comment.visibility.name(),
                comment.text
            )
        }
        EntryBody::CommentWithdrawn(id) => id.to_string(),
        EntryBody::CodeDisplayed(spans) => {
            let rows: u64 = spans
                .iter()
                .map(|span| u64::from(span.last - span.first) + 1)
                .sum();
            format!("{rows} rows")
        }
        EntryBody::CodeRead(marks) | EntryBody::CodeUnread(marks) => match marks.as_slice() {
            [one] => format!("{}:{}", one.path, one.hunk),
            many => format!("{} hunks", many.len()),
        },
        EntryBody::HintDismissed { hint, reason } => {
            format!("{} at {}: {reason}", hint.rule, hint.place())
        }
        EntryBody::HintRestored(fingerprint) => fingerprint.short(),
        EntryBody::HintConfirmed { hint, finding } => {
            format!("{} at {} in {finding}", hint.rule, hint.place())
        }
        EntryBody::ProfileSet { source } => {
            let profile = crate::profile::parse_recorded(source);
            let known = PROFILE_KEYS.len() - profile.unknown().count();
            format!("production profile, {known} values known")
        }
        EntryBody::SignoffSigned(signed) => {
            format!(
                "{} by {} with {}",
                signed.verdict.name(),
                signed.principal,
                signed.fingerprint
            )
        }
        EntryBody::SignoffWithdrawn { record, reason } => format!("{}: {reason}", record.short()),
        EntryBody::Unknown { .. } => "unknown to this version; kept".to_owned(),
    }
}

fn verdict_text(item: &ItemId, verdict: &Verdict, finding: Option<&Finding>) -> String {
    let what = verdict.kind().name();
    match (verdict, finding) {
        (Verdict::Accepted { reason } | Verdict::NotApplicable { reason }, _) => {
            format!("{item} {what}: {reason}")
        }
        (Verdict::Waived { by, reason, until }, _) => {
            format!("{item} {what} until {until}, carried by {by}: {reason}")
        }
        (Verdict::Flagged, Some(finding)) => format!(
            "{item} {what}: {} {}, {}: {}",
            finding.id,
            finding.severity.name(),
            finding.disposition.name(),
            finding.title
        ),
        (Verdict::Flagged, None) => format!("{item} {what}"),
    }
}

/// The first 12 digits of a commit; what stands for another end as it is.
fn short(end: &Endpoint) -> String {
    match &end.commit {
        Some(commit) => commit.to_string().chars().take(12).collect(),
        None => end.label.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_told_with_what_it_binds() {
        let item = ItemId::from("n-plus-one");
        let waived = Verdict::Waived {
            by: "the CTO".to_owned(),
            reason: "small tables".to_owned(),
            until: jiff::civil::date(2027, 3, 31),
        };
        assert_eq!(
            verdict_text(&item, &waived, None),
            "n-plus-one waived until 2027-03-31, carried by the CTO: small tables"
        );
        assert_eq!(
            verdict_text(&item, &Verdict::Flagged, None),
            "n-plus-one flagged"
        );
    }
}
