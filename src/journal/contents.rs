//! All logs of one review, as far as they have been read: loading, following, and the checks that need more than one
//! log. Only reads.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::lane::{self, Lane, MAX_LEAP, Tail};
use crate::model::{Entry, EntryBody, EntryId, ReviewId, WriterId};
use crate::support::text::visible_start;

/// What the logs of a review hold.
pub(super) struct Contents {
    review: ReviewId,
    folder: PathBuf,
    pub lanes: BTreeMap<WriterId, Lane>,
    /// In order of arrival.
    pub entries: Vec<Entry>,
    clocks: HashMap<EntryId, u64>,
    /// Logs, or the folder itself, that could not be read; a sentence each.
    unreadable: BTreeMap<String, String>,
    /// Files named like logs that are none; a sentence each.
    strays: BTreeSet<String>,
    /// Heads that somebody has seen and that are not here: the writer and a sentence.
    missing: BTreeMap<WriterId, String>,
    /// Clocks that contradict what their writer had seen; sentences.
    clock_faults: Vec<String>,
}

impl Contents {
    /// Returns the contents of a review nothing is known of yet.
    pub(super) fn new(review: ReviewId, folder: PathBuf) -> Self {
        Self {
            review,
            folder,
            lanes: BTreeMap::new(),
            entries: Vec::new(),
            clocks: HashMap::new(),
            unreadable: BTreeMap::new(),
            strays: BTreeSet::new(),
            missing: BTreeMap::new(),
            clock_faults: Vec::new(),
        }
    }

    /// Reads all logs of a review.
    pub(super) fn load(review: ReviewId, folder: PathBuf) -> Self {
        let mut contents = Self::new(review, folder);
        contents.refresh(None);
        contents
    }

    /// Follows the folder to where it moved.
    pub(super) fn moved(&mut self, folder: PathBuf) {
        self.folder = folder;
    }

    /// Reads what was added since the last time, leaving one writer's log alone. Returns how many entries arrived.
    pub(super) fn refresh(&mut self, except: Option<&WriterId>) -> usize {
        let before = self.entries.len();
        self.unreadable.clear();
        match log_names(&self.folder) {
            Ok(names) => {
                for name in names {
                    self.refresh_log(&name, except);
                }
            }
            Err(error) => {
                let problem = format!(
                    "The folder {} cannot be read: {error}. Restore it or check its permissions.",
                    self.folder.display()
                );
                self.unreadable.insert(String::new(), problem);
            }
        }
        let vanished: Vec<_> = self
            .lanes
            .values()
            .filter(|lane| lane.seq > 0 && !self.folder.join(&lane.file).exists())
            .map(|lane| lane.file.clone())
            .collect();
        for file in vanished {
            let problem = format!("{file}: the log is gone. Restore it from a copy or a bundle.");
            self.unreadable.insert(file, problem);
        }
        let arrived = self.entries.len() - before;
        if arrived > 0 {
            for entry in &self.entries[before..] {
                self.clocks.insert(entry.id, entry.lamport);
            }
            self.cross_check(before);
        }
        arrived
    }

    /// Takes in an entry that this process has just written.
    pub(super) fn accept(&mut self, file: &str, entry: Entry, length: u64) -> &Entry {
        self.lanes
            .entry(entry.writer.clone())
            .or_insert_with(|| {
                Lane::new(file, Some(self.review.clone()), Some(entry.writer.clone()))
            })
            .accept(&entry, length);
        self.clocks.insert(entry.id, entry.lamport);
        self.entries.push(entry);
        self.entries.last().expect("an entry was pushed just now")
    }

    /// Returns why nothing may be written, as a sentence, where that is so for this writer.
    pub(super) fn obstacle(&self, writer: &WriterId) -> Option<String> {
        let damaged = self.lanes.values().find_map(|lane| match &lane.tail {
            Tail::Damaged(problem) | Tail::Newer(problem) => Some(problem.clone()),
            Tail::Clean | Tail::Torn(_) => None,
        });
        damaged
            .or_else(|| self.unreadable.values().next().cloned())
            .or_else(|| self.missing.get(writer).cloned())
            .or_else(|| self.clock_faults.first().cloned())
            .or_else(|| self.opening_problem())
    }

