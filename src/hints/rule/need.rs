//! What must stand in a text for a rule to match: read off its own regular expressions, patterns and conditions.
//!
//! Sound by construction: what is asked comes from what must hold (`regex`, `pattern`, `has`, `all`, every branch of
//! `any`), never from what must not; letters are compared without case. Three readings of a rule: of the text of the
//! matched node alone; of the whole file, what is around the node and the conditions included; of the kinds of nodes
//! around the match. Branches of a rule for other kinds of nodes than the one at hand ask nothing of it.

use serde_json::Value;

use super::spelled::of_regex;
use super::wire::WireRule;
use crate::hints::condition::Condition;
use crate::hints::words::Words;

/// The shortest text that filters, in bytes: two letters stand everywhere.
const SHORTEST: usize = 3;
/// How many bytes of a text are looked for: the rest filters little more, and thousands of long texts cost memory.
const LONGEST: usize = 8;
/// How many letters of a word an identifier holds in one piece.
const BEGINNING: usize = 3;
/// How deep rules refer to each other.
const DEPTH: u8 = 10;

/// What must stand in a text, letters compared without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Nothing is known.
    Nothing,
    /// This text, in lower case.
    Text(String),
    /// A node of this kind.
    Kind(String),
    /// A loop, or a closure that may be run as one.
    Loop,
    /// All of them.
    All(Vec<Need>),
    /// At least one of them.
    One(Vec<Need>),
}

impl Need {
    pub(super) fn all(needs: impl IntoIterator<Item = Need>) -> Self {
        let mut known: Vec<Need> = Vec::new();
        for need in needs {
            match need {
                Self::Nothing => {}
                Self::All(inner) => known.extend(inner),
                other => known.push(other),
            }
        }
        match known.len() {
            0 => Self::Nothing,
            1 => known.remove(0),
            _ => Self::All(known),
        }
    }

    pub(super) fn one(needs: impl IntoIterator<Item = Need>) -> Self {
        let mut known = Vec::new();
        for need in needs {
            match need {
                Self::Nothing => return Self::Nothing,
                Self::One(inner) => known.extend(inner),
                other => known.push(other),
            }
        }
        match known.len() {
            0 => Self::Nothing,
            1 => known.remove(0),
            _ => Self::One(known),
        }
    }

    pub(super) fn texts(mut texts: Vec<String>) -> Self {
        let is_useful = |text: &String| text.len() >= SHORTEST && text.is_ascii();
        if texts.is_empty() || !texts.iter().all(is_useful) {
            return Self::Nothing;
        }
        for text in &mut texts {
            text.truncate(LONGEST);
        }
        texts.sort_unstable();
        // Where the longer stands, its beginning stands too.
        texts.dedup_by(|longer, text| longer.starts_with(text.as_str()));
        Self::one(texts.into_iter().map(Self::Text))
    }

    /// Returns the set of texts, of which one must stand, that filters best; empty where nothing is known.
    pub fn best(&self) -> Vec<&str> {
        match self {
            Self::Nothing | Self::Kind(_) | Self::Loop => Vec::new(),
            Self::Text(text) => vec![text],
            Self::All(all) => {
                let sets = all.iter().map(Self::best).filter(|set| !set.is_empty());
                sets.max_by_key(|set| value_of(set)).unwrap_or_default()
            }
            Self::One(all) => {
                let mut texts = Vec::new();
                for one in all {
                    let set = one.best();
                    if set.is_empty() {
                        return Vec::new();
                    }
                    texts.extend(set);
                }
                texts.sort_unstable();
                texts.dedup();
                texts
            }
        }
    }
}

/// The longer its shortest text, and the fewer texts, the more a set filters.
fn value_of(texts: &[&str]) -> (usize, usize) {
    let shortest = texts.iter().map(|text| text.len()).min();
    (
        shortest.unwrap_or_default().min(6),
        usize::MAX - texts.len(),
    )
}

