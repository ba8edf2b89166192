//! Which rules can match at all: texts of which one must stand in whatever a rule matches, read off its own regular
//! expressions and patterns, and found in a file in one pass. A rule is tried on a node only where one of its texts stands
//! in it, so a thousand rules cost about as much as the few that have something to say.
//!
//! Sound by construction: a text is taken from what must hold of the node or of something in it (`regex`, `pattern`, `has`,
//! `all`, every branch of `any`), never from what is around it or must not be; letters are compared without case.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use ast_grep_core::Matcher as _;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Seq};
use serde_json::Value;

use super::wire::WireRule;
use super::{Body, Rule};
use crate::syntax::Language;

/// The most texts of one rule; more filter little.
const MOST: usize = 60;
/// The shortest text that filters.
const SHORTEST: usize = 2;

/// The pattern rules of a language, with what they need.
#[derive(Debug, Default)]
pub struct Needs {
    rules: Vec<OfLanguage>,
    finder: Option<AhoCorasick>,
    /// Text → rules that need it, as indices of `rules`.
    wanted_by: Vec<Vec<u32>>,
    /// One more than the highest kind that a rule may match.
    kinds: usize,
}

/// A rule in one language.
#[derive(Debug)]
struct OfLanguage {
    rule: u32,
    pattern: u32,
    kinds: Vec<u16>,
    is_needy: bool,
}

/// The rules that can match in one file, by kind of node; it is asked in the order of the text.
#[derive(Debug, Default)]
pub struct Plan {
    slots: Vec<Slot>,
    /// Kind → where its slots begin in `order`; one more at the end.
    spans: Vec<u32>,
    order: Vec<u32>,
}

/// A rule that can match in a file.
#[derive(Debug)]
pub struct Slot {
    /// Which rule of the registry.
    pub rule: u32,
    /// Which of its patterns.
    pub pattern: u32,
    is_needy: bool,
    /// Where its texts begin, ascending, and the first that was not passed yet.
    starts: Vec<u32>,
    next: usize,
}

impl Needs {
    /// Gathers the rules of a language.
    pub fn of(rules: &[Rule], language: Language) -> Self {
        let mut by_text: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let mut own = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            let Body::Patterns(patterns) = &rule.body else {
                continue;
            };
            let Some(pattern) = patterns.iter().position(|(of, _)| *of == language) else {
                continue;
            };
            let kinds = patterns[pattern].1.potential_kinds();
            for text in &rule.literals {
                by_text.entry(text).or_default().push(own.len() as u32);
            }
            own.push(OfLanguage {
                rule: index as u32,
                pattern: pattern as u32,
                kinds: kinds.iter().flatten().map(|kind| kind as u16).collect(),
                is_needy: !rule.literals.is_empty(),
            });
        }
        let texts: Vec<&str> = by_text.keys().copied().collect();
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&texts)
            .ok();
        if finder.is_none() {
            own.iter_mut().for_each(|rule| rule.is_needy = false);
        }
        let kinds = own.iter().flat_map(|rule| &rule.kinds).max();
        Self {
            kinds: kinds.map_or(0, |&kind| kind as usize + 1),
            rules: own,
            finder,
            wanted_by: by_text.into_values().collect(),
        }
    }

    /// Tells which rules can match in a text; `is_wanted` is asked once for each that can.
    pub fn plan(&self, text: &str, is_wanted: impl Fn(u32) -> bool) -> Plan {
        let mut starts: Vec<Vec<u32>> = vec![Vec::new(); self.rules.len()];
        if let Some(finder) = &self.finder {
            for hit in finder.find_overlapping_iter(text) {
                for &rule in &self.wanted_by[hit.pattern().as_usize()] {
                    starts[rule as usize].push(hit.start() as u32);
                }
            }
        }
        let mut plan = Plan {
            spans: vec![0; self.kinds + 1],
            ..Plan::default()
        };
        let mut pairs: Vec<(u16, u32)> = Vec::new();
        for (rule, mut starts) in self.rules.iter().zip(starts) {
            if (rule.is_needy && starts.is_empty()) || !is_wanted(rule.rule) {
                continue;
            }
            // Hits come in the order in which they end.
            starts.sort_unstable();
            let slot = plan.slots.len() as u32;
            pairs.extend(rule.kinds.iter().map(|&kind| (kind, slot)));
            plan.slots.push(Slot {
                rule: rule.rule,
                pattern: rule.pattern,
                is_needy: rule.is_needy,
                starts,
                next: 0,
            });
        }
        pairs.sort_unstable();
        for &(kind, slot) in &pairs {
            plan.spans[kind as usize + 1] += 1;
            plan.order.push(slot);
        }
        for kind in 0..self.kinds {
            plan.spans[kind + 1] += plan.spans[kind];
        }
        plan
    }
}

