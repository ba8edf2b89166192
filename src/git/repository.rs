//! Opening repositories, and handing one handle to each thread that needs one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use git2::{ErrorCode, ObjectType, Oid, Repository, RepositoryOpenFlags};

use super::content::{ContentError, MAX_FILE_BYTES};
use super::error::{GitError, shown, visible};
use crate::model::{BlobId, Digest, ObjectId};
use crate::support::digest::sha256;

/// Opens the repository at or above a folder. Nothing of the environment (`GIT_DIR`) is read.
pub(super) fn discover(cwd: &Path) -> Result<Repository, GitError> {
    let none: [&Path; 0] = [];
    Repository::open_ext(cwd, RepositoryOpenFlags::empty(), none)
        .map_err(|error| explain(cwd, &error))
}

/// Opens the repository at a path that was found before.
pub(super) fn open_at(path: &Path) -> Result<Repository, GitError> {
    Repository::open(path).map_err(|error| explain(path, &error))
}

fn explain(path: &Path, error: &git2::Error) -> GitError {
    let found = Repository::discover_path(path, None::<&Path>)
        .map_or_else(|_| path.to_owned(), |found| work_folder(&found));
    match error.code() {
        ErrorCode::Owner => GitError::ForeignOwner {
            path: shown(&found),
        },
        ErrorCode::NotFound => GitError::NotARepository { path: shown(path) },
        _ => GitError::Unsupported {
            path: shown(&found),
            reason: visible(error.message()),
        },
    }
}

/// Returns the folder a reader knows a repository by: the one that holds `.git`.
fn work_folder(git_folder: &Path) -> PathBuf {
    match git_folder.parent() {
        Some(parent) if git_folder.file_name().is_some_and(|name| name == ".git") => {
            parent.to_owned()
        }
        _ => git_folder.to_owned(),
    }
}

/// Returns where a repository is kept under: its main work tree, or its git folder where there is none.
pub(super) fn home(repo: &Repository) -> PathBuf {
    let path = if repo.is_worktree() {
        let common = repo.commondir();
        Repository::open(common)
            .ok()
            .and_then(|main| main.workdir().map(Path::to_owned))
            .unwrap_or_else(|| common.to_owned())
    } else {
        repo.workdir().unwrap_or_else(|| repo.path()).to_owned()
    };
    path.canonicalize().unwrap_or(path)
}

/// Returns a path from which this very repository (or linked work tree) opens again.
pub(super) fn reopening_path(repo: &Repository) -> PathBuf {
    repo.workdir().unwrap_or_else(|| repo.path()).to_owned()
}

/// Handles to one repository: libgit2's may move between threads but not be shared.
pub(super) struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Repository>>,
    /// Large blobs that somebody holds: one that is read again meanwhile is the same bytes, read once.
    held: Mutex<HashMap<Oid, Weak<[u8]>>>,
}

/// From how many bytes on a blob is worth being remembered.
const LARGE: usize = 1 << 20;

impl Pool {
    /// Starts a pool with a handle that is open already.
    pub(super) fn new(repo: Repository) -> Self {
        Self {
            path: reopening_path(&repo),
            idle: Mutex::new(vec![repo]),
            held: Mutex::default(),
        }
    }

    /// Runs something with a handle of its own.
    pub(super) fn with<T>(
        &self,
        run: impl FnOnce(&Repository) -> Result<T, ContentError>,
    ) -> Result<T, ContentError> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let repo = match idle {
            Some(repo) => repo,
            None => open_at(&self.path).map_err(|error| ContentError::Read {
                what: "the repository".to_owned(),
                reason: error.to_string(),
            })?,
        };
        let result = run(&repo);
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(repo);
        result
    }

    /// Reads a blob of at most [`MAX_FILE_BYTES`].
    pub(super) fn blob(&self, id: &ObjectId) -> Result<Arc<[u8]>, ContentError> {
        let oid = object_id(id)?;
        if let Some(bytes) = self.held().get(&oid).and_then(Weak::upgrade) {
            return Ok(bytes);
        }
        let bytes = self.with(|repo| read_blob(repo, oid))?;
        if bytes.len() >= LARGE {
            let mut held = self.held();
            held.retain(|_, bytes| bytes.strong_count() > 0);
            held.insert(oid, Arc::downgrade(&bytes));
        }
        Ok(bytes)
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Oid, Weak<[u8]>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the SHA-256 of a blob of any size.
    pub(super) fn digest(&self, id: &ObjectId) -> Result<Digest, ContentError> {
        let oid = object_id(id)?;
        self.with(|repo| {
            let blob = repo.find_blob(oid).map_err(|_| ContentError::Missing {
                what: format!("blob {oid}"),
            })?;
            Ok(sha256(blob.content()))
        })
    }
}

/// Reads the spelling of a SHA-1 id; anything else is not in a repository that opens here.
pub(super) fn object_id(id: &ObjectId) -> Result<Oid, ContentError> {
    id.as_sha1()
        .and_then(|bytes| Oid::from_bytes(bytes).ok())
        .ok_or_else(|| ContentError::Missing {
            what: visible(&id.to_string()),
        })
}

/// Returns libgit2's id as ours.
pub(super) fn named(oid: Oid) -> ObjectId {
    match oid.as_bytes().try_into() {
        Ok(bytes) => ObjectId::sha1(bytes),
        Err(_) => ObjectId::new(oid.to_string()),
    }
}

pub(super) fn blob_id(oid: Oid) -> BlobId {
    BlobId::Git(named(oid))
}

fn read_blob(repo: &Repository, oid: Oid) -> Result<Arc<[u8]>, ContentError> {
    let missing = |_| ContentError::Missing {
        what: format!("blob {oid}"),
    };
    let odb = repo.odb().map_err(missing)?;
    let (size, kind) = odb.read_header(oid).map_err(missing)?;
    if kind != ObjectType::Blob {
        let what = format!("blob {oid}");
        return Err(ContentError::Missing { what });
    }
    if size as u64 > MAX_FILE_BYTES {
        return Err(ContentError::TooLarge { size: size as u64 });
    }
    let object = odb.read(oid).map_err(|error| ContentError::Read {
        what: format!("blob {oid}"),
        reason: visible(error.message()),
    })?;
    Ok(Arc::from(object.data()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_owner_is_answered_with_the_command_that_trusts_the_folder() {
        let error = git2::Error::new(ErrorCode::Owner, git2::ErrorClass::Config, "not owned");
        let text = explain(Path::new("/nowhere/at $(all)'s"), &error).to_string();
        assert!(
            text.ends_with(r"git config --global --add safe.directory '/nowhere/at $(all)'\''s'"),
            "{text}"
        );
    }
}