/// What a rule asks before it is tried on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The kind of node that this is asked of; `None` for all that no other demand of the rule names.
    pub kind: Option<String>,
    /// What must stand in the node's text.
    pub within: Need,
    /// What must stand in the file.
    pub anywhere: Need,
    /// The kinds that must be around the node.
    pub around: Need,
}

/// What is read off a rule.
pub struct Read {
    /// By kind of node; a kind that only impossible branches name is left out.
    pub demands: Vec<Demand>,
    /// Whether its focus is bound by what is around or beside the match, and so may stand outside of it.
    pub has_focus_outside: bool,
}

/// Reads a rule.
pub fn read(wire: &WireRule, words: &Words) -> Read {
    let mut reader = Reader::new(wire);
    let mut named = Vec::new();
    kinds_of_branches(&reader.rule, DEPTH, &mut named);
    named.sort_unstable();
    named.dedup();
    if named.len() < 2 {
        // Without branches there is nothing to tell apart.
        named.clear();
    }
    reader.named = named;
    let own = reader.named.iter().cloned().map(Some);
    let kinds: Vec<Option<String>> = own.chain([None]).collect();
    let demands = kinds
        .into_iter()
        .filter_map(|kind| reader.demand(kind, wire, words));
    Read {
        demands: demands.collect(),
        has_focus_outside: reader.has_focus_outside(wire),
    }
}

/// Gathers the kinds that branches of a rule name for the matched node.
fn kinds_of_branches(rule: &Value, depth: u8, kinds: &mut Vec<String>) {
    let (Some(keys), Some(depth)) = (rule.as_object(), depth.checked_sub(1)) else {
        return;
    };
    for (key, value) in keys {
        match (key.as_str(), value) {
            ("kind", Value::String(kind)) if is_plain(kind) => kinds.push(kind.clone()),
            ("any" | "all", Value::Array(all)) => {
                for one in all {
                    kinds_of_branches(one, depth, kinds);
                }
            }
            _ => {}
        }
    }
}

/// Tells whether a kind is one name, and one that the grammar gave.
fn is_plain(kind: &str) -> bool {
    kind != "ERROR"
        && kind
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Returns what must stand in the text of any node that a rule matches.
#[cfg(test)]
fn within(wire: &WireRule, words: &Words) -> Need {
    let mut demands = read(wire, words).demands;
    demands.pop().expect("a demand").within
}

/// Returns what must stand in any file in which a rule matches.
#[cfg(test)]
fn anywhere(wire: &WireRule, words: &Words) -> Need {
    let mut demands = read(wire, words).demands;
    demands.pop().expect("a demand").anywhere
}

fn binds_outside(value: &Value, variable: &str, is_outside: bool) -> bool {
    match value {
        Value::String(text) => is_outside && text.contains(variable),
        Value::Array(all) => all
            .iter()
            .any(|one| binds_outside(one, variable, is_outside)),
        Value::Object(all) => all
            .iter()
            .any(|(key, one)| binds_outside(one, variable, is_outside || is_around(key))),
        _ => false,
    }
}

fn is_around(key: &str) -> bool {
    matches!(key, "inside" | "follows" | "precedes")
}

/// What is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// The matched node's text.
    Node,
    /// The whole file.
    File,
    /// The nodes around the matched one.
    Around,
}

/// Reads a rule as it is written down.
struct Reader {
    rule: Value,
    utils: Value,
    constraints: Value,
    /// The kinds that branches name for the matched node.
    named: Vec<String>,
    of: Of,
    /// The kind of the matched node; `None` for one that no branch names.
    kind: Option<String>,
}

impl Reader {
    fn new(wire: &WireRule) -> Self {
        let value = |written: Option<Value>| written.unwrap_or(Value::Null);
        Self {
            rule: value(
                wire.rule
                    .as_ref()
                    .and_then(|rule| serde_json::to_value(rule).ok()),
            ),
            utils: value(
                wire.utils
                    .as_ref()
                    .and_then(|utils| serde_json::to_value(utils).ok()),
            ),
            constraints: value(
                wire.constraints
                    .as_ref()
                    .and_then(|constraints| serde_json::to_value(constraints).ok()),
            ),
            named: Vec::new(),
            of: Of::Node,
            kind: None,
        }
    }