impl Plan {
    /// Tells whether nothing can match.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Returns where the slots of a kind of node stand, for [`Plan::slot`].
    pub fn of_kind(&self, kind: u16) -> Range<usize> {
        match self.spans.get(kind as usize..=kind as usize + 1) {
            Some(&[start, end]) => start as usize..end as usize,
            _ => 0..0,
        }
    }

    /// Returns the rule at a place, where one of its texts stands in a node that covers some bytes. Nodes are asked for in
    /// the order of the text: none begins before the one asked for last.
    pub fn slot(&mut self, at: usize, range: &Range<usize>) -> Option<&Slot> {
        let slot = &mut self.slots[self.order[at] as usize];
        if slot.is_needy {
            while *slot.starts.get(slot.next)? < range.start as u32 {
                slot.next += 1;
            }
            if slot.starts[slot.next] as usize >= range.end {
                return None;
            }
        }
        Some(slot)
    }
}

/// Returns texts, in lower case, of which one must stand in whatever a rule matches; none where that cannot be told.
pub fn literals(wire: &WireRule) -> Vec<String> {
    let Some(rule) = wire
        .rule
        .as_ref()
        .and_then(|rule| serde_json::to_value(rule).ok())
    else {
        return Vec::new();
    };
    let utils = wire
        .utils
        .as_ref()
        .and_then(|utils| serde_json::to_value(utils).ok());
    required(&rule, utils.as_ref().unwrap_or(&Value::Null), 8).unwrap_or_default()
}

/// Tells whether a rule's focus is bound by what is around or beside the match, and so may stand outside of it.
pub fn has_focus_outside(wire: &WireRule) -> bool {
    let Some(focus) = &wire.focus else {
        return false;
    };
    let written = [
        wire.rule
            .as_ref()
            .and_then(|rule| serde_json::to_value(rule).ok()),
        wire.utils
            .as_ref()
            .and_then(|utils| serde_json::to_value(utils).ok()),
        wire.constraints
            .as_ref()
            .and_then(|constraints| serde_json::to_value(constraints).ok()),
    ];
    let variable = format!("${focus}");
    written
        .iter()
        .flatten()
        .any(|value| binds_outside(value, &variable, false))
}

fn binds_outside(value: &Value, variable: &str, is_outside: bool) -> bool {
    match value {
        Value::String(text) => is_outside && text.contains(variable),
        Value::Array(all) => all
            .iter()
            .any(|one| binds_outside(one, variable, is_outside)),
        Value::Object(all) => all.iter().any(|(key, one)| {
            let leaves = matches!(key.as_str(), "inside" | "follows" | "precedes");
            binds_outside(one, variable, is_outside || leaves)
        }),
        _ => false,
    }
}

/// Returns the best set of texts that what is written down requires.
fn required(rule: &Value, utils: &Value, depth: u8) -> Option<Vec<String>> {
    let depth = depth.checked_sub(1)?;
    let mut best: Option<Vec<String>> = None;
    let mut offer = |texts: Option<Vec<String>>| {
        let Some(texts) = texts.filter(|texts| is_useful(texts)) else {
            return;
        };
        if best
            .as_ref()
            .is_none_or(|best| value_of(&texts) > value_of(best))
        {
            best = Some(texts);
        }
    };
    for (key, value) in rule.as_object()? {
        match key.as_str() {
            "regex" => offer(value.as_str().and_then(of_regex)),
            "pattern" => offer(value.as_str().and_then(of_pattern)),
            "has" => offer(required(value, utils, depth)),
            "matches" => offer(
                value
                    .as_str()
                    .and_then(|name| required(utils.get(name)?, utils, depth)),
            ),
            "all" => value
                .as_array()?
                .iter()
                .for_each(|one| offer(required(one, utils, depth))),
            "any" => {
                let branches: Option<Vec<Vec<String>>> = value
                    .as_array()?
                    .iter()
                    .map(|one| required(one, utils, depth))
                    .collect();
                offer(branches.map(|branches| branches.concat()));
            }
            _ => {}
        }
    }
    best
}

