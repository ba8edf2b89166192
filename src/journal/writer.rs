//! One open review: entries, the right to write, appending, following. A log is written with one write per record and
//! synced before the entry exists for anybody; what could not be saved stays with the caller.

mod open;
mod recover;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::contents::{Contents, read_from};
use super::lane::Lane;
use super::lock::Lock;
use super::record::{self, Header};
use super::{JournalError, wire};
use crate::model::{Entry, EntryBody, EntryId, Person, ReviewId, WriterId};
use crate::support::clock::{Clock, stamp};
use crate::support::files::{AppendFault, AppendFile, Disk};

/// An open review.
pub struct Journal {
    id: ReviewId,
    folder: PathBuf,
    person: Person,
    writer: WriterId,
    clock: Arc<dyn Clock>,
    disk: Arc<dyn Disk>,
    contents: Contents,
    access: Access,
    pen: Option<Pen>,
    /// Whether this writer's log says who it is, by today's printed name.
    enrolled: bool,
    /// What opening or appending did to the files, as sentences.
    events: Vec<String>,
    problems: Vec<String>,
}

/// What this process may do with a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Append.
    Writer,
    /// Read and follow; why, as a sentence.
    ReadOnly(String),
}

/// Why an act was not saved. The act stays with the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// This process may not write.
    #[error("not saved: the review is read-only here; {reason}")]
    ReadOnly {
        /// A sentence.
        reason: String,
    },
    /// The disk did not take it; the log is as it was before.
    #[error("not saved: {reason}; make room or mend the disk, then try again")]
    NotSaved {
        /// A fragment.
        reason: String,
    },
    /// The act itself cannot be stored.
    #[error("not saved: {reason}")]
    Unstorable {
        /// A fragment.
        reason: String,
    },
}

/// The right to write, and the log it is for. A log that is not there is created by the first act, so that whoever only
/// looks leaves no trace in the journal.
struct Pen {
    _lock: Lock,
    file: Option<AppendFile>,
}

impl Journal {
    /// Returns the review's id.
    pub fn id(&self) -> &ReviewId {
        &self.id
    }

    /// Returns the review's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the person this journal writes as.
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// Returns the writer: this person on this device.
    pub fn writer(&self) -> &WriterId {
        &self.writer
    }

    /// Tells what this process may do.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Returns what is wrong with the journal and what was done about it, as sentences.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Returns all entries, in order of arrival; order means nothing to [`crate::review::fold`].
    pub fn entries(&self) -> &[Entry] {
        &self.contents.entries
    }

    /// Returns the newest entry of each writer.
    pub fn heads(&self) -> BTreeMap<WriterId, EntryId> {
        let lanes = self.contents.lanes.iter();
        lanes
            .filter_map(|(writer, lane)| Some((writer.clone(), lane.head?)))
            .collect()
    }

    /// Saves an act: encodes it, writes it with one write, waits for the disk, then returns the entry. A writer's first
    /// act is preceded by the entry that says who it is.
    pub fn append(&mut self, body: EntryBody) -> Result<&Entry, AppendError> {
        if !self.enrolled {
            self.write(self.enrolment())?;
            self.enrolled = true;
        }
        self.write(body)
    }

    fn write(&mut self, body: EntryBody) -> Result<&Entry, AppendError> {
        if let Access::ReadOnly(reason) = &self.access {
            return Err(AppendError::ReadOnly {
                reason: reason.clone(),
            });
        }
        let (entry, line) = self.compose(body)?;
        let Some(pen) = self.pen.as_mut() else {
            return Err(AppendError::NotSaved {
                reason: "the review itself is not on the disk yet".to_owned(),
            });
        };
        let file = match &mut pen.file {
            Some(file) => file,
            missing => {
                let path = self.folder.join(log_name(&self.writer));
                let opened = AppendFile::open(&*self.disk, &path, 0);
                missing.insert(opened.map_err(|error| AppendError::NotSaved {
                    reason: format!("{} cannot be created: {error}", path.display()),
                })?)
            }
        };
        match file.append(&line) {
            Ok(()) => Ok(self
                .contents
                .accept(&log_name(&self.writer), entry, line.len() as u64)),
            Err(AppendFault::Refused(error)) => Err(AppendError::NotSaved {
                reason: error.to_string(),
            }),
            Err(AppendFault::Poisoned(error)) => {
                self.recover(&line);
                self.collect_problems();
                Err(AppendError::NotSaved {
                    reason: error.to_string(),
                })
            }
        }
    }