    fn demand(&mut self, kind: Option<String>, wire: &WireRule, words: &Words) -> Option<Demand> {
        self.kind = kind;
        let mut read = |of| {
            self.of = of;
            self.read(wire, words)
        };
        let (within, anywhere, around) = (read(Of::Node)?, read(Of::File)?, read(Of::Around)?);
        Some(Demand {
            kind: self.kind.take(),
            within,
            anywhere,
            around,
        })
    }

    /// Reads what is asked; `None` where a node of this kind cannot match.
    fn read(&self, wire: &WireRule, words: &Words) -> Option<Need> {
        let conditions = wire.conditions.iter();
        Some(Need::all([
            self.of_node(&self.rule, DEPTH)?,
            self.of_constraints(),
            Need::all(conditions.map(|condition| self.of_condition(condition, words))),
        ]))
    }

    /// Reads a rule about the matched node itself; `None` where that is of another kind than the rule asks.
    fn of_node(&self, rule: &Value, depth: u8) -> Option<Need> {
        let (Some(keys), Some(depth)) = (rule.as_object(), depth.checked_sub(1)) else {
            return Some(Need::Nothing);
        };
        let mut needs = Vec::new();
        for (key, value) in keys {
            needs.push(match (key.as_str(), value) {
                ("kind", Value::String(kind)) => {
                    let is_other = match &self.kind {
                        Some(own) => own != kind,
                        None => self.named.contains(kind),
                    };
                    if is_other && is_plain(kind) {
                        return None;
                    }
                    Need::Nothing
                }
                ("all", Value::Array(all)) => {
                    let all: Option<Vec<Need>> =
                        all.iter().map(|one| self.of_node(one, depth)).collect();
                    Need::all(all?)
                }
                ("any", Value::Array(all)) => {
                    let mut possible = all
                        .iter()
                        .filter_map(|one| self.of_node(one, depth))
                        .peekable();
                    possible.peek()?;
                    Need::one(possible)
                }
                ("inside", value) if self.of == Of::Around => self.of_outer(value, depth),
                ("matches", Value::String(name)) => {
                    let util = self.utils.get(name);
                    util.map_or(Some(Need::Nothing), |util| self.of_node(util, depth))?
                }
                _ if self.of == Of::Around => Need::Nothing,
                _ => self.of_part(key, value, depth),
            });
        }
        Some(Need::all(needs))
    }

    /// Reads a rule about a node around the matched one, for the kinds around.
    fn of_outer(&self, rule: &Value, depth: u8) -> Need {
        let (Some(keys), Some(depth)) = (rule.as_object(), depth.checked_sub(1)) else {
            return Need::Nothing;
        };
        let each = |value: &Value| -> Vec<Need> {
            let all = value.as_array().into_iter().flatten();
            all.map(|one| self.of_outer(one, depth)).collect()
        };
        Need::all(keys.iter().map(|(key, value)| match (key.as_str(), value) {
            ("kind", Value::String(kind)) if is_plain(kind) => Need::Kind(kind.clone()),
            ("inside", value) => self.of_outer(value, depth),
            ("all", value) => Need::all(each(value)),
            ("any", value) => Need::one(each(value)),
            ("matches", Value::String(name)) => {
                let util = self.utils.get(name);
                util.map_or(Need::Nothing, |util| self.of_outer(util, depth))
            }
            _ => Need::Nothing,
        }))
    }

    fn has_focus_outside(&self, wire: &WireRule) -> bool {
        wire.focus.as_ref().is_some_and(|focus| {
            let variable = format!("${focus}");
            [&self.rule, &self.utils, &self.constraints]
                .iter()
                .any(|value| binds_outside(value, &variable, false))
        })
    }

