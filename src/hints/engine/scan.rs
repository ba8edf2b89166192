//! All rules on one file, in one pass over its tree.

use crate::hints::tree::Node;
use std::collections::HashMap;
use std::ops::Range;

use ast_grep_core::matcher::MatcherExt as _;

use super::message;
use super::tally::{FileHints, Tally};
use super::watch::Watch;
use crate::hints::code::{Flow, Run, Sight};
use crate::hints::condition::Seen;
use crate::hints::file::File;
use crate::hints::grammar;
use crate::hints::lang::{AstNode, Match};
use crate::hints::role::Role;
use crate::hints::rule::{Body, Pattern, Registry, Rule};
use crate::model::Hint;
use crate::support::digest::sha256;
use crate::syntax::Language;

/// The most hints one rule may make in one file.
const MOST_HINTS: usize = 200;

/// Runs all rules on a file, of those that are wanted.
pub fn scan(
    file: &File<'_>,
    registry: &Registry,
    watch: &Watch,
    is_wanted: impl Fn(&Rule) -> bool,
) -> FileHints {
    let mut pass = Pass {
        file,
        registry,
        asked: vec![None; registry.rules().len()],
        tally: Tally::new(registry, watch, file.path, MOST_HINTS),
    };
    pass.walk(&is_wanted);
    pass.run_code(&is_wanted);
    pass.tally.into_hints(|a, b| a.message == b.message)
}

struct Pass<'f, 'a> {
    file: &'f File<'a>,
    registry: &'f Registry,
    tally: Tally<'f>,
    /// By rule, whether what it asks of the whole file holds, where it was asked.
    asked: Vec<Option<bool>>,
}

impl<'a> Pass<'_, 'a> {
    fn walk(&mut self, is_wanted: &impl Fn(&Rule) -> bool) {
        let rules = self.registry.rules();
        let roles = self.file.roles;
        let has_tests_within = self.file.language == Language::Rust;
        let speaks = |rule: &Rule| {
            rule.speaks_in(roles) || (has_tests_within && rule.speaks_in(roles.with(Role::Test)))
        };
        let needs = self.registry.needs(self.file.language);
        let mut plan = needs.plan(rules, self.file, |rule| is_wanted(rule) && speaks(rule));
        if plan.is_empty() {
            return;
        }
        let mut places = Vec::new();
        for node in self.file.nodes() {
            plan.of_node(node, &mut places);
            if places.is_empty() {
                continue;
            }
            let touches = touches(self.file, node);
            for &(index, pattern) in &places {
                let rule = &rules[index as usize];
                // What stands elsewhere cannot touch an added line, and nothing in it can.
                if touches || rule.has_focus_outside {
                    self.try_rule(index, pattern, rule, node);
                }
            }
        }
    }

    fn try_rule(&mut self, index: u32, pattern: u32, rule: &Rule, node: Node<'a>) {
        if !self.tally.runs(index) || !self.speaks_at(rule, node) {
            return;
        }
        let file = self.file;
        // What the rule asks of the place costs less than what it asks of the file.
        let is_taken = self.tally.look(index, || takes(file, pattern, rule, node));
        if is_taken.is_none() || !self.holds_in_file(index, rule) {
            return;
        }
        let hint = self
            .tally
            .look(index, || match_rule(file, pattern, rule, node));
        if let Some(hint) = hint {
            self.tally.keep(index, hint, file, node);
        }
    }

    /// Asked once, when the rule is first tried.
    fn holds_in_file(&mut self, index: u32, rule: &Rule) -> bool {
        let file = self.file;
        *self.asked[index as usize].get_or_insert_with(|| holds_in_file(rule, file))
    }

    /// Rust keeps tests beside the code, so there it is the place that tells, not the file.
    fn speaks_at(&self, rule: &Rule, node: Node<'a>) -> bool {
        let roles = self.file.roles;
        self.file.language != Language::Rust
            || rule.speaks_in(if self.file.is_in_tests(node) {
                roles.with(Role::Test)
            } else {
                roles
            })
    }

    fn run_code(&mut self, is_wanted: &impl Fn(&Rule) -> bool) {
        let code = Flow::new(self.file);
        for &index in self.registry.in_code(self.file.language) {
            let rule = &self.registry.rules()[index as usize];
            let Body::Code(body) = &rule.body else {
                continue;
            };
            let Run::File(run) = &body.run else { continue };
            if !is_wanted(rule)
                || !rule.speaks_in(self.file.roles)
                || !self.tally.runs(index)
                || !self.holds_in_file(index, rule)
            {
                continue;
            }
            let sights = self.tally.look(index, || Some(run(&code)));
            for sight in sights.into_iter().flatten() {
                self.keep_sight(index, rule, &sight);
            }
        }
    }

    fn keep_sight(&mut self, index: u32, rule: &Rule, sight: &Sight<'a>) {
        let focus = sight.focus.unwrap_or(sight.node);
        let is_added = |node| touches(self.file, node);
        if !is_added(focus) && !sight.since.is_some_and(is_added) {
            return;
        }
        let seen = Seen {
            file: self.file,
            node: sight.node,
            found: None,
            bound: std::cell::RefCell::default(),
        };
        if !rule
            .conditions
            .iter()
            .all(|condition| condition.holds(&seen))
        {
            return;
        }
        seen.bound.borrow_mut().extend(sight.values.iter().cloned());
        let mut hint = hint(
            self.file,
            rule,
            sight.node,
            focus,
            &message::fill(&rule.message, &seen),
        );
        if let Some(since) = sight.since {
            let (first, last) = (since.start_byte(), sight.node.end_byte());
            hint.span = self.file.span(first..last);
            hint.focus = hint.span;
        }
        self.tally.keep(index, hint, self.file, sight.node);
    }
}

