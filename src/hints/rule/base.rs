//! The rules of a language that read the text before a change: which of them could speak, by the removed lines alone.

use std::collections::{BTreeMap, HashMap};

use regex::RegexSet;

use super::{Body, Rule};
use crate::hints::expression::ascii;
use crate::syntax::Language;

/// The rules of one language that read the text before a change.
#[derive(Debug, Default)]
pub struct BaseRules {
    rules: Vec<u32>,
    /// What a removed line must match for each of them.
    removed: RegexSet,
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
                own.rules.push(index as u32);
                removed.push(gone.removed.as_str());
            }
        }
        all.into_iter()
            .map(|(language, (mut own, removed))| {
                own.removed = RegexSet::new(removed.into_iter().map(ascii))
                    .expect("each was compiled when its rule was read");
                (language, own)
            })
            .collect()
    }

    /// Returns which rules could speak for some removed lines, by kind of node; `None` where none could. Only their
    /// patterns are compiled.
    pub fn candidates(
        &self,
        rules: &[Rule],
        language: Language,
        removed: &str,
    ) -> Option<Candidates> {
        let wanted = self.removed.matches(removed);
        if !wanted.matched_any() {
            return None;
        }
        let mut by_kind: HashMap<u16, Vec<u32>> = HashMap::new();
        for index in wanted.iter().map(|place| self.rules[place]) {
            let Body::Patterns(patterns) = &rules[index as usize].body else {
                continue;
            };
            let own = patterns.iter().find(|pattern| pattern.language == language);
            for &kind in own.map_or(&[][..], |pattern| pattern.kinds()) {
                by_kind.entry(kind).or_default().push(index);
            }
        }
        Some(Candidates { by_kind })
    }
}

/// The rules that could speak for some removed lines.
pub struct Candidates {
    by_kind: HashMap<u16, Vec<u32>>,
}

impl Candidates {
    /// Returns those that may match a kind of node, as indices of all rules.
    pub fn for_kind(&self, kind: u16) -> &[u32] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }
}