    /// Reads a rule about some node.
    fn of_rule(&self, rule: &Value, depth: u8) -> Need {
        let (Some(keys), Some(depth)) = (rule.as_object(), depth.checked_sub(1)) else {
            return Need::Nothing;
        };
        Need::all(
            keys.iter()
                .map(|(key, value)| self.of_part(key, value, depth)),
        )
    }

    fn of_part(&self, key: &str, value: &Value, depth: u8) -> Need {
        let each = |value: &Value| -> Vec<Need> {
            let all = value.as_array().into_iter().flatten();
            all.map(|one| self.of_rule(one, depth)).collect()
        };
        match key {
            "kind" if self.of == Of::File => match value.as_str() {
                Some(kind) if is_plain(kind) => Need::Kind(kind.to_owned()),
                _ => Need::Nothing,
            },
            "regex" => value.as_str().map_or(Need::Nothing, of_regex),
            "pattern" => value.as_str().map_or(Need::Nothing, of_pattern),
            "has" => self.of_rule(value, depth),
            key if is_around(key) && self.of == Of::File => self.of_rule(value, depth),
            "matches" => {
                let util = value.as_str().and_then(|name| self.utils.get(name));
                util.map_or(Need::Nothing, |util| self.of_rule(util, depth))
            }
            "all" => Need::all(each(value)),
            "any" => Need::one(each(value)),
            _ => Need::Nothing,
        }
    }

    /// A constraint asks something of a variable where that is bound at all.
    fn of_constraints(&self) -> Need {
        if self.of == Of::Around {
            return Need::Nothing;
        }
        let all = self.constraints.as_object().into_iter().flatten();
        Need::all(all.map(|(name, rule)| {
            if self.binds(&self.rule, &format!("${name}"), DEPTH) {
                self.of_rule(rule, DEPTH)
            } else {
                Need::Nothing
            }
        }))
    }

    /// Tells whether whatever matches binds a variable, to something in the match unless the reading is wide.
    fn binds(&self, rule: &Value, variable: &str, depth: u8) -> bool {
        let (Some(keys), Some(depth)) = (rule.as_object(), depth.checked_sub(1)) else {
            return false;
        };
        keys.iter().any(|(key, value)| match key.as_str() {
            "pattern" => value.as_str().is_some_and(|text| holds(text, variable)),
            "has" => self.binds(value, variable, depth),
            key if is_around(key) && self.of == Of::File => self.binds(value, variable, depth),
            "all" => value
                .as_array()
                .is_some_and(|all| all.iter().any(|one| self.binds(one, variable, depth))),
            "any" => value.as_array().is_some_and(|all| {
                !all.is_empty() && all.iter().all(|one| self.binds(one, variable, depth))
            }),
            _ => false,
        })
    }

    fn of_condition(&self, condition: &Condition, words: &Words) -> Need {
        match condition {
            Condition::Any(all) => Need::one(all.iter().map(|one| self.of_condition(one, words))),
            Condition::All(all) => Need::all(all.iter().map(|one| self.of_condition(one, words))),
            Condition::InLoop(_) if self.of == Of::Around => Need::Loop,
            _ if self.of == Of::Around => Need::Nothing,
            Condition::Words { of, list, .. }
                if self.of == Of::File || self.binds(&self.rule, &format!("${of}"), DEPTH) =>
            {
                Need::texts(
                    list.each()
                        .iter()
                        .flat_map(|list| beginnings(words, list))
                        .collect(),
                )
            }
            _ => {
                let asked = condition.asks_for(self.of == Of::File);
                Need::all(asked.into_iter().map(of_regex))
            }
        }
    }
}

/// Returns how the words of a list begin: an identifier may hold a word in two (`pass_word`), its beginning stays whole.
fn beginnings(words: &Words, list: &str) -> Vec<String> {
    let of_list = words.list(list);
    of_list
        .map(|word| word.chars().take(BEGINNING).collect())
        .collect()
}

