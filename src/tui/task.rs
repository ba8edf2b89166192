//! What the reader asked for and waits for: one thing at a time, told while it goes on, given up with a key.

use super::state::Spot;

/// One request; its answer carries the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskKind {
    /// Who wrote a line.
    Blame,
    /// The commits of the range.
    Commits,
    /// Where names are defined.
    Definitions,
    /// A commit of the range, or a file that the change leaves alone; named.
    Lens(String),
    /// The nearest match in other files.
    Search,
}

impl TaskKind {
    /// Returns what is done, as the beginning of a sentence.
    pub fn text(&self) -> String {
        match self {
            Self::Blame => "Asking git who wrote this line".to_owned(),
            Self::Commits => "Listing the commits of the change".to_owned(),
            Self::Definitions => "Looking for definitions".to_owned(),
            Self::Lens(name) => format!("Opening {name}"),
            Self::Search => "Searching the other files".to_owned(),
        }
    }

    /// Returns what is counted.
    fn unit(&self) -> &'static str {
        match self {
            Self::Blame | Self::Commits => "commits",
            Self::Definitions | Self::Lens(_) | Self::Search => "files",
        }
    }
}

/// A request that was not answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Which.
    pub id: TaskId,
    /// What.
    pub kind: TaskKind,
    /// Where the reader was.
    pub from: Spot,
    /// How much is done; nothing is told of what is soon done.
    pub done: usize,
    /// Of how much, where that is known.
    pub total: Option<usize>,
}

impl Task {
    /// Returns how far it is, as a sentence without its end.
    pub fn progress(&self) -> String {
        let (text, unit) = (self.kind.text(), self.kind.unit());
        match (self.done, self.total) {
            (0, _) => format!("{text}\u{2026}"),
            (done, Some(total)) => format!("{text}: {done} of {total} {unit}"),
            (done, None) => format!("{text}: {done} {unit}"),
        }
    }
}