fn is_useful(texts: &[String]) -> bool {
    !texts.is_empty() && texts.len() <= MOST && texts.iter().all(|text| text.len() >= SHORTEST)
}

/// The longer its shortest text, and the fewer texts, the more a set filters.
fn value_of(texts: &[String]) -> (usize, usize) {
    let shortest = texts.iter().map(String::len).min().unwrap_or_default();
    (shortest.min(6), usize::MAX - texts.len())
}

/// Returns the texts one of which any match of a regular expression holds.
fn of_regex(pattern: &str) -> Option<Vec<String>> {
    // Letters are compared without case anyway, and `(?i)` would multiply the texts.
    let plain = ["(?i)", "(?is)", "(?si)", "(?im)", "(?mi)"]
        .iter()
        .find_map(|flag| pattern.strip_prefix(flag))
        .unwrap_or(pattern);
    if plain.contains("(?i") {
        return None;
    }
    let hir = regex_syntax::parse(plain).ok()?;
    let of = |kind: ExtractKind| {
        let mut extractor = Extractor::new();
        extractor.kind(kind).limit_total(MOST * 2);
        texts(&extractor.extract(&hir))
    };
    let (prefixes, suffixes) = (of(ExtractKind::Prefix), of(ExtractKind::Suffix));
    match (prefixes, suffixes) {
        (Some(a), Some(b)) => Some(if value_of(&a) >= value_of(&b) { a } else { b }),
        (a, b) => a.or(b),
    }
}

fn texts(seq: &Seq) -> Option<Vec<String>> {
    let mut all: Vec<String> = seq
        .literals()?
        .iter()
        .map(|literal| String::from_utf8_lossy(literal.as_bytes()).to_lowercase())
        .collect();
    all.sort();
    all.dedup();
    // A text that cannot be spelled out whole stands for others too.
    (is_useful(&all)
        && !all
            .iter()
            .any(|text| text.contains('\u{fffd}') || !text.is_ascii()))
    .then_some(all)
}

/// Returns the longest word of a pattern that is no variable.
fn of_pattern(pattern: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in pattern.chars().chain([' ']) {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '$') {
            word.push(c);
        } else {
            words.push(std::mem::take(&mut word));
        }
    }
    let best = words
        .into_iter()
        .filter(|word| !word.contains('$') && word.len() > 2)
        .max_by_key(String::len)?;
    Some(vec![best.to_lowercase()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(yaml: &str) -> Vec<String> {
        let rule: Value = ast_grep_config::from_str(yaml).unwrap();
        required(&rule, &Value::Null, 8).unwrap_or_default()
    }

    #[test]
    fn texts_come_from_what_must_hold_and_from_nothing_else() {
        assert_eq!(
            of("{kind: call, has: {field: function, regex: '^(yaml|json)\\.load$'}}"),
            ["json.load", "yaml.load"]
        );
        assert_eq!(of("{kind: call, regex: '(?i)PassWord'}"), ["password"]);
        assert_eq!(of("{pattern: 'pickle.loads($X)'}"), ["pickle"]);
        assert_eq!(of("{any: [{regex: abc}, {regex: defg}]}"), ["abc", "defg"]);
        assert!(of("{any: [{regex: abc}, {kind: call}]}").is_empty());
        assert!(of("{kind: call, inside: {regex: abcdef}, not: {regex: abcdef}}").is_empty());
        assert!(of("{kind: call, regex: '^\\w+$'}").is_empty());
    }

    #[test]
    fn a_rule_is_tried_only_where_its_text_stands() {
        let of = |rule, is_needy| OfLanguage {
            rule,
            pattern: 0,
            kinds: vec![3],
            is_needy,
        };
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(["load"])
            .unwrap();
        let needs = Needs {
            rules: vec![of(7, true), of(8, false), of(9, false)],
            finder: Some(finder),
            wanted_by: vec![vec![0]],
            kinds: 4,
        };
        let mut plan = needs.plan("a.Load(x); b()", |rule| rule != 9);
        let mut tried = |range: Range<usize>| -> Vec<u32> {
            let places = plan.of_kind(3);
            places
                .filter_map(|at| plan.slot(at, &range).map(|slot| slot.rule))
                .collect()
        };
        assert_eq!(tried(0..9), [7, 8]);
        assert_eq!(tried(11..14), [8]);
        assert_eq!(plan.of_kind(2), 0..0);
        assert_eq!(plan.of_kind(40), 0..0);
        assert!(needs.plan("b()", |rule| rule == 7).is_empty());
    }
}
