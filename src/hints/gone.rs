//! What a rule on the base side (`side: base`) says beyond its pattern: when what it matches before the change counts as
//! gone after it. Owns the written form; [`super::engine`] decides.
//!
//! A rule with `side: base` is matched on the text before the change. Its match (its `focus`, where it names one) must
//! touch a removed line. It speaks only where the counterpart after the change is known and has lost the guard: the same
//! function or class by its name and those around it, the same HCL block by type and labels, the same container, service,
//! job or document of a YAML file, the same SQL table, else the file. Where the counterpart went away, nothing is said;
//! where the guard now stands in a helper of the same file that the counterpart calls, or in lines that the change added
//! beside or around it, neither.
//!
//! | key of `gone` | meaning |
//! |---|---|
//! | `removed: RE` | a removed line of the match must match; also tells, before anything is parsed, whether the rule can speak |
//! | `of: [VAR]` | what was guarded: each text must still stand in the counterpart, and only a match with the same texts there counts as the guard |
//! | `same: [VAR]` | only a match with the same texts there counts as the guard |
//! | `body: VAR` | what was guarded: a line of it must still stand in the counterpart |
//! | `lacks: RE` | nor may this stand in the counterpart or in helpers it calls; without it, `of` and `same`, what `removed` matches |
//! | `nor: [TEXT]` | nor may these, with `{VAR}` filled in, stand in the counterpart; blanks and kinds of quotes do not matter |
//! | `around: RE` | nor this in the head of the class or the file's top level, outside other functions and imports |
//! | `unit: class` | the counterpart is looked for from the innermost `function` (when not given), `class`, or is the `file` |
//! | `head: […]` | conditions that must hold for the counterpart after the change |

use serde::Deserialize;

use super::condition::{Condition, Pattern};

/// Which text a rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The text after the change, and the lines it added.
    #[default]
    Head,
    /// The text before the change, and the lines it removed.
    Base,
}

/// When what a rule matches on the base side counts as gone. See the module's table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gone {
    /// What a removed line of the match must match.
    pub removed: Pattern,
    /// Variables whose texts must still stand.
    #[serde(default)]
    pub of: Vec<String>,
    /// Variables whose texts tell one guard from another.
    #[serde(default)]
    pub same: Vec<String>,
    /// A variable one line of which must still stand.
    #[serde(default)]
    pub body: Option<String>,
    /// What may not stand in the counterpart.
    #[serde(default)]
    pub lacks: Option<Pattern>,
    /// Texts with variables that may not stand in the counterpart either.
    #[serde(default)]
    pub nor: Vec<String>,
    /// What may not stand around it.
    #[serde(default)]
    pub around: Option<Pattern>,
    /// Where the counterpart is looked for.
    #[serde(default)]
    pub unit: UnitKind,
    /// Conditions on the counterpart.
    #[serde(default)]
    pub head: Vec<Condition>,
}

/// How far out the counterpart is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// The innermost function, else class, block, container; else the file.
    #[default]
    Function,
    /// The innermost class, else the file.
    Class,
    /// The file.
    File,
}

impl Gone {
    /// Returns the variables it asks for.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.of
            .iter()
            .chain(&self.same)
            .chain(&self.body)
            .map(String::as_str)
    }
}
