//! Which rules can match in a file at all: the texts they need are found in one pass, and a rule is tried on a node only
//! where one of its texts stands in it, so a thousand rules cost about as much as the few that have something to say.

use std::collections::HashMap;
use std::ops::Range;

use super::finder::{Finder, Part};
use super::need::{Demand, Need};
use super::{Body, Rule};
use crate::hints::file::File;
use crate::hints::grammar;
use crate::hints::tree::{Node, Tree};
use crate::syntax::{self, Language};

type Grammar = tree_sitter::Language;

/// The pattern rules of a language, with what they need.
#[derive(Debug, Default)]
pub struct Needs {
    rules: Vec<OfLanguage>,
    /// Finds what texts need, by its place in the table.
    finder: Option<Finder>,
    /// Part → the demands that are worth a look where it stands, by their numbers.
    wake: Vec<Vec<u32>>,
    /// Demands that are always worth a look.
    awake: Vec<bool>,
    /// How many kinds of nodes there are.
    kinds: usize,
}

/// A rule in one language.
#[derive(Debug)]
struct OfLanguage {
    rule: u32,
    pattern: u32,
    /// The number of its first demand.
    first: u32,
    demands: Vec<Asked>,
}

/// A [`Demand`] in numbers.
#[derive(Debug)]
struct Asked {
    /// Of which kind of node; `None` for all that no other demand names.
    kind: Option<u16>,
    /// What the file must hold.
    anywhere: Wanted,
    /// Texts of which the node must hold one; empty where nothing is known.
    within: Vec<u32>,
    /// What must be around the node.
    around: Wanted,
    /// Texts of which the file must hold one; empty where nothing is known.
    key: Vec<u32>,
}

/// A [`Need`] in numbers.
#[derive(Debug, Clone)]
enum Wanted {
    Nothing,
    /// What the grammar does not have.
    Never,
    Text(u32),
    Kind(u16),
    Loop,
    All(Vec<Wanted>),
    One(Vec<Wanted>),
}

impl Wanted {
    fn of<'n>(need: &'n Need, grammar: &Grammar, table: &mut Table<'n>) -> Self {
        let mut each = |all: &'n [Need]| -> Vec<Self> {
            all.iter()
                .map(|one| Self::of(one, grammar, table))
                .collect()
        };
        match need {
            Need::Nothing => Self::Nothing,
            Need::Text(text) => table.number(text).map_or(Self::Nothing, Self::Text),
            Need::Kind(kind) => match grammar.id_for_node_kind(kind, true) {
                0 => Self::Never,
                kind => Self::Kind(kind),
            },
            Need::Loop => Self::Loop,
            Need::All(all) => Self::All(each(all)),
            Need::One(all) => Self::One(each(all)),
        }
    }

    /// Tells whether a file holds what is wanted.
    fn is_in(&self, found: &Found, tree: &Tree) -> bool {
        match self {
            Self::Nothing | Self::Loop => true,
            Self::Never => false,
            Self::Text(text) => found.has(*text),
            Self::Kind(kind) => tree.has_kind(*kind),
            Self::All(all) => all.iter().all(|one| one.is_in(found, tree)),
            Self::One(all) => all.iter().any(|one| one.is_in(found, tree)),
        }
    }

    /// Tells whether the nodes that are open are of the kinds that are wanted.
    fn is_around(&self, open: &Open) -> bool {
        match self {
            Self::Nothing | Self::Text(_) => true,
            Self::Never => false,
            Self::Kind(kind) => open.kinds[*kind as usize] > 0,
            Self::Loop => open.loops > 0,
            Self::All(all) => all.iter().all(|one| one.is_around(open)),
            Self::One(all) => all.iter().any(|one| one.is_around(open)),
        }
    }
}

/// Numbers what texts need, as they come.
#[derive(Default)]
struct Table<'n> {
    numbers: HashMap<Part<'n>, u32>,
    parts: Vec<Part<'n>>,
}

