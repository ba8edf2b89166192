//! Rules: how they are written down, read and checked.

mod base;
mod load;
mod needs;
mod wire;

use std::collections::BTreeMap;
use std::path::PathBuf;

use ast_grep_config::RuleCore;
use ast_grep_core::Matcher as _;

use super::code::CodeRule;
use super::condition::Condition;
use super::gone::Gone;
use super::role::{Role, Roles};
use super::words::Words;
use crate::model::{ItemId, RuleId, Strength};
use crate::syntax::Language;

pub use base::BaseRules;
pub use load::{RuleProblem, load_for, load_with};
pub use needs::Needs;
pub use wire::Once;

/// A rule.
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// The items it helps to decide.
    pub items: Vec<ItemId>,
    /// Where it speaks.
    pub languages: Vec<Language>,
    /// How sure it is.
    pub strength: Strength,
    /// What was seen, with `{NAME}` for what was matched.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// What it looks for.
    pub look: String,
    /// Weaknesses by number.
    pub cwe: Vec<u32>,
    /// Checks of other tools that look for something near.
    pub related: Vec<String>,
    /// The variable a reader is taken to.
    pub focus: Option<String>,
    /// Where it speaks once.
    pub once: Option<Once>,
    /// Whether it also reads SQL in strings.
    pub embedded: bool,
    /// For a rule on the base side: when what it matches there counts as gone.
    pub gone: Option<Gone>,
    /// What else must hold.
    pub conditions: Vec<Condition>,
    /// Where it was read from.
    pub origin: Origin,
    /// What it runs.
    pub body: Body,
    /// Texts of which one must stand in whatever it matches; empty where nothing is known of it.
    pub literals: Vec<String>,
    also_in: Vec<Role>,
    only_in: Vec<Role>,
    not_in: Vec<Role>,
}

/// Where a rule was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Part of the program; the path under `checklists/rules`.
    BuiltIn(String),
    /// A file of the user's.
    File(PathBuf),
}

/// What a rule runs.
pub enum Body {
    /// A pattern per language.
    Patterns(Vec<(Language, RuleCore)>),
    /// A function.
    Code(&'static CodeRule),
}

impl Rule {
    /// Tells whether it speaks in files of some roles.
    pub fn speaks_in(&self, roles: Roles) -> bool {
        if self.not_in.iter().any(|&role| roles.has(role)) {
            return false;
        }
        if !self.only_in.is_empty() {
            return self.only_in.iter().any(|&role| roles.has(role))
                && !roles.has(Role::Generated)
                && !roles.has(Role::Vendored);
        }
        let allowed = self
            .also_in
            .iter()
            .fold(Roles::default(), |all, &role| all.with(role));
        !roles.without(allowed).is_silent()
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule")
            .field("id", &self.id)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// All rules that run, and the vocabulary they use.
#[derive(Debug)]
pub struct Registry {
    rules: Vec<Rule>,
    words_text: String,
    words: Words,
    needs: BTreeMap<Language, Needs>,
    /// Per language, kind of node → rules that may match it.
    by_kind: BTreeMap<Language, Vec<Vec<u32>>>,
    /// Per language, the rules that read the text before a change.
    base: BTreeMap<Language, BaseRules>,
}

impl Registry {
    /// Gathers rules.
    pub fn new(mut rules: Vec<Rule>, words_text: String, words: Words) -> Self {
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let mut by_kind: BTreeMap<Language, Vec<Vec<u32>>> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            let Body::Patterns(patterns) = &rule.body else {
                continue;
            };
            if rule.gone.is_some() {
                continue;
            }
            for (language, core) in patterns {
                let table = by_kind.entry(*language).or_default();
                for kind in core.potential_kinds().iter().flat_map(|kinds| kinds.iter()) {
                    if table.len() <= kind {
                        table.resize_with(kind + 1, Vec::new);
                    }
                    table[kind].push(index as u32);
                }
            }
        }
        let needs = by_kind
            .keys()
            .map(|&language| (language, Needs::of(&rules, language)))
            .collect();
        let base = BaseRules::by_language(&rules);
        Self {
            rules,
            words_text,
            words,
            needs,
            by_kind,
            base,
        }
    }

    /// Returns all rules, by name.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Returns a rule by name.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id.as_str() == id)
    }

    /// Returns what the rules of a language need to find in a text.
    pub fn needs(&self, language: Language) -> &Needs {
        static NONE: std::sync::LazyLock<Needs> = std::sync::LazyLock::new(Needs::default);
        self.needs.get(&language).unwrap_or(&NONE)
    }

    /// Returns the rules that may match a kind of node, as indices.
    pub fn for_kind(&self, language: Language, kind: u16) -> &[u32] {
        let table = self.by_kind.get(&language);
        table
            .and_then(|table| table.get(kind as usize))
            .map_or(&[], Vec::as_slice)
    }

    /// Returns the rules that read the text before a change, where a language has any.
    pub fn base_rules(&self, language: Language) -> Option<&BaseRules> {
        self.base.get(&language)
    }

    /// Tells whether any rule reads a language.
    pub fn reads(&self, language: Language) -> bool {
        self.by_kind.contains_key(&language)
            || self.base.contains_key(&language)
            || self.rules.iter().any(|rule| {
                matches!(rule.body, Body::Code(_)) && rule.languages.contains(&language)
            })
    }

    /// Returns the vocabulary as written.
    pub fn words_text(&self) -> &str {
        &self.words_text
    }

    /// Returns a fresh vocabulary.
    pub fn words(&self) -> Words {
        self.words.clone()
    }
}
