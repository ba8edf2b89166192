//! Renames and copies: exact ones by name of content, similar ones by shared lines, within bounds that keep opening fast.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hasher as _;
use std::sync::Arc;

use crate::model::{BlobId, FileChange, FileSide, FileStatus, Mode};

/// Least similarity, in percent, that makes a rename or copy.
const THRESHOLD: u64 = 50;
/// Most comparisons of a deleted with an added file.
const MAX_PAIRS: usize = 40_000;
/// Most comparisons when modified files count as sources of copies too.
const MAX_COPY_PAIRS: usize = 2_500;
/// Largest file compared, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// Longest piece of a line that is compared as one, in bytes.
const PIECE: usize = 64;

/// The bytes of a version, for comparing; `None` where it cannot or should not be read.
pub(super) type Fetch<'a> = dyn Fn(&FileSide, u64) -> Option<Arc<[u8]>> + 'a;
/// Names under which content that has two is compared (a work-tree file by its git id).
pub(super) type Aliases = HashMap<BlobId, BlobId>;

/// Asked while files are compared, with how many of how many are: whether to go on.
pub(super) type GoesOn<'a> = dyn FnMut(usize, usize) -> bool + 'a;

/// Turns additions whose content came from elsewhere in the change into renames and copies. Returns the files sorted by
/// path, and a note where the change is too large to compare everything.
pub(super) fn detect(
    files: Vec<FileChange>,
    aliases: &Aliases,
    fetch: &Fetch<'_>,
) -> (Vec<FileChange>, Option<String>) {
    detect_while(files, aliases, fetch, &mut |_, _| true)
}

/// Does what [`detect`] does as long as it is to go on; given up, it knows fewer renames.
pub(super) fn detect_while(
    files: Vec<FileChange>,
    aliases: &Aliases,
    fetch: &Fetch<'_>,
    goes_on: &mut GoesOn<'_>,
) -> (Vec<FileChange>, Option<String>) {
    let mut search = Search {
        used: vec![false; files.len()],
        origin: BTreeMap::new(),
        files,
        aliases,
    };
    search.exact();
    let note = search.similar(fetch, goes_on);
    (search.finish(), note)
}

struct Search<'a> {
    files: Vec<FileChange>,
    aliases: &'a Aliases,
    /// Deleted files that became a rename.
    used: Vec<bool>,
    /// Added file → where it came from, and as what.
    origin: BTreeMap<usize, (usize, FileStatus)>,
}

impl Search<'_> {
    fn key<'b>(&'b self, blob: &'b BlobId) -> &'b BlobId {
        self.aliases.get(blob).unwrap_or(blob)
    }

    fn targets(&self) -> Vec<usize> {
        (0..self.files.len())
            .filter(|&index| {
                let file = &self.files[index];
                file.status == FileStatus::Added
                    && !self.origin.contains_key(&index)
                    && file
                        .new
                        .as_ref()
                        .is_some_and(|side| side.mode != Mode::Submodule)
            })
            .collect()
    }

    fn exact(&mut self) {
        let mut sources: HashMap<BlobId, Vec<usize>> = HashMap::new();
        for (index, file) in self.files.iter().enumerate() {
            if let Some(old) = &file.old
                && !is_empty(&old.blob)
                && old.mode != Mode::Submodule
            {
                let key = self.key(&old.blob).clone();
                sources.entry(key).or_default().push(index);
            }
        }
        for target in self.targets() {
            let Some(new) = &self.files[target].new else {
                continue;
            };
            let Some(candidates) = sources.get(self.key(&new.blob)) else {
                continue;
            };
            let links = new.mode == Mode::Symlink;
            let best = candidates
                .iter()
                .copied()
                .filter(|&source| self.is_link(source) == links)
                .max_by_key(|&source| (self.is_free(source), self.same_name(source, target)));
            if let Some(source) = best {
                self.assign(source, target);
            }
        }
    }

    fn is_link(&self, source: usize) -> bool {
        let old = self.files[source].old.as_ref();
        old.is_some_and(|old| old.mode == Mode::Symlink)
    }

    /// Tells whether a file is a deletion that no rename has used yet.
    fn is_free(&self, source: usize) -> bool {
        self.files[source].status == FileStatus::Deleted && !self.used[source]
    }

    fn same_name(&self, source: usize, target: usize) -> bool {
        self.files[source].path.file_name() == self.files[target].path.file_name()
    }

    fn assign(&mut self, source: usize, target: usize) {
        let status = if self.is_free(source) {
            self.used[source] = true;
            FileStatus::Renamed
        } else {
            FileStatus::Copied
        };
        self.origin.insert(target, (source, status));
    }

    fn similar(&mut self, fetch: &Fetch<'_>, goes_on: &mut GoesOn<'_>) -> Option<String> {
        let targets = self.targets();
        let deleted: Vec<usize> = (0..self.files.len())
            .filter(|&index| self.is_free(index))
            .collect();
        if targets.len() * deleted.len() > MAX_PAIRS {
            return Some(format!(
                "{} added and {} deleted files are too many to compare: renames that also changed content show as a deletion \
                 and an addition.",
                targets.len(),
                deleted.len()
            ));
        }
        let modified =
            (0..self.files.len()).filter(|&index| self.files[index].status == FileStatus::Modified);
        let with_copies: Vec<usize> = deleted.iter().copied().chain(modified).collect();
        let sources = if targets.len() * with_copies.len() <= MAX_COPY_PAIRS {
            with_copies
        } else {
            deleted
        };
        if sources.is_empty() || targets.is_empty() {
            return None;
        }
        // Reading counts once, comparing with all the others once.
        let total = sources.len() + 2 * targets.len();
        let mut done = 0;
        let mut step = || {
            done += 1;
            goes_on(done - 1, total)
        };
        let old = self.prints(&sources, fetch, |file| file.old.as_ref(), &mut step)?;
        let new = self.prints(&targets, fetch, |file| file.new.as_ref(), &mut step)?;
        self.assign_best(scores(&old, &new, &mut step)?);
        None
    }

    /// Reads files to be compared; nothing where it is given up.
    fn prints(
        &self,
        indexes: &[usize],
        fetch: &Fetch<'_>,
        side: fn(&FileChange) -> Option<&FileSide>,
        step: &mut dyn FnMut() -> bool,
    ) -> Option<Vec<(usize, Print)>> {
        let print = |index: usize| {
            let side = side(&self.files[index])?;
            matches!(side.mode, Mode::Regular | Mode::Executable).then_some(())?;
            let bytes = fetch(side, MAX_BYTES)?;
            (!bytes.is_empty()).then(|| (index, Print::of(&bytes)))
        };
        let mut prints = Vec::with_capacity(indexes.len());
        for &index in indexes {
            if !step() {
                return None;
            }
            prints.extend(print(index));
        }
        Some(prints)
    }

    fn assign_best(&mut self, mut scores: Vec<(u64, usize, usize)>) {
        scores.sort_by_key(|&(score, source, target)| {
            let other_name = !self.same_name(source, target);
            (u64::MAX - score, other_name, target, source)
        });
        for (_, source, target) in scores {
            if !self.origin.contains_key(&target) {
                self.assign(source, target);
            }
        }
    }

    fn finish(self) -> Vec<FileChange> {
        let Self {
            mut files,
            used,
            origin,
            aliases: _,
        } = self;
        // What a file came from may itself be replaced or go.
        let origins: Vec<_> = origin
            .into_iter()
            .map(|(target, (source, status))| {
                let source = &files[source];
                (target, status, source.path.clone(), source.old.clone())
            })
            .collect();
        for (target, status, path, old) in origins {
            let file = &mut files[target];
            file.status = status;
            file.old_path = Some(path);
            file.old = old;
        }
        let mut used = used.into_iter();
        files.retain(|_| !used.next().unwrap_or(false));
        files
    }
}

