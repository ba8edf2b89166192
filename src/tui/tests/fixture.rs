//! A change in memory: files before and after, with real differences between them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::git::{Content, ContentError};
use crate::model::{
    BlobId, ChangeSet, DiffBody, Endpoint, FileChange, FileDiff, FileSide, FileStatus, FileText,
    Mode, RepoPath, SourceKind,
};
use crate::support::digest::sha256;

/// Bytes by name, as a repository would hold them; some files' differences can be replaced by others.
#[derive(Default)]
pub struct Store {
    blobs: HashMap<BlobId, Arc<[u8]>>,
    replaced: HashMap<RepoPath, FileDiff>,
}

impl Content for Store {
    fn read(&self, side: &FileSide) -> Result<Arc<[u8]>, ContentError> {
        Ok(Arc::clone(&self.blobs[&side.blob]))
    }
}

/// A change set and its bytes.
#[derive(Default)]
pub struct Change {
    pub store: Store,
    files: Vec<FileChange>,
    title: String,
}

impl Change {
    pub fn named(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a file; `None` where it is not there before or after.
    pub fn file(
        mut self,
        path: impl Into<RepoPath>,
        old: Option<&[u8]>,
        new: Option<&[u8]>,
    ) -> Self {
        let mut side = |bytes: &[u8]| {
            let blob = BlobId::Sha256(sha256(bytes));
            self.store.blobs.insert(blob.clone(), Arc::from(bytes));
            FileSide {
                mode: Mode::Regular,
                blob,
                size: Some(bytes.len() as u64),
            }
        };
        let (old, new) = (old.map(&mut side), new.map(&mut side));
        let status = match (&old, &new) {
            (None, _) => FileStatus::Added,
            (_, None) => FileStatus::Deleted,
            _ => FileStatus::Modified,
        };
        self.files.push(FileChange {
            path: path.into(),
            old_path: None,
            status,
            old,
            new,
        });
        self
    }

    /// Adds a file whose difference is given.
    pub fn with_diff(self, path: impl Into<RepoPath>, diff: FileDiff) -> Self {
        let path = path.into();
        let mut change = self.file(path.clone(), Some(b"a"), Some(b"b"));
        change.store.replaced.insert(path, diff);
        change
    }

    /// Adds a file that stands still.
    pub fn still(self, path: RepoPath, text: &str) -> Self {
        let text = FileText::whole(Arc::from(text.as_bytes()));
        let diff = FileDiff {
            body: DiffBody::Text,
            old: text.clone(),
            new: text,
            hunks: Vec::new(),
        };
        self.with_diff(path, diff)
    }

    /// Returns the change set, sorted as the model says.
    pub fn set(&self) -> ChangeSet {
        let mut files = self.files.clone();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        ChangeSet {
            kind: SourceKind::Range,
            title: self.title.clone(),
            base: Endpoint::named("main"),
            head: Endpoint::named("agent/orders"),
            object_format: None,
            files,
            problems: Vec::new(),
        }
    }

    pub fn diff(&self, file: &FileChange) -> FileDiff {
        match self.store.replaced.get(&file.path) {
            Some(diff) => diff.clone(),
            None => self.store.diff(file),
        }
    }
}

/// The change most tests look at: a service with two hunks, a new report, a picture, a file that goes.
pub fn orders() -> Change {
    let old = numbered(60, &[]);
    let new = numbered(
        60,
        &[
            (
                12,
                "    for order in orders:\n        order.items = items_of(order.id)",
            ),
            (13, ""),
            (45, "    total = float(price) * count"),
        ],
    );
    Change::named("main…agent/orders")
        .file(
            "src/orders/service.py",
            Some(old.as_bytes()),
            Some(new.as_bytes()),
        )
        .file("src/orders/report.py", None, Some(REPORT.as_bytes()))
        .file("assets/logo.png", Some(b"\0old"), Some(b"\0newer"))
        .file("legacy.py", Some(b"import os\nos.system('ls')\n"), None)
}

const REPORT: &str = "\
import csv


def report(orders, out):
    writer = csv.writer(out)
    for order in orders:
        writer.writerow([order.id, order.total])
";

/// Lines `step_1()` and on; some replaced (an empty text removes the line).
pub fn numbered(count: u32, replaced: &[(u32, &str)]) -> String {
    (1..=count)
        .filter_map(|line| {
            let other = replaced.iter().find(|(at, _)| *at == line);
            match other {
                Some((_, "")) => None,
                Some((_, text)) => Some(format!("{text}\n")),
                None => Some(format!("step_{line}()\n")),
            }
        })
        .collect()
}
