//! Runs rules over a change: files in parallel, in the order a reader wants them, each parsed once and dropped; then what
//! only the whole change shows; then the budget.
//!
//! Refuses to run without bounds: a text of more than [`LARGEST`] bytes or [`PARSE_TIME`] is not read, and that is said; a
//! rule that panics is stopped in its file, one that does not come back is stopped for the rest of the scan and its worker
//! replaced, and the other rules go on.

mod base;
mod embedded;
mod message;
mod pool;
mod rank;
mod read;
mod scan;
mod stands;
mod tally;
mod template;
mod watch;
mod whole;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub use tests::lines;

use std::sync::Arc;
use std::time::Duration;

use super::change::Member;
use super::file::Added;
use crate::model::{Hint, RepoPath};

pub use base::{Base, RemovedRun};
pub use pool::{Order, parse_alone, run};
pub use rank::{budget, settle};
pub use read::parse;
pub use whole::scan_change;

/// The largest text that is read, in bytes (2 MiB).
pub const LARGEST: usize = 2 << 20;
/// The longest time parsing a text may take.
pub const PARSE_TIME: Duration = Duration::from_secs(2);

/// One file for rules.
#[derive(Debug, Clone)]
pub struct Input {
    /// Where it is.
    pub path: RepoPath,
    /// Its bytes after the change.
    pub text: Arc<[u8]>,
    /// The lines that the change added.
    pub added: Added,
    /// The file before the change; `None` for a new one, and where nothing was removed.
    pub base: Option<Base>,
}

/// Where files come from, by index.
pub trait Provider: Send + Sync {
    /// Returns how many there are.
    fn count(&self) -> usize;
    /// Returns where one is.
    fn path(&self, index: usize) -> &RepoPath;
    /// Reads one; `None` for what has no text after the change (deleted, binary), and why where that is a problem.
    fn load(&self, index: usize) -> Result<Option<Input>, String>;
}

/// What one file came to.
#[derive(Debug, Default)]
pub struct Scanned {
    /// Which file.
    pub index: usize,
    /// What rules point at.
    pub hints: Vec<Hint>,
    /// What was not read, and rules that were stopped.
    pub problems: Vec<String>,
    /// How many lines were added.
    pub added_lines: u32,
    /// What rules on the whole change need of it.
    pub member: Option<Member>,
    /// How many bytes were parsed.
    pub bytes: usize,
}
