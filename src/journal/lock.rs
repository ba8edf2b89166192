//! The lock that one process holds to write in a review, and the note in it that says who. The operating system frees
//! the lock with its process, so a stale note never blocks anybody.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::record::to_json;
use crate::model::Person;
use crate::support::files;
use crate::support::text::visible_start;

/// A held lock; freed when dropped.
pub(super) struct Lock {
    file: File,
}

/// What came of asking for the lock.
pub(super) enum Taken {
    /// It is ours.
    Held(Lock),
    /// Somebody else holds it; who, as the beginning of a sentence.
    ByAnother(String),
}

/// Who holds the lock, as the lock file says.
#[derive(Serialize, Deserialize)]
struct Note {
    person: String,
    email: String,
    process: u32,
    host: String,
    since: String,
}

/// Bytes of a note that are read at the most.
const NOTE_BYTES: u64 = 4096;

impl Lock {
    /// Asks for the lock of a review's folder, and writes into it who holds it.
    pub(super) fn take(folder: &Path, person: &Person, since: &str) -> io::Result<Taken> {
        let mut file = files::open_private(&folder.join("lock"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Taken::ByAnother(holder(&mut file))),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // The note is a courtesy: a full disk must not keep anybody from opening a review.
        let _ = write_note(&mut file, person, since);
        Ok(Taken::Held(Self { file }))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a child process that is just being started may hold a copy of the file for a moment.
        // What cannot be freed here is freed with the process.
        let _ = self.file.unlock();
    }
}

fn write_note(file: &mut File, person: &Person, since: &str) -> io::Result<()> {
    let note = to_json(&Note {
        person: person.name.clone(),
        email: person.email.clone(),
        process: std::process::id(),
        host: host(),
        since: since.to_owned(),
    });
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&note)
}

fn holder(file: &mut File) -> String {
    let mut text = Vec::new();
    let read = (&*file).take(NOTE_BYTES).read_to_end(&mut text);
    match read
        .ok()
        .and_then(|_| serde_json::from_slice::<Note>(&text).ok())
    {
        Some(note) => format!(
            "{} <{}> (process {} on {}, since {})",
            visible_start(&note.person, 80),
            visible_start(&note.email, 80),
            note.process,
            visible_start(&note.host, 80),
            visible_start(&note.since, 40)
        ),
        None => "Another process".to_owned(),
    }
}

/// Returns this device's name, for display.
pub(super) fn host() -> String {
    let from_file = |path: &str| std::fs::read_to_string(path).ok();
    std::env::var("HOSTNAME")
        .or_else(|_| std::env::var("COMPUTERNAME"))
        .ok()
        .or_else(|| from_file("/proc/sys/kernel/hostname"))
        .or_else(|| from_file("/etc/hostname"))
        .map(|name| visible_start(name.trim(), 80).into_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "this device".to_owned())
}
