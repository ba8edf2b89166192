//! What each list answers: the recommendations of its source, in our own words, and the items that answer them. Data of
//! the project in `checklists/sources/`; owns their form and refuses to know the sources themselves.

use serde::Deserialize;

use crate::model::ChecklistId;

/// The embedded files by list.
const EMBEDDED: &[(&str, &str)] = &[
    (
        "ai-preproduction",
        include_str!("../../checklists/sources/ai-preproduction.toml"),
    ),
    (
        "production-hardening",
        include_str!("../../checklists/sources/production-hardening.toml"),
    ),
    (
        "productionization",
        include_str!("../../checklists/sources/productionization.toml"),
    ),
    (
        "scaling-delivery",
        include_str!("../../checklists/sources/scaling-delivery.toml"),
    ),
    (
        "safe-adoption",
        include_str!("../../checklists/sources/safe-adoption.toml"),
    ),
];

/// What a source recommends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// The source's file name, as the items' `sources` name it.
    pub source: String,
    /// Its recommendations, in its order.
    pub recommendations: Vec<Recommendation>,
}

/// One recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recommendation {
    /// Its id in this list of recommendations.
    pub id: String,
    /// The recommendation in our own words.
    pub text: String,
    /// The items that answer it, as `item` of this list or `list/item`.
    pub items: Vec<String>,
    /// What it became there.
    #[serde(rename = "as")]
    pub answer: Answer,
}

/// What a recommendation became in an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The item itself.
    Item,
    /// One of its signals.
    Signal,
    /// One of its mitigations.
    Mitigation,
}

impl Answer {
    /// Returns the stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Signal => "signal",
            Self::Mitigation => "mitigation",
        }
    }
}

/// Returns what the source of an embedded list recommends; `None` for a list without such a file.
pub fn sources_of(id: &ChecklistId) -> Option<SourceFile> {
    let (_, text) = EMBEDDED.iter().find(|(list, _)| *list == id.as_str())?;
    Some(toml::from_str(text).expect("embedded lists of recommendations are free of mistakes"))
}
