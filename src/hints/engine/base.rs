//! The text before a change: read once, only where a rule could speak of what the removed lines took away, and dropped
//! with its file. Owns how a guard counts as gone and where the hint is shown; the written form is [`crate::hints::gone`].

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use crate::hints::tree::Node;
use ast_grep_config::RuleCore;
use ast_grep_core::matcher::MatcherExt as _;
use ast_grep_core::{AstGrep, Matcher as _};
use regex::Regex;

use super::message;
use super::read::{as_text, parse};
use super::stands::{calls, holds_a_line, holds_name, holds_whole, is_import};
use super::tally::{FileHints, Tally};
use super::watch::Watch;
use super::{LARGEST, PARSE_TIME};
use crate::hints::condition::Seen;
use crate::hints::counterpart::{self, Unit, squeezed};
use crate::hints::file::{Added, File};
use crate::hints::gone::Gone;
use crate::hints::lang::{Match, Root};
use crate::hints::rule::{Body, Registry, Rule};
use crate::hints::tree::Source;
use crate::model::Hint;
use crate::support::digest::sha256;

/// The most hints one rule may make in one file.
const MOST_HINTS: usize = 50;
/// The most helpers of a counterpart that are looked into.
const MOST_HELPERS: usize = 20;
/// How many lines off the removed one a hint may be shown, at what was guarded.
const NEAR: u32 = 12;

/// A file before a change.
#[derive(Debug, Clone)]
pub struct Base {
    /// Its bytes.
    pub text: Arc<[u8]>,
    /// What the change removed, ascending; never empty.
    pub removed: Vec<RemovedRun>,
}

/// Lines that a change removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovedRun {
    /// Lines before the change, 1-based, half open.
    pub lines: Range<u32>,
    /// The line after the change that comes next; beyond the last where they stood at the end.
    pub head: u32,
}

/// Runs the rules on what a change removed from a file; `None` where none of them could speak.
pub fn scan_base(
    head: &File<'_>,
    base: &Base,
    registry: &Registry,
    watch: &Watch,
) -> Option<FileHints> {
    let rules = registry.base_rules(head.language)?;
    if base.text.len() > LARGEST {
        return None;
    }
    let text = as_text(&base.text);
    let removed = removed_text(&text, &base.removed);
    let candidates = rules.candidates(registry.rules(), head.language, &removed)?;
    let Some(tree) = parse(head.language, text.as_bytes()) else {
        return Some(FileHints {
            hints: Vec::new(),
            problems: vec![format!(
                "{} before the change took longer than {} s to parse; what was removed from it is not looked at",
                head.path,
                PARSE_TIME.as_secs()
            )],
        });
    };
    let root: Root = AstGrep::doc(Source::new(head.language, text, &tree));
    drop(tree);
    let removed = Added::Lines(base.removed.iter().map(|run| run.lines.clone()).collect());
    let old = File::new(
        head.path,
        head.language,
        head.roles,
        &root,
        &removed,
        head.words,
    );
    let mut pass = Pass {
        sides: Sides {
            old: &old,
            head,
            runs: &base.removed,
            units: OnceCell::new(),
        },
        registry,
        tally: Tally::new(registry, watch, head.path, MOST_HINTS),
    };
    for node in old.nodes() {
        for &index in candidates.for_kind(node.kind_id()) {
            pass.try_rule(index, node);
        }
    }
    Some(pass.tally.into_hints(|_, _| true))
}

fn removed_text(text: &str, removed: &[RemovedRun]) -> String {
    let mut out = String::new();
    let mut runs = removed.iter().peekable();
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        while runs.next_if(|run| run.lines.end <= number).is_some() {}
        match runs.peek() {
            Some(run) if run.lines.start <= number => out.push_str(line),
            Some(_) => {}
            None => break,
        }
    }
    out
}

struct Pass<'f, 'a, 'h> {
    sides: Sides<'f, 'a, 'h>,
    registry: &'f Registry,
    tally: Tally<'f>,
}

impl<'a> Pass<'_, 'a, '_> {
    fn try_rule(&mut self, index: u32, node: Node<'a>) {
        let rule = &self.registry.rules()[index as usize];
        let sides = &self.sides;
        if !self.tally.runs(index)
            || !rule.speaks_in(sides.old.roles)
            || sides.old.is_in_tests(node)
            || !sides.touches(node)
        {
            return;
        }
        if let Some(hint) = self.tally.look(index, || sides.look(rule, node)) {
            self.tally.keep(index, hint, sides.old, node);
        }
    }
}

/// A file before and after a change.
struct Sides<'f, 'a, 'h> {
    old: &'f File<'a>,
    head: &'f File<'h>,
    runs: &'f [RemovedRun],
    units: OnceCell<Units<'a, 'h>>,
}