impl<'n> Table<'n> {
    /// Returns the number of what a text needs; `None` for a text that may stand anywhere.
    fn number(&mut self, text: &'n str) -> Option<u32> {
        let part = Part::of(text)?;
        Some(*self.numbers.entry(part.clone()).or_insert_with(|| {
            self.parts.push(part);
            self.parts.len() as u32 - 1
        }))
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

/// The nodes around a place, by their kinds.
#[derive(Debug, Default)]
struct Open {
    /// Kind → how many are open.
    kinds: Vec<u32>,
    /// How many loops and closures are open.
    loops: u32,
    /// Where each ends in the tree's table, and its kind, the innermost last.
    stack: Vec<(u32, u16, bool)>,
}

impl Open {
    /// Goes on to a node, in the order of the tree's table: closes what it is not in.
    fn close_before(&mut self, node: Node<'_>) {
        while let Some(&(after, kind, is_loop)) = self.stack.last()
            && after as usize <= node.id()
        {
            self.kinds[kind as usize] -= 1;
            self.loops -= u32::from(is_loop);
            self.stack.pop();
        }
    }

    fn open(&mut self, node: Node<'_>, is_loop: bool) {
        let kind = node.kind_id();
        if let Some(count) = self.kinds.get_mut(kind as usize) {
            *count += 1;
            self.loops += u32::from(is_loop);
            self.stack.push((node.after() as u32, kind, is_loop));
        }
    }
}

/// The rules that can match in one file, by kind of node; it is asked in the order of the text.
pub struct Plan<'f, 'a> {
    file: &'f File<'a>,
    slots: Vec<Slot<'f>>,
    /// Kind → where its slots begin in `order`; one more at the end.
    spans: Vec<u32>,
    order: Vec<u32>,
    found: Found,
    open: Open,
}

/// A rule that can match in a file.
struct Slot<'f> {
    rule: u32,
    pattern: u32,
    is_needy: bool,
    /// Those of its texts that stand in the file.
    within: Vec<u32>,
    around: &'f Wanted,
}

impl Needs {
    /// Gathers the rules of a language.
    pub fn of(rules: &[Rule], language: Language) -> Self {
        let grammar = syntax::grammar(language);
        let mut table = Table::default();
        let mut own: Vec<OfLanguage> = Vec::new();
        let mut count = 0;
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
            let demands = rule.demands.iter();
            own.push(OfLanguage {
                rule: index as u32,
                pattern: pattern as u32,
                first: count,
                demands: demands
                    .map(|demand| asked(demand, &grammar, &mut table))
                    .collect(),
            });
            count += rule.demands.len() as u32;
        }
        let mut wake = vec![Vec::new(); table.parts.len()];
        let mut awake = vec![false; count as usize];
        for (number, asked) in (0..).zip(own.iter().flat_map(|own| &own.demands)) {
            awake[number as usize] = asked.key.is_empty();
            for &part in &asked.key {
                wake[part as usize].push(number);
            }
        }
        Self {
            kinds: grammar.node_kind_count(),
            rules: own,
            finder: Finder::new(&table.parts),
            wake,
            awake,
        }
    }

    /// Tells which rules can match in a file; `is_wanted` is asked once for each that can.
    pub fn plan<'f, 'a>(
        &'f self,
        rules: &[Rule],
        file: &'f File<'a>,
        is_wanted: impl Fn(&Rule) -> bool,
    ) -> Plan<'f, 'a> {
        let mut plan = Plan {
            file,
            slots: Vec::new(),
            // The last is for what the parser could not read.
            spans: vec![0; self.kinds + 2],
            order: Vec::new(),
            found: self.find(file.text()),
            open: Open {
                kinds: vec![0; self.kinds],
                ..Open::default()
            },
        };
        let mut pairs: Vec<(u16, u32)> = Vec::new();
        let awake = self.awake_in(&plan.found);
        for own in &self.rules {
            let is_awake = awake[own.first as usize..].iter();
            let can_match = |(asked, is_awake): &(&Asked, &bool)| {
                **is_awake && self.can_match(asked, &plan.found, file.tree())
            };
            let possible = own.demands.iter().zip(is_awake).filter(can_match);
            let mut possible = possible.map(|(asked, _)| asked).peekable();
            let rule = &rules[own.rule as usize];
            if possible.peek().is_none() || !is_wanted(rule) {
                continue;
            }
            let Body::Patterns(patterns) = &rule.body else {
                continue;
            };
            let last = self.kinds as u16;
            let kinds = patterns[own.pattern as usize].kinds();
            for asked in possible.collect::<Vec<_>>() {
                let slot = plan.slots.len() as u32;
                let of_kinds = kinds.iter().filter(|kind| own.asks(asked, **kind));
                pairs.extend(of_kinds.map(|&kind| (kind.min(last), slot)));
                let within = asked.within.iter().copied();
                plan.slots.push(Slot {
                    rule: own.rule,
                    pattern: own.pattern,
                    is_needy: self.finder.is_some() && !asked.within.is_empty(),
                    within: within.filter(|&text| plan.found.has(text)).collect(),
                    around: &asked.around,
                });
            }
        }
        pairs.sort_unstable();
        for &(kind, slot) in &pairs {
            plan.spans[kind as usize + 1] += 1;
            plan.order.push(slot);
        }
        for kind in 0..=self.kinds {
            plan.spans[kind + 1] += plan.spans[kind];
        }
        plan
    }

