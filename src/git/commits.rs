//! Changes between commits, and whole trees. Everything is in the object database, so nothing needs to be copied.

use std::path::Path;
use std::sync::Arc;

use git2::{Oid, Repository};

use super::content::{Content, ContentError};
use super::error::{GitError, shown};
use super::rename::{self, Aliases};
use super::repository::{self, Pool};
use super::revision::{self, Ends};
use super::{Draft, OpenedSource, tree};
use crate::model::{BlobId, Digest, Endpoint, FileSide, ObjectId, Revision, SourceKind};

/// Content that lies in a repository's object database.
pub(super) struct RepositoryContent {
    pool: Pool,
}

impl RepositoryContent {
    pub(super) fn new(repo: Repository) -> Self {
        Self {
            pool: Pool::new(repo),
        }
    }
}

impl Content for RepositoryContent {
    fn read(&self, side: &FileSide) -> Result<Arc<[u8]>, ContentError> {
        match &side.blob {
            BlobId::Git(id) => self.pool.blob(id),
            BlobId::Sha256(digest) => Err(ContentError::Missing {
                what: format!("sha256:{digest}"),
            }),
        }
    }

    fn digest(&self, side: &FileSide) -> Result<Digest, ContentError> {
        match &side.blob {
            BlobId::Git(id) => self.pool.digest(id),
            BlobId::Sha256(digest) => Ok(*digest),
        }
    }
}

/// Opens a range, one commit, or what HEAD has on top of the main branch.
pub(super) fn open_revisions(text: Option<&str>, cwd: &Path) -> Result<OpenedSource, GitError> {
    let repo = repository::discover(cwd)?;
    let ends = revision::resolve(&repo, text)?;
    open_ends(repo, ends)
}

/// Opens everything in one commit.
pub(super) fn open_tree(text: Option<&str>, cwd: &Path) -> Result<OpenedSource, GitError> {
    let repo = repository::discover(cwd)?;
    let text = text.unwrap_or("HEAD");
    let head = revision::endpoint(text, &revision::commit(&repo, text)?);
    let ends = Ends {
        kind: SourceKind::Tree,
        title: format!("tree of {text}"),
        base: Endpoint::named("nothing"),
        head,
        notes: Vec::new(),
    };
    open_ends(repo, ends)
}

/// Opens a revision of a review again, by the exact ids it names.
pub(super) fn reopen(revision: &Revision, path: &Path) -> Result<OpenedSource, GitError> {
    let gone = |reason: String| GitError::Gone {
        path: shown(path),
        reason,
    };
    let repo = repository::open_at(path).map_err(|error| match error {
        GitError::NotARepository { .. } => gone("there is none".to_owned()),
        error => error,
    })?;
    for id in [&revision.base, &revision.head]
        .into_iter()
        .filter_map(|end| end.commit.as_ref())
    {
        find_commit(&repo, id).map_err(|error| match error {
            GitError::Object { what, .. } => gone(format!("it has no {what}")),
            error => error,
        })?;
    }
    let ends = Ends {
        kind: revision.kind,
        title: revision.title.clone(),
        base: revision.base.clone(),
        head: revision.head.clone(),
        notes: Vec::new(),
    };
    open_ends(repo, ends)
}

/// Finds a commit by its full id.
pub(super) fn find_commit<'r>(
    repo: &'r Repository,
    id: &ObjectId,
) -> Result<git2::Commit<'r>, GitError> {
    let what = || format!("commit {}", super::error::visible(&id.to_string()));
    let oid = repository::object_id(id).map_err(|error| GitError::Object {
        what: what(),
        reason: error.to_string(),
    })?;
    repo.find_commit(oid)
        .map_err(|error| GitError::object(what(), &error))
}

/// Returns the tree an end's commit has; `None` for an end that is no commit.
pub(super) fn tree_of(
    repo: &Repository,
    commit: Option<&ObjectId>,
) -> Result<Option<Oid>, GitError> {
    commit
        .map(|id| find_commit(repo, id).map(|commit| commit.tree_id()))
        .transpose()
}

/// Opens one commit against its first parent. `goes_on` is asked while files are compared, with how many of how many are;
/// given up, fewer renames are known.
pub fn open_commit(
    id: &ObjectId,
    cwd: &Path,
    goes_on: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<OpenedSource, GitError> {
    let repo = repository::discover(cwd)?;
    let ends = revision::resolve(&repo, Some(&id.to_string()))?;
    open_ends_while(repo, ends, goes_on)
}

fn open_ends(repo: Repository, ends: Ends) -> Result<OpenedSource, GitError> {
    open_ends_while(repo, ends, &mut |_, _| true)
}

fn open_ends_while(
    repo: Repository,
    ends: Ends,
    goes_on: &mut rename::GoesOn<'_>,
) -> Result<OpenedSource, GitError> {
    let old = tree_of(&repo, ends.base.commit.as_ref())?;
    let new = tree_of(&repo, ends.head.commit.as_ref())?;
    let files = tree::changes_between(&repo, old, new)?;
    let fetch = |side: &FileSide, limit: u64| small_blob(&repo, side, limit);
    let (files, note) = rename::detect_while(files, &Aliases::new(), &fetch, goes_on);
    let mut notes = ends.notes;
    notes.extend(note);
    let draft = Draft {
        kind: ends.kind,
        title: ends.title,
        base: ends.base,
        head: ends.head,
        files,
        problems: Vec::new(),
        repository: Some(repository::home(&repo)),
        notes,
        patch: None,
    };
    draft.finish(Arc::new(RepositoryContent::new(repo)))
}

/// Reads a blob for the search for renames, if it is small and there.
pub(super) fn small_blob(repo: &Repository, side: &FileSide, limit: u64) -> Option<Arc<[u8]>> {
    let BlobId::Git(id) = &side.blob else {
        return None;
    };
    let oid = repository::object_id(id).ok()?;
    let odb = repo.odb().ok()?;
    let (size, _) = odb.read_header(oid).ok()?;
    (size as u64 <= limit).then_some(())?;
    odb.read(oid).ok().map(|object| Arc::from(object.data()))
}
