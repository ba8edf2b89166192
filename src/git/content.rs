//! One file's difference out of two versions' bytes.

use std::sync::Arc;

use git2::{DiffOptions, Patch};

use crate::diff::{hunk_digest, rowless_digest};
use crate::model::{
    BlobId, DiffBody, Digest, FileChange, FileDiff, FileSide, FileStatus, FileText, Hunk, Mode,
    RowKind, Run,
};
use crate::support::digest::sha256;

/// Largest version of a file that is read, in bytes (256 MiB).
pub const MAX_FILE_BYTES: u64 = 256 << 20;
/// How far into a file a NUL byte is looked for, as git does.
const BINARY_PROBE: usize = 8000;

/// Hunks and bytes of a source, on demand, from any number of threads.
pub trait Content: Send + Sync {
    /// Returns the bytes of one version.
    fn read(&self, side: &FileSide) -> Result<Arc<[u8]>, ContentError>;

    /// Returns the SHA-256 of one version's bytes, however large it is.
    fn digest(&self, side: &FileSide) -> Result<Digest, ContentError> {
        match &side.blob {
            BlobId::Sha256(digest) => Ok(*digest),
            BlobId::Git(_) => Ok(sha256(&self.read(side)?)),
        }
    }

    /// Returns one file's hunks and texts. Never fails: [`DiffBody::Unavailable`] says why there are none.
    fn diff(&self, file: &FileChange) -> FileDiff {
        diff_of(file, &|side| self.read(side))
    }
}

/// Why a version's bytes are not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// Not in the repository or the copy.
    #[error("{what} is not in the repository; a partial or shallow clone may need git fetch")]
    Missing {
        /// Which.
        what: String,
    },
    /// Beyond [`MAX_FILE_BYTES`].
    #[error("the file has {size} bytes; more than {MAX_FILE_BYTES} (256 MiB) are not shown")]
    TooLarge {
        /// In bytes.
        size: u64,
    },
    /// A work-tree file is no longer what it was.
    #[error("{path} changed on disk after the review was opened; open the change again")]
    Changed {
        /// Which.
        path: String,
    },
    /// A patch shows only some of the lines.
    #[error("the patch does not hold the whole file")]
    Partial,
    /// It is there but cannot be read.
    #[error("cannot read {what}: {reason}")]
    Read {
        /// Which.
        what: String,
        /// Why.
        reason: String,
    },
}

type Load<'a> = dyn Fn(&FileSide) -> Result<Arc<[u8]>, ContentError> + 'a;

fn diff_of(file: &FileChange, load: &Load<'_>) -> FileDiff {
    let rowless = |body| FileDiff::without_rows(body, rowless_digest(file));
    let sides = [&file.old, &file.new];
    if sides.iter().all(|side| {
        side.as_ref()
            .is_none_or(|side| side.mode == Mode::Submodule)
    }) {
        return rowless(DiffBody::Submodule {
            old: file.old.as_ref().map(commit_of),
            new: file.new.as_ref().map(commit_of),
        });
    }
    if let (Some(old), Some(new)) = (&file.old, &file.new)
        && old.blob == new.blob
        && file.status != FileStatus::TypeChanged
    {
        return rowless(DiffBody::Unchanged);
    }
    let bytes =
        |side: &Option<FileSide>| side.as_ref().map(|side| text_bytes(side, load)).transpose();
    let (old, new) = match (bytes(&file.old), bytes(&file.new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(error), _) | (_, Err(error)) => {
            return rowless(DiffBody::Unavailable(sentence(&error)));
        }
    };
    if [&old, &new]
        .into_iter()
        .flatten()
        .any(|bytes| is_binary(bytes))
    {
        let size = |bytes: Option<Arc<[u8]>>| bytes.map(|bytes| bytes.len() as u64);
        return rowless(DiffBody::Binary {
            old_size: size(old),
            new_size: size(new),
        });
    }
    let replaced = old.is_none() || new.is_none() || file.status == FileStatus::TypeChanged;
    let old = FileText::whole(old.unwrap_or_default());
    let new = FileText::whole(new.unwrap_or_default());
    let runs = if replaced {
        Ok(vec![(String::new(), replacement(&old, &new))])
    } else {
        compare(&old, &new)
    };
    match runs {
        Ok(hunks) => with_rows(file, old, new, hunks),
        Err(error) => rowless(DiffBody::Unavailable(format!(
            "The two versions cannot be compared: {}.",
            super::error::visible(error.message())
        ))),
    }
}

