//! The data folder: which reviews there are, and which device this is. Owns names and lookups; a broken review is listed
//! with its problem and hides no other.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::JournalError;
use super::contents::Contents;
use super::lane::is_review_id;
use super::record::is_hex;
use crate::model::{Digest, Entry, EntryBody, Person, ReviewId, Revision, WriterId};
use crate::support::digest::{Hasher, random_hex};
use crate::support::files::{self, Disk, SystemDisk};

/// The data folder.
#[derive(Clone)]
pub struct Store {
    data_dir: PathBuf,
    pub(super) disk: Arc<dyn Disk>,
}

/// A review at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its id.
    pub id: ReviewId,
    /// Its name for a reader; empty where the opening record cannot be read. Foreign text.
    pub title: String,
    /// Where the code lives, as an absolute path at the time. Foreign text.
    pub repository: Option<String>,
    /// The bytes under review: the newest revision.
    pub revision: Option<Revision>,
    /// Who writes in it, one person per writer, in the order of their first entries.
    pub writers: Vec<(WriterId, Person)>,
    /// How many entries can be read.
    pub entries: u64,
    /// The time of the newest entry, by its writer's clock.
    pub last: Option<Timestamp>,
    /// What is wrong with it, as sentences.
    pub problems: Vec<String>,
}