/// The units of both.
struct Units<'a, 'h> {
    old: Vec<Unit<'a>>,
    head: Vec<Unit<'h>>,
}

/// Where the counterpart may have its guard: itself, and helpers of the same file that it calls.
struct Area<'h> {
    own: Unit<'h>,
    helpers: Vec<Range<usize>>,
}

/// What a guard was for; variables that the match did not bind are left out.
struct Guarded<'r> {
    of: Vec<(&'r str, String)>,
    same: Vec<(&'r str, String)>,
    body: Option<String>,
}

impl<'r> Guarded<'r> {
    fn of(seen: &Seen<'_, '_>, gone: &'r Gone) -> Self {
        let text = |name: &'r String| Some((name.as_str(), squeezed(&text_of(seen, name)?)));
        Self {
            of: gone.of.iter().filter_map(text).collect(),
            same: gone.same.iter().filter_map(text).collect(),
            body: gone.body.as_ref().and_then(|name| text_of(seen, name)),
        }
    }

    /// Tells whether a guard is one of this only where it names the same things.
    fn is_named(&self) -> bool {
        !self.of.is_empty() || !self.same.is_empty()
    }
}

impl<'f, 'a, 'h> Sides<'f, 'a, 'h> {
    fn units(&self) -> &Units<'a, 'h> {
        self.units.get_or_init(|| Units {
            old: counterpart::units(self.old),
            head: counterpart::units(self.head),
        })
    }

    /// Returns a node's first and last line.
    fn rows(&self, node: Node<'_>) -> (u32, u32) {
        let last = node.end_byte().saturating_sub(1).max(node.start_byte());
        (self.old.line_of(node.start_byte()), self.old.line_of(last))
    }

    fn touches(&self, node: Node<'_>) -> bool {
        let (first, last) = self.rows(node);
        self.old.added.touches(first, last)
    }

    fn look(&self, rule: &Rule, node: Node<'a>) -> Option<Hint> {
        let (Body::Patterns(patterns), Some(gone)) = (&rule.body, &rule.gone) else {
            return None;
        };
        let pattern = patterns
            .iter()
            .find(|pattern| pattern.language == self.old.language)?;
        let core = pattern.whole()?;
        let found: Match<'a> = core.match_node(self.old.root.adopt(node))?;
        let matched = found.get_node().get_inner_node();
        let seen = Seen {
            file: self.old,
            node: matched,
            found: Some(&found),
            bound: std::cell::RefCell::default(),
        };
        let focus = match &rule.focus {
            Some(name) => seen.variable(name)?,
            None => matched,
        };
        let run = self.removed_by(focus, gone.removed.regex())?;
        let holds = |condition: &crate::hints::condition::Condition| condition.holds(&seen);
        if !rule.conditions.iter().all(holds) {
            return None;
        }
        let guarded = Guarded::of(&seen, gone);
        let unit = counterpart::unit_of(self.old, matched, gone.unit);
        let area = self.area(&unit)?;
        if !self.is_kept(&area, &guarded)
            || self.is_still_there(&area, core, gone, &guarded)
            || self.stands_otherwise(&area, gone, &seen)
            || self.has_moved(&area, gone, guarded.is_named())
            || !self.head_holds(&area, gone)
        {
            return None;
        }
        let line = self.anchor(
            run,
            &area,
            guarded.of.first().map(|(_, text)| text.as_str()),
        )?;
        let message = message::fill(&rule.message, &seen);
        Some(self.hint(rule, line, message, &(focus, &unit)))
    }

    /// Returns the run of removed lines that took a match away: one of them holds what makes it a guard.
    fn removed_by(&self, focus: Node<'a>, removed: &Regex) -> Option<&'f RemovedRun> {
        let (first, last) = self.rows(focus);
        let at = self.runs.partition_point(|run| run.lines.end <= first);
        let mut runs = self.runs[at..]
            .iter()
            .take_while(|run| run.lines.start <= last);
        runs.find(|run| {
            let (from, to) = (run.lines.start.max(first), (run.lines.end - 1).min(last));
            removed.is_match(self.old.lines(from, to))
        })
    }

    fn area(&self, unit: &Unit<'a>) -> Option<Area<'h>> {
        let units = self.units();
        let own = counterpart::counterpart(unit, self.old, &units.old, self.head, &units.head)?;
        if own.range.is_empty() {
            return None;
        }
        let text = self.code(own.range.clone());
        let mut helpers = Vec::new();
        // The file calls nothing that is not in it.
        if !own.key.is_empty() {
            for &at in self.head.functions() {
                let function = self.head.node(at as usize);
                let name = self.head.function_name(function);
                let range = function.byte_range();
                let is_inside = own.range.start <= range.start && range.end <= own.range.end;
                if !is_inside && calls(&text, name) && helpers.len() < MOST_HELPERS {
                    helpers.push(range);
                }
            }
        }
        Some(Area { own, helpers })
    }

    /// Returns some of the head's text with its comments left out.
    fn code(&self, range: Range<usize>) -> String {
        let comments = self.head.comments();
        let first = comments.partition_point(|comment| comment.end <= range.start);
        let mut out = String::with_capacity(range.len());
        let mut at = range.start;
        for comment in comments[first..]
            .iter()
            .take_while(|comment| comment.start < range.end)
        {
            out.push_str(
                self.head
                    .text()
                    .get(at..comment.start.max(at))
                    .unwrap_or_default(),
            );
            at = comment.end.max(at);
        }
        out.push_str(self.head.text().get(at..range.end).unwrap_or_default());
        out
    }

    /// Tells whether what was guarded still stands there.
    fn is_kept(&self, area: &Area<'h>, guarded: &Guarded<'_>) -> bool {
        let Guarded { of, body, .. } = guarded;
        if of.is_empty() && body.is_none() {
            return true;
        }
        let text = squeezed(&self.code(area.own.range.clone()));
        of.iter().all(|(_, one)| holds_name(&text, one))
            && body.as_ref().is_none_or(|body| holds_a_line(&text, body))
    }

    /// Tells whether the counterpart, or a helper it calls, still has the guard, or one like it.
    fn is_still_there(
        &self,
        area: &Area<'h>,
        core: &RuleCore,
        gone: &Gone,
        guarded: &Guarded<'_>,
    ) -> bool {
        let ranges = std::iter::once(&area.own.range).chain(&area.helpers);
        for range in ranges {
            if self.matches_in(range, core, guarded) {
                return true;
            }
            let like = match &gone.lacks {
                Some(like) => Some(like.regex()),
                None if !guarded.is_named() => Some(gone.removed.regex()),
                None => None,
            };
            if like.is_some_and(|like| like.is_match(&self.code(range.clone()))) {
                return true;
            }
        }
        false
    }

    /// Tells whether one of the texts that a rule names beside its pattern stands in the counterpart.
    fn stands_otherwise(&self, area: &Area<'h>, gone: &Gone, seen: &Seen<'_, '_>) -> bool {
        if gone.nor.is_empty() {
            return false;
        }
        let text = squeezed(&self.code(area.own.range.clone()));
        gone.nor.iter().any(|form| {
            let mut form = form.clone();
            for name in gone.variables() {
                if let Some(value) = text_of(seen, name) {
                    form = form.replace(&format!("{{{name}}}"), &value);
                }
            }
            holds_whole(&text, &squeezed(&form))
        })
    }

    fn matches_in(&self, range: &Range<usize>, core: &RuleCore, guarded: &Guarded<'_>) -> bool {
        let kinds = core.potential_kinds();
        self.head
            .nodes_from(range.start)
            .take_while(|node| node.start_byte() < range.end)
            .filter(|node| {
                kinds
                    .as_ref()
                    .is_none_or(|kinds| kinds.contains(node.kind_id() as usize))
            })
            .any(|node| {
                let Some(found) = core.match_node(self.head.root.adopt(node)) else {
                    return false;
                };
                let seen = Seen {
                    file: self.head,
                    node,
                    found: Some(&found),
                    bound: std::cell::RefCell::default(),
                };
                guarded.of.iter().chain(&guarded.same).all(|(name, text)| {
                    text_of(&seen, name).is_some_and(|own| squeezed(&own) == *text)
                })
            })
    }

    /// Tells whether lines that the change added hold the guard in the counterpart, in a unit that is new, or around it all.
    fn has_moved(&self, area: &Area<'h>, gone: &Gone, is_of: bool) -> bool {
        let Added::Lines(added) = self.head.added else {
            return false;
        };
        let units = self.units();
        let is_new = |unit: &Unit<'_>| units.old.iter().all(|old| old.key != unit.key);
        for line in added.iter().flat_map(Clone::clone) {
            let text = self.head.lines(line, line);
            if is_import(text) || !gone.removed.regex().is_match(text) {
                continue;
            }
            let start = self.start_of(line);
            if self.is_comment(start) {
                continue;
            }
            let mut inner = units.head.iter().filter(|unit| unit.range.contains(&start));
            let Some(unit) = inner.next_back() else {
                if !is_of || !area.own.key.is_empty() {
                    return true;
                }
                continue;
            };
            let is_own = unit.range == area.own.range
                || area.helpers.iter().any(|helper| helper.contains(&start));
            let is_around =
                unit.key.len() < area.own.key.len() && area.own.key.starts_with(&unit.key);
            if (is_own && !is_of) || is_around || is_new(unit) {
                return true;
            }
        }
        false
    }

    /// Returns where the text of a line of the head begins, in bytes.
    fn start_of(&self, line: u32) -> usize {
        let before = self.head.lines(1, line.saturating_sub(1)).len();
        let text = self.head.lines(line, line);
        let before = if line <= 1 { 0 } else { before };
        before + (text.len() - text.trim_start().len())
    }

    fn is_comment(&self, byte: usize) -> bool {
        let comments = self.head.comments();
        let at = comments.partition_point(|comment| comment.end <= byte);
        comments
            .get(at)
            .is_some_and(|comment| comment.contains(&byte))
    }

    fn head_holds(&self, area: &Area<'h>, gone: &Gone) -> bool {
        let seen = Seen {
            file: self.head,
            node: area.own.node,
            found: None,
            bound: std::cell::RefCell::default(),
        };
        let around = gone.around.as_ref();
        around.is_none_or(|around| !around.regex().is_match(&self.shell(area)))
            && gone.head.iter().all(|condition| condition.holds(&seen))
    }

    /// Returns what stands around the counterpart: the head of its class and what is in no function, imports aside.
    fn shell(&self, area: &Area<'h>) -> String {
        let own = &area.own.range;
        let cut: Vec<&Range<usize>> = self
            .units()
            .head
            .iter()
            .filter(|unit| unit.range != *own)
            .filter(|unit| !(unit.range.start <= own.start && own.end <= unit.range.end))
            .map(|unit| &unit.range)
            .collect();
        let mut out = String::new();
        let text = self.head.text();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let at = start + (line.len() - line.trim_start().len());
            start += line.len();
            let is_cut = own.contains(&at) || cut.iter().any(|range| range.contains(&at));
            if !is_cut && !is_import(line) && !self.is_comment(at) {
                out.push_str(line);
            }
        }
        out
    }

    /// Returns the line after the change at which the hint is shown: where what was guarded stands now, if that is near,
    /// else the line after the removed ones, inside the counterpart.
    fn anchor(&self, run: &RemovedRun, area: &Area<'h>, of: Option<&str>) -> Option<u32> {
        let own = &area.own.range;
        let first = self.head.line_of(own.start);
        let last = self.head.line_of(own.end.saturating_sub(1).max(own.start));
        let begin = of.and_then(|of| of.lines().next()).unwrap_or_default();
        let mut near: Vec<u32> = (run.head.saturating_sub(NEAR).max(first)
            ..=run.head.saturating_add(NEAR).min(last))
            .collect();
        near.sort_by_key(|line| line.abs_diff(run.head));
        let at_guarded = near.iter().copied().find(|line| {
            !begin.is_empty() && holds_whole(&squeezed(self.head.lines(*line, *line)), begin)
        });
        let says_something = |line: &u32| {
            let text = self.head.lines(*line, *line).trim();
            text.chars().any(char::is_alphanumeric) && text != "end"
        };
        at_guarded
            .or_else(|| near.iter().copied().find(says_something))
            .or(Some(first))
            .filter(|line| !self.head.lines(*line, *line).trim().is_empty())
    }

    fn hint(&self, rule: &Rule, line: u32, message: String, what: &(Node<'a>, &Unit<'a>)) -> Hint {
        let (focus, unit) = what;
        let text = self.head.lines(line, line);
        let start = self.start_of(line);
        let span = self.head.span(start..start + text.trim().len());
        // The same as long as what went away, where, and the line that shows it are.
        let mut code = squeezed(self.old.text_of(*focus));
        for part in unit.key.iter().map(String::as_str).chain([text.trim()]) {
            code.push('\0');
            code.push_str(part);
        }
        Hint {
            rule: rule.id.clone(),
            tool: None,
            items: rule.items.clone(),
            path: self.head.path.clone(),
            span,
            focus: span,
            strength: rule.strength,
            message,
            why: rule.why.clone(),
            fingerprint: sha256(code.as_bytes()),
            folded: false,
        }
    }
}

/// Returns the text of a variable, whether a pattern bound it or a transformation made it.
fn text_of(seen: &Seen<'_, '_>, name: &str) -> Option<String> {
    let env = seen.found?.get_env();
    if let Some(bytes) = env.get_transformed(name) {
        return Some(String::from_utf8_lossy(bytes).into_owned());
    }
    Some(seen.file.text_of(seen.variable(name)?).to_owned())
}