    /// Tells of each demand whether it is worth a look in a file.
    fn awake_in(&self, found: &Found) -> Vec<bool> {
        let mut awake = self.awake.clone();
        if self.finder.is_none() {
            awake.fill(true);
        }
        for (part, woken) in self.wake.iter().enumerate() {
            if found.has(part as u32) {
                for &number in woken {
                    awake[number as usize] = true;
                }
            }
        }
        awake
    }

    fn can_match(&self, asked: &Asked, found: &Found, tree: &Tree) -> bool {
        self.finder.is_none()
            || asked.anywhere.is_in(found, tree)
                && asked.around.is_in(found, tree)
                && (asked.within.is_empty() || asked.within.iter().any(|&text| found.has(text)))
    }

    fn find(&self, text: &str) -> Found {
        let mut hits: Vec<(u32, u32)> = Vec::new();
        let mut spans = vec![(0, 0); self.wake.len()];
        if let Some(finder) = &self.finder {
            finder.find(text, |number, start| {
                spans[number as usize].1 += 1;
                hits.push((number, start));
            });
        }
        let mut total = 0;
        for (begin, end) in &mut spans {
            let count = *end;
            (*begin, *end) = (total, total);
            total += count;
        }
        // All hits of one part are of one length, so they come in the order in which they start.
        let mut starts = vec![0; hits.len()];
        for (number, start) in hits {
            let end = &mut spans[number as usize].1;
            starts[*end as usize] = start;
            *end += 1;
        }
        Found { spans, starts }
    }
}

impl OfLanguage {
    /// Tells whether a demand is the one for a kind of node.
    fn asks(&self, asked: &Asked, kind: u16) -> bool {
        match asked.kind {
            Some(own) => own == kind,
            None => self.demands.iter().all(|other| other.kind != Some(kind)),
        }
    }
}

fn asked<'n>(demand: &'n Demand, grammar: &Grammar, table: &mut Table<'n>) -> Asked {
    let kind = demand.kind.as_ref();
    // Where one of the texts may stand anywhere, nothing is known.
    let mut numbers = |texts: Vec<&'n str>| -> Vec<u32> {
        let all = texts.into_iter().map(|text| table.number(text));
        all.collect::<Option<_>>().unwrap_or_default()
    };
    let within = numbers(demand.within.best());
    let mut key = numbers(demand.anywhere.best());
    if key.is_empty() {
        key.clone_from(&within);
    }
    Asked {
        kind: kind.map(|kind| grammar.id_for_node_kind(kind, true)),
        anywhere: Wanted::of(&demand.anywhere, grammar, table),
        around: Wanted::of(&demand.around, grammar, table),
        within,
        key,
    }
}

