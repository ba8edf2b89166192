//! Files that reach the disk: whole files written atomically, and logs that are appended to, synced, and cut back when
//! a write fails. The only place of the program that syncs. Refuses to know what the bytes mean.

#![expect(clippy::disallowed_methods, reason = "the one place that syncs files")]

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

/// Writes a whole file so that a reader, or a crash, meets the old bytes or the new ones and nothing between. The file
/// gets the permissions any new file of this user gets.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = write_temporary(path, bytes, 0o666)?;
    temporary.persist(path).map_err(|failed| failed.error)?;
    sync_dir(parent_of(path))
}

/// Writes a whole file like [`write_atomic`], readable by its owner alone.
pub fn write_atomic_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = write_temporary(path, bytes, 0o600)?;
    temporary.persist(path).map_err(|failed| failed.error)?;
    sync_dir(parent_of(path))
}

/// Writes a whole file, readable by its owner alone, that must not exist yet.
///
/// Fails with [`io::ErrorKind::AlreadyExists`] where it does; the existing file stays as it is.
pub fn write_new_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = write_temporary(path, bytes, 0o600)?;
    temporary
        .persist_noclobber(path)
        .map_err(|failed| failed.error)?;
    sync_dir(parent_of(path))
}

/// Removes a file durably; a file that is not there is no error.
pub fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_dir(parent_of(path)),
    }
}

