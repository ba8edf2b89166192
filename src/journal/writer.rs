//! One open review: entries, the right to write, appending, following. A log is written with one write per record and
//! synced before the entry exists for anybody; what could not be saved stays with the caller.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::contents::{Contents, read_from};
use super::lane::{Lane, Tail, review_id};
use super::lock::{self, Lock, Taken};
use super::record::{self, Header};
use super::store::Store;
use super::{JournalError, wire};
use crate::model::{Entry, EntryBody, EntryId, Opened, Person, ReviewId, Revision, WriterId};
use crate::support::clock::{Clock, stamp};
use crate::support::digest::random_hex;
use crate::support::files::{self, AppendFault, AppendFile, Disk};

/// Leftovers of a creation that was killed are swept away after this many seconds.
const STALE_SECONDS: u64 = 3600;

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

/// The right to write, and the log it is for.
struct Pen {
    _lock: Lock,
    file: AppendFile,
}

impl Journal {
    /// Begins a review and opens it for writing.
    pub fn create(
        store: &Store,
        opened: Opened,
        revision: Revision,
        person: &Person,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, JournalError> {
        Self::create_with(store, opened, revision, person, clock, |_| Ok(()))
    }

    /// Begins a review like [`Journal::create`]; `fill` puts what belongs to it (checklists, contents) into its folder
    /// before anybody can see it. A kill at any moment leaves no review or a complete one.
    pub fn create_with(
        store: &Store,
        opened: Opened,
        revision: Revision,
        person: &Person,
        clock: Arc<dyn Clock>,
        fill: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<Self, JournalError> {
        let body = record::body_digest(&wire::encode_opened(&opened));
        let id = review_id(&body);
        let reviews = store.reviews_dir();
        files::create_private_dir_all(&reviews).map_err(failed("create", &reviews))?;
        sweep(&reviews, clock.now());
        let folder = reviews.join(format!(".new-{}", random_hex(8)));
        files::create_private_dir_all(&folder).map_err(failed("create", &folder))?;
        let built = Self::build(store, &id, &folder, person, clock, |journal| {
            fill(&folder).map_err(failed("fill", &folder))?;
            journal.append(EntryBody::ReviewOpened(opened))?;
            journal.append(EntryBody::RevisionAdded(revision))?;
            Ok(())
        });
        built.inspect_err(|_| {
            // Nothing of it was ever visible; what cannot be removed now is swept away later.
            let _ = fs::remove_dir_all(&folder);
        })
    }

    /// Opens a review to write in it, as `person` on this device.
    ///
    /// Where another process holds the lock, or the journal is damaged or of a newer format, it opens read-only and
    /// [`Journal::access`] says why. A torn tail of this writer's own log is set aside and cut off.
    pub fn open(
        store: &Store,
        id: &ReviewId,
        person: &Person,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, JournalError> {
        let folder = existing_folder(store, id)?;
        let since = stamp(clock.now());
        let lock = Lock::take(&folder, person, &since);
        let mut journal = Self::reading(store, id, folder, person, clock)?;
        journal.access = match lock {
            Ok(Taken::Held(lock)) => match journal.contents.obstacle(&journal.writer) {
                None => journal.take_pen(lock),
                Some(obstacle) => Access::ReadOnly(obstacle),
            },
            Ok(Taken::ByAnother(holder)) => Access::ReadOnly(format!(
                "{holder} has this review open for writing. Close it there to write here; until then this follows."
            )),
            Err(error) => Access::ReadOnly(format!(
                "The lock in {} cannot be taken: {error}. Check the folder's permissions.",
                journal.folder.display()
            )),
        };
        journal.enrol();
        journal.collect_problems();
        Ok(journal)
    }

    /// Opens a review to read and follow it; touches nothing.
    pub fn open_read_only(
        store: &Store,
        id: &ReviewId,
        person: &Person,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, JournalError> {
        let folder = existing_folder(store, id)?;
        let mut journal = Self::reading(store, id, folder, person, clock)?;
        journal.collect_problems();
        Ok(journal)
    }

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

    /// Saves an act: encodes it, writes it with one write, waits for the disk, then returns the entry.
    pub fn append(&mut self, body: EntryBody) -> Result<&Entry, AppendError> {
        if let Access::ReadOnly(reason) = &self.access {
            return Err(AppendError::ReadOnly {
                reason: reason.clone(),
            });
        }
        let (entry, line) = self.compose(body)?;
        let pen = self
            .pen
            .as_mut()
            .expect("a journal that may write holds its pen");
        match pen.file.append(&line) {
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

    /// Loads a folder without the right to write.
    fn reading(
        store: &Store,
        id: &ReviewId,
        folder: PathBuf,
        person: &Person,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, JournalError> {
        Ok(Self {
            id: id.clone(),
            contents: Contents::load(id.clone(), folder.clone()),
            folder,
            person: person.clone(),
            writer: store.writer(person)?,
            clock,
            disk: Arc::clone(&store.disk),
            access: Access::ReadOnly("It was opened to be read.".to_owned()),
            pen: None,
            events: Vec::new(),
            problems: Vec::new(),
        })
    }

    /// Builds a review in a folder nobody looks at, then shows it under its name.
    fn build(
        store: &Store,
        id: &ReviewId,
        folder: &Path,
        person: &Person,
        clock: Arc<dyn Clock>,
        begin: impl FnOnce(&mut Self) -> Result<(), JournalError>,
    ) -> Result<Self, JournalError> {
        let writer = store.writer(person)?;
        let since = stamp(clock.now());
        let taken = Lock::take(folder, person, &since).map_err(failed("lock", folder))?;
        let Taken::Held(lock) = taken else {
            return Err(failed("lock", folder)(io::ErrorKind::WouldBlock.into()));
        };
        let log = folder.join(log_name(&writer));
        let file = AppendFile::open(&*store.disk, &log, 0).map_err(failed("create", &log))?;
        let mut journal = Self {
            id: id.clone(),
            contents: Contents::new(id.clone(), folder.to_owned()),
            folder: folder.to_owned(),
            person: person.clone(),
            writer,
            clock,
            disk: Arc::clone(&store.disk),
            access: Access::Writer,
            pen: Some(Pen { _lock: lock, file }),
            events: Vec::new(),
            problems: Vec::new(),
        };
        journal.append(journal.enrolment())?;
        begin(&mut journal)?;
        let visible = store.folder(id);
        files::sync_dir(folder).map_err(failed("sync", folder))?;
        fs::rename(folder, &visible).map_err(failed("rename", folder))?;
        let reviews = store.reviews_dir();
        files::sync_dir(&reviews).map_err(failed("sync", &reviews))?;
        journal.contents.moved(visible.clone());
        journal.folder = visible;
        Ok(journal)
    }

    /// Opens this writer's log for appending, after setting a torn tail aside.
    fn take_pen(&mut self, lock: Lock) -> Access {
        let name = log_name(&self.writer);
        let path = self.folder.join(&name);
        let own = self.contents.lanes.get(&self.writer);
        let (durable, torn) = own.map_or((0, false), |lane| {
            (lane.offset, matches!(lane.tail, Tail::Torn(_)))
        });
        let opened = AppendFile::open(&*self.disk, &path, durable).and_then(|mut file| {
            if torn {
                let kept = set_aside(&self.folder, &self.writer, durable)?;
                file.cut_tail()?;
                self.events.push(format!(
                    "{name}: an unfinished record at byte {durable} was set aside as {} and cut off. It was not shown \
                     as saved; do that act again if it is missing.",
                    kept.display()
                ));
            }
            Ok(file)
        });
        match opened {
            Ok(file) => {
                if let Some(lane) = self.contents.lanes.get_mut(&self.writer) {
                    lane.tail = Tail::Clean;
                }
                self.pen = Some(Pen { _lock: lock, file });
                Access::Writer
            }
            Err(error) => Access::ReadOnly(format!(
                "{} cannot be opened for writing: {error}. Check the disk and the folder's permissions.",
                path.display()
            )),
        }
    }

    /// Says who this writer is, where its log does not say so yet or the printed name has changed.
    fn enrol(&mut self) {
        if self.access != Access::Writer {
            return;
        }
        let mut own = self.contents.entries.iter().rev();
        let enrolled = own.find_map(|entry| match &entry.body {
            EntryBody::WriterEnrolled { person, .. } if entry.writer == self.writer => Some(person),
            _ => None,
        });
        if enrolled == Some(&self.person) {
            return;
        }
        if let Err(error) = self.append(self.enrolment()) {
            self.become_read_only(format!(
                "This device could not be entered in the journal: {error}."
            ));
        }
    }

    fn enrolment(&self) -> EntryBody {
        EntryBody::WriterEnrolled {
            person: self.person.clone(),
            device: lock::host(),
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

    /// After a failed sync or cut nobody knows what the disk holds. The handle is dropped, never synced again; the log
    /// is read anew and compared with what was acknowledged, and only a log that agrees is written to again.
    fn recover(&mut self, attempted: &[u8]) {
        let Some(Pen { _lock: lock, file }) = self.pen.take() else {
            return;
        };
        let durable = file.durable();
        drop(file);
        let path = self.folder.join(log_name(&self.writer));
        let reopened = self
            .compare(&path, durable, attempted)
            .and_then(|()| AppendFile::open(&*self.disk, &path, durable))
            .and_then(|mut file| file.cut_tail().map(|()| file));
        match reopened {
            Ok(file) => {
                self.pen = Some(Pen { _lock: lock, file });
                self.events.push(format!(
                    "{}: the disk failed to take a record after byte {durable}. The log was read again: everything \
                     shown as saved is in it.",
                    log_name(&self.writer)
                ));
            }
            Err(error) => {
                let reason = format!(
                    "{} is not certain after the disk failed: {error}. Check the disk, then open the review again.",
                    path.display()
                );
                self.events.push(reason.clone());
                self.become_read_only(reason);
            }
        }
    }

    /// Compares a log with what was acknowledged: exactly that, followed at the most by a part of the failed record.
    fn compare(&self, path: &Path, durable: u64, attempted: &[u8]) -> io::Result<()> {
        let bytes = read_from(path, 0)?;
        let own = self.contents.lanes.get(&self.writer);
        let head = own.and_then(|lane| lane.head);
        let (known, rest) = bytes
            .split_at_checked(durable as usize)
            .ok_or_else(|| io::Error::other("it is shorter than what was saved"))?;
        let mut lane = Lane::new("", Some(self.id.clone()), Some(self.writer.clone()));
        lane.read(known, &mut Vec::new());
        if lane.head != head || lane.offset != durable {
            return Err(io::Error::other("it does not hold what was saved"));
        }
        if attempted.starts_with(rest) {
            Ok(())
        } else {
            Err(io::Error::other("it holds more than what was written here"))
        }
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

fn existing_folder(store: &Store, id: &ReviewId) -> Result<PathBuf, JournalError> {
    let folder = store.folder(id);
    match fs::metadata(&folder) {
        Ok(found) if found.is_dir() && super::lane::is_review_id(id.as_str()) => Ok(folder),
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(failed("open", &folder)(error))
        }
        _ => Err(store.no_review(id.as_str())),
    }
}

/// Copies what follows the good bytes of a log into the quarantine, durably; returns the copy's path within the folder.
fn set_aside(folder: &Path, writer: &WriterId, offset: u64) -> io::Result<PathBuf> {
    let tail = read_from(&folder.join(log_name(writer)), offset)?;
    files::create_private_dir_all(&folder.join("quarantine"))?;
    files::sync_dir(folder)?;
    for number in 1.. {
        let name = Path::new("quarantine").join(format!("{writer}-{offset}-{number}.tail"));
        match files::write_new_private(&folder.join(&name), &tail) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            done => return done.map(|()| name),
        }
    }
    unreachable!("a free number is found long before they run out")
}

/// Removes what creations that were killed have left behind. Failures are left for the next time.
fn sweep(reviews: &Path, now: Timestamp) {
    let Ok(listing) = fs::read_dir(reviews) else {
        return;
    };
    for file in listing.flatten() {
        let is_leftover = file
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(".new-"));
        let age = file.metadata().and_then(|found| found.modified());
        let is_old = age.is_ok_and(|made| {
            std::time::SystemTime::from(now)
                .duration_since(made)
                .is_ok_and(|age| age.as_secs() > STALE_SECONDS)
        });
        if is_leftover && is_old {
            let _ = fs::remove_dir_all(file.path());
        }
    }
}
