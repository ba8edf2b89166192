//! What can go wrong with a source, in words that say what to do next. Foreign text is made visible on the way in.

use std::path::Path;

use crate::model::RepoPath;
use crate::support::text::visible_start;

/// Why a source cannot be opened, kept or checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// No repository at or above a folder.
    #[error(
        "no git repository at or above {path}; go into one, or name a source with --patch FILE or --path DIR"
    )]
    NotARepository {
        /// Where the search began.
        path: String,
    },
    /// Owned by another user; git refuses it too.
    #[error(
        "the repository at {path} belongs to another user, so its settings are not trusted; if you trust it: \
         git config --global --add safe.directory {}", shell_word(.path)
    )]
    ForeignOwner {
        /// The folder to declare safe.
        path: String,
    },
    /// A format this program's git library does not read.
    #[error(
        "the repository at {path} cannot be opened here ({reason}); git itself can read it: \
         git diff A...B | countersign review --patch -"
    )]
    Unsupported {
        /// Where.
        path: String,
        /// What the library says.
        reason: String,
    },
    /// A revision that does not exist.
    #[error("there is no revision “{revision}”{}", similar_names(.similar))]
    UnknownRevision {
        /// As given.
        revision: String,
        /// Branches with similar names.
        similar: Vec<String>,
    },
    /// A short id that several objects may have.
    #[error(
        "“{revision}” is too short to name one commit; give more of its id, or a branch or tag"
    )]
    AmbiguousRevision {
        /// As given.
        revision: String,
    },
    /// A revision that is not a commit.
    #[error("{revision} is not a commit; name a commit, branch or tag")]
    NotACommit {
        /// As given.
        revision: String,
    },
    /// HEAD has no commit yet.
    #[error("HEAD has no commit yet; review what is there with --staged, --worktree or --path .")]
    Unborn,
    /// Two ends without common history.
    #[error("{a} and {b} have no common ancestor{}; compare them directly with {a}..{b}", if *.shallow { " in this shallow clone (git fetch --unshallow brings the rest)" } else { "" })]
    NoCommonAncestor {
        /// One end.
        a: String,
        /// The other.
        b: String,
        /// Whether history is cut off.
        shallow: bool,
    },
    /// Nothing was named, and there is nothing to compare HEAD with.
    #[error(
        "there is no upstream, main or master branch to compare {head} with; name a range such as A..B or HEAD~1..HEAD, or \
         ask for --tree, --worktree or --staged"
    )]
    NoMainBranch {
        /// What HEAD is called.
        head: String,
    },
    /// Nothing was named, and HEAD has nothing of its own.
    #[error(
        "{head} has no commits that {tried} lacks; name a range such as HEAD~1..HEAD, or ask for --worktree, --staged or \
         --tree"
    )]
    NothingAhead {
        /// What HEAD is called.
        head: String,
        /// The branches it was compared with.
        tried: String,
    },
    /// The parent of a commit is beyond the edge of a shallow clone.
    #[error(
        "the parent of {revision} is not in this shallow clone; fetch it with git fetch --deepen=1, or review everything \
         with --tree {revision}"
    )]
    ShallowParent {
        /// As given.
        revision: String,
    },
    /// The repository of a review is not where it was, or is another one now.
    #[error(
        "the repository of this review is not at {path} any more ({reason}); put it back, or go into a clone that has \
         these commits and do it there"
    )]
    Gone {
        /// Where it was.
        path: String,
        /// What was found instead.
        reason: String,
    },
    /// Nothing changed.
    #[error("{title}: nothing changed, so there is nothing to review{}", .problem.as_ref().map(|p| format!(" ({p})")).unwrap_or_default())]
    Empty {
        /// The change as named.
        title: String,
        /// The first problem met, if any.
        problem: Option<String>,
    },
    /// The index has a form this program's git library does not read.
    #[error(
        "the index at {path} cannot be read here ({reason}); git itself can rewrite it: git update-index --no-split-index \
         (or git sparse-checkout disable), or pipe it in: git diff --cached | countersign review --patch -"
    )]
    Index {
        /// Where.
        path: String,
        /// What the library says.
        reason: String,
    },
    /// A bare repository has neither index nor work tree.
    #[error("{path} is a bare repository without a work tree; name a range, or ask for --tree")]
    Bare {
        /// Where.
        path: String,
    },
    /// A patch that is none.
    #[error(
        "{name} holds no file changes; a patch has lines such as “--- a/file”, “+++ b/file” and “@@ -1 +1 @@”{}", .problem.as_ref().map(|p| format!(" ({p})")).unwrap_or_default()
    )]
    EmptyPatch {
        /// Its name.
        name: String,
        /// The first problem met, if any.
        problem: Option<String>,
    },
    /// A file or folder that cannot be read.
    #[error("cannot read {path}: {reason}")]
    Read {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
    /// A file that somebody writes to while it is copied.
    #[error(
        "{path} changed while it was being copied, so nothing was opened; wait until nothing writes there, then open it \
         again"
    )]
    Moving {
        /// Which.
        path: String,
    },
    /// A file or folder that cannot be written.
    #[error("cannot write {path}: {reason}")]
    Write {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
    /// An object that is missing or broken.
    #[error(
        "the repository cannot give {what} ({reason}); check it with git fsck, or fetch it again"
    )]
    Object {
        /// Which.
        what: String,
        /// Why.
        reason: String,
    },
    /// The copy of a source is not there, or not whole.
    #[error(
        "the copy of this change at {path} cannot be used ({reason}); open the change again from where it came"
    )]
    Snapshot {
        /// Where.
        path: String,
        /// Why.
        reason: String,
    },
}

/// Spells a path as one word of a shell command that a reader may paste.
fn shell_word(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+@:,".contains(c);
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

fn similar_names(names: &[String]) -> String {
    match names {
        [] => "; git branch --all lists the branches".to_owned(),
        names => format!("; did you mean {}?", names.join(", ")),
    }
}

/// Makes foreign text fit for a message.
pub(super) fn visible(text: &str) -> String {
    visible_start(text, 200).into_owned()
}

/// Spells a path of this machine for a message.
pub(super) fn shown(path: &Path) -> String {
    visible_path(path.as_os_str().as_encoded_bytes())
}

fn visible_path(bytes: &[u8]) -> String {
    RepoPath::new(bytes).quoted()
}

impl GitError {
    pub(super) fn read(path: &Path, error: impl std::fmt::Display) -> Self {
        Self::Read {
            path: shown(path),
            reason: visible(&error.to_string()),
        }
    }

    pub(super) fn write(path: &Path, error: impl std::fmt::Display) -> Self {
        Self::Write {
            path: shown(path),
            reason: visible(&error.to_string()),
        }
    }

    pub(super) fn object(what: impl Into<String>, error: &git2::Error) -> Self {
        Self::Object {
            what: what.into(),
            reason: visible(error.message()),
        }
    }

    pub(super) fn snapshot(path: &Path, reason: impl std::fmt::Display) -> Self {
        Self::Snapshot {
            path: shown(path),
            reason: visible(&reason.to_string()),
        }
    }
}
