//! Sources of change. The only caller of git2; runs nothing of the repository under review.
//!
//! Names come first: [`open`] compares trees and reads no more content than the search for renames needs; hunks come per
//! file from [`Content::diff`]. Work-tree bytes are read raw, beneath the tree, without following a link; no filter,
//! attribute, text conversion, hook, replace ref or submodule setting of the repository applies, because nothing here
//! asks for one: trees are compared here, not by libgit2.
//!
//! # Manifests
//!
//! See [`manifests`] for the exact bytes, and how to recompute them with stock git.

mod beneath;
mod blame;
pub mod build;
mod commits;
mod content;
mod error;
mod facts;
mod folder;
mod head;
mod identity;
mod manifest;
mod origin;
mod patch;
mod rename;
mod repository;
mod revision;
mod snapshot;
mod still;
mod tree;
mod wire;
mod worktree;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use blame::line_origin;
pub use commits::open_commit;
pub use content::{Content, ContentError, MAX_FILE_BYTES};
pub use error::GitError;
pub use facts::{discover, head_of, tree_of};
pub use head::head_files;
pub use identity::{Authorship, authored_by, global_identity};
pub use manifest::{ManifestBasis, Manifests, commit_manifests, manifests};
pub use origin::{CommitFacts, LineOrigin, commits_between};
pub use snapshot::{reopen, snapshot};
pub use still::{still_content, still_file};

use crate::model::{ChangeSet, Endpoint, Problem, Revision, SourceKind, SourceSpec};
use crate::support::digest::{Hasher, sha256};

/// How differences are computed, as a revision states it.
const PARAMETERS: &str = "context=3 renames=50";

/// A source, opened: what is under review, and a way to its content.
#[derive(Clone)]
pub struct OpenedSource {
    /// What identifies the bytes under review.
    pub revision: Revision,
    /// The files.
    pub change: Arc<ChangeSet>,
    /// Hunks and bytes on demand; usable from many threads at once.
    pub content: Arc<dyn Content>,
    /// The repository, absolute: its main work tree, or its git folder where it is bare. `None` for a folder, and for a
    /// patch read outside any repository.
    pub repository: Option<PathBuf>,
    /// What the reader should know about how the ends were chosen, as sentences.
    pub notes: Vec<String>,
    /// The patch itself, where the source is one.
    pub patch: Option<Arc<[u8]>>,
}

impl std::fmt::Debug for OpenedSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenedSource")
            .field("revision", &self.revision)
            .field("change", &self.change)
            .field("repository", &self.repository)
            .field("notes", &self.notes)
            .finish_non_exhaustive()
    }
}

/// Opens what the reader asked for. Relative paths, and the search for a repository, start at `cwd`. A source without any
/// change is an error.
pub fn open(spec: &SourceSpec, cwd: &Path) -> Result<OpenedSource, GitError> {
    match spec {
        SourceSpec::Revisions(text) => commits::open_revisions(text.as_deref(), cwd),
        SourceSpec::Tree(revision) => commits::open_tree(revision.as_deref(), cwd),
        SourceSpec::Staged => worktree::open_staged(cwd),
        SourceSpec::Worktree => worktree::open_worktree(cwd),
        SourceSpec::PatchFile(path) => patch::open_file(&cwd.join(path), cwd),
        SourceSpec::PatchBytes(bytes) => {
            patch::open_bytes(Arc::from(&bytes[..]), "patch from standard input", cwd)
        }
        SourceSpec::Folder(path) => folder::open(&cwd.join(path)),
    }
}

/// What a source gathers before it is identified.
struct Draft {
    kind: SourceKind,
    title: String,
    base: Endpoint,
    head: Endpoint,
    files: Vec<crate::model::FileChange>,
    problems: Vec<Problem>,
    repository: Option<PathBuf>,
    notes: Vec<String>,
    patch: Option<Arc<[u8]>>,
}

impl Draft {
    /// Makes a source of it; an empty change is an error.
    fn finish(self, content: Arc<dyn Content>) -> Result<OpenedSource, GitError> {
        if self.files.is_empty() {
            let title = error::visible(&self.title);
            let problem = self.problems.first().map(|problem| problem.message.clone());
            return Err(GitError::Empty { title, problem });
        }
        let object_format = self
            .repository
            .is_some()
            .then_some(crate::model::ObjectFormat::Sha1);
        let change = ChangeSet {
            kind: self.kind,
            title: self.title.clone(),
            base: self.base.clone(),
            head: self.head.clone(),
            object_format,
            files: self.files,
            problems: self.problems,
        };
        let digest = match self.kind {
            SourceKind::Range | SourceKind::Commit | SourceKind::Tree => ends_digest(&change),
            SourceKind::Patch => sha256(self.patch.as_deref().unwrap_or_default()),
            SourceKind::Staged | SourceKind::Worktree | SourceKind::Folder => {
                manifest::change_manifest(&change, content.as_ref())?.0
            }
        };
        let revision = Revision {
            kind: self.kind,
            title: self.title,
            base: self.base,
            head: self.head,
            change: digest,
            parameters: PARAMETERS.to_owned(),
        };
        Ok(OpenedSource {
            revision,
            change: Arc::new(change),
            content,
            repository: self.repository,
            notes: self.notes,
            patch: self.patch,
        })
    }
}

/// Identifies a change between commits: SHA-256 over the kind, the base commit (`empty` where there is none) and the head
/// commit, each ended by NUL.
fn ends_digest(change: &ChangeSet) -> crate::model::Digest {
    let commit = |end: &Endpoint| {
        let id = end.commit.as_ref().map(ToString::to_string);
        id.unwrap_or_else(|| "empty".to_owned())
    };
    let mut hasher = Hasher::default();
    let parts = [
        change.kind.name().to_owned(),
        commit(&change.base),
        commit(&change.head),
    ];
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update(b"\0");
    }
    hasher.finish()
}

#[cfg(test)]
mod tests;
