//! The questions.

use std::sync::Arc;

use super::{ChecklistId, Digest, ItemId, Severity};

/// A list of questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    /// Its stable id.
    pub id: ChecklistId,
    /// Its version, raised whenever a question changes.
    pub version: String,
    /// Its name for a reader.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Groups of items, in order.
    pub categories: Vec<Category>,
    /// The items, in the order of their categories.
    pub items: Vec<Item>,
    /// The exact file it was read from, carried in a bundle.
    pub source: Arc<str>,
    /// SHA-256 of `source`.
    pub digest: Digest,
}

/// A group of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its stable id.
    pub id: String,
    /// Its name for a reader.
    pub title: String,
}

/// One failure mode, as a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its stable id; unique within a review.
    pub id: ItemId,
    /// The id of its category.
    pub category: String,
    /// Its name for a reader.
    pub title: String,
    /// The question an architect asks.
    pub ask: String,
    /// What it looks like in generated code.
    pub generated: String,
    /// What production does to it.
    pub failure: String,
    /// Things to look for by eye.
    pub signals: Vec<String>,
    /// Patterns that prevent it, each able to be put into a finding as it stands.
    pub mitigations: Vec<String>,
    /// The severity a finding starts with.
    pub severity: Severity,
    /// CWE numbers.
    pub cwe: Vec<u32>,
    /// Languages it can occur in; empty means any.
    pub languages: Vec<String>,
    /// Path patterns it applies to; empty means any.
    pub paths: Vec<String>,
    /// Ids of hint rules.
    pub rules: Vec<String>,
    /// The documents it answers.
    pub sources: Vec<String>,
}

#[cfg(test)]
impl Item {
    /// An item that asks one thing and knows nothing else, for tests.
    pub(crate) fn asking(id: &str, category: &str, title: &str, ask: &str) -> Self {
        Self {
            id: ItemId::from(id),
            category: category.to_owned(),
            title: title.to_owned(),
            ask: ask.to_owned(),
            generated: String::new(),
            failure: String::new(),
            signals: Vec::new(),
            mitigations: Vec::new(),
            severity: Severity::Major,
            cwe: Vec::new(),
            languages: Vec::new(),
            paths: Vec::new(),
            rules: Vec::new(),
            sources: Vec::new(),
        }
    }
}