/// Asks what needs no variable; nothing where it says that the rule cannot match.
fn takes<'a>(file: &File<'a>, pattern: u32, rule: &Rule, node: Node<'a>) -> Option<()> {
    let filters = pattern_of(rule, pattern)?.filters();
    let is_near = filters.near.as_ref();
    let is_taken =
        is_near.is_none_or(|near| near.takes(file, node)) && filters.far.takes(file, node);
    is_taken.then_some(())
}

fn pattern_of(rule: &Rule, pattern: u32) -> Option<&Pattern> {
    match &rule.body {
        Body::Patterns(patterns) => patterns.get(pattern as usize),
        Body::Code(_) => None,
    }
}

fn match_rule<'a>(file: &File<'a>, pattern: u32, rule: &Rule, node: Node<'a>) -> Option<Hint> {
    let pattern = pattern_of(rule, pattern)?;
    if pattern.filters().near.is_some() && !may_hold(file, rule, node) {
        return None;
    }
    let found: Match<'a> = pattern.whole()?.match_node(adopt(file, node))?;
    let matched = found.get_node().get_inner_node();
    let seen = Seen {
        file,
        node: matched,
        found: Some(&found),
        bound: std::cell::RefCell::default(),
    };
    let focus = match &rule.focus {
        Some(name) => seen.variable(name)?,
        None => matched,
    };
    if !touches(file, focus)
        || !rule
            .conditions
            .iter()
            .filter(|condition| !condition.is_of_file())
            .all(|condition| condition.holds(&seen))
    {
        return None;
    }
    Some(hint(
        file,
        rule,
        matched,
        focus,
        &message::fill(&rule.message, &seen),
    ))
}

/// Asks the conditions that need no variable, where they cost less than the pattern.
fn may_hold<'a>(file: &File<'a>, rule: &Rule, node: Node<'a>) -> bool {
    let seen = Seen {
        file,
        node,
        found: None,
        bound: std::cell::RefCell::default(),
    };
    rule.conditions
        .iter()
        .filter(|condition| condition.is_of_place() && !condition.is_of_file())
        .all(|condition| condition.holds(&seen))
}

fn touches(file: &File<'_>, node: Node<'_>) -> bool {
    file.added.touches(
        file.line_of(node.start_byte()),
        file.line_of(node.end_byte().saturating_sub(1).max(node.start_byte())),
    )
}

/// Tells whether what a rule asks of the whole file holds.
fn holds_in_file(rule: &Rule, file: &File<'_>) -> bool {
    let of_file = rule.conditions.iter().filter(|one| one.is_of_file());
    let top = Seen {
        file,
        node: file.top(),
        found: None,
        bound: std::cell::RefCell::default(),
    };
    of_file.into_iter().all(|condition| condition.holds(&top))
}

fn adopt<'a>(file: &File<'a>, node: Node<'a>) -> AstNode<'a> {
    file.root.adopt(node)
}

/// Makes a hint; its fingerprint is finished by [`number`].
pub fn hint<'a>(
    file: &File<'a>,
    rule: &Rule,
    node: Node<'a>,
    focus: Node<'a>,
    message: &str,
) -> Hint {
    let head = |node: Node<'_>| {
        // The span of a function or a loop would cover a screen: its first line stands for it.
        let range = node.byte_range();
        let is_large = file.is(node, grammar::FUNCTION | grammar::CLASS | grammar::LOOP);
        let end = if is_large {
            file.text_of(node)
                .find('\n')
                .map_or(range.end, |at| range.start + at)
        } else {
            range.end
        };
        range.start..end
    };
    let span = file.span(head(node));
    let focus_span = file.span(last_link(file, focus).unwrap_or_else(|| head(focus)));
    let text = file.text().get(head(focus)).unwrap_or_default();
    Hint {
        rule: rule.id.clone(),
        tool: None,
        items: rule.items.clone(),
        path: file.path.clone(),
        span,
        focus: focus_span,
        strength: rule.strength,
        message: message.to_owned(),
        why: rule.why.clone(),
        fingerprint: sha256(squeezed(text).as_bytes()),
        folded: false,
    }
}

/// Returns the last link of a chain of calls over several lines: from the name of what is called on. Where the chain begins,
/// other links begin too.
fn last_link<'a>(file: &File<'a>, node: Node<'a>) -> Option<Range<usize>> {
    let call = file.call(node)?;
    let name = call.name.filter(|_| call.receiver.is_some())?;
    let is_below = file.line_of(name.start_byte()) > file.line_of(node.start_byte());
    is_below.then(|| name.start_byte()..node.end_byte())
}

/// Text without what reformatting changes.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Makes fingerprints out of rule, path, text and which of several equal ones.
pub fn number(hints: &mut [Hint]) {
    let mut seen: HashMap<(String, [u8; 32]), u32> = HashMap::new();
    for hint in hints {
        let text = hint.fingerprint.0;
        let count = seen.entry((hint.rule.0.clone(), text)).or_default();
        let mut bytes = hint.rule.0.clone().into_bytes();
        bytes.push(0);
        bytes.extend_from_slice(hint.path.as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(&text);
        bytes.extend_from_slice(&count.to_be_bytes());
        *count += 1;
        hint.fingerprint = sha256(&bytes);
    }
}
