//! The rules of a language that read the text before a change: which of them could speak, by the removed lines alone.

use std::collections::BTreeMap;

use ast_grep_core::Matcher as _;
use regex::RegexSet;

use super::{Body, Rule};
use crate::syntax::Language;

/// The rules of one language that read the text before a change.
#[derive(Debug, Default)]
pub struct BaseRules {
    rules: Vec<u32>,
    /// What a removed line must match for each of them.
    removed: RegexSet,
    /// Kind of node → places in `rules`.
    by_kind: Vec<Vec<u32>>,
}

impl BaseRules {
    /// Gathers them from all rules.
    pub fn by_language(rules: &[Rule]) -> BTreeMap<Language, Self> {
        let mut all: BTreeMap<Language, (Self, Vec<&str>)> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            let (Some(gone), Body::Patterns(patterns)) = (&rule.gone, &rule.body) else {
                continue;
            };
            for pattern in patterns {
                let (own, removed) = all.entry(pattern.language).or_default();
                let place = own.rules.len() as u32;
                own.rules.push(index as u32);
                removed.push(gone.removed.0.as_str());
                let kinds = pattern.whole.potential_kinds();
                for kind in kinds.iter().flatten() {
                    if own.by_kind.len() <= kind {
                        own.by_kind.resize_with(kind + 1, Vec::new);
                    }
                    own.by_kind[kind].push(place);
                }
            }
        }
        all.into_iter()
            .map(|(language, (mut own, removed))| {
                own.removed =
                    RegexSet::new(removed).expect("each was compiled when its rule was read");
                (language, own)
            })
            .collect()
    }

    /// Returns which rules could speak for some removed lines, as places; empty where none could.
    pub fn candidates(&self, removed: &str) -> Candidates<'_> {
        let wanted = self.removed.matches(removed);
        Candidates {
            rules: self,
            any: wanted.matched_any(),
            wanted: (0..self.rules.len())
                .map(|place| wanted.matched(place))
                .collect(),
        }
    }
}

/// The rules that could speak for some removed lines.
pub struct Candidates<'r> {
    rules: &'r BaseRules,
    any: bool,
    wanted: Vec<bool>,
}

impl<'r> Candidates<'r> {
    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        !self.any
    }

    /// Returns those that may match a kind of node, as indices of all rules.
    pub fn for_kind(&self, kind: u16) -> impl Iterator<Item = u32> + use<'_, 'r> {
        let places = self
            .rules
            .by_kind
            .get(kind as usize)
            .map_or(&[][..], Vec::as_slice);
        places
            .iter()
            .filter(|place| self.wanted[**place as usize])
            .map(|place| self.rules.rules[*place as usize])
    }
}
