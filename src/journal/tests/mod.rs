//! What the journal promises, against a real folder: nothing acknowledged is lost, nothing damaged goes unnoticed.

mod damage;
mod faults;
mod fixture;
mod kill;
mod living;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::{Access, Journal, Store};
use crate::model::{
    Comment, CommentId, CommentTarget, Digest, Endpoint, EntryBody, EntryId, Opened, Person,
    ReviewId, Revision, SourceKind, Visibility,
};
use crate::support::clock::{Clock, FixedClock};

/// A data folder of its own, in memory where the system has such a place: these tests sync thousands of times.
fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock("2026-11-21T06:30:00Z".parse().unwrap()))
}

fn dana() -> Person {
    Person {
        name: "Dana Levi".into(),
        email: "Dana@example.org".into(),
    }
}

fn noa() -> Person {
    Person {
        name: "Noa Peri".into(),
        email: "noa@example.org".into(),
    }
}

fn opened() -> Opened {
    Opened {
        title: "orders".into(),
        repository: Some("/srv/shop".into()),
        checklists: Vec::new(),
        nonce: "00ff".into(),
    }
}

fn revision() -> Revision {
    Revision {
        kind: SourceKind::Range,
        title: "main…orders".into(),
        base: Endpoint::named("main"),
        head: Endpoint::named("orders"),
        change: Digest([7; 32]),
        parameters: "context=3".into(),
    }
}

fn remark(text: &str) -> EntryBody {
    EntryBody::CommentAdded(Comment {
        id: CommentId("c00000001".into()),
        target: CommentTarget::Review,
        visibility: Visibility::Client,
        text: text.into(),
    })
}

fn create(store: &Store) -> Journal {
    Journal::create(store, opened(), revision(), &dana(), clock()).unwrap()
}

fn open(store: &Store, id: &ReviewId) -> Journal {
    Journal::open(store, id, &dana(), clock()).unwrap()
}

fn log_of(journal: &Journal) -> PathBuf {
    journal.folder().join(format!("{}.log", journal.writer()))
}

fn ids(journal: &Journal) -> Vec<EntryId> {
    journal.entries().iter().map(|entry| entry.id).collect()
}

fn is_writer(journal: &Journal) -> bool {
    matches!(journal.access(), Access::Writer)
}

/// Returns the sentence that says why a journal is read-only.
fn read_only(journal: &Journal) -> &str {
    match journal.access() {
        Access::Writer => panic!("the journal may be written to"),
        Access::ReadOnly(reason) => reason,
    }
}

/// Returns the offsets at which the lines of a log end.
fn line_ends(bytes: &[u8]) -> Vec<usize> {
    memchr::memchr_iter(b'\n', bytes).map(|at| at + 1).collect()
}
