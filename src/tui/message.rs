//! Everything that can happen to the screen.

use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};

use super::definitions::Definitions;
use super::dialog::KeyChoice;
use super::lens::{LensId, LensOf, Twins};
use super::search::Hits;
use super::symbols::SymbolNews;
use super::task::TaskId;
use crate::diff::MovedLines;
use crate::git::{CommitFacts, LineOrigin};
use crate::model::{ChangeSet, FileDiff, LineNo, RepoPath, Side};
use crate::syntax::{Outline, Span};
use crate::workbench::{Act, HintNews, HintsFound, Snapshot};

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Msg {
    /// A key.
    Key(KeyEvent),
    /// Pasted text.
    Paste(String),
    /// The terminal's size in columns and rows.
    Resize(u16, u16),
    /// The time asked for has passed.
    Wake,
    /// A file's difference.
    Loaded {
        /// The file.
        path: RepoPath,
        /// Its difference.
        diff: Arc<FileDiff>,
    },
    /// Colours of lines, from `first` on.
    Coloured {
        /// The file.
        path: RepoPath,
        /// The side.
        side: Side,
        /// The first line.
        first: LineNo,
        /// Spans of each line; fewer lines than asked for at the end of the file.
        lines: Vec<Vec<Span>>,
        /// Why there are none, where there are none.
        plain: Option<String>,
    },
    /// Functions and types of a file's new side.
    Outlined {
        /// The file.
        path: RepoPath,
        /// What there is.
        outline: Arc<Outline>,
    },
    /// The line with the match of a line's bracket.
    Bracket {
        /// The file.
        path: RepoPath,
        /// The side.
        side: Side,
        /// The line that was asked about.
        line: LineNo,
        /// Its match.
        found: BracketMatch,
    },
    /// The review's state after something was saved, followed or counted.
    Snapshot(Arc<Snapshot>),
    /// All acts of one request are on disk.
    Saved,
    /// The keys that could sign.
    KeysFound(Vec<KeyChoice>),
    /// An act was checked and refused; nothing was written.
    Refused(String),
    /// Acts could not be written; they are kept.
    NotSaved {
        /// What is kept.
        acts: Vec<Act>,
        /// Why.
        reason: String,
    },
    /// A search in other files found something, or nothing.
    Found {
        /// The request.
        task: TaskId,
        /// The file, where there is one.
        path: Option<RepoPath>,
        /// The pattern that was asked for.
        pattern: String,
        /// Which match of the file to go to.
        direction: super::effect::Direction,
    },
    /// Hints of some files.
    HintNews(HintNews),
    /// The hints of the whole change, in place of all before.
    HintsFound(Arc<HintsFound>),
    /// The search for hints ended before its end; why.
    HintsFailed(String),
    /// Every file was looked at, so that moves can be told.
    MovesKnown,
    /// The lines of a file that were moved.
    Moved {
        /// The file.
        path: RepoPath,
        /// Which.
        lines: Arc<MovedLines>,
    },
    /// Where names are defined: the file's position, and what is there.
    Defined {
        /// The request.
        task: TaskId,
        /// What was found.
        definitions: Definitions,
    },
    /// Who wrote a line, or why that is not known.
    Blamed {
        /// The request.
        task: TaskId,
        /// The commit.
        origin: Result<Box<LineOrigin>, String>,
    },
    /// The commits of the range, newest first, or why they are not known.
    Commits {
        /// The request.
        task: TaskId,
        /// What there is.
        commits: Result<Vec<CommitFacts>, String>,
    },
    /// A commit or file is open, or why not.
    LensOpened {
        /// The request.
        task: TaskId,
        /// The number it was to have.
        lens: LensId,
        /// What it is, and its files.
        opened: Result<(Box<LensOf>, Arc<ChangeSet>), String>,
    },
    /// Something of what was opened, and not of the change.
    Through(LensId, Box<Msg>),
    /// Which hunks of a file seen through a lens are hunks of the whole change.
    Twins {
        /// The file.
        path: RepoPath,
        /// For each hunk.
        twins: Twins,
    },
    /// How far something is that the reader waits for.
    Progress {
        /// The request.
        task: TaskId,
        /// How much is done.
        done: usize,
        /// Of how much, where that is known.
        total: Option<usize>,
    },
    /// Functions and types of some more files.
    Symbols(SymbolNews),
    /// The mouse.
    Mouse(MouseEvent),
    /// What a search of the whole change has found so far.
    Hits {
        /// The pattern that was asked for.
        pattern: String,
        /// What was found.
        hits: Arc<Hits>,
    },
    /// The reader's editor returned.
    Edited(Result<String, String>),
    /// Something worth telling.
    Notice(Notice),
    /// A signature was made, or why not.
    Signed(Result<String, String>),
    /// The process is asked to stop (a signal, or the terminal is gone).
    Terminate,
    /// The process is asked to suspend.
    Suspend,
}

/// Where the match of a line's bracket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BracketMatch {
    /// On another line.
    Line(LineNo),
    /// On none.
    Nowhere,
    /// There is no tree of the text.
    NotParsed,
}

/// A line for the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How serious.
    pub tone: Tone,
    /// What.
    pub text: String,
}

/// How serious a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// For information.
    Plain,
    /// Something went well.
    Good,
    /// Something to notice.
    Warn,
    /// Something went wrong.
    Bad,
}

impl Notice {
    /// Returns a notice for information.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Plain,
            text: text.into(),
        }
    }

    /// Returns a notice that something is to be noticed.
    pub fn warn(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Warn,
            text: text.into(),
        }
    }

    /// Returns a notice that something went wrong.
    pub fn bad(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Bad,
            text: text.into(),
        }
    }
}
