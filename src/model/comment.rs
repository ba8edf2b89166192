//! Remarks that decide nothing.

use super::{Anchor, CommentId, ItemId, RepoPath};

/// What a comment is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommentTarget {
    /// The review as a whole.
    Review,
    /// One item.
    Item(ItemId),
    /// One file of the change.
    File(RepoPath),
    /// Lines.
    Lines(Anchor),
}

/// Who may read a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Goes into the report.
    Client,
    /// Never leaves in a report.
    Internal,
}

impl Visibility {
    /// Returns the stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Internal => "internal",
        }
    }
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// What it is about.
    pub target: CommentTarget,
    /// Who may read it.
    pub visibility: Visibility,
    /// The text.
    pub text: String,
}
