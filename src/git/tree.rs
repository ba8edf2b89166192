//! Comparing trees by name and id. Reads trees, never blobs, and no setting of the repository: a submodule that the
//! repository's own configuration asks to ignore is compared like everything else.

use std::cmp::Ordering;
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
    let mut pairs = Vec::new();
    each(repo, old, new, &mut |pair| pairs.push(pair))?;
    pairs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(pairs)
}

/// Compares two trees and says what happened to each path, without looking for renames. Sorted by path.
pub(super) fn changes_between(
    repo: &Repository,
    old: Option<Oid>,
    new: Option<Oid>,
) -> Result<Vec<FileChange>, GitError> {
    let mut files = Vec::new();
    each(repo, old, new, &mut |pair| files.push(change(pair)))?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Lists every file of a tree.
pub(super) fn list(repo: &Repository, tree: Option<Oid>) -> Result<Listing, GitError> {
    let pairs = compare(repo, None, tree)?;
    Ok(pairs
        .into_iter()
        .filter_map(|pair| Some((pair.path, pair.new?)))
        .collect())
}

/// Hands over every path that differs, in no order to rely on.
fn each(
    repo: &Repository,
    old: Option<Oid>,
    new: Option<Oid>,
    found: &mut dyn FnMut(Pair),
) -> Result<(), GitError> {
    let mut walk = Walk {
        repo,
        path: Vec::new(),
        found,
    };
    walk.trees(old, new, 0)
}

struct Walk<'r> {
    repo: &'r Repository,
    /// Where the walk is.
    path: Vec<u8>,
    found: &'r mut dyn FnMut(Pair),
}

/// The entries of one folder by name; the names lie one after the other.
#[derive(Default)]
struct Folder {
    names: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    name: std::ops::Range<usize>,
    oid: Oid,
    mode: i32,
    is_tree: bool,
}

impl Folder {
    fn name(&self, at: usize) -> Option<&[u8]> {
        Some(&self.names[self.entries.get(at)?.name.clone()])
    }
}

impl Walk<'_> {
    fn trees(&mut self, old: Option<Oid>, new: Option<Oid>, depth: usize) -> Result<(), GitError> {
        if old == new {
            return Ok(());
        }
        if depth > MAX_DEPTH {
            return Err(malformed(&self.path, "folders are nested too deep"));
        }
        let (old, new) = (self.folder(old)?, self.folder(new)?);
        let (mut left, mut right) = (0, 0);
        loop {
            let order = match (old.name(left), new.name(right)) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => old.cmp(new),
            };
            let before = order.is_le().then(|| &old.entries[left]);
            let after = order.is_ge().then(|| &new.entries[right]);
            let name = match order {
                Ordering::Less | Ordering::Equal => old.name(left),
                Ordering::Greater => new.name(right),
            };
            self.entry(name.unwrap_or_default(), before, after, depth)?;
            left += usize::from(before.is_some());
            right += usize::from(after.is_some());
        }
    }

    fn entry(
        &mut self,
        name: &[u8],
        before: Option<&Entry>,
        after: Option<&Entry>,
        depth: usize,
    ) -> Result<(), GitError> {
        let parent = self.path.len();
        if parent > 0 {
            self.path.push(b'/');
        }
        self.path.extend_from_slice(name);
        let tree = |entry: Option<&Entry>| entry.filter(|entry| entry.is_tree).map(|tree| tree.oid);
        self.trees(tree(before), tree(after), depth + 1)?;
        let file = |entry: Option<&Entry>| entry.filter(|entry| !entry.is_tree).map(side);
        let (old, new) = (file(before), file(after));
        if old != new {
            (self.found)(Pair {
                path: RepoPath::of(&self.path),
                old,
                new,
            });
        }
        self.path.truncate(parent);
        Ok(())
    }

    fn folder(&self, tree: Option<Oid>) -> Result<Folder, GitError> {
        let mut folder = Folder::default();
        let Some(oid) = tree else { return Ok(folder) };
        let tree: Tree<'_> = self
            .repo
            .find_tree(oid)
            .map_err(|error| GitError::object(format!("tree {oid}"), &error))?;
        folder.entries.reserve(tree.len());
        for entry in &tree {
            let start = folder.names.len();
            folder.names.extend_from_slice(entry.name_bytes());
            folder.entries.push(Entry {
                name: start..folder.names.len(),
                oid: entry.id(),
                mode: entry.filemode(),
                is_tree: entry.kind() == Some(ObjectType::Tree),
            });
        }
        // Git sorts folders as if their names ended in a slash.
        let Folder { names, entries } = &mut folder;
        entries.sort_by(|a, b| names[a.name.clone()].cmp(&names[b.name.clone()]));
        let twice = |pair: &[Entry]| names[pair[0].name.clone()] == names[pair[1].name.clone()];
        if entries.windows(2).any(twice) {
            return Err(malformed(&self.path, "a name stands in it twice"));
        }
        Ok(folder)
    }
}

fn malformed(prefix: &[u8], reason: &str) -> GitError {
    GitError::Object {
        what: format!("folder “{}”", visible(&RepoPath::new(prefix).quoted())),
        reason: reason.to_owned(),
    }
}

fn side(entry: &Entry) -> FileSide {
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
    pairs.into_iter().map(change).collect()
}

fn change(pair: Pair) -> FileChange {
    FileChange {
        status: status(pair.old.as_ref(), pair.new.as_ref()),
        path: pair.path,
        old_path: None,
        old: pair.old,
        new: pair.new,
    }
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