impl Plan<'_, '_> {
    /// Tells whether nothing can match.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Goes on to a node and gathers the rules to try on it, with their patterns: those for its kind, where one of their
    /// texts stands in it and what they want around it is. Nodes are asked for in the order of the text.
    pub fn of_node(&mut self, node: Node<'_>, found: &mut Vec<(u32, u32)>) {
        found.clear();
        self.open.close_before(node);
        let kind = (node.kind_id() as usize).min(self.spans.len() - 2);
        if let Some(&[start, end]) = self.spans.get(kind..=kind + 1) {
            let range = node.byte_range();
            for &slot in &self.order[start as usize..end as usize] {
                let slot = &self.slots[slot as usize];
                let texts = &mut self.found;
                let can_match = slot.around.is_around(&self.open)
                    && (!slot.is_needy
                        || slot
                            .within
                            .iter()
                            .any(|&text| texts.stands_in(text, &range)));
                if can_match {
                    found.push((slot.rule, slot.pattern));
                }
            }
        }
        if node.has_children() && node.is_named() {
            let is_loop = self.file.is(node, grammar::LOOP | grammar::CLOSURE);
            self.open.open(node, is_loop);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::hints::lang::Root;
    use crate::hints::role::Roles;
    use crate::hints::tree::Source;
    use crate::hints::words::Words;
    use crate::model::RepoPath;

    const RULES: &str = "\
id: a\nstrength: A\nmessage: m\nwhy: w\nitems: [x]\nrule: {kind: call, has: {field: function, regex: '^load$'}}\n---\n\
id: b\nstrength: A\nmessage: m\nwhy: w\nitems: [x]\nrule: {kind: call}\n---\n\
id: c\nstrength: A\nmessage: m\nwhy: w\nitems: [x]\nrule: {kind: call}\n---\n\
id: d\nstrength: A\nmessage: m\nwhy: w\nitems: [x]\nrule: {kind: call, inside: {stopBy: end, regex: 'somewhere'}}\n---\n\
id: e\nstrength: A\nmessage: m\nwhy: w\nitems: [x]\nrule: {kind: call, inside: {stopBy: end, kind: for_statement}}\n---\n\
id: f\nstrength: A\nmessage: m\nwhy: w\nitems: [x]\nrule: {kind: call}\nwhere: [{in-loop: any}]\n---\n\
id: g\nstrength: A\nmessage: m\nwhy: w\nitems: [x]\nrule: {kind: call, has: {stopBy: end, kind: lambda}}\n---\n\
id: h\nstrength: A\nmessage: m\nwhy: w\nitems: [x]\nrule: {any: [{kind: call, regex: 'other'}, {kind: identifier, regex: 'load'}]}\n";

    /// Returns which rules are tried on which node, by its text.
    fn tried(text: &str, wanted: &[&str]) -> Vec<(String, Vec<String>)> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("python.yml"), RULES).unwrap();
        let none = std::collections::BTreeSet::from([Language::Css]);
        let (registry, problems) = super::super::load_for(&[folder.path().to_owned()], Some(&none));
        assert!(problems.is_empty(), "{problems:?}");
        let tree = crate::hints::engine::parse(Language::Python, text.as_bytes()).unwrap();
        let source = Source::new(Language::Python, text.to_owned(), &tree);
        let root: Root = ast_grep_core::AstGrep::doc(source);
        let (path, words) = (RepoPath::from("x.py"), Words::default());
        let added = crate::hints::Added::All;
        let file = File::new(
            &path,
            Language::Python,
            Roles::default(),
            &root,
            &added,
            &words,
        );
        let rules = registry.rules();
        let needs = registry.needs(Language::Python);
        let is_wanted = |rule: &Rule| wanted.contains(&rule.id.as_str());
        let mut plan = needs.plan(rules, &file, is_wanted);
        let mut places = Vec::new();
        let mut all = Vec::new();
        for node in file.nodes() {
            plan.of_node(node, &mut places);
            let ids = places.iter();
            let ids: Vec<String> = ids
                .map(|(rule, _)| rules[*rule as usize].id.to_string())
                .collect();
            if !ids.is_empty() {
                all.push((file.text_of(node).to_owned(), ids));
            }
        }
        all
    }

    fn line(text: &str, ids: &[&str]) -> (String, Vec<String>) {
        let ids = ids.iter().map(|id| (*id).to_owned());
        (text.to_owned(), ids.collect())
    }

    #[test]
    fn a_rule_is_tried_only_where_its_text_stands() {
        assert_eq!(
            tried("a.Load(x); b()", &["a", "b", "d"]),
            [line("a.Load(x)", &["a", "b"]), line("b()", &["b"])],
            "nothing is `somewhere`, `c` is not wanted"
        );
        assert!(tried("b()", &["a"]).is_empty());
    }

    #[test]
    fn a_rule_is_tried_only_inside_of_what_it_asks_to_be_around() {
        assert_eq!(
            tried("f(1)\nfor x in g():\n    h(x)\nk(2)", &["e"]),
            [line("g()", &["e"]), line("h(x)", &["e"])]
        );
        assert_eq!(
            tried("f(1)\nwhile g(): h(x)\nk(2)", &["f"]),
            [line("g()", &["f"]), line("h(x)", &["f"])]
        );
        assert_eq!(
            tried("f(lambda: 1)", &["g"]),
            [line("f(lambda: 1)", &["g"])]
        );
        assert!(tried("f(1)", &["g"]).is_empty(), "there is no lambda");
    }

    #[test]
    fn a_branch_for_one_kind_of_node_asks_nothing_of_another() {
        assert_eq!(
            tried("load(other, more)", &["h"]),
            [line("load(other, more)", &["h"]), line("load", &["h"])],
            "a call needs `other`, a name `load`"
        );
        assert!(
            tried("load(a)", &["h"])
                .iter()
                .all(|(text, _)| text == "load")
        );
    }
}
