//! Reading files of a folder without ever leaving it: each step goes down by name, follows no link, and waits for no pipe.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode as Permissions, OFlags, Stat};
use rustix::io::Errno;

use super::content::MAX_FILE_BYTES;
use crate::model::{Digest, Mode, RepoPath};
use crate::support::digest::{Hasher, sha256};

/// A folder that is read beneath.
pub(super) struct Root {
    path: PathBuf,
    folder: OwnedFd,
}

/// What stands at a path.
pub(super) enum Found {
    /// A regular file, open for reading.
    File { file: File, stat: Box<Stat> },
    /// A symlink's target.
    Symlink { target: Vec<u8> },
    /// A folder.
    Folder,
    /// A pipe, socket or device: never opened.
    Other,
    /// Nothing, or something beneath a link.
    Missing,
}

/// A version on disk: what it is, and its bytes unless it is too large to hold.
pub(super) struct OnDisk {
    pub(super) mode: Mode,
    pub(super) size: u64,
    pub(super) digest: Digest,
    pub(super) bytes: Option<Vec<u8>>,
}

impl Root {
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = rustix::fs::openat(CWD, path, flags, Permissions::empty())?;
        Ok(Self {
            path: path.to_owned(),
            folder,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Finds what stands at a path.
    pub(super) fn find(&self, path: &RepoPath) -> std::io::Result<Found> {
        let mut names: Vec<&[u8]> = path.as_bytes().split(|&byte| byte == b'/').collect();
        let dotted = |name: &&[u8]| matches!(*name, b"" | b"." | b"..");
        if names.iter().any(dotted) {
            return Ok(Found::Missing);
        }
        let last = names.pop().unwrap_or_default();
        let mut folder: Option<OwnedFd> = None;
        for name in names {
            let from = folder.as_ref().map_or(self.folder.as_fd(), OwnedFd::as_fd);
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            match rustix::fs::openat(from, name, flags, Permissions::empty()) {
                Ok(next) => folder = Some(next),
                Err(error) if is_missing(error) => return Ok(Found::Missing),
                Err(error) => return Err(error.into()),
            }
        }
        let folder = folder.as_ref().map_or(self.folder.as_fd(), OwnedFd::as_fd);
        match find_in(folder, last) {
            Err(error) if is_missing(error) => Ok(Found::Missing),
            other => other.map_err(Into::into),
        }
    }

    /// Reads what stands at a path; `None` where it is neither a file nor a symlink.
    pub(super) fn read(&self, path: &RepoPath) -> std::io::Result<Option<OnDisk>> {
        match self.find(path)? {
            Found::File { file, stat } => read_file(file, &stat).map(Some),
            Found::Symlink { target } => Ok(Some(OnDisk {
                mode: Mode::Symlink,
                size: target.len() as u64,
                digest: sha256(&target),
                bytes: Some(target),
            })),
            Found::Folder | Found::Other | Found::Missing => Ok(None),
        }
    }
}

fn is_missing(error: Errno) -> bool {
    matches!(
        error,
        Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::MLINK
    )
}

fn find_in(folder: BorrowedFd<'_>, name: &[u8]) -> Result<Found, Errno> {
    let stat = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Symlink => {
            let target = rustix::fs::readlinkat(folder, name, Vec::new())?;
            Ok(Found::Symlink {
                target: target.into_bytes(),
            })
        }
        FileType::RegularFile => {
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let file = rustix::fs::openat(folder, name, flags, Permissions::empty())?;
            // What was looked at may have been exchanged before it was opened.
            let stat = rustix::fs::fstat(&file)?;
            if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
                return Ok(Found::Other);
            }
            Ok(Found::File {
                file: File::from(file),
                stat: Box::new(stat),
            })
        }
        FileType::Directory => Ok(Found::Folder),
        _ => Ok(Found::Other),
    }
}

/// Returns what git would record for a regular file: executable where its owner may execute it.
pub(super) fn file_mode(stat: &Stat) -> Mode {
    if stat.st_mode & 0o100 != 0 {
        Mode::Executable
    } else {
        Mode::Regular
    }
}

/// Reads an open file: whole where it is small enough to be shown, otherwise only its digest.
pub(super) fn read_file(mut file: File, stat: &Stat) -> std::io::Result<OnDisk> {
    let mode = file_mode(stat);
    let mut bytes = Vec::new();
    (&mut file)
        .take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 <= MAX_FILE_BYTES {
        return Ok(OnDisk {
            mode,
            size: bytes.len() as u64,
            digest: sha256(&bytes),
            bytes: Some(bytes),
        });
    }
    let mut hasher = Hasher::default();
    hasher.update(&bytes);
    let mut size = bytes.len() as u64;
    bytes.truncate(1 << 20);
    loop {
        let count = file.read(&mut bytes)?;
        if count == 0 {
            break;
        }
        hasher.update(&bytes[..count]);
        size += count as u64;
    }
    Ok(OnDisk {
        mode,
        size,
        digest: hasher.finish(),
        bytes: None,
    })
}
