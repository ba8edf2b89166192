//! A place in code that can be found again.

use super::{BlobId, Digest, LineNo, RepoPath, Row, Side};

/// A range of lines of one version of one file, with what is needed to find it in another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Which side of the change.
    pub side: Side,
    /// The path on that side's change entry (the change set's `path`).
    pub path: RepoPath,
    /// The version.
    pub blob: BlobId,
    /// First line, 1-based.
    pub start: LineNo,
    /// Last line, inclusive.
    pub end: LineNo,
    /// SHA-256 of the lines' bytes, endings included.
    pub content: Digest,
    /// SHA-256 of up to three lines before, nearest last.
    pub before: Digest,
    /// SHA-256 of up to three lines after.
    pub after: Digest,
    /// The lines themselves as text without endings, at most [`Anchor::EXCERPT_LINES`], so that the journal stands
    /// without the repository; foreign text.
    pub excerpt: Vec<String>,
}

impl Anchor {
    /// How many lines an excerpt holds at the most.
    pub const EXCERPT_LINES: usize = 24;

    /// Tells whether a row of a file's difference shows one of the lines.
    pub fn shows(&self, path: &RepoPath, row: Row) -> bool {
        let line = match self.side {
            Side::Old => row.old,
            Side::New => row.new,
        };
        &self.path == path && line.is_some_and(|line| self.start <= line && line <= self.end)
    }

    /// Returns `path:start` or `path:start-end`, with `@old` after the path on the old side.
    pub fn place(&self) -> String {
        let side = match self.side {
            Side::Old => "@old",
            Side::New => "",
        };
        if self.start == self.end {
            format!("{}{side}:{}", self.path, self.start)
        } else {
            format!("{}{side}:{}-{}", self.path, self.start, self.end)
        }
    }
}
