//! A rule as it is written down: ast-grep's YAML with our own keys around it.

use std::collections::HashMap;

use ast_grep_config::{SerializableRule, SerializableRuleCore, Transformation};
use serde::Deserialize;

use super::super::condition::Condition;
use super::super::expression::ascii_within;
use super::super::gone::{Gone, Side};
use super::super::role::Role;
use super::arrange::{arranged, leaves, near, walks};

/// A rule as it is written down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WireRule {
    /// Its name: words with hyphens.
    pub id: String,
    /// The items it helps to decide; the folder's name when not given.
    #[serde(default)]
    pub items: Vec<String>,
    /// The languages; those of the file's name when not given.
    #[serde(default)]
    pub languages: Vec<String>,
    /// A, B or C.
    pub strength: String,
    /// What was seen here, with `{NAME}` for what was matched.
    pub message: String,
    /// Why it matters, in one line.
    pub why: String,
    /// What it looks for, for the rule's page.
    #[serde(default)]
    pub look: String,
    /// Weaknesses by number.
    #[serde(default)]
    pub cwe: Vec<u32>,
    /// Checks of other tools that look for something near.
    #[serde(default)]
    pub related: Vec<String>,
    /// Roles of files that it speaks in although most rules are silent there.
    #[serde(default)]
    pub also_in: Vec<Role>,
    /// Speaks in files of these roles only.
    #[serde(default)]
    pub only_in: Vec<Role>,
    /// Silent in files of these roles.
    #[serde(default)]
    pub not_in: Vec<Role>,
    /// The variable whose lines must be added, and that the reader is taken to; all of the match when not given.
    #[serde(default)]
    pub focus: Option<String>,
    /// At most one hint in this.
    #[serde(default)]
    pub once: Option<Once>,
    /// Which text it reads: `head` (after the change), or `base` (before it, for what the change removed).
    #[serde(default)]
    pub side: Side,
    /// When a match on the base side counts as gone.
    #[serde(default)]
    pub gone: Option<Gone>,
    /// Also runs on SQL found whole in strings of other languages.
    #[serde(default)]
    pub embedded: bool,
    /// For SQL: silent about tables that the change makes itself.
    #[serde(default)]
    pub spares_new_tables: bool,
    /// The pattern.
    #[serde(default)]
    pub rule: Option<SerializableRule>,
    /// Patterns of its variables.
    #[serde(default)]
    pub constraints: Option<HashMap<String, SerializableRule>>,
    /// Patterns by name.
    #[serde(default)]
    pub utils: Option<HashMap<String, SerializableRule>>,
    /// Texts made of variables.
    #[serde(default)]
    pub transform: Option<HashMap<String, Transformation>>,
    /// A rule in code, by name, in place of a pattern.
    #[serde(default)]
    pub code: Option<String>,
    /// What else must hold.
    #[serde(default, rename = "where")]
    pub conditions: Vec<Condition>,
}

/// Where a rule speaks once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Once {
    /// In each function.
    Function,
    /// In each file.
    File,
    /// In the whole change.
    Change,
}

impl WireRule {
    /// Returns what of the pattern asks only of the node and what is near in it, where the pattern asks more.
    pub fn near(&self) -> Option<SerializableRuleCore> {
        let rule = serde_json::to_value(self.rule.as_ref()?).ok()?;
        let utils = serde_json::to_value(self.utils.as_ref()).ok()?;
        let near = near(&arranged(rule.clone()), &utils)?;
        let is_less = leaves(&rule) || walks(&rule);
        Some(SerializableRuleCore {
            rule: serde_json::from_value(ascii_within(near))
                .ok()
                .filter(|_| is_less)?,
            constraints: None,
            utils: in_ascii(self.utils.as_ref()),
            transform: None,
        })
    }

    /// Returns the part that ast-grep compiles, where there is one.
    pub fn core(&self) -> Option<SerializableRuleCore> {
        let written = self.rule.clone()?;
        let rule = serde_json::to_value(&written)
            .ok()
            .and_then(|rule| serde_json::from_value(ascii_within(arranged(rule))).ok());
        Some(SerializableRuleCore {
            rule: rule.unwrap_or(written),
            constraints: in_ascii(self.constraints.as_ref()),
            utils: in_ascii(self.utils.as_ref()),
            transform: self.transform.clone(),
        })
    }
}

type Named = HashMap<String, SerializableRule>;

fn in_ascii(rules: Option<&Named>) -> Option<Named> {
    let rules = rules?;
    let written = serde_json::to_value(rules).ok();
    let changed = written.and_then(|rules| serde_json::from_value(ascii_within(rules)).ok());
    Some(changed.unwrap_or_else(|| rules.clone()))
}
