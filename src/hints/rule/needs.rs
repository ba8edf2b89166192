//! Which rules can match in a file at all: the texts they need are found in one pass, and a rule is tried on a node only
//! where one of its texts stands in it, so a thousand rules cost about as much as the few that have something to say.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::need::Need;
use super::{Body, Rule};
use crate::syntax::{self, Language};

/// The pattern rules of a language, with what they need.
#[derive(Debug, Default)]
pub struct Needs {
    rules: Vec<OfLanguage>,
    /// Finds texts, by their place in the table.
    finder: Option<AhoCorasick>,
    /// How many texts there are.
    texts: usize,
    /// How many kinds of nodes there are.
    kinds: usize,
}

/// A rule in one language.
#[derive(Debug)]
struct OfLanguage {
    rule: u32,
    pattern: u32,
    /// What the file must hold.
    anywhere: Wanted,
    /// Texts of which the node must hold one; empty where nothing is known.
    within: Vec<u32>,
}

/// A [`Need`] of numbered texts.
#[derive(Debug)]
enum Wanted {
    Nothing,
    Text(u32),
    All(Vec<Wanted>),
    One(Vec<Wanted>),
}

impl Wanted {
    fn of<'n>(need: &'n Need, table: &mut Table<'n>) -> Self {
        match need {
            Need::Nothing => Self::Nothing,
            Need::Text(text) => Self::Text(table.number(text)),
            Need::All(all) => Self::All(all.iter().map(|one| Self::of(one, table)).collect()),
            Need::One(all) => Self::One(all.iter().map(|one| Self::of(one, table)).collect()),
        }
    }

    fn holds(&self, found: &Found) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => found.has(*text),
            Self::All(all) => all.iter().all(|one| one.holds(found)),
            Self::One(all) => all.iter().any(|one| one.holds(found)),
        }
    }
}

/// Numbers texts as they come.
#[derive(Default)]
struct Table<'n> {
    numbers: HashMap<&'n str, u32>,
    texts: Vec<&'n str>,
}

impl<'n> Table<'n> {
    fn number(&mut self, text: &'n str) -> u32 {
        *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push(text);
            self.texts.len() as u32 - 1
        })
    }
}

/// Where texts stand in a file.
#[derive(Debug, Default)]
struct Found {
    /// Text → where its starts begin, that was not passed yet, and where they end.
    spans: Vec<(u32, u32)>,
    /// Starts in bytes, ascending for each text.
    starts: Vec<u32>,
}

impl Found {
    fn has(&self, text: u32) -> bool {
        let (begin, end) = self.spans[text as usize];
        begin < end
    }

    /// Tells whether a text stands in some bytes; they begin where those asked for last began, or later.
    fn stands_in(&mut self, text: u32, range: &Range<usize>) -> bool {
        let (begin, end) = &mut self.spans[text as usize];
        while begin < end && (self.starts[*begin as usize] as usize) < range.start {
            *begin += 1;
        }
        begin < end && (self.starts[*begin as usize] as usize) < range.end
    }
}

/// The rules that can match in one file, by kind of node; it is asked in the order of the text.
#[derive(Debug, Default)]
pub struct Plan {
    slots: Vec<Slot>,
    /// Kind → where its slots begin in `order`; one more at the end.
    spans: Vec<u32>,
    order: Vec<u32>,
    found: Found,
}

/// A rule that can match in a file.
#[derive(Debug, Clone)]
struct Slot {
    rule: u32,
    pattern: u32,
    is_needy: bool,
    /// Those of its texts that stand in the file.
    within: Vec<u32>,
}

