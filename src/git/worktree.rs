//! What is not committed yet: the index, and the work tree with its untracked files. Bytes are read raw; no filter or
//! line-ending setting of the repository changes them, and ignore rules are data about what is not part of the work.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use git2::{Index, IndexEntry, ObjectType, Oid, Repository};

use super::beneath::{Found, Root, file_mode, read_file};
use super::commits::{RepositoryContent, small_blob, tree_of};
use super::content::{Content, ContentError};
use super::error::{GitError, shown, visible};
use super::rename::{self, Aliases};
use super::repository::{self, Pool, blob_id};
use super::tree::{Listing, Pair};
use super::{Draft, OpenedSource, folder, revision, tree};
use crate::model::{BlobId, Digest, Endpoint, FileSide, Mode, Problem, RepoPath, SourceKind};

/// `git add -N`: the path is announced, its content is not.
const INTENT_TO_ADD: u16 = 1 << 13;
/// Left out by a sparse checkout.
const SKIP_WORKTREE: u16 = 1 << 14;

/// Content of which some lies in the object database and some on disk.
pub(super) struct DiskContent {
    pool: Option<Pool>,
    root: Root,
    places: HashMap<Digest, RepoPath>,
}

impl DiskContent {
    pub(super) fn new(pool: Option<Pool>, root: Root, places: HashMap<Digest, RepoPath>) -> Self {
        Self { pool, root, places }
    }
}

impl Content for DiskContent {
    fn digest(&self, side: &FileSide) -> Result<Digest, ContentError> {
        match (&side.blob, &self.pool) {
            (BlobId::Sha256(digest), _) => Ok(*digest),
            (BlobId::Git(id), Some(pool)) => pool.digest(id),
            (BlobId::Git(id), None) => Err(ContentError::Missing {
                what: visible(&id.to_string()),
            }),
        }
    }

    fn read(&self, side: &FileSide) -> Result<Arc<[u8]>, ContentError> {
        let digest = match (&side.blob, &self.pool) {
            (BlobId::Git(id), Some(pool)) => return pool.blob(id),
            (BlobId::Git(id), None) => {
                let what = visible(&id.to_string());
                return Err(ContentError::Missing { what });
            }
            (BlobId::Sha256(digest), _) => digest,
        };
        let Some(path) = self.places.get(digest) else {
            let what = format!("sha256:{digest}");
            return Err(ContentError::Missing { what });
        };
        let found = self.root.read(path).map_err(|error| ContentError::Read {
            what: path.quoted(),
            reason: error.to_string(),
        })?;
        match found {
            Some(found) if found.digest == *digest => match found.bytes {
                Some(bytes) => Ok(Arc::from(bytes)),
                None => Err(ContentError::TooLarge { size: found.size }),
            },
            _ => Err(ContentError::Changed {
                path: path.quoted(),
            }),
        }
    }
}

/// Opens the index against HEAD.
pub(super) fn open_staged(cwd: &Path) -> Result<OpenedSource, GitError> {
    let repo = repository::discover(cwd)?;
    let index = read_index(&repo)?;
    let (base, name) = revision::head_end(&repo)?;
    let mut problems = Vec::new();
    let old = tree::list(&repo, tree_of(&repo, base.commit.as_ref())?)?;
    let new = staged_listing(&index, &old, &mut problems);
    let files = tree::changes(tree::compare_listings(&old, &new));
    let (files, note) = rename::detect(files, &Aliases::new(), &|side, limit| {
        small_blob(&repo, side, limit)
    });
    let draft = Draft {
        kind: SourceKind::Staged,
        title: format!("staged on {name}"),
        base,
        head: Endpoint::named("index"),
        files,
        problems,
        repository: Some(repository::home(&repo)),
        notes: note.into_iter().collect(),
        patch: None,
    };
    draft.finish(Arc::new(RepositoryContent::new(repo)))
}

fn read_index(repo: &Repository) -> Result<Index, GitError> {
    if repo.is_bare() {
        return Err(GitError::Bare {
            path: shown(repo.path()),
        });
    }
    repo.index().map_err(|error| GitError::Index {
        path: shown(&repo.path().join("index")),
        reason: visible(error.message()),
    })
}

