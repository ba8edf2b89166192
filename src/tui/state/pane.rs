//! The code pane: the file in it, where one stands in it, and the files that were loaded.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::diff::MovedLines;
use crate::model::{FileDiff, LineNo, RepoPath, Side};
use crate::review::RowSet;
use crate::syntax::{Outline, Span};
use crate::tui::document::{ContextLevel, Document};

/// The code pane.
#[derive(Debug)]
pub struct CodePane {
    /// The file's position in the change set.
    pub file: usize,
    /// The file, once loaded.
    pub document: Option<Document>,
    /// The row the cursor is on.
    pub cursor: u32,
    /// The first row on the screen.
    pub top: u32,
    /// Columns scrolled to the right.
    pub left: usize,
    /// Where the selection began.
    pub selection: Option<u32>,
    /// How much context.
    pub level: ContextLevel,
    /// Lines shown besides, by file and gap.
    pub revealed: HashMap<usize, BTreeMap<usize, (u32, u32)>>,
    /// Files that are folded unless opened, and were.
    pub opened: BTreeSet<usize>,
    /// Colours of the file's lines.
    pub colours: Colours,
    /// Whether hunks that change nothing but blanks are folded.
    pub blanks_folded: bool,
    /// Lines that were moved, once that is known.
    pub moved: Arc<MovedLines>,
    /// Functions and types of the new side, once they are known.
    pub outline: Arc<Outline>,
    /// Cursor and first row in files that were left.
    pub visited: HashMap<usize, (u32, u32)>,
    /// What to do once the file is loaded.
    pub arrival: Arrival,
}

/// Where to stand in a file that has just been loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// Where the reader left it, or at its first change.
    Resume,
    /// At a hunk, counted from 0.
    Hunk(usize),
    /// At the last hunk.
    LastHunk,
    /// At a line.
    Line(Side, LineNo),
    /// At the first match of the search.
    FirstMatch,
    /// At the last match.
    LastMatch,
}

/// Colours of the lines of one file, by side.
#[derive(Debug, Default)]
pub struct Colours {
    /// Spans by side and line.
    pub spans: HashMap<(Side, u32), Vec<Span>>,
    /// Lines that were asked for.
    pub asked: HashMap<Side, RowSet>,
    /// Why there are none, where there are none.
    pub plain: Option<String>,
}

/// Differences that were loaded, bounded in number and dropped whole.
#[derive(Debug, Default)]
pub struct Files {
    loaded: HashMap<RepoPath, Arc<FileDiff>>,
    order: Vec<RepoPath>,
}

impl Files {
    const KEPT: usize = 12;

    /// Returns a file's difference.
    pub fn get(&self, path: &RepoPath) -> Option<&Arc<FileDiff>> {
        self.loaded.get(path)
    }

    /// Keeps a file's difference; the one kept longest goes.
    pub fn insert(&mut self, path: RepoPath, diff: Arc<FileDiff>) {
        if self.loaded.insert(path.clone(), diff).is_none() {
            self.order.push(path);
        }
        if self.order.len() > Self::KEPT {
            let oldest = self.order.remove(0);
            self.loaded.remove(&oldest);
        }
    }
}

impl CodePane {
    /// Returns a pane before its first file is loaded.
    pub fn new() -> Self {
        Self {
            file: 0,
            document: None,
            cursor: 0,
            top: 0,
            left: 0,
            selection: None,
            level: ContextLevel::Hunks,
            revealed: HashMap::new(),
            opened: BTreeSet::new(),
            colours: Colours::default(),
            outline: Arc::default(),
            blanks_folded: false,
            moved: Arc::default(),
            visited: HashMap::new(),
            arrival: Arrival::Resume,
        }
    }
}
