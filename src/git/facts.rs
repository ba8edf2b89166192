//! What a repository says of itself, for lists and for verification.

use std::path::{Path, PathBuf};

use super::error::GitError;
use super::repository;
use crate::model::ObjectId;

/// Returns where the repository at or above a folder is kept under; `None` where there is none that opens.
pub fn discover(cwd: &Path) -> Option<PathBuf> {
    repository::discover(cwd)
        .ok()
        .map(|repo| repository::home(&repo))
}

/// Returns the tree of a commit; `None` where the commit is not there.
pub fn tree_of(path: &Path, commit: &ObjectId) -> Result<Option<ObjectId>, GitError> {
    let repo = repository::discover(path)?;
    let Ok(oid) = repository::object_id(commit) else {
        return Ok(None);
    };
    match repo.find_commit(oid) {
        Ok(commit) => Ok(Some(ObjectId::new(commit.tree_id().to_string()))),
        Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
        Err(error) => Err(GitError::object(format!("commit {commit}"), &error)),
    }
}

/// Returns the commit that is checked out, where there is one.
pub fn head_of(path: &Path) -> Option<ObjectId> {
    let repo = repository::discover(path).ok()?;
    let commit = repo.head().ok()?.peel_to_commit().ok()?;
    Some(ObjectId::new(commit.id().to_string()))
}
