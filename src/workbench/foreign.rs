//! Other tools' findings in an open review: kept in its folder, placed in its change.

use crate::git::Content;
use crate::model::{ChangeSet, Hint};
use super::Desk;

/// The findings of other tools, as they are kept.
#[derive(Debug, Clone, Default)]
pub struct Foreign {}

/// The findings, placed in a change.
#[derive(Debug, Default)]
pub struct Placed {
    /// On lines that the change added.
    pub hints: Vec<Hint>,
    /// On lines that the change left as they were; folded.
    pub elsewhere: Vec<Hint>,
    /// What has no place, as sentences.
    pub problems: Vec<String>,
}

impl Desk {
    /// Returns what was brought in.
    pub(super) fn foreign(&self) -> Foreign {
        Foreign::default()
    }
}

impl Foreign {
    /// Places the findings in a change.
    pub fn place(&self, _change: &ChangeSet, _content: &dyn Content) -> Placed {
        Placed::default()
    }
}