impl Needs {
    /// Gathers the rules of a language.
    pub fn of(rules: &[Rule], language: Language) -> Self {
        let mut table = Table::default();
        let mut own = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            if rule.gone.is_some() {
                continue;
            }
            let Body::Patterns(patterns) = &rule.body else {
                continue;
            };
            let Some(pattern) = patterns
                .iter()
                .position(|pattern| pattern.language == language)
            else {
                continue;
            };
            own.push(OfLanguage {
                rule: index as u32,
                pattern: pattern as u32,
                anywhere: Wanted::of(&rule.anywhere, &mut table),
                within: rule
                    .within
                    .best()
                    .into_iter()
                    .map(|text| table.number(text))
                    .collect(),
            });
        }
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&table.texts)
            .ok();
        Self {
            kinds: syntax::grammar(language).node_kind_count(),
            rules: own,
            finder,
            texts: table.texts.len(),
        }
    }

    /// Tells which rules can match in a text; `is_wanted` is asked once for each that can.
    pub fn plan(&self, rules: &[Rule], text: &str, is_wanted: impl Fn(&Rule, u32) -> bool) -> Plan {
        let found = self.find(text);
        let mut plan = Plan {
            spans: vec![0; self.kinds + 1],
            ..Plan::default()
        };
        let mut pairs: Vec<(u16, u32)> = Vec::new();
        for rule in &self.rules {
            let can_match = self.finder.is_none() || rule.anywhere.holds(&found);
            if !can_match {
                continue;
            }
            let within: Vec<u32> = rule
                .within
                .iter()
                .copied()
                .filter(|&text| found.has(text))
                .collect();
            let is_needy = self.finder.is_some() && !rule.within.is_empty();
            if (is_needy && within.is_empty()) || !is_wanted(&rules[rule.rule as usize], rule.rule)
            {
                continue;
            }
            let slot = plan.slots.len() as u32;
            let kinds = match &rules[rule.rule as usize].body {
                Body::Patterns(patterns) => patterns[rule.pattern as usize].kinds(),
                Body::Code(_) => &[],
            };
            pairs.extend(kinds.iter().map(|&kind| (kind, slot)));
            plan.slots.push(Slot {
                rule: rule.rule,
                pattern: rule.pattern,
                is_needy,
                within,
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
        plan.found = found;
        plan
    }

    fn find(&self, text: &str) -> Found {
        let mut hits: Vec<(u32, u32)> = Vec::new();
        let mut spans = vec![(0, 0); self.texts];
        if let Some(finder) = &self.finder {
            for hit in finder.find_overlapping_iter(text) {
                let number = hit.pattern().as_u32();
                spans[number as usize].1 += 1;
                hits.push((number, hit.start() as u32));
            }
        }
        let mut total = 0;
        for (begin, end) in &mut spans {
            let count = *end;
            (*begin, *end) = (total, total);
            total += count;
        }
        // All hits of one text are of one length, so they come in the order in which they start.
        let mut starts = vec![0; hits.len()];
        for (number, start) in hits {
            let end = &mut spans[number as usize].1;
            starts[*end as usize] = start;
            *end += 1;
        }
        Found { spans, starts }
    }
}

impl Plan {
    /// Tells whether nothing can match.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Returns where the slots of a kind of node stand, for [`Plan::at`].
    pub fn of_kind(&self, kind: u16) -> Range<usize> {
        match self.spans.get(kind as usize..=kind as usize + 1) {
            Some(&[start, end]) => start as usize..end as usize,
            _ => 0..0,
        }
    }

    /// Returns the rule at a place and its pattern, where one of its texts stands in a node that covers some bytes. Nodes
    /// are asked for in the order of the text: none begins before the one asked for last.
    pub fn at(&mut self, at: usize, range: &Range<usize>) -> Option<(u32, u32)> {
        let slot = &self.slots[self.order[at] as usize];
        let found = &mut self.found;
        let stands_in = slot.within.iter().any(|&text| found.stands_in(text, range));
        (stands_in || !slot.is_needy).then_some((slot.rule, slot.pattern))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_tried_only_where_its_text_stands() {
        let rule = |id: &str, rule: &str| {
            format!("id: {id}\nstrength: A\nmessage: m\nwhy: w\nitems: [x]\nrule: {rule}\n")
        };
        let text = [
            rule("a", "{kind: call, has: {field: function, regex: '^load$'}}"),
            rule("b", "{kind: call}"),
            rule("c", "{kind: call}"),
            rule(
                "d",
                "{kind: call, inside: {stopBy: end, regex: 'somewhere'}}",
            ),
        ]
        .join("---\n");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("python.yml"), text).unwrap();
        let none = std::collections::BTreeSet::from([Language::Css]);
        let (registry, problems) = super::super::load_for(&[folder.path().to_owned()], Some(&none));
        assert!(problems.is_empty(), "{problems:?}");
        let rules = registry.rules();
        let own = ["a", "b", "c", "d"];
        let needs = registry.needs(Language::Python);
        let is_wanted = |rule: &Rule, _| own.contains(&rule.id.as_str()) && rule.id.as_str() != "c";
        let mut plan = needs.plan(rules, "a.Load(x); b()", is_wanted);
        let call = syntax::grammar(Language::Python).id_for_node_kind("call", true);
        let mut tried = |range: Range<usize>| -> Vec<&str> {
            let places = plan.of_kind(call);
            let at = places.filter_map(|at| plan.at(at, &range));
            at.map(|(rule, _)| rules[rule as usize].id.as_str())
                .collect()
        };
        assert_eq!(
            tried(0..9),
            ["a", "b"],
            "nothing is `somewhere`, `c` is not wanted"
        );
        assert_eq!(tried(11..14), ["b"]);
        assert!(plan.of_kind(call + 1).is_empty());
        assert!(plan.of_kind(u16::MAX).is_empty());
        let only_a = |rule: &Rule, _| rule.id.as_str() == "a";
        assert!(needs.plan(rules, "b()", only_a).is_empty());
    }
}