fn with_rows(
    file: &FileChange,
    old: FileText,
    new: FileText,
    hunks: Vec<(String, Vec<Run>)>,
) -> FileDiff {
    let hunks: Vec<Hunk> = hunks
        .into_iter()
        .filter(|(_, runs)| !runs.is_empty())
        .map(|(heading, runs)| Hunk {
            heading,
            digest: hunk_digest(&runs, &old, &new),
            runs,
        })
        .collect();
    if hunks.is_empty() {
        return FileDiff::without_rows(DiffBody::Unchanged, rowless_digest(file));
    }
    FileDiff {
        body: DiffBody::Text,
        old,
        new,
        hunks,
    }
}

/// Makes a sentence of an error.
fn sentence(error: &ContentError) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), characters.as_str())
}

fn commit_of(side: &FileSide) -> String {
    match &side.blob {
        BlobId::Git(id) => id.to_string(),
        BlobId::Sha256(digest) => digest.to_string(),
    }
}

/// Returns a version's bytes; a submodule among files reads as the line git shows for it.
fn text_bytes(side: &FileSide, load: &Load<'_>) -> Result<Arc<[u8]>, ContentError> {
    if side.mode == Mode::Submodule {
        let line = format!("Subproject commit {}\n", commit_of(side));
        return Ok(Arc::from(line.into_bytes()));
    }
    if let Some(size) = side.size.filter(|&size| size > MAX_FILE_BYTES) {
        return Err(ContentError::TooLarge { size });
    }
    load(side)
}

pub(super) fn is_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, &bytes[..bytes.len().min(BINARY_PROBE)]).is_some()
}

/// Returns the rows of a change where nothing is common: all old lines go, all new ones come. Costs nothing but the count.
fn replacement(old: &FileText, new: &FileText) -> Vec<Run> {
    let removed = old.line_count();
    let all = [
        (RowKind::Removed, 1, removed),
        (RowKind::Added, removed + 1, new.line_count()),
    ];
    all.into_iter()
        .filter(|&(_, _, len)| len > 0)
        .map(|(kind, old, len)| Run {
            kind,
            old,
            new: 1,
            len,
        })
        .collect()
}

/// Compares two texts line by line, in memory, without a repository whose attributes could apply.
fn compare(old: &FileText, new: &FileText) -> Result<Vec<(String, Vec<Run>)>, git2::Error> {
    let mut options = DiffOptions::new();
    options
        .context_lines(3)
        .interhunk_lines(0)
        .indent_heuristic(true)
        .force_text(true);
    let patch = Patch::from_buffers(old.bytes(), None, new.bytes(), None, Some(&mut options))?;
    let mut hunks = Vec::with_capacity(patch.num_hunks());
    for index in 0..patch.num_hunks() {
        let (hunk, lines) = patch.hunk(index)?;
        let heading = heading_of(hunk.header());
        let mut rows = Rows {
            runs: Vec::new(),
            old: hunk.old_start() + u32::from(hunk.old_lines() == 0),
            new: hunk.new_start() + u32::from(hunk.new_lines() == 0),
        };
        for line in 0..lines {
            match patch.line_in_hunk(index, line)?.origin() {
                ' ' => rows.push(RowKind::Context),
                '+' => rows.push(RowKind::Added),
                '-' => rows.push(RowKind::Removed),
                // Marks of a missing last newline: the texts know their endings.
                _ => {}
            }
        }
        hunks.push((heading, rows.runs));
    }
    Ok(hunks)
}

/// Returns what follows the second `@@`.
fn heading_of(header: &[u8]) -> String {
    let start = memchr::memmem::find(header, b" @@").map_or(header.len(), |at| at + 3);
    String::from_utf8_lossy(header[start..].trim_ascii()).into_owned()
}

struct Rows {
    runs: Vec<Run>,
    old: u32,
    new: u32,
}

impl Rows {
    fn push(&mut self, kind: RowKind) {
        match self.runs.last_mut() {
            Some(run) if run.kind == kind => run.len += 1,
            _ => self.runs.push(Run {
                kind,
                old: self.old,
                new: self.new,
                len: 1,
            }),
        }
        self.old += u32::from(kind != RowKind::Added);
        self.new += u32::from(kind != RowKind::Removed);
    }
}