/// Compares every file with every other; nothing where it is given up.
fn scores(
    old: &[(usize, Print)],
    new: &[(usize, Print)],
    step: &mut dyn FnMut() -> bool,
) -> Option<Vec<(u64, usize, usize)>> {
    let mut scores = Vec::new();
    for (target, new) in new {
        if !step() {
            return None;
        }
        for (source, old) in old {
            let score = old.similarity(new);
            if score >= THRESHOLD {
                scores.push((score, *source, *target));
            }
        }
    }
    Some(scores)
}

/// The id of a file without bytes, e69de29bb2d1d6434b8b29ae775ad8c2e48c5391.
const EMPTY_BLOB: [u8; 20] = [
    0xe6, 0x9d, 0xe2, 0x9b, 0xb2, 0xd1, 0xd6, 0x43, 0x4b, 0x8b, 0x29, 0xae, 0x77, 0x5a, 0xd8, 0xc2,
    0xe4, 0x8c, 0x53, 0x91,
];

/// Content that says nothing about where it came from.
fn is_empty(blob: &BlobId) -> bool {
    match blob {
        BlobId::Git(id) => id.as_sha1() == Some(&EMPTY_BLOB),
        BlobId::Sha256(digest) => *digest == crate::support::digest::sha256(b""),
    }
}

/// The pieces of a file by hash, with the bytes each stands for.
struct Print {
    size: u64,
    pieces: Vec<(u64, u64)>,
}

impl Print {
    fn of(bytes: &[u8]) -> Self {
        let mut counts: HashMap<u64, u64> = HashMap::new();
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            for piece in line.chunks(PIECE) {
                // Keyed with constants, so that the same change always gives the same result.
                let mut hasher = DefaultHasher::new();
                hasher.write(piece);
                *counts.entry(hasher.finish()).or_default() += piece.len() as u64;
            }
        }
        let mut pieces: Vec<_> = counts.into_iter().collect();
        pieces.sort_unstable();
        Self {
            size: bytes.len() as u64,
            pieces,
        }
    }

    /// Returns the share of the larger file that is in both, in percent.
    fn similarity(&self, other: &Self) -> u64 {
        let larger = self.size.max(other.size);
        if self.size.min(other.size) * 100 < larger * THRESHOLD {
            return 0;
        }
        let (mut a, mut b) = (
            self.pieces.iter().peekable(),
            other.pieces.iter().peekable(),
        );
        let mut shared = 0;
        while let (Some(&&(left, left_bytes)), Some(&&(right, right_bytes))) = (a.peek(), b.peek())
        {
            match left.cmp(&right) {
                std::cmp::Ordering::Less => drop(a.next()),
                std::cmp::Ordering::Greater => drop(b.next()),
                std::cmp::Ordering::Equal => {
                    shared += left_bytes.min(right_bytes);
                    a.next();
                    b.next();
                }
            }
        }
        shared * 100 / larger
    }
}
