//! What `update` asks for. Only the worker and the terminal loop carry it out.

use crate::model::{DisplayedSpan, LineNo, RepoPath, Side};
use crate::workbench::Act;

use super::dialog::SignRequest;
use super::halt::Pace;
use super::lens::{LensId, LensOf};
use super::task::TaskId;

/// A request to the outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Load a file's difference.
    Load(RepoPath),
    /// Colour some lines of one side of a file.
    Colour {
        /// The file.
        path: RepoPath,
        /// The side.
        side: Side,
        /// First line.
        first: LineNo,
        /// Last line, inclusive.
        last: LineNo,
    },
    /// List the functions and types of a file's new side.
    Outline(RepoPath),
    /// Find the line with the match of a line's bracket.
    Bracket {
        /// The file.
        path: RepoPath,
        /// The side.
        side: Side,
        /// The line.
        line: LineNo,
    },
    /// Find the lines of a file that were moved.
    Moves(RepoPath),
    /// Keep how the reader wants the code shown.
    Remember(super::state::ViewChoice),
    /// Carry out acts, in order; each is saved before the next begins.
    Act(Vec<Act>),
    /// Record what was on the screen.
    Show(Vec<DisplayedSpan>),
    /// Keep what is being written.
    SaveDraft {
        /// The draft's name.
        name: String,
        /// Its contents.
        text: String,
    },
    /// Forget what was being written.
    DropDraft(String),
    /// Look for text in other files of the change, nearest first.
    Search(SearchRequest),
    /// Look for text in all of the change, and count.
    SearchAll(String),
    /// Find where names are defined in the files of the change.
    Define {
        /// The request.
        task: TaskId,
        /// The names.
        names: Vec<String>,
        /// The file they stand in.
        near: RepoPath,
    },
    /// Say who wrote a line before or in the change.
    Blame {
        /// The request.
        task: TaskId,
        /// The file.
        path: RepoPath,
        /// The side.
        side: Side,
        /// The line.
        line: LineNo,
    },
    /// List the commits of the range.
    Commits(TaskId),
    /// Open a commit, or a file that the change leaves alone, to be looked at.
    OpenLens {
        /// The request.
        task: TaskId,
        /// The number of what is to be opened.
        lens: LensId,
        /// What it is.
        of: Box<LensOf>,
    },
    /// Forget what was open.
    CloseLens(LensId),
    /// Do something to what is open and not to the change.
    Through(LensId, Box<Effect>),
    /// Give up what was asked for.
    GiveUp(TaskId),
    /// List the functions and types of all files, beginning with one.
    Symbols(usize),
    /// Stop looking.
    StopSearch,
    /// Run the reader's editor on some text.
    EditText(String),
    /// Run the reader's editor on a file of the work tree.
    EditFile {
        /// The file.
        path: RepoPath,
        /// The line.
        line: LineNo,
    },
    /// Send text to the terminal's clipboard.
    Copy(String),
    /// Sign.
    Sign(SignRequest),
    /// Send [`super::message::Msg::Wake`] after some milliseconds.
    WakeIn(u64),
    /// Draw everything anew.
    Redraw,
    /// Stop and let the shell have the terminal.
    Suspend,
    /// Stop counting the lines of the change, or go on.
    Count(Pace),
    /// Stop looking for hints, or go on.
    LookForHints(Pace),
    /// Leave.
    Quit,
}

/// A search that goes on in other files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// The request.
    pub task: TaskId,
    /// What to look for.
    pub pattern: String,
    /// The files to look into, in order.
    pub order: Vec<RepoPath>,
    /// Whether to take each file's last match in place of its first.
    pub direction: Direction,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Down the change.
    Forward,
    /// Up the change.
    Backward,
}
