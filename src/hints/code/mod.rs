//! Rules in code, for what flow within a function decides, or files of a change together. One file each; a rule file
//! (`code: NAME`) gives it a name, strength, message and page like any other.

mod branches;
mod check_then_act;
mod flow;
mod keys;
mod lost_update;
mod two_writes;

use std::ops::Range;

use tree_sitter::Node;

use super::change::Change;
use super::file::File;

/// A rule in code.
pub struct CodeRule {
    /// The name that rule files use.
    pub name: &'static str,
    /// What it runs.
    pub run: Run,
}

/// What a rule in code runs.
pub enum Run {
    /// On each function, or on the file's top level, of one file.
    File(for<'a> fn(&File<'a>) -> Vec<Sight<'a>>),
    /// Once, on all of a change's files.
    Change(fn(&Change<'_>) -> Vec<Place>),
}

/// What a rule in code saw in a file.
pub struct Sight<'a> {
    /// All of it.
    pub node: Node<'a>,
    /// The part that decides, and that must be added; all of it when not given.
    pub focus: Option<Node<'a>>,
    /// Values for the message's `{names}`.
    pub values: Vec<(&'static str, String)>,
}

/// What a rule in code saw somewhere in a change.
pub struct Place {
    /// Which file, as an index of [`Change::files`].
    pub file: usize,
    /// Bytes of its text.
    pub range: Range<usize>,
    /// Values for the message's `{names}`.
    pub values: Vec<(&'static str, String)>,
}

/// Every rule in code.
const ALL: &[CodeRule] = &[
    CodeRule { name: "two-writes", run: Run::File(two_writes::run) },
    CodeRule { name: "lost-update", run: Run::File(lost_update::run) },
    CodeRule { name: "check-then-act", run: Run::File(check_then_act::run) },
    CodeRule { name: "unreachable", run: Run::File(branches::unreachable) },
    CodeRule { name: "equal-branches", run: Run::File(branches::equal) },
    CodeRule { name: "known-keys", run: Run::File(keys::run) },
];

/// Returns a rule in code by name.
pub fn find(name: &str) -> Option<&'static CodeRule> {
    ALL.iter().find(|rule| rule.name == name)
}
