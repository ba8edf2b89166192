//! Rules: how they are written down, read and checked.

mod arrange;
mod base;
mod filter;
mod finder;
mod load;
mod need;
mod needs;
mod pattern;
mod spelled;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::code::CodeRule;
use super::condition::Condition;
use super::gone::Gone;
use super::role::{Role, Roles};
use super::words::Words;
use crate::model::{ItemId, RuleId, Strength};
use crate::syntax::Language;

pub use base::BaseRules;
pub use load::{RuleProblem, load_for, load_with};
pub use need::Demand;
pub use needs::Needs;
pub use pattern::Pattern;
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
    /// Whether it is silent about tables that the change makes itself.
    pub spares_new_tables: bool,
    /// For a rule on the base side: when what it matches there counts as gone.
    pub gone: Option<Gone>,
    /// What else must hold.
    pub conditions: Vec<Condition>,
    /// Where it was read from.
    pub origin: Origin,
    /// What it runs.
    pub body: Body,
    /// What it asks before it is tried on a node, by the node's kind.
    pub demands: Vec<Demand>,
    /// Whether the focus may stand outside of what is matched.
    pub has_focus_outside: bool,
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
    Patterns(Vec<Pattern>),
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
            let silent = [Role::Generated, Role::Vendored, Role::Test];
            let named = |role: &Role| self.only_in.contains(role) || self.also_in.contains(role);
            return self.only_in.iter().any(|&role| roles.has(role))
                && !silent.iter().any(|role| roles.has(*role) && !named(role));
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
    /// Per language, its rules in code, as indices.
    in_code: BTreeMap<Language, Vec<u32>>,
    /// Per language, the rules that read the text before a change.
    base: BTreeMap<Language, BaseRules>,
}

impl Registry {
    /// Gathers rules.
    pub fn new(mut rules: Vec<Rule>, words_text: String, words: Words) -> Self {
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let mut patterns = BTreeSet::new();
        let mut in_code: BTreeMap<Language, Vec<u32>> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            match &rule.body {
                Body::Patterns(all) => patterns.extend(all.iter().map(|pattern| pattern.language)),
                Body::Code(_) => {
                    for &language in &rule.languages {
                        in_code.entry(language).or_default().push(index as u32);
                    }
                }
            }
        }
        let needs = patterns
            .into_iter()
            .map(|language| (language, Needs::of(&rules, language)))
            .collect();
        let base = BaseRules::by_language(&rules);
        Self {
            rules,
            words_text,
            words,
            needs,
            in_code,
            base,
        }
    }

    /// Returns all rules, by name.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Returns a rule by name.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        let at = self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id));
        at.ok().map(|at| &self.rules[at])
    }

    /// Returns the pattern rules of a language.
    pub fn needs(&self, language: Language) -> &Needs {
        static NONE: std::sync::LazyLock<Needs> = std::sync::LazyLock::new(Needs::default);
        self.needs.get(&language).unwrap_or(&NONE)
    }

    /// Returns the rules in code of a language, as indices.
    pub fn in_code(&self, language: Language) -> &[u32] {
        self.in_code.get(&language).map_or(&[], Vec::as_slice)
    }

    /// Returns the rules that read the text before a change, where a language has any.
    pub fn base_rules(&self, language: Language) -> Option<&BaseRules> {
        self.base.get(&language)
    }

    /// Tells whether any rule reads a language.
    pub fn reads(&self, language: Language) -> bool {
        self.needs.contains_key(&language)
            || self.base.contains_key(&language)
            || self.in_code.contains_key(&language)
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
