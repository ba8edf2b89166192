//! Every file after the change, for what the change itself does not hold.

use std::collections::BTreeMap;

use super::{OpenedSource, repository, tree};
use crate::model::{FileSide, RepoPath};

/// Lists every file of a source after its change: the tree of its head, or of its base, with the change laid over it.
/// Only the change's own files where there is no repository, or it does not have the tree.
pub fn head_files(source: &OpenedSource) -> BTreeMap<RepoPath, FileSide> {
    let mut files = listed(source).unwrap_or_default();
    for file in &source.change.files {
        if let Some(old) = &file.old_path {
            files.remove(old);
        }
        match &file.new {
            Some(side) => files.insert(file.path.clone(), side.clone()),
            None => files.remove(&file.path),
        };
    }
    files
}

fn listed(source: &OpenedSource) -> Option<BTreeMap<RepoPath, FileSide>> {
    let repo = repository::open_at(source.repository.as_ref()?).ok()?;
    let revision = &source.revision;
    let id = revision
        .head
        .tree
        .as_ref()
        .or(revision.base.tree.as_ref())?;
    let oid = repository::object_id(id).ok()?;
    tree::list(&repo, Some(oid)).ok()
}
