//! A rule's pattern in one language, compiled when the first file asks for it: most rules have nothing to say in most
//! changes, and a reader should not wait for them.

use std::sync::OnceLock;

use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRuleCore};
use ast_grep_core::Matcher as _;

use crate::hints::lang::Lang;
use crate::syntax::Language;

/// A pattern in one language.
pub struct Pattern {
    /// The language.
    pub language: Language,
    whole: Part,
    near: Option<Part>,
    kinds: OnceLock<Vec<u16>>,
}

struct Part {
    written: SerializableRuleCore,
    compiled: OnceLock<Option<RuleCore>>,
}

impl Part {
    fn of(&self, language: Language) -> Option<&RuleCore> {
        let compile = || {
            let env = DeserializeEnv::new(Lang(language));
            self.written.get_matcher(env).ok()
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

impl Pattern {
    /// Takes a pattern as it is written down, and what of it asks only of the node and what is near in it.
    pub fn new(
        language: Language,
        whole: SerializableRuleCore,
        near: Option<SerializableRuleCore>,
    ) -> Self {
        let part = |written| Part {
            written,
            compiled: OnceLock::new(),
        };
        Self {
            language,
            whole: part(whole),
            near: near.map(part),
            kinds: OnceLock::new(),
        }
    }

    /// Returns what is matched; nothing where it cannot be compiled, which reading a rule with all checks tells.
    pub fn whole(&self) -> Option<&RuleCore> {
        self.whole.of(self.language)
    }

    /// Returns what is tried first, where the whole asks more.
    pub fn near(&self) -> Option<&RuleCore> {
        self.near.as_ref()?.of(self.language)
    }

    /// Returns the kinds of nodes that may match.
    pub fn kinds(&self) -> &[u16] {
        self.kinds.get_or_init(|| {
            let kinds = self.whole().and_then(RuleCore::potential_kinds);
            kinds.iter().flatten().map(|kind| kind as u16).collect()
        })
    }
}
