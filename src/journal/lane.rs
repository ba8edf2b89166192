//! One writer's log, read and checked record by record: length, check sum, chain, sequence, clock, body digest, and
//! whether review and writer are the ones expected. Owns the checks; touches no file.

use std::str::FromStr as _;

use jiff::Timestamp;

use super::record::{self, Header, Next};
use super::{wire, withhold};
use crate::model::{Digest, Entry, EntryBody, EntryId, ReviewId, WriterId};
use crate::support::digest::sha256;

/// How far a clock may leap at once: beyond it is a broken or hostile writer.
pub(super) const MAX_LEAP: u64 = 1_000_000;

/// A log as far as it has been read.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    /// The name of the file, for problems.
    pub file: String,
    /// Expected of every record; taken from the first where nothing is expected.
    pub review: Option<ReviewId>,
    /// Expected of every record; taken from the first where nothing is expected.
    pub writer: Option<WriterId>,
    /// Bytes of good records.
    pub offset: u64,
    /// Number of good records.
    pub seq: u64,
    /// The newest good record.
    pub head: Option<EntryId>,
    /// Its clock.
    pub lamport: u64,
    /// What follows the good records.
    pub tail: Tail,
    /// What is wrong with good records, as sentences.
    pub remarks: Vec<String>,
    /// Whether bodies may be withheld, as in a bundle.
    bodies: Bodies,
    /// How many are.
    withheld: u64,
}

/// Whether every body must be the one its header commits to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bodies {
    /// It must: the log is the original.
    Complete,
    /// A comment's may be withheld: the log is a copy for others.
    MayBeWithheld,
}

/// What follows the good records of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tail {
    /// Nothing.
    Clean,
    /// The beginning of a record that was never finished: so many bytes.
    Torn(u64),
    /// Something that is not what was written; a sentence.
    Damaged(String),
    /// A record of a newer format; a sentence.
    Newer(String),
}

/// What a check of one log found.
#[derive(Debug, Clone)]
pub struct LogCheck {
    /// The entries of the good records, in order.
    pub entries: Vec<Entry>,
    /// The newest of them.
    pub head: Option<EntryId>,
    /// SHA-256 of all bytes, good or not.
    pub sha256: Digest,
    /// What is wrong, as sentences; empty means every byte is as it was written, withheld bodies aside.
    pub problems: Vec<String>,
    /// How many comments' bodies are withheld; their entries stand in the chain with the digest of what they said.
    pub withheld: u64,
}

/// Checks the exact bytes of one writer's log, as a bundle carries them. The review and the writer are taken from the
/// first record; that they are the expected ones is for the caller to compare.
pub fn verify_log(bytes: &[u8]) -> LogCheck {
    let mut lane = Lane::new("the log", None, None);
    lane.bodies = Bodies::MayBeWithheld;
    let mut entries = Vec::new();
    lane.read(bytes, &mut entries);
    let mut problems = lane.remarks.clone();
    problems.extend(lane.tail_problem());
    if entries.is_empty() && problems.is_empty() {
        problems.push("The log holds no record.".to_owned());
    }
    LogCheck {
        entries,
        head: lane.head,
        sha256: sha256(bytes),
        problems,
        withheld: lane.withheld,
    }
}

impl Lane {
    pub(super) fn new(
        file: impl Into<String>,
        review: Option<ReviewId>,
        writer: Option<WriterId>,
    ) -> Self {
        Self {
            file: file.into(),
            review,
            writer,
            offset: 0,
            seq: 0,
            head: None,
            lamport: 0,
            tail: Tail::Clean,
            remarks: Vec::new(),
            bodies: Bodies::Complete,
            withheld: 0,
        }
    }

    /// Reads all bytes that follow the good records. Good ones become entries; the first that is not ends the reading
    /// and becomes the tail.
    pub(super) fn read(&mut self, mut bytes: &[u8], entries: &mut Vec<Entry>) {
        self.tail = loop {
            match record::next(bytes) {
                Next::End => break Tail::Clean,
                Next::Torn => break Tail::Torn(bytes.len() as u64),
                Next::Broken(what) => break Tail::Damaged(self.damage(what)),
                Next::Record {
                    header,
                    body,
                    length,
                } => match self.check(header, body) {
                    Ok(entry) => {
                        self.accept(&entry, length as u64);
                        entries.push(entry);
                        bytes = &bytes[length..];
                    }
                    Err(Refusal::Broken(what)) => break Tail::Damaged(self.damage(&what)),
                    Err(Refusal::Newer(version)) => break Tail::Newer(self.newer(version)),
                },
            }
        };
    }

    /// Moves past a good record.
    pub(super) fn accept(&mut self, entry: &Entry, length: u64) {
        self.offset += length;
        self.seq = entry.seq;
        self.head = Some(entry.id);
        self.lamport = entry.lamport;
        self.review.get_or_insert_with(|| entry.review.clone());
        self.writer.get_or_insert_with(|| entry.writer.clone());
    }

