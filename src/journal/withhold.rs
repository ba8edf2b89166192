//! A log for others' eyes: internal comments stay with the reviewer. A withheld body is replaced; its header, and with it
//! the chain and the digest of what was said, stays as it was stored.

use std::collections::BTreeSet;

use super::lane::verify_log;
use super::record::{self, Next};
use crate::model::{CommentId, Entry, EntryBody, Visibility};

/// What stands in place of a withheld body.
const WITHHELD: &[u8] = br#"{"withheld":true}"#;

/// Tells whether a body was withheld; only comments can be.
pub(super) fn is_withheld(kind: &str, body: &[u8]) -> bool {
    body == WITHHELD && matches!(kind, "comment.added" | "comment.edited")
}

/// Returns a log without the text of internal comments. `internal` names the comments that are internal now, whatever
/// they were when they were written; a comment that was ever internal is withheld where it was.
pub fn without_internal_comments(log: &[u8], internal: &BTreeSet<CommentId>) -> Vec<u8> {
    let mut out = Vec::with_capacity(log.len());
    let mut rest = log;
    for entry in &verify_log(log).entries {
        let Next::Record {
            header,
            body,
            length,
        } = record::next(rest)
        else {
            break;
        };
        let body = if is_internal(entry, internal) {
            WITHHELD
        } else {
            body
        };
        out.extend(record::frame(header, body));
        rest = &rest[length..];
    }
    // What is no record is never the reviewer's own text; it goes along so that a check finds it.
    out.extend_from_slice(rest);
    out
}

fn is_internal(entry: &Entry, internal: &BTreeSet<CommentId>) -> bool {
    match &entry.body {
        EntryBody::CommentAdded(comment) | EntryBody::CommentEdited(comment) => {
            comment.visibility == Visibility::Internal || internal.contains(&comment.id)
        }
        EntryBody::WriterEnrolled { .. }
        | EntryBody::ReviewOpened(_)
        | EntryBody::RevisionAdded(_)
        | EntryBody::VerdictGiven { .. }
        | EntryBody::VerdictRetracted { .. }
        | EntryBody::FindingAdded(_)
        | EntryBody::FindingEdited(_)
        | EntryBody::FindingWithdrawn(_)
        | EntryBody::CommentWithdrawn(_)
        | EntryBody::CodeDisplayed(_)
        | EntryBody::CodeRead(_)
        | EntryBody::CodeUnread(_)
        | EntryBody::HintDismissed { .. }
        | EntryBody::HintRestored(_)
        | EntryBody::HintConfirmed { .. }
        | EntryBody::ProfileSet { .. }
        | EntryBody::SignoffSigned(_)
        | EntryBody::SignoffWithdrawn { .. }
        | EntryBody::Unknown { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROZEN: &str = "tests/fixtures/journals/v1";

    fn frozen_logs() -> Vec<Vec<u8>> {
        let mut logs = Vec::new();
        let mut folders = vec![std::path::PathBuf::from(FROZEN)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|end| end == "log") {
                    logs.push(std::fs::read(path).unwrap());
                }
            }
        }
        logs
    }

    #[test]
    fn internal_comments_leave_and_the_chain_still_holds() {
        let logs = frozen_logs();
        let mut withheld = 0;
        for log in &logs {
            let before = verify_log(log);
            let all: BTreeSet<CommentId> = before
                .entries
                .iter()
                .filter_map(|entry| match &entry.body {
                    EntryBody::CommentAdded(comment) => Some(comment.id.clone()),
                    _ => None,
                })
                .collect();
            let copy = without_internal_comments(log, &all);
            let after = verify_log(&copy);
            assert_eq!(after.problems, Vec::<String>::new());
            assert_eq!(after.head, before.head);
            assert_eq!(after.entries.len(), before.entries.len());
            for entry in &before.entries {
                if let EntryBody::CommentAdded(comment) = &entry.body {
                    let text = String::from_utf8_lossy(&copy).into_owned();
                    assert!(!text.contains(&comment.text), "{}", comment.text);
                }
            }
            withheld += after.withheld;
        }
        assert!(withheld > 0, "the frozen journal holds comments");
    }

    #[test]
    fn only_a_comment_can_be_withheld() {
        assert!(is_withheld("comment.added", WITHHELD));
        assert!(!is_withheld("verdict.given", WITHHELD));
        assert!(!is_withheld("comment.added", b"{}"));
    }
}
