//! What was reviewed, and what was not: both ends, the numbers, and every gap by name.

use std::cmp::Reverse;
use std::sync::Arc;

use super::super::ReportInput;
use super::super::document::{End, Gap, Scope, UnreadFile};
use super::super::shown::Shown;
use super::path;
use crate::model::{DiffBody, Endpoint, RepoPath};
use crate::review::FileCoverage;

pub(super) fn scope(input: &ReportInput<'_>) -> Scope {
    let (change, coverage) = (input.change, input.coverage);
    let unopened: Vec<Shown> = change
        .files
        .iter()
        .filter(|file| !coverage.files.contains_key(&file.path))
        .map(|file| path(&file.path))
        .collect();
    // A share of what was compared says nothing about files that were not: never claim all for that.
    let percent = coverage.percent();
    Scope {
        kind: change.kind,
        change: Shown::line(&change.title),
        base: end(&change.base),
        head: end(&change.head),
        files: change.files.len() as u64,
        hunks: coverage.hunks,
        displayed: coverage.displayed,
        read: coverage.read,
        lines: coverage.lines,
        added: coverage.added,
        removed: coverage.removed,
        lines_read: coverage.lines_read,
        percent: if unopened.is_empty() {
            percent
        } else {
            percent.min(99)
        },
        unread: unread(input),
        unopened,
        unshown: input.bodies.iter().filter_map(unshown).collect(),
        problems: change
            .problems
            .iter()
            .map(|problem| Gap {
                path: problem.path.as_ref().map(path),
                why: Shown::line(&problem.message),
            })
            .collect(),
    }
}

fn end(endpoint: &Endpoint) -> End {
    End {
        label: Shown::line(&endpoint.label),
        commit: endpoint
            .commit
            .as_ref()
            .map(|id| Shown::line(&id.to_string())),
        tree: endpoint
            .tree
            .as_ref()
            .map(|id| Shown::line(&id.to_string())),
    }
}

fn unread(input: &ReportInput<'_>) -> Vec<UnreadFile> {
    let mut files: Vec<UnreadFile> = input
        .coverage
        .files
        .iter()
        .filter(|(_, file)| !file.unread.is_empty())
        .map(unread_file)
        .collect();
    // Stable, so that files with as many lines stay in path order.
    files.sort_by_key(|file| Reverse(file.lines));
    files
}

fn unread_file((name, file): (&RepoPath, &Arc<FileCoverage>)) -> UnreadFile {
    UnreadFile {
        path: path(name),
        hunks: file.hunks,
        unread: file.unread.clone(),
        lines: (file.added + file.removed).saturating_sub(file.lines_read),
    }
}

fn unshown((name, body): (&RepoPath, &DiffBody)) -> Option<Gap> {
    let why = match body {
        // Nothing hides in a text or in a change of mode or name, both of which are displayed in full.
        DiffBody::Text | DiffBody::Unchanged => return None,
        DiffBody::Binary { old_size, new_size } => match (old_size, new_size) {
            (None, None) => "binary".to_owned(),
            (Some(old), None) => format!("binary, {} before, none after", bytes(*old)),
            (None, Some(new)) => format!("binary, new, {}", bytes(*new)),
            (Some(old), Some(new)) => {
                format!("binary, {} before, {} after", bytes(*old), bytes(*new))
            }
        },
        DiffBody::Submodule { old, new } => format!(
            "submodule, its own code is not part of this review ({} to {})",
            old.as_deref().unwrap_or("none"),
            new.as_deref().unwrap_or("none")
        ),
        DiffBody::Unavailable(reason) => reason.clone(),
    };
    Some(Gap {
        path: Some(path(name)),
        why: Shown::line(&why),
    })
}

/// Returns a size in the unit that keeps it readable; kB and MB are powers of ten.
fn bytes(size: u64) -> String {
    match size {
        0..1_000 => format!("{size} bytes"),
        1_000..1_000_000 => format!("{}.{} kB", size / 1_000, size % 1_000 / 100),
        _ => format!("{}.{} MB", size / 1_000_000, size % 1_000_000 / 100_000),
    }
}