    /// Returns what is wrong after the good records, as a sentence.
    pub(super) fn tail_problem(&self) -> Option<String> {
        match &self.tail {
            Tail::Clean => None,
            Tail::Torn(length) => Some(format!(
                "{}: record {} at byte {} was never finished ({length} bytes); a crash in the middle of saving leaves \
                 this. It was not shown as saved.",
                self.file,
                self.seq + 1,
                self.offset
            )),
            Tail::Damaged(problem) | Tail::Newer(problem) => Some(problem.clone()),
        }
    }

    fn damage(&self, what: &str) -> String {
        format!(
            "{}: record {} at byte {} is damaged: {what}. The {} records before it are read; put a good copy of the \
             file in its place (a backup, or the journal of a bundle) to go on.",
            self.file,
            self.seq + 1,
            self.offset,
            self.seq
        )
    }

    fn newer(&self, version: u64) -> String {
        format!(
            "{}: record {} at byte {} was written by a newer countersign (format {version}, this one knows {}); use \
             that version to go on.",
            self.file,
            self.seq + 1,
            self.offset,
            record::VERSION
        )
    }

    fn check(&mut self, stored: &[u8], body: &[u8]) -> Result<Entry, Refusal> {
        match record::version_of(stored) {
            Some(record::VERSION) => {}
            Some(version) if version > record::VERSION => return Err(Refusal::Newer(version)),
            _ => return Err(broken("its header names no format")),
        }
        let header: Header = serde_json::from_slice(stored)
            .map_err(|_| broken("its header cannot be read as format 1"))?;
        self.check_place(&header)?;
        if self.bodies == Bodies::MayBeWithheld && withhold::is_withheld(&header.kind, body) {
            self.withheld += 1;
            let kind = header.kind.clone();
            return entry_of(
                record::entry_id(stored),
                header,
                EntryBody::Unknown { kind },
            );
        }
        let digest = record::body_digest(body);
        if header.body != digest.to_string() {
            return Err(broken("its body is not the one its header commits to"));
        }
        if header.kind == "review.opened" && header.review != review_id(&digest).0 {
            return Err(broken("it opens another review"));
        }
        if header.kind.is_empty() || header.kind.len() > 64 || !header.kind.bytes().all(is_kind) {
            return Err(broken("its kind is not a name"));
        }
        let decoded = wire::decode(&header.kind, body).unwrap_or_else(|error| {
            self.remarks.push(format!(
                "{}: record {} at byte {} ({}) is intact but cannot be understood: {error}. It is kept and has no \
                 effect.",
                self.file, header.seq, self.offset, header.kind
            ));
            EntryBody::Unknown {
                kind: header.kind.clone(),
            }
        });
        entry_of(record::entry_id(stored), header, decoded)
    }

    fn check_place(&self, header: &Header) -> Result<(), Refusal> {
        if !is_review_id(&header.review) || !is_writer_id(&header.writer) {
            return Err(broken("its review or writer is not an id"));
        }
        if self.review.as_ref().is_some_and(|id| id.0 != header.review) {
            return Err(broken("it belongs to another review"));
        }
        if self.writer.as_ref().is_some_and(|id| id.0 != header.writer) {
            return Err(broken("it belongs to another writer"));
        }
        if header.seq != self.seq + 1 {
            return Err(broken("its number does not follow the one before"));
        }
        if header.prev != self.head.map(|head| head.to_string()) {
            return Err(broken(
                "it does not commit to the record that stands before it",
            ));
        }
        if header.lamport <= self.lamport {
            return Err(broken("its clock runs backwards"));
        }
        // With other writers in sight the leap is measured against them too, where they are known: see `contents`.
        if header.seen.is_empty() && header.lamport - self.lamport > MAX_LEAP {
            return Err(broken("its clock leaps"));
        }
        Ok(())
    }
}

/// Returns the id of the review that an opening record with this body begins.
pub(super) fn review_id(body: &Digest) -> ReviewId {
    ReviewId(format!("r{}", &body.to_string()[..16]))
}

pub(super) fn is_review_id(text: &str) -> bool {
    text.strip_prefix('r')
        .is_some_and(|digits| record::is_hex(digits, 16))
}

pub(super) fn is_writer_id(text: &str) -> bool {
    record::is_hex(text, 16)
}

enum Refusal {
    Broken(String),
    Newer(u64),
}

fn broken(what: &str) -> Refusal {
    Refusal::Broken(what.to_owned())
}

fn is_kind(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_')
}

fn entry_of(id: EntryId, header: Header, body: EntryBody) -> Result<Entry, Refusal> {
    let entry_id = |text: &str| {
        Digest::from_str(text)
            .map(EntryId)
            .map_err(|_| broken("its header names an entry that is no digest"))
    };
    let mut seen = std::collections::BTreeMap::new();
    for (writer, head) in &header.seen {
        if !is_writer_id(writer) || *writer == header.writer {
            return Err(broken("it claims to have seen what is no other writer"));
        }
        seen.insert(WriterId(writer.clone()), entry_id(head)?);
    }
    Ok(Entry {
        id,
        review: ReviewId(header.review),
        writer: WriterId(header.writer),
        seq: header.seq,
        prev: header.prev.as_deref().map(entry_id).transpose()?,
        lamport: header.lamport,
        seen,
        at: Timestamp::from_str(&header.at).map_err(|_| broken("its time is not a time"))?,
        body,
    })
}
