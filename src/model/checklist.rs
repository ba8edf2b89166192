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
    /// Stages of the work, in order; empty where the list has none.
    pub stages: Vec<Stage>,
    /// Groups of items, in order.
    pub categories: Vec<Category>,
    /// The items, in the order of their stages and categories.
    pub items: Vec<Item>,
    /// The exact file it was read from, carried in a bundle.
    pub source: Arc<str>,
    /// SHA-256 of `source`.
    pub digest: Digest,
}

/// A stage of the work that a list goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its stable id.
    pub id: String,
    /// Its name for a reader.
    pub title: String,
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
    /// The id of its stage, where the list has stages.
    pub stage: Option<String>,
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
    /// What a good answer looks like; may be empty.
    pub good: String,
    /// Where the answer is to be looked for; empty means anywhere.
    pub answered_by: Vec<AnsweredBy>,
    /// What a verdict rests on.
    pub evidence: EvidenceKind,
    /// Items that are asked before it: in a file `item` or `list/item`, in a review the ids of items that are there.
    pub depends_on: Vec<ItemId>,
    /// The same question in other lists, as `list/item`.
    pub same_as: Vec<ItemId>,
    /// Names of calculations with numbers of the production profile that belong to it.
    pub figures: Vec<String>,
    /// Questions of other lists of the review that the same verdict answers; filled when lists become one review.
    pub twins: Vec<Twin>,
}

/// A question of another list that one verdict answers too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// The list it stands in.
    pub list: ChecklistId,
    /// The question as that list asks it, with its id there.
    pub item: Item,
}

/// Where an answer is to be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnsweredBy {
    /// In the code under review.
    Code,
    /// In configuration, pipelines and infrastructure.
    Configuration,
    /// By asking the client.
    Client,
}

impl AnsweredBy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Code, Self::Configuration, Self::Client];

    /// Returns the stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Configuration => "configuration",
            Self::Client => "client",
        }
    }

    /// Reads [`AnsweredBy::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.name() == name)
    }
}

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceKind {
    /// Lines of the change.
    Lines,
    /// A document, a link, a named person's statement or a date.
    Reference,
}

impl EvidenceKind {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Lines, Self::Reference];

    /// Returns the stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Reference => "reference",
        }
    }

    /// Reads [`EvidenceKind::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
impl Item {
    /// An item that asks one thing and knows nothing else, for tests.
    pub(crate) fn asking(id: &str, category: &str, title: &str, ask: &str) -> Self {
        Self {
            id: ItemId::from(id),
            category: category.to_owned(),
            stage: None,
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
            good: String::new(),
            answered_by: Vec::new(),
            evidence: EvidenceKind::Lines,
            depends_on: Vec::new(),
            same_as: Vec::new(),
            figures: Vec::new(),
            twins: Vec::new(),
        }
    }
}
