//! What was displayed and what was marked as read, against what there is.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::surface::Words;
use super::{Review, RowSet};
use crate::model::{Digest, FileDiff, Hunk, ReadMark, RepoPath, RowKind};

/// What coverage needs to know of a hunk, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HunkFacts {
    /// The bytes of its rows.
    pub digest: Digest,
    /// How many rows it has; 0 for a file without text to show.
    pub rows: u32,
    /// Rows added.
    pub added: u32,
    /// Rows removed.
    pub removed: u32,
    /// First and last line after the change, or before it where nothing is left.
    pub lines: (u32, u32),
    /// Words of the changed lines, as numbers, ascending.
    pub words: Box<[u64]>,
    /// Those of lines that bring other packages in.
    pub imports: Box<[u64]>,
}

impl HunkFacts {
    /// Extracts the facts of all hunks of a file.
    pub fn of(diff: &FileDiff) -> Vec<Self> {
        diff.hunks
            .iter()
            .map(|hunk| Self::of_hunk(diff, hunk))
            .collect()
    }

    fn of_hunk(diff: &FileDiff, hunk: &Hunk) -> Self {
        let mut words = Words::default();
        let changed = hunk.runs.iter().filter(|run| run.kind != RowKind::Context);
        for run in changed {
            for offset in 0..run.len {
                words.take(diff.line_of(run.row(offset)));
            }
        }
        let (words, imports) = words.finish();
        let (first, count) = match hunk.new_span() {
            (_, 0) => hunk.old_span(),
            span => span,
        };
        Self {
            digest: hunk.digest,
            rows: hunk.rows(),
            added: hunk.count(RowKind::Added),
            removed: hunk.count(RowKind::Removed),
            lines: (first, first + count.max(1) - 1),
            words,
            imports,
        }
    }

    /// Returns the mark that says this hunk was read.
    pub fn mark(&self, path: &RepoPath, hunk: u32) -> ReadMark {
        ReadMark {
            path: path.clone(),
            hunk,
            digest: self.digest,
        }
    }
}

/// One file's coverage. Lines are changed lines: added and removed rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileCoverage {
    /// Hunks in the file.
    pub hunks: u32,
    /// Hunks of which every row was displayed (a hunk without rows: its header was).
    pub displayed: u32,
    /// Hunks marked as read.
    pub read: u32,
    /// Added lines.
    pub added: u64,
    /// Removed lines.
    pub removed: u64,
    /// Changed lines in hunks marked as read.
    pub lines_read: u64,
    /// Numbers (from 1) of the hunks that are not marked as read.
    pub unread: Vec<u32>,
}

/// The change's coverage, and each file's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Hunks in the change.
    pub hunks: u64,
    /// Hunks displayed in full.
    pub displayed: u64,
    /// Hunks marked as read.
    pub read: u64,
    /// Changed lines.
    pub lines: u64,
    /// Added lines.
    pub added: u64,
    /// Removed lines.
    pub removed: u64,
    /// Changed lines in hunks marked as read.
    pub lines_read: u64,
    /// By file, in path order; one that has not changed is shared with the coverage before.
    pub files: BTreeMap<RepoPath, Arc<FileCoverage>>,
}

impl Coverage {
    /// Returns the share of changed lines that are marked as read, in whole percent rounded down, so that 100 means
    /// all; hunks stand in where the change has no lines.
    pub fn percent(&self) -> u8 {
        let (part, whole) = if self.lines > 0 {
            (self.lines_read, self.lines)
        } else {
            (self.read, self.hunks)
        };
        let share = (part * 100).checked_div(whole).unwrap_or(100) as u8;
        // Lines can be all read while an empty file or a mode change is not: never claim 100 for that.
        if self.read < self.hunks {
            share.min(99)
        } else {
            share
        }
    }
}

/// Compares a review's marks with the hunks there are.
pub fn coverage<'a>(
    review: &Review,
    files: impl IntoIterator<Item = (&'a RepoPath, &'a [HunkFacts])>,
) -> Coverage {
    coverage_after(&Coverage::default(), review, files)
}

/// Compares a review's marks with the hunks there are; files in path order. What is as it was in the coverage before is
/// kept once for both: a change can have a hundred thousand files, and the screen holds the last coverage while the next is
/// made.
pub fn coverage_after<'a>(
    before: &Coverage,
    review: &Review,
    files: impl IntoIterator<Item = (&'a RepoPath, &'a [HunkFacts])>,
) -> Coverage {
    let mut total = Coverage::default();
    let mut known = before.files.iter().peekable();
    let mut by_path = Vec::new();
    for (path, hunks) in files {
        let file = file_coverage(review, path, hunks);
        total.hunks += u64::from(file.hunks);
        total.displayed += u64::from(file.displayed);
        total.read += u64::from(file.read);
        total.added += file.added;
        total.removed += file.removed;
        total.lines += file.added + file.removed;
        total.lines_read += file.lines_read;
        while known.next_if(|(earlier, _)| *earlier < path).is_some() {}
        let same = known.next_if(|(earlier, known)| *earlier == path && ***known == file);
        let file = same.map_or_else(|| Arc::new(file), |(_, known)| Arc::clone(known));
        by_path.push((path.clone(), file));
    }
    total.files = by_path.into_iter().collect();
    total
}

fn file_coverage(review: &Review, path: &RepoPath, hunks: &[HunkFacts]) -> FileCoverage {
    let mut file = FileCoverage {
        hunks: hunks.len() as u32,
        ..FileCoverage::default()
    };
    for (facts, number) in hunks.iter().zip(1..) {
        let lines = u64::from(facts.added) + u64::from(facts.removed);
        file.added += u64::from(facts.added);
        file.removed += u64::from(facts.removed);
        let shown = review.displayed.get(&(path.clone(), number));
        if shown.is_some_and(|rows| is_displayed(rows, facts.rows)) {
            file.displayed += 1;
        }
        if review.is_read(&facts.mark(path, number)) {
            file.read += 1;
            file.lines_read += lines;
        } else {
            file.unread.push(number);
        }
    }
    file
}

fn is_displayed(rows: &RowSet, total: u32) -> bool {
    rows.covers(0, total.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ReviewId;
    use crate::review::fold;

    #[test]
    fn what_did_not_change_is_kept_once_for_two_coverages() {
        let facts = |added| {
            vec![HunkFacts {
                digest: Digest([1; 32]),
                rows: added,
                added,
                removed: 0,
                lines: (1, added),
                words: Box::default(),
                imports: Box::default(),
            }]
        };
        let review = fold(&ReviewId::from("r"), &[]);
        let paths: Vec<RepoPath> = ["a", "b", "c"].map(RepoPath::from).into();
        let of = |before: &Coverage, files: &[(usize, u32)]| {
            let facts: Vec<_> = files
                .iter()
                .map(|(at, added)| (*at, facts(*added)))
                .collect();
            let files = facts
                .iter()
                .map(|(at, facts)| (&paths[*at], facts.as_slice()));
            coverage_after(before, &review, files)
        };
        let first = of(&Coverage::default(), &[(0, 1), (2, 3)]);
        let second = of(&first, &[(0, 1), (1, 2), (2, 4)]);
        let shared = |at: usize| {
            let known = first.files.get(&paths[at]);
            known.is_some_and(|known| Arc::ptr_eq(known, &second.files[&paths[at]]))
        };
        assert!(shared(0) && !shared(1) && !shared(2));
        assert_eq!(second, of(&Coverage::default(), &[(0, 1), (1, 2), (2, 4)]));
    }
}