fn staged_listing(index: &Index, old: &Listing, problems: &mut Vec<Problem>) -> Listing {
    let mut listing = Listing::new();
    let mut conflicts = BTreeSet::new();
    for entry in index.iter() {
        let path = RepoPath::new(entry.path.clone());
        if stage(&entry) != 0 {
            conflicts.insert(path);
        } else if entry.flags_extended & INTENT_TO_ADD == 0 {
            listing.insert(path, index_side(&entry));
        }
    }
    for path in conflicts {
        problems.push(Problem {
            message: format!(
                "{path} has a merge conflict and no staged version; resolve it and git add it, or review with --worktree"
            ),
            path: Some(path.clone()),
        });
        if let Some(side) = old.get(&path) {
            listing.insert(path, side.clone());
        }
    }
    listing
}

fn stage(entry: &IndexEntry) -> u16 {
    (entry.flags >> 12) & 3
}

fn index_side(entry: &IndexEntry) -> FileSide {
    FileSide {
        mode: Mode::from_bits(entry.mode),
        blob: blob_id(entry.id),
        size: None,
    }
}

/// Opens the work tree, untracked files included, against HEAD.
pub(super) fn open_worktree(cwd: &Path) -> Result<OpenedSource, GitError> {
    let repo = repository::discover(cwd)?;
    let index = read_index(&repo)?;
    let workdir = repo.workdir().ok_or_else(|| GitError::Bare {
        path: shown(repo.path()),
    })?;
    let root = Root::open(workdir).map_err(|error| GitError::read(workdir, error))?;
    let (base, name) = revision::head_end(&repo)?;
    let head = tree::list(&repo, tree_of(&repo, base.commit.as_ref())?)?;
    let mut scan = Scan::new(&root, &index, head);
    let pairs = scan.run(workdir);
    let Scan {
        places,
        aliases,
        problems,
        ..
    } = scan;
    let (files, note) = rename::detect(tree::changes(pairs), &aliases, &|side, limit| match &side
        .blob
    {
        BlobId::Git(_) => small_blob(&repo, side, limit),
        BlobId::Sha256(digest) => {
            let path = places.get(digest).filter(|_| side.size <= Some(limit))?;
            root.read(path).ok()??.bytes.map(Arc::from)
        }
    });
    let draft = Draft {
        kind: SourceKind::Worktree,
        title: format!("work tree on {name}"),
        base,
        head: Endpoint::named("work tree"),
        files,
        problems,
        repository: Some(repository::home(&repo)),
        notes: note.into_iter().collect(),
        patch: None,
    };
    draft.finish(Arc::new(DiskContent::new(
        Some(Pool::new(repo)),
        root,
        places,
    )))
}

/// The comparison of HEAD with what is on disk.
struct Scan<'a> {
    root: &'a Root,
    tracked: HashMap<RepoPath, IndexEntry>,
    head: Listing,
    /// The index file's own time: entries as young as it are never trusted.
    index_time: Option<(i64, i64)>,
    places: HashMap<Digest, RepoPath>,
    aliases: Aliases,
    problems: Vec<Problem>,
}

impl<'a> Scan<'a> {
    fn new(root: &'a Root, index: &Index, head: Listing) -> Self {
        let tracked = index
            .iter()
            .map(|entry| (RepoPath::new(entry.path.clone()), entry))
            .collect();
        Self {
            root,
            tracked,
            head,
            index_time: index.path().and_then(modified_at),
            places: HashMap::new(),
            aliases: Aliases::new(),
            problems: Vec::new(),
        }
    }

    fn run(&mut self, workdir: &Path) -> Vec<Pair> {
        let tracked = &self.tracked;
        let walked = folder::walk(workdir, folder::Rules::OfRepository, &|path| {
            tracked
                .get(path)
                .is_some_and(|entry| Mode::from_bits(entry.mode) == Mode::Submodule)
        });
        self.problems.extend(walked.problems);
        let mut paths: BTreeSet<RepoPath> = self.head.keys().cloned().collect();
        paths.extend(self.tracked.keys().cloned());
        let untracked: BTreeSet<RepoPath> = walked.files.into_iter().collect();
        paths.extend(untracked.iter().cloned());
        let mut pairs = Vec::new();
        for path in paths {
            let old = self.head.get(&path).cloned();
            let here = self.tracked.contains_key(&path) || untracked.contains(&path);
            let new = if here {
                match self.version(&path, old.as_ref()) {
                    Ok(new) => new,
                    Err(error) => {
                        self.unreadable(path, &error);
                        continue;
                    }
                }
            } else {
                None
            };
            if old != new {
                pairs.push(Pair { path, old, new });
            }
        }
        pairs
    }