    /// Returns everything that is wrong, as sentences.
    pub(super) fn problems(&self) -> Vec<String> {
        let lanes = self.lanes.values();
        let mut all: Vec<String> = lanes
            .flat_map(|lane| lane.remarks.iter().cloned().chain(lane.tail_problem()))
            .chain(self.unreadable.values().cloned())
            .chain(self.strays.iter().cloned())
            .chain(self.missing.values().cloned())
            .chain(self.clock_faults.iter().cloned())
            .chain(self.opening_problem())
            .collect();
        let mut known = BTreeSet::new();
        all.retain(|problem| known.insert(problem.clone()));
        all
    }

    /// Returns the highest clock of all logs.
    pub(super) fn lamport(&self) -> u64 {
        self.lanes
            .values()
            .map(|lane| lane.lamport)
            .max()
            .unwrap_or(0)
    }

    /// Returns the newest entry of every writer but one.
    pub(super) fn heads_except(&self, writer: &WriterId) -> BTreeMap<WriterId, EntryId> {
        self.lanes
            .iter()
            .filter(|(other, _)| *other != writer)
            .filter_map(|(other, lane)| Some((other.clone(), lane.head?)))
            .collect()
    }

    fn opening_problem(&self) -> Option<String> {
        let opened = self
            .entries
            .iter()
            .any(|entry| matches!(entry.body, EntryBody::ReviewOpened(_)));
        (!opened).then(|| {
            format!(
                "The record that opened review {} is missing from {}. Restore its log from a copy or a bundle.",
                self.review,
                self.folder.display()
            )
        })
    }

    fn refresh_log(&mut self, name: &str, except: Option<&WriterId>) {
        let stem = name.strip_suffix(".log").unwrap_or(name);
        if !lane::is_writer_id(stem) {
            // Not a reason to refuse anything: it is reported beside the logs that could be read.
            self.strays.insert(format!(
                "{}: the name is no writer's; the file is left alone.",
                visible_start(name, 80)
            ));
            return;
        }
        let writer = WriterId(stem.to_owned());
        if except == Some(&writer) {
            return;
        }
        let review = self.review.clone();
        let lane = self
            .lanes
            .entry(writer.clone())
            .or_insert_with(|| Lane::new(name, Some(review), Some(writer)));
        match read_from(&self.folder.join(name), lane.offset) {
            Ok(bytes) => lane.read(&bytes, &mut self.entries),
            Err(error) => {
                let problem = format!(
                    "{name}: the log cannot be read beyond byte {}: {error}. Restore it or check its permissions.",
                    lane.offset
                );
                self.unreadable.insert(name.to_owned(), problem);
            }
        }
    }

    /// Compares what entries claim to have seen with what is here.
    fn cross_check(&mut self, from: usize) {
        self.missing.clear();
        for (index, entry) in self.entries.iter().enumerate() {
            let mut floor = entry.prev.and_then(|prev| self.clocks.get(&prev)).copied();
            for (writer, head) in &entry.seen {
                let Some(&clock) = self.clocks.get(head) else {
                    self.missing.entry(writer.clone()).or_insert_with(|| {
                        format!(
                            "{writer}.log: {}.log has seen entry {} of it, which is not here: its end was lost, or has \
                             not arrived. Restore the log from a copy or a bundle.",
                            entry.writer,
                            head.0.short()
                        )
                    });
                    floor = None;
                    break;
                };
                floor = Some(floor.unwrap_or(0).max(clock));
            }
            if index >= from
                && let Some(floor) = floor
                && (entry.lamport <= floor || entry.lamport - floor > MAX_LEAP)
            {
                self.clock_faults.push(format!(
                    "{}.log: the clock of record {} does not follow what its writer had seen. Ask for a good copy of \
                     this log.",
                    entry.writer, entry.seq
                ));
            }
        }
    }
}

/// Returns the names of the logs in a folder, sorted.
fn log_names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for file in fs::read_dir(folder)? {
        let name = file?.file_name();
        // A hidden file is a leftover of an editor or a copy, whatever its ending.
        let is_log = Path::new(&name).extension() == Some("log".as_ref());
        if is_log && !name.as_encoded_bytes().starts_with(b".") {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Reads a log from an offset to its end. A log that is shorter than it was is an error: logs only grow.
pub(super) fn read_from(path: &Path, offset: u64) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    if metadata.len() < offset {
        return Err(io::Error::other(format!(
            "it has shrunk to {} bytes, and a log only grows",
            metadata.len()
        )));
    }
    if metadata.len() == offset {
        return Ok(Vec::new());
    }
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}
