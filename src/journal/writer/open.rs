//! Beginning a review, opening one, setting a torn tail aside.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::{Access, Journal, Pen, failed, log_name};
use crate::journal::contents::{Contents, read_from};
use crate::journal::lane::{Tail, is_review_id, review_id};
use crate::journal::lock::{self, Lock, Taken};
use crate::journal::{JournalError, Store, record, store, wire};
use crate::model::{EntryBody, Opened, Person, ReviewId, Revision, WriterId};
use crate::support::clock::{Clock, stamp};
use crate::support::digest::random_hex;
use crate::support::files::{self, AppendFile};

/// Leftovers of a creation that was killed are swept away after this many seconds.
const STALE_SECONDS: u64 = 3600;

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

    /// Composes a review as [`Journal::create_with`] begins it, and writes nothing: it can be shown at once, and takes no
    /// entry. Where no device id was drawn yet its writer is a stand-in.
    pub fn draft(
        store: &Store,
        opened: Opened,
        revision: Revision,
        person: &Person,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, JournalError> {
        let id = review_id(&record::body_digest(&wire::encode_opened(&opened)));
        let folder = store.folder(&id);
        let writer = match store.known_device()? {
            Some(device) => store::writer_of(&device, person),
            None => WriterId(random_hex(8)),
        };
        let mut draft = Self {
            contents: Contents::new(id.clone(), folder.clone()),
            id,
            folder,
            person: person.clone(),
            writer,
            clock,
            disk: Arc::clone(&store.disk),
            access: Access::Writer,
            pen: None,
            enrolled: true,
            events: Vec::new(),
            problems: Vec::new(),
        };
        for body in [
            draft.enrolment(),
            EntryBody::ReviewOpened(opened),
            EntryBody::RevisionAdded(revision),
        ] {
            let (entry, line) = draft.compose(body)?;
            let log = log_name(&draft.writer);
            draft.contents.accept(&log, entry, line.len() as u64);
        }
        Ok(draft)
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
        journal.enrolled = journal.is_enrolled();
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
            enrolled: false,
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
            pen: Some(Pen {
                _lock: lock,
                file: Some(file),
            }),
            enrolled: false,
            events: Vec::new(),
            problems: Vec::new(),
        };
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
        if own.is_none() && !path.exists() {
            self.pen = Some(Pen {
                _lock: lock,
                file: None,
            });
            return Access::Writer;
        }
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
                self.pen = Some(Pen {
                    _lock: lock,
                    file: Some(file),
                });
                Access::Writer
            }
            Err(error) => Access::ReadOnly(format!(
                "{} cannot be opened for writing: {error}. Check the disk and the folder's permissions.",
                path.display()
            )),
        }
    }

    /// Tells whether this writer's log says who it is, by the name that is printed today.
    fn is_enrolled(&self) -> bool {
        let mut own = self.contents.entries.iter().rev();
        let enrolled = own.find_map(|entry| match &entry.body {
            EntryBody::WriterEnrolled { person, .. } if entry.writer == self.writer => Some(person),
            _ => None,
        });
        enrolled == Some(&self.person)
    }

    pub(super) fn enrolment(&self) -> EntryBody {
        EntryBody::WriterEnrolled {
            person: self.person.clone(),
            device: lock::host(),
        }
    }
}

fn existing_folder(store: &Store, id: &ReviewId) -> Result<PathBuf, JournalError> {
    let folder = store.folder(id);
    match fs::metadata(&folder) {
        Ok(found) if found.is_dir() && is_review_id(id.as_str()) => Ok(folder),
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
