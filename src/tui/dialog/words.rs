//! The words and marks dialogs share: severities, dispositions, subjects, coverage in a sentence. A mark never stands
//! without its word.

use super::DialogContext;
use super::places::place_text;
use crate::model::{CommentTarget, Disposition, Item, ItemId, Severity};
use crate::review::Coverage;
use crate::support::digest::sha256;
use crate::workbench::CommentSubject;

/// Returns a severity's mark and word.
pub(super) fn severity_words(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker => "\u{25a0} blocker",
        Severity::Major => "\u{25b2} major",
        Severity::Minor => "\u{25cf} minor",
        Severity::Note => "\u{b7} note",
    }
}

/// Returns the terms of a disposition in words; nothing for what is fixed before launch.
pub(super) fn term_words(disposition: &Disposition) -> String {
    match disposition {
        Disposition::FixBeforeLaunch => String::new(),
        Disposition::CanWait { until } => format!("until {until}"),
        Disposition::AcceptedRisk { by, until: None } => format!("accepted by {by}"),
        Disposition::AcceptedRisk {
            by,
            until: Some(until),
        } => format!("accepted by {by} until {until}"),
    }
}

/// Finds an item among the review's checklists.
pub(super) fn item_of<'a>(context: &DialogContext<'a>, id: &ItemId) -> Option<&'a Item> {
    context
        .checklists
        .iter()
        .flat_map(|list| &list.items)
        .find(|item| &item.id == id)
}

/// Returns an item's title, or its id where no checklist has it.
pub(super) fn item_title(context: &DialogContext<'_>, id: &ItemId) -> String {
    item_of(context, id).map_or_else(|| id.to_string(), |item| item.title.clone())
}

/// Returns what a comment is to be about, in words.
pub(super) fn subject_words(context: &DialogContext<'_>, subject: &CommentSubject) -> String {
    match subject {
        CommentSubject::Review => "the review as a whole".to_owned(),
        CommentSubject::Item(id) => format!("item \u{201c}{}\u{201d}", item_title(context, id)),
        CommentSubject::File(path) => format!("file {path}"),
        CommentSubject::Lines(place) => place_text(place),
    }
}

/// Returns what a comment is about, in words.
pub(super) fn target_words(context: &DialogContext<'_>, target: &CommentTarget) -> String {
    match target {
        CommentTarget::Review => "the review as a whole".to_owned(),
        CommentTarget::Item(id) => format!("item \u{201c}{}\u{201d}", item_title(context, id)),
        CommentTarget::File(path) => format!("file {path}"),
        CommentTarget::Lines(anchor) => anchor.place(),
    }
}

/// Says what was read and what was on the screen.
pub(super) fn coverage_words(coverage: &Coverage) -> String {
    format!(
        "{} of {} hunks are marked as read: {} of {} changed lines, {} %. {} of {} hunks were on the screen in full.",
        coverage.read,
        coverage.hunks,
        coverage.lines_read,
        coverage.lines,
        coverage.percent(),
        coverage.displayed,
        coverage.hunks
    )
}

/// Returns a name for a draft that is safe as a file's name and short, whatever the subject is called.
pub(super) fn draft_name(kind: &str, subject: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    if subject.len() <= 60 && !subject.is_empty() && subject.chars().all(plain) {
        format!("{kind}-{subject}")
    } else {
        format!("{kind}-{}", sha256(subject.as_bytes()).short())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drafts_name_is_a_file_name_whatever_the_subject() {
        assert_eq!(draft_name("accept", "n-plus-one"), "accept-n-plus-one");
        for hostile in ["../../etc/passwd", "a/b", "", "x\0y", &"long".repeat(200)] {
            let name = draft_name("accept", hostile);
            assert!(name.len() < 80, "{name}");
            assert!(!name.contains(['/', '\0', '.']), "{name}");
        }
        assert_ne!(draft_name("c", "a/b"), draft_name("c", "a/c"));
    }
}
