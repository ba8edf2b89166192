//! A rule's pattern in one language, compiled when the first file asks for it: most rules have nothing to say in most
//! changes, and a reader should not wait for them.

use std::sync::OnceLock;

use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRuleCore};
use ast_grep_core::Matcher as _;
use serde_json::Value;

use super::filter::Filter;
use crate::hints::lang::Lang;
use crate::syntax::Language;

/// A pattern in one language.
pub struct Pattern {
    /// The language.
    pub language: Language,
    written: SerializableRuleCore,
    written_near: Option<SerializableRuleCore>,
    whole: OnceLock<Option<RuleCore>>,
    filters: OnceLock<Filters>,
    kinds: OnceLock<Vec<u16>>,
}

/// What is asked before a pattern is matched.
pub struct Filters {
    /// Of the node and what is near in it, where the rule asks more.
    pub near: Option<Filter>,
    /// Of all that the rule asks.
    pub far: Filter,
}

impl Pattern {
    /// Takes a pattern as it is written down, and what of it asks only of the node and what is near in it.
    pub fn new(
        language: Language,
        whole: SerializableRuleCore,
        near: Option<SerializableRuleCore>,
    ) -> Self {
        Self {
            language,
            written: whole,
            written_near: near,
            whole: OnceLock::new(),
            filters: OnceLock::new(),
            kinds: OnceLock::new(),
        }
    }

    /// Returns what is matched; nothing where it cannot be compiled, which reading a rule with all checks tells.
    pub fn whole(&self) -> Option<&RuleCore> {
        let compile = || {
            let env = DeserializeEnv::new(Lang(self.language));
            self.written.get_matcher(env).ok()
        };
        self.whole.get_or_init(compile).as_ref()
    }

    /// Returns what is asked before the whole is matched.
    pub fn filters(&self) -> &Filters {
        self.filters.get_or_init(|| Filters {
            near: self.written_near.as_ref().map(|near| self.filter(near)),
            far: self.filter(&self.written),
        })
    }

    fn filter(&self, written: &SerializableRuleCore) -> Filter {
        let value = |value: Option<Value>| value.unwrap_or(Value::Null);
        let rule = value(serde_json::to_value(&written.rule).ok());
        let utils = value(serde_json::to_value(&self.written.utils).ok());
        let constraints = value(serde_json::to_value(&self.written.constraints).ok());
        Filter::of(self.language, &rule, &utils, &constraints)
    }

    /// Returns the kinds of nodes that may match.
    pub fn kinds(&self) -> &[u16] {
        self.kinds.get_or_init(|| {
            self.filters().far.kinds().unwrap_or_else(|| {
                let kinds = self.whole().and_then(RuleCore::potential_kinds);
                kinds.iter().flatten().map(|kind| kind as u16).collect()
            })
        })
    }
}
