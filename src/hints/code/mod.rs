//! Rules in code, for what flow within a function decides, or files of a change together. One file each; a rule file
//! (`code: NAME`) gives it a name, strength, message and page like any other.

mod branches;
mod check_then_act;
mod flow;
mod keys;
mod lost_update;
mod manifests;
mod siblings;
mod sql;
mod state_then_set;
mod two_writes;
mod verbs;

use std::ops::Range;

use crate::hints::tree::Node;

pub use flow::Flow;
pub use sql::{News, Seen as SqlSeen};

use super::change::Change;

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
    File(for<'a> fn(&Flow<'_, 'a>) -> Vec<Sight<'a>>),
    /// Once, on all of a change's files; the rule's name in code is passed in.
    Change(fn(&Change<'_>, &str) -> Vec<Place>),
}

/// What a rule in code saw in a file.
pub struct Sight<'a> {
    /// All of it, or what comes last of it.
    pub node: Node<'a>,
    /// Where it begins, when that is another place of the function: the reader is taken there, and what lies between belongs
    /// to it. Either place may be the added one.
    pub since: Option<Node<'a>>,
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
    CodeRule {
        name: "two-writes",
        run: Run::File(two_writes::run),
    },
    CodeRule {
        name: "lost-update",
        run: Run::File(lost_update::run),
    },
    CodeRule {
        name: "check-then-act",
        run: Run::File(check_then_act::run),
    },
    CodeRule {
        name: "state-then-set",
        run: Run::File(state_then_set::run),
    },
    CodeRule {
        name: "unreachable",
        run: Run::File(branches::unreachable),
    },
    CodeRule {
        name: "equal-branches",
        run: Run::File(branches::equal),
    },
    CodeRule {
        name: "known-keys",
        run: Run::File(keys::run),
    },
    CodeRule {
        name: "unguarded-sibling",
        run: Run::File(siblings::run),
    },
    CodeRule {
        name: "undeclared-import",
        run: Run::Change(manifests::undeclared),
    },
    CodeRule {
        name: "unpinned-requirement",
        run: Run::Change(manifests::unpinned),
    },
    CodeRule {
        name: "unlocked-dependency",
        run: Run::Change(manifests::unlocked),
    },
    CodeRule {
        name: "sql-truncate",
        run: Run::Change(sql::run),
    },
    CodeRule {
        name: "sql-set-not-null",
        run: Run::Change(sql::run),
    },
    CodeRule {
        name: "sql-drop-not-null",
        run: Run::Change(sql::run),
    },
    CodeRule {
        name: "sql-join-table-without-key",
        run: Run::Change(sql::run),
    },
    CodeRule {
        name: "sql-id-without-reference",
        run: Run::Change(sql::run),
    },
    CodeRule {
        name: "sql-reference-without-index",
        run: Run::Change(sql::run),
    },
    CodeRule {
        name: "sql-money-in-float",
        run: Run::Change(sql::run),
    },
    CodeRule {
        name: "sql-begin-without-commit",
        run: Run::Change(sql::run),
    },
    CodeRule {
        name: "sql-no-lock-timeout",
        run: Run::Change(sql::run),
    },
    CodeRule {
        name: "sql-row-security-off",
        run: Run::Change(sql::run),
    },
    CodeRule {
        name: "sql-grant-all",
        run: Run::Change(sql::run),
    },
    CodeRule {
        name: "sql-dynamic-statement",
        run: Run::Change(sql::run),
    },
];

/// Returns a rule in code by name.
pub fn find(name: &str) -> Option<&'static CodeRule> {
    ALL.iter().find(|rule| rule.name == name)
}
