//! Which rules can match at all: texts of which one must stand in whatever a rule matches, read off its own regular
//! expressions and patterns, and found in a file in one pass. A rule is tried on a node only where one of its texts stands
//! in it, so a thousand rules cost about as much as the few that have something to say.
//!
//! Sound by construction: a text is taken from what must hold of the node or of something in it (`regex`, `pattern`, `has`,
//! `all`, every branch of `any`), never from what is around it or must not be; letters are compared without case.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Seq};
use serde_json::Value;

use super::wire::WireRule;
use super::{Body, Rule};
use crate::syntax::Language;

/// The most texts of one rule; more filter little.
const MOST: usize = 60;
/// The shortest text that filters.
const SHORTEST: usize = 2;

/// What the rules of a language need.
#[derive(Debug, Default)]
pub struct Needs {
    finder: Option<AhoCorasick>,
    /// Text → rules that need it.
    wanted_by: Vec<Vec<u32>>,
    /// Rules that need something.
    needy: Vec<bool>,
}

/// Where the texts that rules need stand in a file: rule → starts, ascending.
#[derive(Debug, Default)]
pub struct Found(Vec<Vec<u32>>);

impl Needs {
    /// Gathers what the rules of a language need.
    pub fn of(rules: &[Rule], language: Language) -> Self {
        let mut by_text: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let mut needy = vec![false; rules.len()];
        for (index, rule) in rules.iter().enumerate() {
            let is_pattern = matches!(rule.body, Body::Patterns(_)) && rule.gone.is_none();
            if !is_pattern || rule.literals.is_empty() || !rule.languages.contains(&language) {
                continue;
            }
            needy[index] = true;
            for text in &rule.literals {
                by_text.entry(text).or_default().push(index as u32);
            }
        }
        let texts: Vec<&str> = by_text.keys().copied().collect();
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&texts)
            .ok();
        if finder.is_none() {
            needy.fill(false);
        }
        Self {
            finder,
            wanted_by: by_text.into_values().collect(),
            needy,
        }
    }

    /// Finds what rules need in a text.
    pub fn find(&self, text: &str) -> Found {
        let mut found = vec![Vec::new(); self.needy.len()];
        if let Some(finder) = &self.finder {
            for hit in finder.find_overlapping_iter(text) {
                for &rule in &self.wanted_by[hit.pattern().as_usize()] {
                    found[rule as usize].push(hit.start() as u32);
                }
            }
        }
        // Hits come in the order in which they end.
        for starts in &mut found {
            starts.sort_unstable();
        }
        Found(found)
    }

    /// Tells whether a rule can match a node that covers some bytes.
    pub fn can_match(&self, found: &Found, rule: u32, range: &Range<usize>) -> bool {
        let rule = rule as usize;
        if !self.needy.get(rule).copied().unwrap_or_default() {
            return true;
        }
        let starts = &found.0[rule];
        let at = starts.partition_point(|&start| (start as usize) < range.start);
        starts
            .get(at)
            .is_some_and(|&start| (start as usize) < range.end)
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
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(["load"])
            .unwrap();
        let needs = Needs {
            finder: Some(finder),
            wanted_by: vec![vec![0]],
            needy: vec![true, false],
        };
        let found = needs.find("a.Load(x); b()");
        assert!(needs.can_match(&found, 0, &(0..9)));
        assert!(!needs.can_match(&found, 0, &(11..14)));
        assert!(needs.can_match(&found, 1, &(11..14)));
    }
}
