//! Comparing trees by name and id. Reads trees, never blobs, and no setting of the repository: a submodule that the
//! repository's own configuration asks to ignore is compared like everything else.

use std::collections::BTreeMap;

use git2::{ObjectType, Oid, Repository, Tree};

use super::error::{GitError, visible};
use super::repository::blob_id;
use crate::model::{FileChange, FileSide, FileStatus, Mode, RepoPath};

/// Deepest nesting of folders that is followed.
const MAX_DEPTH: usize = 512;

/// One path, before and after; at least one side is there, and both differ.
pub(super) struct Pair {
    pub(super) path: RepoPath,
    pub(super) old: Option<FileSide>,
    pub(super) new: Option<FileSide>,
}

/// The files of a tree by path.
pub(super) type Listing = BTreeMap<RepoPath, FileSide>;

/// Compares two trees; `None` is the empty one. Sorted by path.
pub(super) fn compare(
    repo: &Repository,
    old: Option<Oid>,
    new: Option<Oid>,
) -> Result<Vec<Pair>, GitError> {
    let mut walk = Walk {
        repo,
        pairs: Vec::new(),
    };
    walk.trees(&[], old, new, 0)?;
    walk.pairs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(walk.pairs)
}

/// Lists every file of a tree.
pub(super) fn list(repo: &Repository, tree: Option<Oid>) -> Result<Listing, GitError> {
    let pairs = compare(repo, None, tree)?;
    Ok(pairs
        .into_iter()
        .filter_map(|pair| Some((pair.path, pair.new?)))
        .collect())
}

struct Walk<'r> {
    repo: &'r Repository,
    pairs: Vec<Pair>,
}

#[derive(Clone, Copy)]
struct Entry {
    oid: Oid,
    mode: i32,
    is_tree: bool,
}

impl Walk<'_> {
    fn trees(
        &mut self,
        prefix: &[u8],
        old: Option<Oid>,
        new: Option<Oid>,
        depth: usize,
    ) -> Result<(), GitError> {
        if old == new {
            return Ok(());
        }
        if depth > MAX_DEPTH {
            return Err(malformed(prefix, "folders are nested too deep"));
        }
        let old = self.entries(prefix, old)?;
        let new = self.entries(prefix, new)?;
        let names: std::collections::BTreeSet<&Vec<u8>> = old.keys().chain(new.keys()).collect();
        for name in names {
            let (before, after) = (old.get(name).copied(), new.get(name).copied());
            let path = if prefix.is_empty() {
                name.clone()
            } else {
                [prefix, b"/", name].concat()
            };
            let file = |entry: Option<Entry>| entry.filter(|entry| !entry.is_tree);
            let tree = |entry: Option<Entry>| entry.filter(|entry| entry.is_tree);
            self.trees(
                &path,
                tree(before).map(|entry| entry.oid),
                tree(after).map(|entry| entry.oid),
                depth + 1,
            )?;
            let old_side = file(before).map(side);
            let new_side = file(after).map(side);
            if old_side != new_side {
                self.pairs.push(Pair {
                    path: RepoPath::new(path),
                    old: old_side,
                    new: new_side,
                });
            }
        }
        Ok(())
    }

    fn entries(
        &self,
        prefix: &[u8],
        tree: Option<Oid>,
    ) -> Result<BTreeMap<Vec<u8>, Entry>, GitError> {
        let mut entries = BTreeMap::new();
        let Some(oid) = tree else { return Ok(entries) };
        let tree: Tree<'_> = self
            .repo
            .find_tree(oid)
            .map_err(|error| GitError::object(format!("tree {oid}"), &error))?;
        for entry in &tree {
            let found = Entry {
                oid: entry.id(),
                mode: entry.filemode(),
                is_tree: entry.kind() == Some(ObjectType::Tree),
            };
            let name = entry.name_bytes().to_vec();
            if entries.insert(name, found).is_some() {
                return Err(malformed(prefix, "a name stands in it twice"));
            }
        }
        Ok(entries)
    }
}

fn malformed(prefix: &[u8], reason: &str) -> GitError {
    GitError::Object {
        what: format!("folder “{}”", visible(&RepoPath::new(prefix).quoted())),
        reason: reason.to_owned(),
    }
}

fn side(entry: Entry) -> FileSide {
    FileSide {
        mode: Mode::from_bits(u32::try_from(entry.mode).unwrap_or_default()),
        blob: blob_id(entry.oid),
        size: None,
    }
}

/// Compares two listings that are no trees. Sorted by path.
pub(super) fn compare_listings(old: &Listing, new: &Listing) -> Vec<Pair> {
    let paths: std::collections::BTreeSet<&RepoPath> = old.keys().chain(new.keys()).collect();
    paths
        .into_iter()
        .map(|path| Pair {
            path: path.clone(),
            old: old.get(path).cloned(),
            new: new.get(path).cloned(),
        })
        .filter(|pair| match (&pair.old, &pair.new) {
            (Some(old), Some(new)) => old.mode != new.mode || old.blob != new.blob,
            _ => true,
        })
        .collect()
}

/// Says what happened to each path, without looking for renames.
pub(super) fn changes(pairs: Vec<Pair>) -> Vec<FileChange> {
    pairs
        .into_iter()
        .map(|pair| FileChange {
            status: status(pair.old.as_ref(), pair.new.as_ref()),
            path: pair.path,
            old_path: None,
            old: pair.old,
            new: pair.new,
        })
        .collect()
}

pub(super) fn status(old: Option<&FileSide>, new: Option<&FileSide>) -> FileStatus {
    match (old, new) {
        (None, _) => FileStatus::Added,
        (_, None) => FileStatus::Deleted,
        (Some(old), Some(new)) if type_of(old.mode) != type_of(new.mode) => FileStatus::TypeChanged,
        (Some(old), Some(new)) if old.blob == new.blob => FileStatus::ModeChanged,
        (Some(_), Some(_)) => FileStatus::Modified,
    }
}

fn type_of(mode: Mode) -> Mode {
    match mode {
        Mode::Regular | Mode::Executable => Mode::Regular,
        Mode::Symlink => Mode::Symlink,
        Mode::Submodule => Mode::Submodule,
    }
}