impl Store {
    /// Takes a data folder; it is created when first written to.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self::with_disk(data_dir, Arc::new(SystemDisk))
    }

    /// Takes a data folder and the disk to write logs to.
    pub fn with_disk(data_dir: impl Into<PathBuf>, disk: Arc<dyn Disk>) -> Self {
        Self {
            data_dir: data_dir.into(),
            disk,
        }
    }

    /// Returns the data folder.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Returns a review's folder, whether it exists or not.
    pub fn folder(&self, id: &ReviewId) -> PathBuf {
        self.reviews_dir().join(id.as_str())
    }

    /// Returns all reviews at a glance, newest first.
    ///
    /// Reads every log. Fails only where the folder of all reviews cannot be read.
    pub fn reviews(&self) -> Result<Vec<Summary>, JournalError> {
        let mut all: Vec<_> = self
            .ids()?
            .into_iter()
            .map(|id| self.summarise(id))
            .collect();
        all.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.id.cmp(&b.id)));
        Ok(all)
    }

    /// Returns one review at a glance.
    pub fn summary(&self, id: &ReviewId) -> Result<Summary, JournalError> {
        if self.ids()?.contains(id) {
            Ok(self.summarise(id.clone()))
        } else {
            Err(self.no_review(id.as_str()))
        }
    }

    /// Finds the one review whose id is, or begins with, some text.
    pub fn find(&self, prefix: &str) -> Result<ReviewId, JournalError> {
        let ids = self.ids()?;
        let mut fitting = ids
            .iter()
            .filter(|id| !prefix.is_empty() && id.as_str().starts_with(prefix));
        match (fitting.next(), fitting.next()) {
            (None, _) => Err(self.no_review(prefix)),
            (Some(one), None) => Ok(one.clone()),
            (Some(_), Some(_)) => Err(JournalError::Ambiguous {
                prefix: prefix.to_owned(),
                candidates: ids
                    .into_iter()
                    .filter(|id| id.as_str().starts_with(prefix))
                    .collect(),
            }),
        }
    }

    /// Returns the reviews of a change, by the digest of its newest revision; newest first.
    pub fn by_change(&self, change: &Digest) -> Result<Vec<Summary>, JournalError> {
        let mut all = self.reviews()?;
        all.retain(|review| {
            review
                .revision
                .as_ref()
                .is_some_and(|revision| revision.change == *change)
        });
        Ok(all)
    }

    /// Returns this device's id, 32 hexadecimal digits; drawn at random the first time and kept in the data folder.
    pub fn device(&self) -> Result<String, JournalError> {
        let path = self.data_dir.join("device");
        let failed = |doing| {
            let path = path.clone();
            move |source| JournalError::Io {
                doing,
                path,
                source,
                next: "check the permissions of the data folder",
            }
        };
        if !path.exists() {
            files::create_private_dir_all(&self.data_dir).map_err(failed("create"))?;
            match files::write_new_private(&path, format!("{}\n", random_hex(16)).as_bytes()) {
                // Another process was first: its id is the one.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                done => done.map_err(failed("write"))?,
            }
        }
        let text = fs::read_to_string(&path).map_err(failed("read"))?;
        let device = text.trim();
        if is_hex(device, 32) {
            Ok(device.to_owned())
        } else {
            Err(JournalError::Device { path })
        }
    }

    /// Returns this device's id where one was drawn; draws none.
    pub(super) fn known_device(&self) -> Result<Option<String>, JournalError> {
        if self.data_dir.join("device").exists() {
            self.device().map(Some)
        } else {
            Ok(None)
        }
    }

    /// Returns the writer a person is on this device.
    pub fn writer(&self, person: &Person) -> Result<WriterId, JournalError> {
        Ok(writer_of(&self.device()?, person))
    }

    pub(super) fn reviews_dir(&self) -> PathBuf {
        self.data_dir.join("reviews")
    }

    pub(super) fn no_review(&self, wanted: &str) -> JournalError {
        JournalError::NoReview {
            wanted: wanted.to_owned(),
            folder: self.reviews_dir(),
        }
    }

    /// Returns the ids of all reviews, sorted.
    fn ids(&self) -> Result<Vec<ReviewId>, JournalError> {
        let folder = self.reviews_dir();
        let failed = |source| JournalError::Io {
            doing: "list the reviews in",
            path: folder.clone(),
            source,
            next: "check its permissions, or name another data folder with --data-dir",
        };
        let mut ids = Vec::new();
        let listing = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ids),
            listing => listing.map_err(failed)?,
        };
        for file in listing {
            let name = file.map_err(failed)?.file_name();
            if let Some(name) = name.to_str().filter(|name| is_review_id(name)) {
                ids.push(ReviewId(name.to_owned()));
            }
        }
        ids.sort();
        Ok(ids)
    }

    fn summarise(&self, id: ReviewId) -> Summary {
        let folder = self.folder(&id);
        let contents = Contents::load(id.clone(), folder);
        let mut summary = Summary {
            id,
            title: String::new(),
            repository: None,
            revision: None,
            writers: Vec::new(),
            entries: contents.entries.len() as u64,
            last: contents.entries.iter().map(|entry| entry.at).max(),
            problems: contents.problems(),
        };
        let mut entries: Vec<&Entry> = contents.entries.iter().collect();
        entries.sort_by_key(|entry| (entry.lamport, &entry.writer));
        for entry in entries {
            summary.take_in(entry);
        }
        summary
    }
}

/// Returns the writer a person is on a device.
pub(super) fn writer_of(device: &str, person: &Person) -> WriterId {
    let mut hasher = Hasher::default();
    hasher.update(b"countersign writer v1\0");
    hasher.update(device.as_bytes());
    hasher.update(b"\0");
    hasher.update(person.key().as_bytes());
    WriterId(hasher.finish().to_string()[..16].to_owned())
}

impl Summary {
    fn take_in(&mut self, entry: &Entry) {
        if let EntryBody::ReviewOpened(opened) = &entry.body {
            self.title.clone_from(&opened.title);
            self.repository.clone_from(&opened.repository);
        }
        if let EntryBody::RevisionAdded(revision) = &entry.body {
            self.revision = Some(revision.clone());
        }
        if let EntryBody::WriterEnrolled { person, .. } = &entry.body {
            self.writers.retain(|(writer, _)| *writer != entry.writer);
            self.writers.push((entry.writer.clone(), person.clone()));
        }
    }
}