/// Creates a folder and its missing parents, each open to its owner alone.
pub fn create_private_dir_all(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes the bytes of a file durable that was written by other means; its name is made durable by [`sync_dir`] on the
/// folder around it.
pub fn sync_file(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Makes the names in a folder durable.
pub fn sync_dir(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}

/// Opens a file for reading and writing, readable by its owner alone when it is created by this.
pub fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Where logs are opened. A test puts a failing disk in its place.
pub trait Disk: Send + Sync {
    /// Opens a log for writing; creates it, readable by its owner alone, where it is missing.
    fn open_log(&self, path: &Path) -> io::Result<Box<dyn LogFile>>;
}

/// An open log, as the operating system sees it.
pub trait LogFile: Send {
    /// Returns the length in bytes, or an error where no name leads to the file any more.
    fn length(&self) -> io::Result<u64>;
    /// Writes once at an offset; returns how many bytes were taken, which may be fewer.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<usize>;
    /// Waits until what was written is on the disk.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file to a length.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

/// The real disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDisk;

impl Disk for SystemDisk {
    fn open_log(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        Ok(Box::new(open_private(path)?))
    }
}

impl LogFile for File {
    fn length(&self) -> io::Result<u64> {
        let metadata = self.metadata()?;
        // An unlinked file takes bytes without complaint and keeps none of them.
        #[cfg(unix)]
        if std::os::unix::fs::MetadataExt::nlink(&metadata) == 0 {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the file was deleted while it was open",
            ));
        }
        Ok(metadata.len())
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        self.seek(SeekFrom::Start(offset))?;
        loop {
            match self.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// A log that is appended to and knows how much of it is on the disk for certain.
pub struct AppendFile {
    file: Box<dyn LogFile>,
    durable: u64,
}

/// Why bytes were not appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendFault {
    /// The file is as it was before; another append may be tried.
    #[error("{0}")]
    Refused(io::Error),
    /// What the file holds is uncertain; this handle must be dropped, and the file read again before any other write.
    #[error("{0}")]
    Poisoned(io::Error),
}

impl AppendFile {
    /// Opens a log of which the first `durable` bytes are known to be good. The log is created, and its name made
    /// durable, where it is missing.
    pub fn open(disk: &dyn Disk, path: &Path, durable: u64) -> io::Result<Self> {
        let is_new = !path.exists();
        let file = disk.open_log(path)?;
        if is_new {
            sync_dir(parent_of(path))?;
        }
        Ok(Self { file, durable })
    }

    /// Returns how many bytes are on the disk for certain.
    pub fn durable(&self) -> u64 {
        self.durable
    }

    /// Writes at the end with one write and waits for the disk.
    ///
    /// Nothing is written where the file is not as long as it should be: somebody else has changed it.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), AppendFault> {
        let length = self.file.length().map_err(AppendFault::Poisoned)?;
        if length != self.durable {
            return Err(AppendFault::Poisoned(io::Error::other(format!(
                "the file has {length} bytes where {} are expected; another program has changed it",
                self.durable
            ))));
        }
        match self.file.write_at(self.durable, bytes) {
            Ok(taken) if taken == bytes.len() => {}
            Ok(taken) => {
                let short = format!("only {taken} of {} bytes could be written", bytes.len());
                return Err(self.cut_back(io::Error::new(io::ErrorKind::StorageFull, short)));
            }
            Err(error) => return Err(self.cut_back(error)),
        }
        self.file.sync().map_err(AppendFault::Poisoned)?;
        self.durable += bytes.len() as u64;
        Ok(())
    }

    /// Cuts off whatever follows the durable bytes, and waits for the disk.
    pub fn cut_tail(&mut self) -> io::Result<()> {
        self.file.cut(self.durable)?;
        self.file.sync()
    }

    fn cut_back(&mut self, reason: io::Error) -> AppendFault {
        match self.file.cut(self.durable) {
            Ok(()) => AppendFault::Refused(reason),
            Err(cut) => AppendFault::Poisoned(io::Error::new(
                reason.kind(),
                format!("{reason}, and the part that was written could not be cut off: {cut}"),
            )),
        }
    }
}

fn write_temporary(path: &Path, bytes: &[u8], mode: u32) -> io::Result<NamedTempFile> {
    // Opened here and not by the crate, whose errors name the temporary file, for which nobody asked.
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let temporary = tempfile::Builder::new()
        .prefix(".tmp-")
        .make_in(parent_of(path), |name| options.open(name))?;
    fill(temporary, bytes)
}

/// Writes to the file itself: errors of the crate's own writer name the temporary file too.
fn fill(mut temporary: NamedTempFile, bytes: &[u8]) -> io::Result<NamedTempFile> {
    temporary.as_file_mut().write_all(bytes)?;
    temporary.as_file().sync_data()?;
    Ok(temporary)
}

fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_atomic_write_replaces_the_file_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note");
        write_atomic(&path, b"one").unwrap();
        write_atomic_private(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_not_there_cannot_be_made_durable() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copy");
        let error = sync_file(&path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        fs::write(&path, b"bytes").unwrap();
        sync_file(&path).unwrap();
    }

    #[test]
    fn a_failed_write_names_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_atomic(&folder.path().join("gone/note"), b"one").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(!error.to_string().contains(".tmp-"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_disk_that_takes_no_more_names_no_temporary_file() {
        // Writing to a descriptor that is only read fails as a full disk does: after the file was made.
        let folder = tempfile::tempdir().unwrap();
        let read_only = |path: &Path| {
            File::create(path)?;
            File::open(path)
        };
        let made = tempfile::Builder::new().make_in(folder.path(), read_only);
        let error = fill(made.unwrap(), b"one").unwrap_err();
        assert!(!error.to_string().contains("at path"), "{error}");
    }

    #[test]
    fn a_new_file_never_replaces_one_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device");
        write_new_private(&path, b"first").unwrap();
        let error = write_new_private(&path, b"second").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
    }

    #[cfg(unix)]
    #[test]
    fn private_folders_and_files_are_closed_to_others() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        create_private_dir_all(&inner).unwrap();
        let file = inner.join("log");
        open_private(&file).unwrap();
        write_atomic_private(&inner.join("draft"), b"").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&inner), 0o700);
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mode(&inner.join("draft")), 0o600);
    }

    #[test]
    fn an_append_to_a_file_that_somebody_else_changed_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = AppendFile::open(&SystemDisk, &path, 0).unwrap();
        log.append(b"mine\n").unwrap();
        fs::write(&path, b"mine\ntheirs\n").unwrap();
        assert!(matches!(
            log.append(b"more\n"),
            Err(AppendFault::Poisoned(_))
        ));
        assert_eq!(fs::read(&path).unwrap(), b"mine\ntheirs\n");
    }

    #[cfg(unix)]
    #[test]
    fn an_append_to_a_deleted_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = AppendFile::open(&SystemDisk, &path, 0).unwrap();
        log.append(b"mine\n").unwrap();
        fs::remove_file(&path).unwrap();
        assert!(matches!(
            log.append(b"more\n"),
            Err(AppendFault::Poisoned(_))
        ));
    }
}
