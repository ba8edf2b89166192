//! Copies of sources that nothing else keeps, so that a review can be resumed when the patch, work tree, index or folder
//! is gone or has moved on.
//!
//! ```text
//! FOLDER/<change digest>/change.json     the files, both ends, notes (format 1)
//! FOLDER/<change digest>/blobs/<sha256>  the bytes of both versions of each file, by their SHA-256
//! FOLDER/<change digest>/patch           the patch itself, for a patch
//! ```
//!
//! A copy is written beside its place, synced, and moved there in one step: it is there whole or not at all.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::content::{Content, ContentError, MAX_FILE_BYTES};
use super::error::GitError;
use super::wire::{self, WireChange};
use super::{OpenedSource, commits, patch};
use crate::model::{BlobId, ChangeSet, Digest, FileSide, Mode, Revision, SourceKind};
use crate::support::digest::sha256;

const CHANGE: &str = "change.json";
const BLOBS: &str = "blobs";
const PATCH: &str = "patch";

/// Copies what has no lasting objects (patch, work tree, index, folder) into a subfolder of `folder` named after the
/// change, creating what is missing. Does nothing for commits, and nothing for what is there already.
pub fn snapshot(source: &OpenedSource, folder: &Path) -> Result<(), GitError> {
    match source.revision.kind {
        SourceKind::Range | SourceKind::Commit | SourceKind::Tree => return Ok(()),
        SourceKind::Staged | SourceKind::Worktree | SourceKind::Patch | SourceKind::Folder => {}
    }
    let place = place_of(&source.revision, folder);
    if place.join(CHANGE).is_file() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|error| GitError::write(folder, error))?;
    let draft = tempfile::Builder::new()
        .prefix(".copy-")
        .tempdir_in(folder)
        .map_err(|error| GitError::write(folder, error))?;
    write_copy(source, draft.path())?;
    sync_tree(draft.path()).map_err(|error| GitError::write(draft.path(), error))?;
    match fs::rename(draft.path(), &place) {
        Ok(()) => {
            // The folder has moved: there is nothing left to clean up.
            let _ = draft.keep();
        }
        // Another process made the same copy meanwhile; ours goes.
        Err(_) if place.join(CHANGE).is_file() => {}
        Err(error) => return Err(GitError::write(&place, error)),
    }
    crate::support::files::sync_file(folder).map_err(|error| GitError::write(folder, error))
}

/// Returns where the copy of a revision is kept.
fn place_of(revision: &Revision, folder: &Path) -> PathBuf {
    folder.join(revision.change.to_string())
}

fn write_copy(source: &OpenedSource, place: &Path) -> Result<(), GitError> {
    let blobs = place.join(BLOBS);
    fs::create_dir(&blobs).map_err(|error| GitError::write(&blobs, error))?;
    let mut kept: HashMap<BlobId, Digest> = HashMap::new();
    let sides = source
        .change
        .files
        .iter()
        .flat_map(|file| [&file.old, &file.new]);
    for side in sides.flatten() {
        if side.mode == Mode::Submodule || kept.contains_key(&side.blob) {
            continue;
        }
        match source.content.read(side) {
            Ok(bytes) => {
                let digest = sha256(&bytes);
                write_file(&blobs.join(digest.to_string()), &bytes)?;
                kept.insert(side.blob.clone(), digest);
            }
            // Too large to be shown now or later; its digest still says what it was.
            Err(ContentError::TooLarge { .. }) => {
                let digest = source.content.digest(side).map_err(unreadable)?;
                kept.insert(side.blob.clone(), digest);
            }
            Err(ContentError::Partial | ContentError::Missing { .. }) => {}
            Err(error @ (ContentError::Changed { .. } | ContentError::Read { .. })) => {
                return Err(unreadable(error));
            }
        }
    }
    if let Some(patch) = &source.patch {
        write_file(&place.join(PATCH), patch)?;
    }
    let wire = wire::to_wire(&source.change, &source.notes, &|side| {
        kept.get(&side.blob).copied()
    });
    let mut text = serde_json::to_vec_pretty(&wire)
        .map_err(|error| GitError::write(&place.join(CHANGE), error))?;
    text.push(b'\n');
    write_file(&place.join(CHANGE), &text)
}

fn unreadable(error: ContentError) -> GitError {
    match error {
        ContentError::Changed { path } => GitError::Moving { path },
        error => GitError::read(Path::new("the source"), error),
    }
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), GitError> {
    let write = || File::create(path)?.write_all(bytes);
    write().map_err(|error| GitError::write(path, error))
}

/// Brings a folder's files to the disk: at once where the system can, otherwise one by one.
fn sync_tree(place: &Path) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        rustix::fs::syncfs(File::open(place)?)?;
        Ok(())
    }
    #[cfg(not(target_os = "linux"))]
    {
        for folder in [place.join(BLOBS), place.to_owned()] {
            for entry in fs::read_dir(&folder)? {
                crate::support::files::sync_file(&entry?.path())?;
            }
            crate::support::files::sync_file(&folder)?;
        }
        Ok(())
    }
}

