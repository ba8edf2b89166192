//! What must stand in a text for a rule to match: read off its own regular expressions, patterns and conditions.
//!
//! Sound by construction: what is asked comes from what must hold (`regex`, `pattern`, `has`, `all`, every branch of
//! `any`), never from what must not; letters are compared without case. Two readings of a rule: one asks only of the
//! text of the matched node, the other of the whole file, what is around the node and the conditions included.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::Value;

use super::wire::WireRule;
use crate::hints::condition::Condition;
use crate::hints::words::Words;

/// The most texts that a choice is spelled out into.
const MOST: usize = 96;
/// The shortest text that filters, in bytes.
const SHORTEST: usize = 2;
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
    /// All of them.
    All(Vec<Need>),
    /// At least one of them.
    One(Vec<Need>),
}

impl Need {
    fn all(needs: impl IntoIterator<Item = Need>) -> Self {
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

    fn one(needs: impl IntoIterator<Item = Need>) -> Self {
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

    fn texts(mut texts: Vec<String>) -> Self {
        texts.sort_unstable();
        texts.dedup();
        let is_useful = |text: &String| text.len() >= SHORTEST && text.is_ascii();
        if texts.is_empty() || !texts.iter().all(is_useful) {
            return Self::Nothing;
        }
        Self::one(texts.into_iter().map(Self::Text))
    }

    /// Returns the set of texts, of which one must stand, that filters best; empty where nothing is known.
    pub fn best(&self) -> Vec<&str> {
        match self {
            Self::Nothing => Vec::new(),
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

/// What is read off a rule.
pub struct Read {
    /// What must stand in the text of any node that it matches.
    pub within: Need,
    /// What must stand in any file in which it matches.
    pub anywhere: Need,
    /// Whether its focus is bound by what is around or beside the match, and so may stand outside of it.
    pub has_focus_outside: bool,
}

/// Reads a rule.
pub fn read(wire: &WireRule, words: &Words) -> Read {
    let mut reader = Reader::new(wire, false);
    let within = reader.read(wire, words);
    reader.is_wide = true;
    Read {
        within,
        anywhere: reader.read(wire, words),
        has_focus_outside: reader.has_focus_outside(wire),
    }
}

/// Returns what must stand in the text of any node that a rule matches.
#[cfg(test)]
fn within(wire: &WireRule, words: &Words) -> Need {
    Reader::new(wire, false).read(wire, words)
}

/// Returns what must stand in any file in which a rule matches.
#[cfg(test)]
fn anywhere(wire: &WireRule, words: &Words) -> Need {
    Reader::new(wire, true).read(wire, words)
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

/// Reads a rule as it is written down.
struct Reader {
    rule: Value,
    utils: Value,
    constraints: Value,
    is_wide: bool,
}

impl Reader {
    fn new(wire: &WireRule, is_wide: bool) -> Self {
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
            is_wide,
        }
    }

    fn read(&self, wire: &WireRule, words: &Words) -> Need {
        let conditions = wire.conditions.iter();
        Need::all([
            self.of_rule(&self.rule, DEPTH),
            self.of_constraints(),
            Need::all(conditions.map(|condition| self.of_condition(condition, words))),
        ])
    }

    fn has_focus_outside(&self, wire: &WireRule) -> bool {
        wire.focus.as_ref().is_some_and(|focus| {
            let variable = format!("${focus}");
            [&self.rule, &self.utils, &self.constraints]
                .iter()
                .any(|value| binds_outside(value, &variable, false))
        })
    }

    fn of_rule(&self, rule: &Value, depth: u8) -> Need {
        let (Some(keys), Some(depth)) = (rule.as_object(), depth.checked_sub(1)) else {
            return Need::Nothing;
        };
        Need::all(keys.iter().map(|(key, value)| {
            match key.as_str() {
                "regex" => value.as_str().map_or(Need::Nothing, of_regex),
                "pattern" => value.as_str().map_or(Need::Nothing, of_pattern),
                "has" => self.of_rule(value, depth),
                key if is_around(key) && self.is_wide => self.of_rule(value, depth),
                "matches" => {
                    let util = value.as_str().and_then(|name| self.utils.get(name));
                    util.map_or(Need::Nothing, |util| self.of_rule(util, depth))
                }
                "all" => Need::all(
                    value
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(|one| self.of_rule(one, depth)),
                ),
                "any" => Need::one(
                    value
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(|one| self.of_rule(one, depth)),
                ),
                _ => Need::Nothing,
            }
        }))
    }

    /// A constraint asks something of a variable where that is bound at all.
    fn of_constraints(&self) -> Need {
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
            key if is_around(key) && self.is_wide => self.binds(value, variable, depth),
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
            Condition::Words { of, list, .. }
                if self.is_wide || self.binds(&self.rule, &format!("${of}"), DEPTH) =>
            {
                Need::texts(
                    list.each()
                        .iter()
                        .flat_map(|list| beginnings(words, list))
                        .collect(),
                )
            }
            _ => {
                let asked = condition.asks_for(self.is_wide);
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

/// Returns what any match of a regular expression holds.
fn of_regex(pattern: &str) -> Need {
    // Letters are compared without case anyway, and `(?i)` would multiply the texts.
    regex_syntax::parse(&without_case_flag(pattern)).map_or(Need::Nothing, |hir| of_hir(&hir))
}

/// Takes the letter `i` out of a pattern's flags.
fn without_case_flag(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = rest.find("(?") {
        let escaped = rest[..at].chars().rev().take_while(|&c| c == '\\').count() % 2 == 1;
        let flags = &rest[at + 2..];
        let len = flags.bytes().take_while(u8::is_ascii_lowercase).count();
        let (names, after) = flags.split_at(len);
        let is_flags = !escaped && names.contains('i') && after.starts_with([':', ')']);
        if !is_flags {
            out.push_str(&rest[..at + 2]);
            rest = flags;
            continue;
        }
        out.push_str(&rest[..at]);
        let kept = names.replace('i', "");
        match (kept.is_empty(), after.starts_with(')')) {
            (true, true) => rest = &after[1..],
            (true, false) => {
                out.push_str("(?");
                rest = after;
            }
            (false, _) => {
                out.push_str("(?");
                out.push_str(&kept);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn of_hir(hir: &Hir) -> Need {
    if let Some(texts) = spelled_out(hir) {
        return Need::texts(texts);
    }
    match hir.kind() {
        HirKind::Repetition(repetition) if repetition.min > 0 => of_hir(&repetition.sub),
        HirKind::Capture(capture) => of_hir(&capture.sub),
        HirKind::Alternation(all) => Need::one(all.iter().map(of_hir)),
        HirKind::Concat(all) => {
            // Neighbours that can be spelled out make longer texts together.
            let mut needs = Vec::new();
            let mut run = vec![String::new()];
            for part in all {
                let longer = spelled_out(part).and_then(|texts| joined(&run, &texts));
                if let Some(longer) = longer {
                    run = longer;
                    continue;
                }
                needs.push(Need::texts(std::mem::replace(
                    &mut run,
                    vec![String::new()],
                )));
                match spelled_out(part) {
                    Some(texts) => run = texts,
                    None => needs.push(of_hir(part)),
                }
            }
            needs.push(Need::texts(run));
            Need::all(needs)
        }
        _ => Need::Nothing,
    }
}

/// Returns all texts that an expression matches, in lower case, where they are few.
fn spelled_out(hir: &Hir) -> Option<Vec<String>> {
    let texts = match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => {
            vec![std::str::from_utf8(&literal.0).ok()?.to_lowercase()]
        }
        HirKind::Class(Class::Unicode(class)) => {
            let count: u32 = class
                .ranges()
                .iter()
                .map(|range| range.end() as u32 - range.start() as u32 + 1)
                .sum();
            if count > 8 {
                return None;
            }
            let chars = class.ranges().iter();
            chars
                .flat_map(|range| range.start()..=range.end())
                .map(|c| c.to_lowercase().to_string())
                .collect()
        }
        HirKind::Capture(capture) => spelled_out(&capture.sub)?,
        HirKind::Repetition(repetition) if repetition.min == 0 && repetition.max == Some(1) => {
            let mut texts = spelled_out(&repetition.sub)?;
            texts.push(String::new());
            texts
        }
        HirKind::Alternation(all) => {
            let mut texts = Vec::new();
            for one in all {
                texts.extend(spelled_out(one)?);
            }
            texts
        }
        HirKind::Concat(all) => {
            let mut texts = vec![String::new()];
            for one in all {
                texts = joined(&texts, &spelled_out(one)?)?;
            }
            texts
        }
        _ => return None,
    };
    let mut texts = texts;
    texts.sort_unstable();
    texts.dedup();
    (texts.len() <= MOST).then_some(texts)
}

fn joined(before: &[String], after: &[String]) -> Option<Vec<String>> {
    (before.len() * after.len() <= MOST).then(|| {
        before
            .iter()
            .flat_map(|one| after.iter().map(move |other| format!("{one}{other}")))
            .collect()
    })
}

/// Returns the longest word of a pattern that is no variable.
fn of_pattern(pattern: &str) -> Need {
    let words = pattern.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '$'));
    let best = words
        .filter(|word| !word.contains('$') && word.len() > 2)
        .max_by_key(|word| word.len());
    best.map_or(Need::Nothing, |word| Need::Text(word.to_lowercase()))
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
            ["json.load", "yaml.load"]
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
            Need::All(vec![text("around"), text("bound"), text("asked")])
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
