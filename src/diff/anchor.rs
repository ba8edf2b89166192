//! Pointing at lines of the change: checks that they are in it, and makes an anchor of them.

use std::fmt;

use crate::model::{
    Anchor, BlobId, DiffBody, Digest, FileChange, FileDiff, FileText, LineNo, RepoPath, RowKind,
    Side,
};
use crate::support::digest::Hasher;

/// How many lines before and after an anchor are digested, to tell equal places apart.
pub(super) const CONTEXT_LINES: u32 = 3;
/// How many ranges an error lists.
const LISTED_RANGES: usize = 4;

/// Why lines cannot be pointed at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    /// Lines are numbered from 1.
    #[error("{path}: there is no line 0; lines count from 1")]
    Zero {
        /// The file.
        path: RepoPath,
    },
    /// The range ends before it starts.
    #[error("{path}: lines {start}-{end} run backwards; say {end}-{start}")]
    Reversed {
        /// The file.
        path: RepoPath,
        /// First line as given.
        start: u32,
        /// Last line as given.
        end: u32,
    },
    /// An added file has no version before.
    #[error("{path} is new in this change and has no old side; leave out @old")]
    NoOldSide {
        /// The file.
        path: RepoPath,
    },
    /// The file has nothing to point at.
    #[error("{path} has no lines in this change ({why}); point at the file in a comment instead")]
    NoLines {
        /// The file.
        path: RepoPath,
        /// Why not.
        why: String,
    },
    /// A line is not among those the change shows.
    #[error("{path}: {side} line {line} is not in this change, which shows {side} {ranges}", side = side_name(*.side))]
    NotInChange {
        /// The file.
        path: RepoPath,
        /// The side asked for.
        side: Side,
        /// The first line that is not there.
        line: u32,
        /// What is there.
        ranges: LineRanges,
    },
}

/// Line ranges for a message: the first few, then an ellipsis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRanges(pub Vec<(u32, u32)>);

impl fmt::Display for LineRanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no lines");
        }
        f.write_str("lines ")?;
        for (index, (first, last)) in self.0.iter().take(LISTED_RANGES).enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}-{last}")?;
            }
        }
        f.write_str(if self.0.len() > LISTED_RANGES {
            ", …"
        } else {
            ""
        })
    }
}

fn side_name(side: Side) -> &'static str {
    match side {
        Side::Old => "old",
        Side::New => "new",
    }
}

/// Makes an anchor of lines `start` to `end` (1-based, inclusive) of one side of a file. Every line must lie in a hunk of
/// the change; context rows count. A deleted file has only an old side, so that is what is meant.
pub fn anchor(
    file: &FileChange,
    diff: &FileDiff,
    side: Side,
    start: u32,
    end: u32,
) -> Result<Anchor, AnchorError> {
    let path = file.path.clone();
    if start == 0 || end == 0 {
        return Err(AnchorError::Zero { path });
    }
    if end < start {
        return Err(AnchorError::Reversed { path, start, end });
    }
    let (side, blob) = resolve_side(file, side)?;
    if let Some(why) = reason_without_lines(diff) {
        return Err(AnchorError::NoLines { path, why });
    }
    let ranges = shown_ranges(diff, side);
    if let Some(line) = first_outside(&ranges, start, end) {
        let ranges = LineRanges(ranges);
        return Err(AnchorError::NotInChange {
            path,
            side,
            line,
            ranges,
        });
    }
    let text = match side {
        Side::Old => &diff.old,
        Side::New => &diff.new,
    };
    Ok(Anchor {
        side,
        path,
        blob,
        start: LineNo(start),
        end: LineNo(end),
        content: lines_digest(text, start, end),
        before: before_digest(text, start),
        after: after_digest(text, end),
        excerpt: excerpt(text, start, end),
    })
}

fn resolve_side(file: &FileChange, side: Side) -> Result<(Side, BlobId), AnchorError> {
    let path = file.path.clone();
    let (side, version) = match (side, &file.old, &file.new) {
        (Side::New, _, Some(new)) => (Side::New, new),
        (_, Some(old), _) => (Side::Old, old),
        (Side::Old, None, _) => return Err(AnchorError::NoOldSide { path }),
        (Side::New, None, None) => {
            let why = "neither side is known".to_owned();
            return Err(AnchorError::NoLines { path, why });
        }
    };
    Ok((side, version.blob.clone()))
}

fn reason_without_lines(diff: &FileDiff) -> Option<String> {
    Some(match &diff.body {
        DiffBody::Text => return None,
        DiffBody::Binary { .. } => "it is binary".to_owned(),
        DiffBody::Unchanged => "its text did not change".to_owned(),
        DiffBody::Submodule { .. } => "it is a submodule".to_owned(),
        DiffBody::Unavailable(why) => why.clone(),
    })
}

/// Returns the lines of one side that the hunks show, as ascending ranges; hunks that touch are one range.
fn shown_ranges(diff: &FileDiff, side: Side) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for run in diff.hunks.iter().flat_map(|hunk| &hunk.runs) {
        let first = match (side, run.kind) {
            (Side::Old, RowKind::Added) | (Side::New, RowKind::Removed) => continue,
            (Side::Old, RowKind::Context | RowKind::Removed) => run.old,
            (Side::New, RowKind::Context | RowKind::Added) => run.new,
        };
        let last = first + (run.len - 1);
        match ranges.last_mut() {
            Some(range) if range.1 + 1 == first => range.1 = last,
            _ => ranges.push((first, last)),
        }
    }
    ranges
}