/// Opens the revision of a review again: commits from their repository, by exact id, with the labels the reader gave;
/// everything else from the copy that [`snapshot`] made in `folder`.
pub fn reopen(
    revision: &Revision,
    repository: Option<&Path>,
    folder: &Path,
) -> Result<OpenedSource, GitError> {
    let source = match revision.kind {
        SourceKind::Range | SourceKind::Commit | SourceKind::Tree => {
            let path =
                repository.ok_or_else(|| GitError::snapshot(folder, "it names no repository"))?;
            commits::reopen(revision, path)?
        }
        SourceKind::Patch => reopen_patch(revision, repository, &place_of(revision, folder))?,
        SourceKind::Staged | SourceKind::Worktree | SourceKind::Folder => {
            reopen_copy(revision, repository, &place_of(revision, folder))?
        }
    };
    if source.revision.change != revision.change {
        return Err(GitError::snapshot(folder, "it holds another change"));
    }
    Ok(OpenedSource {
        revision: revision.clone(),
        ..source
    })
}

fn reopen_copy(
    revision: &Revision,
    repository: Option<&Path>,
    place: &Path,
) -> Result<OpenedSource, GitError> {
    let (wire, change) = read_change(place)?;
    let content = CopiedContent::new(place, &wire)?;
    let (digest, _) = super::manifest::change_manifest(&change, &content)?;
    Ok(OpenedSource {
        revision: Revision {
            change: digest,
            ..revision.clone()
        },
        change: Arc::new(change),
        content: Arc::new(content),
        repository: repository.map(Path::to_owned),
        notes: wire.notes,
        patch: None,
    })
}

fn reopen_patch(
    revision: &Revision,
    repository: Option<&Path>,
    place: &Path,
) -> Result<OpenedSource, GitError> {
    let (wire, change) = read_change(place)?;
    let path = place.join(PATCH);
    let bytes = fs::read(&path).map_err(|error| GitError::snapshot(place, error))?;
    let (mut files, problems) = patch::parse(&bytes, &revision.title)?;
    let content = CopiedContent::new(place, &wire)?;
    for file in &mut files {
        // The whole old version was found in a repository when the patch was first opened.
        let recorded = change
            .file(&file.change.path)
            .and_then(|file| file.old.as_ref());
        if let Some(old) = recorded
            && Some(old) != file.change.old.as_ref()
            && let Ok(old) = content.read(old)
        {
            patch::adopt(file, &old);
        }
    }
    let repository = repository.map(Path::to_owned);
    patch::source(
        Arc::from(bytes),
        &revision.title,
        files,
        problems,
        repository,
    )
}

fn read_change(place: &Path) -> Result<(WireChange, ChangeSet), GitError> {
    let failed = |reason: String| GitError::snapshot(place, reason);
    let text = fs::read(place.join(CHANGE)).map_err(|error| failed(error.to_string()))?;
    let wire: WireChange =
        serde_json::from_slice(&text).map_err(|error| failed(error.to_string()))?;
    if wire.format != wire::FORMAT {
        let reason = format!("format {} is newer than this program", wire.format);
        return Err(failed(reason));
    }
    let change = wire::from_wire(&wire).map_err(failed)?;
    Ok((wire, change))
}

/// Content kept in a copy; every read is checked against its digest.
struct CopiedContent {
    blobs: PathBuf,
    kept: HashMap<BlobId, Digest>,
}

impl CopiedContent {
    fn new(place: &Path, wire: &WireChange) -> Result<Self, GitError> {
        let mut kept = HashMap::new();
        let sides = wire.files.iter().flat_map(|file| [&file.old, &file.new]);
        for side in sides.flatten() {
            let Some(content) = &side.content else {
                continue;
            };
            let digest = content
                .parse()
                .map_err(|error| GitError::snapshot(place, error))?;
            let side = wire::side_from_wire(side).map_err(|e| GitError::snapshot(place, e))?;
            kept.insert(side.blob, digest);
        }
        Ok(Self {
            blobs: place.join(BLOBS),
            kept,
        })
    }
}

impl Content for CopiedContent {
    fn digest(&self, side: &FileSide) -> Result<Digest, ContentError> {
        match (&side.blob, self.kept.get(&side.blob)) {
            (BlobId::Sha256(digest), _) | (BlobId::Git(_), Some(digest)) => Ok(*digest),
            (BlobId::Git(_), None) => Err(ContentError::Missing {
                what: format!("the copy of {}", side.blob),
            }),
        }
    }

    fn read(&self, side: &FileSide) -> Result<Arc<[u8]>, ContentError> {
        let what = || format!("the copy of {}", side.blob);
        let Some(digest) = self.kept.get(&side.blob) else {
            return Err(ContentError::Missing { what: what() });
        };
        if let Some(size) = side.size.filter(|&size| size > MAX_FILE_BYTES) {
            return Err(ContentError::TooLarge { size });
        }
        let bytes =
            fs::read(self.blobs.join(digest.to_string())).map_err(|error| ContentError::Read {
                what: what(),
                reason: error.to_string(),
            })?;
        if sha256(&bytes) != *digest {
            return Err(ContentError::Read {
                what: what(),
                reason: "its bytes are not those that were copied".to_owned(),
            });
        }
        Ok(Arc::from(bytes))
    }
}