/// Tells whether a pattern holds a variable, whole.
fn holds(pattern: &str, variable: &str) -> bool {
    pattern.match_indices(variable).any(|(at, _)| {
        let after = pattern[at + variable.len()..].chars().next();
        !pattern[..at].ends_with('$')
            && !after.is_some_and(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    })
}

/// Returns the longest word of a pattern that is no variable.
fn of_pattern(pattern: &str) -> Need {
    let words = pattern.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '$'));
    let best = words
        .filter(|word| !word.contains('$') && word.len() > 2)
        .max_by_key(|word| word.len());
    best.map_or(Need::Nothing, |word| Need::texts(vec![word.to_lowercase()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(yaml: &str) -> WireRule {
        let head = "id: x\nstrength: A\nmessage: m\nwhy: w\n";
        ast_grep_config::from_str(&format!("{head}{yaml}")).unwrap()
    }

    fn inside(rule: &str) -> Vec<String> {
        let need = within(&wire(&format!("rule: {rule}")), &Words::default());
        need.best().into_iter().map(str::to_owned).collect()
    }

    fn text(text: &str) -> Need {
        Need::Text(text.to_owned())
    }

    #[test]
    fn texts_come_from_what_must_hold_and_from_nothing_else() {
        assert_eq!(
            inside("{kind: call, has: {field: function, regex: '^(yaml|json)\\.load$'}}"),
            ["json.loa", "yaml.loa"]
        );
        assert_eq!(inside("{kind: call, regex: '(?i)PassWord'}"), ["password"]);
        assert_eq!(
            inside("{kind: call, regex: '\\w*(?i:Secret|Token)\\b\\w*'}"),
            ["secret", "token"]
        );
        assert_eq!(
            inside("{kind: call, regex: 'api_?[Kk]ey'}"),
            ["api_key", "apikey"]
        );
        assert_eq!(inside("{pattern: 'pickle.loads($X)'}"), ["pickle"]);
        assert_eq!(
            inside("{any: [{regex: abc}, {regex: defg}]}"),
            ["abc", "defg"]
        );
        assert!(inside("{any: [{regex: abc}, {kind: call}]}").is_empty());
        assert!(inside("{kind: call, inside: {regex: abcdef}, not: {regex: abcdef}}").is_empty());
        assert!(inside("{kind: call, regex: '^\\w+$'}").is_empty());
        assert!(inside("{kind: call, regex: '(abcdef)?x*'}").is_empty());
    }

    #[test]
    fn a_file_must_hold_what_is_around_the_match_and_what_conditions_ask() {
        let rule = wire(
            "rule: {kind: call, inside: {kind: block, regex: around}, has: {pattern: $V}}\n\
             constraints: {V: {regex: bound}, W: {regex: unbound}}\n\
             where:\n  - text: {in: function, has: 'asked', lacks: 'lacking'}\n  - not: {imports: 'absent'}\n  \
             - any: [{imports: 'one'}, {path: 'two'}]",
        );
        assert_eq!(
            anywhere(&rule, &Words::default()),
            Need::All(vec![
                Need::Kind("block".to_owned()),
                text("around"),
                text("bound"),
                text("asked")
            ])
        );
        assert_eq!(within(&rule, &Words::default()), text("bound"));
    }

    #[test]
    fn a_constraint_counts_where_its_variable_is_always_bound() {
        let always = wire(
            "rule: {any: [{pattern: 'f($V)'}, {pattern: 'g($V)'}]}\nconstraints: {V: {regex: bound}}",
        );
        let sometimes = wire(
            "rule: {any: [{pattern: 'f($V)'}, {pattern: 'g($VALUE)'}]}\nconstraints: {V: {regex: bound}}",
        );
        assert_eq!(within(&always, &Words::default()), text("bound"));
        assert_eq!(within(&sometimes, &Words::default()), Need::Nothing);
    }
}
