//! SHA-256 manifests of what is reviewed: they bind a record to content, not to SHA-1 names, and can be recomputed with
//! stock git and `sha256sum`.

use std::collections::HashMap;
use std::path::Path;

use git2::{Oid, Repository};

use super::commits::tree_of;
use super::content::Content;
use super::error::GitError;
use super::tree::{self, Pair};
use super::{OpenedSource, repository};
use crate::model::{
    BlobId, ChangeSet, Digest, FileSide, FileStatus, Mode, ObjectId, RepoPath, SourceKind,
};
use crate::support::digest::{Hasher, sha256};

/// What a change manifest is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManifestBasis {
    /// Entries, as [`manifests`] describes.
    Entries,
    /// The bytes of the patch file: a patch does not hold whole files.
    PatchBytes,
}

impl ManifestBasis {
    /// Returns the stable name used in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::PatchBytes => "patch-bytes",
        }
    }
}

/// The manifests of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifests {
    /// What `change` is computed from.
    pub basis: ManifestBasis,
    /// SHA-256 of the change manifest.
    pub change: Digest,
    /// How many entries it has.
    pub change_entries: u64,
    /// SHA-256 of the tree manifest of the head; `None` where the head is no tree.
    pub tree: Option<Digest>,
    /// How many entries it has.
    pub tree_entries: Option<u64>,
    /// The tree of the base commit, where there is one.
    pub base_tree: Option<ObjectId>,
    /// The tree of the head commit, where there is one.
    pub head_tree: Option<ObjectId>,
}

/// Computes the manifests of a source.
///
/// **Change manifest**: one entry per changed path, renames as a deletion and an addition, copies as an addition:
///
/// ```text
/// STATUS SP OLDMODE SP NEWMODE SP OLDHASH SP NEWHASH TAB PATH NUL
/// ```
///
/// STATUS is `A`, `D`, `M` or `T` as `git diff-tree --no-renames` prints it; modes are six octal digits, `000000` for an
/// absent side; a hash is the SHA-256 of the blob's bytes in 64 lower-case hexadecimal digits, 64 zeros for an absent
/// side, and for a submodule its commit id; PATH is the raw bytes. **Tree manifest**: one entry per file of the head tree:
///
/// ```text
/// MODE SP TYPE SP HASH TAB PATH NUL
/// ```
///
/// TYPE is `blob` or `commit` (a submodule, whose HASH is its commit id). In both, entries are sorted bytewise as whole
/// entries (`LC_ALL=C sort -z`), and the manifest's digest is the SHA-256 of all of them one after the other. With stock
/// git, in bash:
///
/// ```text
/// export GIT_NO_REPLACE_OBJECTS=1 LC_ALL=C; Z=$(printf '0%.0s' {1..64})
/// hash() { case $1 in 000000) echo $Z;; 160000) echo $2;; *) git cat-file blob $2 | sha256sum | cut -c1-64;; esac; }
/// git diff-tree -r -z --no-renames "$BASE" "$HEAD" | while IFS= read -r -d '' m && IFS= read -r -d '' path; do
///   set -- ${m#:}; printf '%s %s %s %s %s\t%s\0' $5 $1 $2 "$(hash $1 $3)" "$(hash $2 $4)" "$path"
/// done | sort -z | sha256sum
/// git ls-tree -r -z "$HEAD" | while IFS= read -r -d '' e; do
///   set -- ${e%%$'\t'*}; printf '%s %s %s\t%s\0' $1 $2 "$(hash $1 $3)" "${e#*$'\t'}"
/// done | sort -z | sha256sum
/// ```
///
/// where an absent base is the empty tree, `$(git hash-object -t tree /dev/null)`.
///
/// A patch does not hold whole files: its change manifest is the SHA-256 of its own bytes (`sha256sum FILE`).
pub fn manifests(source: &OpenedSource) -> Result<Manifests, GitError> {
    let revision = &source.revision;
    match (revision.kind, &source.repository, &revision.head.commit) {
        (SourceKind::Range | SourceKind::Commit | SourceKind::Tree, Some(path), Some(head)) => {
            commit_manifests(path, revision.base.commit.as_ref(), head)
        }
        (SourceKind::Patch, ..) => Ok(Manifests {
            change_entries: source.change.files.len() as u64,
            ..loose(ManifestBasis::PatchBytes, revision.change)
        }),
        _ => {
            let (change, change_entries) =
                change_manifest(&source.change, source.content.as_ref())?;
            Ok(Manifests {
                change_entries,
                base_tree: revision.base.tree.clone(),
                ..loose(ManifestBasis::Entries, change)
            })
        }
    }
}

fn loose(basis: ManifestBasis, change: Digest) -> Manifests {
    Manifests {
        basis,
        change,
        change_entries: 0,
        tree: None,
        tree_entries: None,
        base_tree: None,
        head_tree: None,
    }
}