    fn unreadable(&mut self, path: RepoPath, error: &std::io::Error) {
        self.problems.push(Problem {
            message: format!("{path} cannot be read ({error}) and is not part of the change; check its permissions"),
            path: Some(path),
        });
    }

    /// Returns the version on disk; HEAD's own, to the byte, where nothing changed.
    fn version(
        &mut self,
        path: &RepoPath,
        old: Option<&FileSide>,
    ) -> std::io::Result<Option<FileSide>> {
        let entry = self.tracked.get(path);
        if let Some(entry) = entry
            && Mode::from_bits(entry.mode) == Mode::Submodule
        {
            return self.submodule(path, entry);
        }
        match self.root.find(path)? {
            Found::File { file, stat } => {
                let mode = file_mode(&stat);
                if let (Some(entry), Some(old)) = (entry, old)
                    && index_side(entry) == *old
                    && self.is_untouched(entry, &stat)
                {
                    return Ok(Some(old.clone()));
                }
                let found = read_file(file, &stat)?;
                Ok(Some(self.side(
                    path,
                    old,
                    mode,
                    found.bytes,
                    found.digest,
                    found.size,
                )))
            }
            Found::Symlink { target } => {
                let digest = crate::support::digest::sha256(&target);
                let size = target.len() as u64;
                Ok(Some(self.side(
                    path,
                    old,
                    Mode::Symlink,
                    Some(target),
                    digest,
                    size,
                )))
            }
            // A sparse checkout leaves tracked files out without deleting them.
            Found::Missing => Ok(entry
                .filter(|entry| entry.flags_extended & SKIP_WORKTREE != 0)
                .map(index_side)),
            Found::Folder | Found::Other => Ok(None),
        }
    }

    fn side(
        &mut self,
        path: &RepoPath,
        old: Option<&FileSide>,
        mode: Mode,
        bytes: Option<Vec<u8>>,
        digest: Digest,
        size: u64,
    ) -> FileSide {
        let git = bytes.and_then(|bytes| Oid::hash_object(ObjectType::Blob, &bytes).ok());
        if let (Some(git), Some(old)) = (git, old)
            && old.blob == blob_id(git)
        {
            return FileSide {
                mode,
                ..old.clone()
            };
        }
        if let Some(git) = git {
            self.aliases.insert(BlobId::Sha256(digest), blob_id(git));
        }
        self.places.insert(digest, path.clone());
        FileSide {
            mode,
            blob: BlobId::Sha256(digest),
            size: Some(size),
        }
    }

    /// Tells whether a file is, by every mark git keeps of it, the one that was checked out; the index alone cannot say so,
    /// as its marks include the file's inode and change time.
    fn is_untouched(&self, entry: &IndexEntry, stat: &rustix::fs::Stat) -> bool {
        let written = (
            i64::from(entry.mtime.seconds()),
            i64::from(entry.mtime.nanoseconds()),
        );
        let disk = [
            stat.st_mtime,
            i64::try_from(stat.st_mtime_nsec).unwrap_or(-1),
            stat.st_ctime,
            i64::try_from(stat.st_ctime_nsec).unwrap_or(-1),
        ];
        let kept = [
            written.0,
            written.1,
            i64::from(entry.ctime.seconds()),
            i64::from(entry.ctime.nanoseconds()),
        ];
        disk == kept
            && stat.st_size & 0xffff_ffff == i64::from(entry.file_size)
            && stat.st_ino as u32 == entry.ino
            && file_mode(stat) == Mode::from_bits(entry.mode)
            && self.index_time.is_some_and(|time| written < time)
    }

    /// Returns the commit a submodule is at, or the recorded one where it is not checked out.
    fn submodule(&self, path: &RepoPath, entry: &IndexEntry) -> std::io::Result<Option<FileSide>> {
        let recorded = index_side(entry);
        if !matches!(self.root.find(path)?, Found::Folder) {
            return Ok(None);
        }
        let relative = Path::new(
            <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(path.as_bytes()),
        );
        let at = Repository::open(self.root.path().join(relative))
            .and_then(|inner| inner.head()?.peel_to_commit().map(|commit| commit.id()));
        Ok(Some(match at {
            // `open` does not search upwards, so an empty folder is never taken for the repository around it.
            Ok(id) => FileSide {
                blob: blob_id(id),
                ..recorded
            },
            Err(_) => recorded,
        }))
    }
}

fn modified_at(path: &Path) -> Option<(i64, i64)> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.mtime(), metadata.mtime_nsec()))
}
