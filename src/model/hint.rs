//! A hint: one place that a rule, or another tool, points at.

use std::fmt;

use super::{Digest, ItemId, RepoPath};

/// The name of a rule (`python-query-in-loop`), or of another tool's rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub String);

impl RuleId {
    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for RuleId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// How sure a hint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// State it.
    A,
    /// Look here.
    B,
    /// A question, once per change.
    C,
}

impl Strength {
    /// Returns the letter.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }

    /// Reads [`Strength::name`], in either case.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::A, Self::B, Self::C]
            .into_iter()
            .find(|strength| strength.name().eq_ignore_ascii_case(name))
    }

    /// Returns what the letter means, in words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::A => "state it",
            Self::B => "look here",
            Self::C => "a question",
        }
    }
}

/// A stretch of text after the change. Lines and columns are 1-based; columns count characters; the end column is the
/// one after the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeSpan {
    /// First line.
    pub start_line: u32,
    /// First character.
    pub start_column: u32,
    /// Last line.
    pub end_line: u32,
    /// After the last character.
    pub end_column: u32,
}

/// One place that a rule points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Which rule.
    pub rule: RuleId,
    /// The other tool it comes from; `None` for our own rules.
    pub tool: Option<String>,
    /// The items it may help to decide.
    pub items: Vec<ItemId>,
    /// The file, after the change.
    pub path: RepoPath,
    /// All of what was matched.
    pub span: CodeSpan,
    /// The part that decided.
    pub focus: CodeSpan,
    /// How sure.
    pub strength: Strength,
    /// What was seen here.
    pub message: String,
    /// Why it matters, in one line.
    pub why: String,
    /// The same as long as the code it points at is: SHA-256 over rule, path, text and which of several equal ones.
    pub fingerprint: Digest,
    /// Beyond the budget of the change: shown when asked for.
    pub folded: bool,
}

impl Hint {
    /// Returns the line a reader is taken to.
    pub fn line(&self) -> u32 {
        self.focus.start_line
    }

    /// Returns `path:line`, as lists show it.
    pub fn place(&self) -> String {
        format!("{}:{}", self.path, self.line())
    }
}