    /// Reads what others have added. Tells whether entries arrived; what is wrong shows in [`Journal::problems`].
    pub fn poll(&mut self) -> bool {
        let own = self.pen.is_some().then_some(&self.writer);
        let arrived = self.contents.refresh(own) > 0;
        if matches!(self.access, Access::Writer)
            && let Some(obstacle) = self.contents.obstacle(&self.writer)
        {
            self.become_read_only(obstacle);
        }
        self.collect_problems();
        arrived
    }

    /// Returns the exact stored bytes of all good records, one log per writer, by file name. A torn or damaged tail is
    /// not part of it.
    ///
    /// Fails where a log is not what it was when it was read.
    pub fn export(&self) -> Result<Vec<(String, Vec<u8>)>, JournalError> {
        let lanes = self.contents.lanes.values().filter(|lane| lane.seq > 0);
        lanes
            .map(|lane| Ok((lane.file.clone(), self.stored_bytes(lane)?)))
            .collect()
    }

    fn stored_bytes(&self, lane: &Lane) -> Result<Vec<u8>, JournalError> {
        let path = self.folder.join(&lane.file);
        let mut bytes = read_from(&path, 0).map_err(failed("read", &path))?;
        bytes.truncate(lane.offset as usize);
        let mut again = Lane::new(&lane.file, lane.review.clone(), lane.writer.clone());
        again.read(&bytes, &mut Vec::new());
        if again.head == lane.head && again.offset == lane.offset {
            Ok(bytes)
        } else {
            Err(JournalError::Changed { path })
        }
    }

    /// Makes the entry and its line, without writing anything.
    fn compose(&self, body: EntryBody) -> Result<(Entry, Vec<u8>), AppendError> {
        let unstorable = |reason: &str| AppendError::Unstorable {
            reason: reason.to_owned(),
        };
        let stored = wire::encode(&body)
            .ok_or_else(|| unstorable("this version does not know the kind of act"))?;
        let own = self.contents.lanes.get(&self.writer);
        let lamport = self.contents.lamport().checked_add(1);
        let at = stamp(self.clock.now());
        let mut entry = Entry {
            id: record::entry_id(b""),
            review: self.id.clone(),
            writer: self.writer.clone(),
            seq: own.map_or(0, |lane| lane.seq) + 1,
            prev: own.and_then(|lane| lane.head),
            lamport: lamport.ok_or_else(|| unstorable("the journal's clock has run out"))?,
            seen: self.contents.heads_except(&self.writer),
            // What is returned is what reading the log will give: whole seconds.
            at: at.parse().expect("a stamp is RFC 3339"),
            body,
        };
        let header = record::to_json(&header_of(&entry, at, &stored));
        if header.len() + 1 + stored.len() > record::MAX_LENGTH {
            return Err(unstorable("it is larger than 16 MiB; shorten the text"));
        }
        entry.id = record::entry_id(&header);
        Ok((entry, record::frame(&header, &stored)))
    }

    fn become_read_only(&mut self, reason: String) {
        self.pen = None;
        self.access = Access::ReadOnly(reason);
    }

    fn collect_problems(&mut self) {
        self.problems.clone_from(&self.events);
        self.problems.extend(self.contents.problems());
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("id", &self.id)
            .field("writer", &self.writer)
            .field("access", &self.access)
            .field("entries", &self.contents.entries.len())
            .finish_non_exhaustive()
    }
}

fn header_of(entry: &Entry, at: String, body: &[u8]) -> Header {
    Header {
        v: record::VERSION,
        review: entry.review.0.clone(),
        writer: entry.writer.0.clone(),
        seq: entry.seq,
        prev: entry.prev.map(|prev| prev.to_string()),
        lamport: entry.lamport,
        seen: entry
            .seen
            .iter()
            .map(|(writer, head)| (writer.0.clone(), head.to_string()))
            .collect(),
        at,
        kind: entry.body.kind().to_owned(),
        body: record::body_digest(body).to_string(),
    }
}

fn log_name(writer: &WriterId) -> String {
    format!("{writer}.log")
}

fn failed<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> JournalError + 'a {
    move |source| JournalError::Io {
        doing,
        path: path.to_owned(),
        source,
        next: "check the disk and the permissions of the data folder",
    }
}
