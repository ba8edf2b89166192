//! `log`.

use super::Call;
use crate::cli::exit::Exit;
use crate::cli::{print, wire};
use crate::model::{CommentTarget, Entry, EntryBody};
use crate::support::clock::stamp;

/// Prints every recorded act.
pub fn run(call: &Call) -> anyhow::Result<Exit> {
    let desk = call.desk()?;
    let mut entries: Vec<&Entry> = desk.entries().iter().collect();
    entries.sort_by_key(|entry| (entry.lamport, &entry.writer, entry.seq));
    let who = |entry: &Entry| {
        desk.review()
            .people
            .get(&entry.writer)
            .map_or_else(|| entry.writer.to_string(), |person| person.name.clone())
    };
    if call.json {
        let lines: Vec<_> = entries
            .iter()
            .map(|entry| wire::log_line(entry, who(entry), text(&entry.body)))
            .collect();
        print::json(&lines);
        return Ok(Exit::Ok);
    }
    for entry in entries {
        print::line(&format!(
            "{}  {}  {:<18} {}  {}",
            entry.id.0.short(),
            stamp(entry.at),
            entry.body.kind(),
            who(entry),
            text(&entry.body)
        ));
    }
    Ok(Exit::Ok)
}

fn text(body: &EntryBody) -> String {
    match body {
        EntryBody::WriterEnrolled { person, device } => {
            format!("{} <{}> on {device}", person.name, person.email)
        }
        EntryBody::ReviewOpened(opened) => opened.title.clone(),
        EntryBody::RevisionAdded(revision) => {
            format!("{} … {}", revision.base.id(), revision.head.id())
        }
        EntryBody::VerdictGiven { item, verdict, .. } => {
            let why = verdict
                .reason()
                .map_or_else(String::new, |why| format!(": {why}"));
            format!("{item} {}{why}", verdict.kind().name())
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
