//! Where a change comes from.

/// The kind of source, as the reader asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// Two commits.
    Range,
    /// One commit against its first parent.
    Commit,
    /// The index against HEAD.
    Staged,
    /// The work tree, untracked files included, against HEAD.
    Worktree,
    /// A patch file or standard input.
    Patch,
    /// Everything in one commit.
    Tree,
    /// A folder outside git.
    Folder,
}

impl SourceKind {
    /// Returns the stable name used in stored and printed forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::Commit => "commit",
            Self::Staged => "staged",
            Self::Worktree => "worktree",
            Self::Patch => "patch",
            Self::Tree => "tree",
            Self::Folder => "folder",
        }
    }

    /// Reads [`SourceKind::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Range,
            Self::Commit,
            Self::Staged,
            Self::Worktree,
            Self::Patch,
            Self::Tree,
            Self::Folder,
        ]
        .into_iter()
        .find(|kind| kind.name() == name)
    }
}

/// What the reader asked to review, before anything is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceSpec {
    /// `A..B`, `A...B`, one revision, or nothing (merge base with the upstream or main branch … HEAD).
    Revisions(Option<String>),
    /// The index against HEAD.
    Staged,
    /// The work tree against HEAD.
    Worktree,
    /// A patch file.
    PatchFile(std::path::PathBuf),
    /// A patch on standard input, already read.
    PatchBytes(Vec<u8>),
    /// Everything in one revision (`HEAD` when not named).
    Tree(Option<String>),
    /// A folder outside git.
    Folder(std::path::PathBuf),
}