fn first_outside(ranges: &[(u32, u32)], start: u32, end: u32) -> Option<u32> {
    let Some(&(_, last)) = ranges
        .iter()
        .find(|&&(first, last)| first <= start && start <= last)
    else {
        return Some(start);
    };
    (last < end).then(|| last + 1)
}

/// Returns the SHA-256 of lines `start` to `end`, endings included.
pub(super) fn lines_digest(text: &FileText, start: u32, end: u32) -> Digest {
    let mut hasher = Hasher::default();
    for line in start..=end {
        hasher.update(text.raw_line(LineNo(line)).unwrap_or_default());
    }
    hasher.finish()
}

/// Returns the SHA-256 of up to three lines before a line, in file order, as far as they are held without a gap.
pub(super) fn before_digest(text: &FileText, start: u32) -> Digest {
    let mut first = start;
    while first > 1 && start - first < CONTEXT_LINES && text.range(LineNo(first - 1)).is_some() {
        first -= 1;
    }
    let mut hasher = Hasher::default();
    for line in first..start {
        hasher.update(text.raw_line(LineNo(line)).unwrap_or_default());
    }
    hasher.finish()
}

/// Returns the SHA-256 of up to three lines after a line, as far as they are held without a gap.
pub(super) fn after_digest(text: &FileText, end: u32) -> Digest {
    let mut hasher = Hasher::default();
    for line in end.saturating_add(1)..=end.saturating_add(CONTEXT_LINES) {
        let Some(raw) = text.raw_line(LineNo(line)) else {
            break;
        };
        hasher.update(raw);
    }
    hasher.finish()
}

fn excerpt(text: &FileText, start: u32, end: u32) -> Vec<String> {
    (start..=end)
        .take(Anchor::EXCERPT_LINES)
        .map(|line| {
            let bytes = text.line(LineNo(line)).unwrap_or_default();
            String::from_utf8_lossy(bytes).into_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::parse_patch;
    use crate::support::digest::sha256;

    const PATCH: &[u8] = b"diff --git a/f.py b/f.py\n--- a/f.py\n+++ b/f.py\n\
        @@ -10,3 +10,4 @@ def f():\n one\n-two\n+zwei\n+drei\r\n four\n\
        @@ -40 +41 @@\n-x\n+y\n";

    fn file(patch: &[u8]) -> (FileChange, FileDiff) {
        let parsed = parse_patch(patch);
        assert_eq!(parsed.problems, []);
        let file = parsed.files.into_iter().next().expect("one file");
        (file.change, file.diff)
    }

    #[test]
    fn an_anchor_digests_raw_lines_and_their_surroundings() {
        let (change, diff) = file(PATCH);
        let anchor = anchor(&change, &diff, Side::New, 11, 12).expect("in the change");
        assert_eq!(anchor.content, sha256(b"zwei\ndrei\r\n"));
        assert_eq!(anchor.before, sha256(b"one\n"));
        assert_eq!(anchor.after, sha256(b"four\n"));
        assert_eq!(anchor.excerpt, ["zwei", "drei"]);
        assert_eq!(anchor.place(), "f.py:11-12");
    }

    #[test]
    fn a_line_outside_the_hunks_is_refused_and_what_is_there_is_named() {
        let (change, diff) = file(PATCH);
        let at = |side, start, end| {
            anchor(&change, &diff, side, start, end)
                .expect_err("not in the change")
                .to_string()
        };
        assert_eq!(
            at(Side::New, 12, 14),
            "f.py: new line 14 is not in this change, which shows new lines 10-13, 41"
        );
        assert_eq!(
            at(Side::Old, 9, 10),
            "f.py: old line 9 is not in this change, which shows old lines 10-12, 40"
        );
        assert!(at(Side::New, 12, 11).contains("run backwards; say 11-12"));
        assert!(at(Side::New, 0, 3).contains("count from 1"));
    }

    #[test]
    fn a_range_may_not_jump_a_gap_between_hunks() {
        let (change, diff) = file(PATCH);
        assert!(anchor(&change, &diff, Side::New, 13, 41).is_err());
    }

    #[test]
    fn a_deleted_file_means_its_old_side_and_an_added_one_has_none() {
        let (change, diff) = file(
            b"diff --git a/f b/f\ndeleted file mode 100644\n--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
        );
        let there = anchor(&change, &diff, Side::New, 1, 1).expect("the old side");
        assert_eq!(there.side, Side::Old);
        let (change, diff) = file(
            b"diff --git a/f b/f\nnew file mode 100644\n--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+x\n",
        );
        assert!(matches!(
            anchor(&change, &diff, Side::Old, 1, 1),
            Err(AnchorError::NoOldSide { .. })
        ));
    }

    #[test]
    fn a_file_without_lines_says_why() {
        let (change, diff) = file(b"diff --git a/f b/f\nold mode 100644\nnew mode 100755\n");
        let error = anchor(&change, &diff, Side::New, 1, 1).expect_err("no lines");
        assert!(error.to_string().contains("its text did not change"));
    }

    #[test]
    fn many_ranges_are_cut_in_the_message() {
        let ranges = LineRanges(vec![(1, 2), (4, 4), (6, 9), (11, 12), (20, 30)]);
        assert_eq!(ranges.to_string(), "lines 1-2, 4, 6-9, 11-12, …");
    }
}