/// Computes the manifests between two commits of a repository, `None` being the empty tree. Fails where a commit, tree or
/// blob is missing.
pub fn commit_manifests(
    repository: &Path,
    base: Option<&ObjectId>,
    head: &ObjectId,
) -> Result<Manifests, GitError> {
    let repo = repository::open_at(repository)?;
    let old = tree_of(&repo, base)?;
    let new = tree_of(&repo, Some(head))?;
    let mut hashes = Hashes {
        repo: &repo,
        known: HashMap::new(),
    };
    let mut change = Vec::new();
    for pair in tree::compare(&repo, old, new)? {
        change.push(change_entry(&pair, &mut |side| hashes.of(side))?);
    }
    let mut files = Vec::new();
    for (path, side) in tree::list(&repo, new)? {
        let kind = if side.mode == Mode::Submodule {
            "commit"
        } else {
            "blob"
        };
        let facts = format!("{} {kind} {}\t", side.mode.octal(), hashes.of(&side)?);
        files.push(entry(&facts, &path));
    }
    let (change_entries, tree_entries) = (change.len() as u64, files.len() as u64);
    Ok(Manifests {
        basis: ManifestBasis::Entries,
        change: digest(change),
        change_entries,
        tree: Some(digest(files)),
        tree_entries: Some(tree_entries),
        base_tree: old.map(|oid| ObjectId::new(oid.to_string())),
        head_tree: new.map(|oid| ObjectId::new(oid.to_string())),
    })
}

/// SHA-256 of blobs by git id, each read once.
struct Hashes<'r> {
    repo: &'r Repository,
    known: HashMap<Oid, Digest>,
}

impl Hashes<'_> {
    fn of(&mut self, side: &FileSide) -> Result<String, GitError> {
        let BlobId::Git(id) = &side.blob else {
            return Ok(side.blob.to_string());
        };
        if side.mode == Mode::Submodule {
            return Ok(id.to_string());
        }
        let what = || format!("blob {id}");
        let oid =
            Oid::from_str(&id.to_string()).map_err(|error| GitError::object(what(), &error))?;
        if let Some(known) = self.known.get(&oid) {
            return Ok(known.to_string());
        }
        let blob = self
            .repo
            .find_blob(oid)
            .map_err(|error| GitError::object(what(), &error))?;
        let digest = sha256(blob.content());
        self.known.insert(oid, digest);
        Ok(digest.to_string())
    }
}

/// Computes the change manifest of a source that is not between commits: its digest, and how many entries it has.
pub(super) fn change_manifest(
    change: &ChangeSet,
    content: &dyn Content,
) -> Result<(Digest, u64), GitError> {
    let mut entries = Vec::new();
    let mut hash = |side: &FileSide| match &side.blob {
        BlobId::Git(id) if side.mode == Mode::Submodule => Ok(id.to_string()),
        BlobId::Git(_) | BlobId::Sha256(_) => content
            .digest(side)
            .map(|digest| digest.to_string())
            .map_err(|error| GitError::Object {
                what: side.blob.to_string(),
                reason: error.to_string(),
            }),
    };
    for pair in pairs(change) {
        entries.push(change_entry(&pair, &mut hash)?);
    }
    let count = entries.len() as u64;
    Ok((digest(entries), count))
}

/// Returns the paths of a change as they are without renames and copies.
fn pairs(change: &ChangeSet) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for file in &change.files {
        let old = match file.status {
            FileStatus::Copied => None,
            FileStatus::Renamed => {
                pairs.extend(file.old_path.clone().map(|path| Pair {
                    path,
                    old: file.old.clone(),
                    new: None,
                }));
                None
            }
            FileStatus::Added
            | FileStatus::Deleted
            | FileStatus::Modified
            | FileStatus::ModeChanged
            | FileStatus::TypeChanged => file.old.clone(),
        };
        pairs.push(Pair {
            path: file.path.clone(),
            old,
            new: file.new.clone(),
        });
    }
    pairs
}

fn change_entry(
    pair: &Pair,
    hash: &mut dyn FnMut(&FileSide) -> Result<String, GitError>,
) -> Result<Vec<u8>, GitError> {
    let status = tree::status(pair.old.as_ref(), pair.new.as_ref()).letter();
    let mut facts = |side: Option<&FileSide>| match side {
        Some(side) => Ok((side.mode.octal(), hash(side)?)),
        None => Ok(("000000", "0".repeat(64))),
    };
    let (old_mode, old_hash) = facts(pair.old.as_ref())?;
    let (new_mode, new_hash) = facts(pair.new.as_ref())?;
    let text = format!("{status} {old_mode} {new_mode} {old_hash} {new_hash}\t");
    Ok(entry(&text, &pair.path))
}

fn entry(facts: &str, path: &RepoPath) -> Vec<u8> {
    [facts.as_bytes(), path.as_bytes(), b"\0"].concat()
}

fn digest(mut entries: Vec<Vec<u8>>) -> Digest {
    entries.sort_unstable();
    let mut hasher = Hasher::default();
    for entry in entries {
        hasher.update(&entry);
    }
    hasher.finish()
}
