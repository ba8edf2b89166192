//! A rule without its patterns and variables: whatever the rule matches, its filter takes, and nearly nothing else. It is
//! asked first, on the flat tree itself, so that ast-grep's matcher, which binds variables, looks at what is left.
//!
//! Sound by construction: a part that is not understood is left out, and where it stands under `not`, the `not` is left out.

use std::sync::OnceLock;

use ast_grep_core::language::Language as _;
use regex::Regex;
use regex_syntax::hir::{HirKind, Look, literal};
use serde_json::Value;

use crate::hints::file::File;
use crate::hints::lang::Lang;
use crate::hints::tree::Node;
use crate::syntax::Language;

/// The cost from which on an answer is kept.
const DEAR: u32 = 4;
/// How deep rules refer to each other.
const DEPTH: u8 = 24;
/// The most texts that an expression is taken apart into.
const MOST_TEXTS: usize = 128;

/// What is asked of a node.
#[derive(Debug)]
pub enum Filter {
    /// Nothing.
    Anything,
    /// It is of a kind.
    Kind(u16),
    /// Its place among the named nodes beside it, from 1.
    Nth(usize),
    /// Its text.
    Text(Text),
    /// A node in it.
    Has(Option<u16>, Box<Filter>, Stop),
    /// A node around it.
    Inside(Option<u16>, Box<Filter>, Stop),
    /// A node after it.
    Precedes(Box<Filter>, Stop),
    /// A node before it.
    Follows(Box<Filter>, Stop),
    /// All of them.
    All(Box<[Filter]>),
    /// One of them.
    Any(Box<[Filter]>),
    /// Not this.
    Not(Box<Filter>),
    /// This, which is dear and asked of the same node again and again: by all that stands in it or beside it.
    Kept(Box<Filter>),
}

/// How far is looked.
#[derive(Debug)]
pub enum Stop {
    /// To the next one.
    Neighbor,
    /// To the end.
    End,
    /// To one of these, that one included.
    At(Box<Filter>),
}

/// What a text must be.
#[derive(Debug)]
pub enum Text {
    /// One of these, ascending.
    One(Box<[Box<[u8]>]>),
    /// An expression matches it; compiled when it is first asked, and nothing is asked where it cannot be.
    Like(Box<str>, OnceLock<Option<Regex>>),
}

impl Filter {
    /// Reads a rule in a language, as it is written down.
    pub fn of(language: Language, rule: &Value, utils: &Value, constraints: &Value) -> Self {
        let reader = Reader {
            lang: Lang(language),
            utils,
            constraints,
        };
        reader.rule(rule, DEPTH).0
    }

    /// Returns the kinds it takes, where it asks for some.
    pub fn kinds(&self) -> Option<Vec<u16>> {
        match self {
            Self::Kind(kind) => Some(vec![*kind]),
            Self::All(all) => {
                let sets = all.iter().filter_map(Self::kinds);
                sets.reduce(|a, b| a.into_iter().filter(|kind| b.contains(kind)).collect())
            }
            Self::Any(all) => {
                let sets: Option<Vec<Vec<u16>>> = all.iter().map(Self::kinds).collect();
                let mut kinds = sets?.concat();
                kinds.sort_unstable();
                kinds.dedup();
                Some(kinds)
            }
            _ => None,
        }
    }

    /// Tells whether it takes a node of a file.
    pub fn takes<'a>(&self, file: &File<'a>, node: Node<'a>) -> bool {
        let inner = |filter: &Self, node: Node<'a>| filter.takes(file, node);
        match self {
            Self::Anything => true,
            Self::Kind(kind) => node.kind_id() == *kind,
            Self::Nth(nth) => is_nth(node, *nth),
            Self::Text(wanted) => wanted.is(file.text_of(node)),
            Self::Has(None, filter, stop) => has(file, node, filter, stop),
            Self::Has(Some(field), filter, stop) => {
                let child = node.child_by_field_id(*field);
                child.is_some_and(|child| has_in_field(file, child, filter, stop))
            }
            Self::Inside(field, filter, stop) => inside(file, node, *field, filter, stop),
            Self::Precedes(filter, stop) => {
                let next = std::iter::successors(node.next_sibling(), |node| node.next_sibling());
                stop.finds(file, next, |node| inner(filter, node))
            }
            Self::Follows(filter, stop) => {
                let before = std::iter::successors(node.prev_sibling(), |node| node.prev_sibling());
                stop.finds(file, before, |node| inner(filter, node))
            }
            Self::All(all) => all.iter().all(|one| inner(one, node)),
            Self::Any(all) => all.iter().any(|one| inner(one, node)),
            Self::Not(one) => !inner(one, node),
            Self::Kept(one) => {
                let asks = std::ptr::from_ref::<Self>(one) as usize;
                file.is_taken(asks, node, || inner(one, node))
            }
        }
    }

    /// Returns how dear it is to ask: what a node is comes before what is in it, and that before what is far away.
    fn cost(&self) -> u32 {
        let far = |filter: &Self, stop: &Stop, next: u32, end: u32| {
            filter.cost()
                + if matches!(stop, Stop::Neighbor) {
                    next
                } else {
                    end
                }
        };
        match self {
            Self::Anything | Self::Kind(_) => 0,
            Self::Nth(_) | Self::Text(Text::One(_)) => 1,
            Self::Text(Text::Like(..)) => 4,
            Self::Has(_, filter, stop) => far(filter, stop, 1, 60),
            Self::Inside(_, filter, stop) => far(filter, stop, 1, 10),
            Self::Precedes(filter, stop) | Self::Follows(filter, stop) => far(filter, stop, 2, 20),
            Self::All(all) => all.iter().map(Self::cost).min().unwrap_or_default(),
            Self::Any(all) => all.iter().map(Self::cost).sum(),
            Self::Not(one) | Self::Kept(one) => one.cost(),
        }
    }
}

impl Stop {
    fn finds<'a>(
        &self,
        file: &File<'a>,
        mut nodes: impl Iterator<Item = Node<'a>>,
        takes: impl Fn(Node<'a>) -> bool,
    ) -> bool {
        match self {
            Self::Neighbor => nodes.next().is_some_and(takes),
            Self::End => nodes.any(takes),
            Self::At(stop) => {
                for node in nodes {
                    if takes(node) {
                        return true;
                    }
                    if stop.takes(file, node) {
                        return false;
                    }
                }
                false
            }
        }
    }
}

impl Text {
    fn of(written: &str) -> Self {
        texts_of(written).map_or_else(|| Self::Like(written.into(), OnceLock::new()), Self::One)
    }

    fn is(&self, text: &str) -> bool {
        match self {
            Self::One(all) => all
                .binary_search_by(|one| (**one).cmp(text.as_bytes()))
                .is_ok(),
            Self::Like(written, compiled) => {
                let regex = compiled.get_or_init(|| Regex::new(written).ok());
                regex.as_ref().is_none_or(|regex| regex.is_match(text))
            }
        }
    }
}

/// Returns the texts that an expression stands for, where it is about whole texts and there are few.
fn texts_of(written: &str) -> Option<Box<[Box<[u8]>]>> {
    let hir = regex_syntax::parse(written).ok()?;
    let HirKind::Concat(parts) = hir.kind() else {
        return None;
    };
    let [first, middle @ .., last] = parts.as_slice() else {
        return None;
    };
    let is = |part: &regex_syntax::hir::Hir, look: Look| *part.kind() == HirKind::Look(look);
    let is_whole = is(first, Look::Start) && is(last, Look::End);
    if !is_whole
        || middle
            .iter()
            .any(|part| !part.properties().look_set().is_empty())
    {
        return None;
    }
    let mut extractor = literal::Extractor::new();
    extractor
        .limit_class(4)
        .limit_repeat(4)
        .limit_literal_len(100)
        .limit_total(MOST_TEXTS);
    let all = extractor.extract(&hir);
    if !all.is_exact() {
        return None;
    }
    let all = all.literals()?.iter();
    let mut texts: Vec<Box<[u8]>> = all.map(|one| one.as_bytes().into()).collect();
    texts.sort_unstable();
    texts.dedup();
    Some(texts.into())
}

fn is_nth(node: Node<'_>, nth: usize) -> bool {
    let beside = node.parent().and_then(|parent| {
        let mut named = parent.named_children();
        named.nth(nth.checked_sub(1)?)
    });
    beside == Some(node)
}

fn has<'a>(file: &File<'a>, node: Node<'a>, filter: &Filter, stop: &Stop) -> bool {
    let takes = |node: Node<'a>| filter.takes(file, node);
    match stop {
        Stop::Neighbor => node.children().any(takes),
        Stop::End => node.within().skip(1).any(takes),
        Stop::At(stop) => {
            // What is in one that stops is not looked at.
            let mut closed = 0;
            node.within().skip(1).any(|node| {
                if node.id() < closed {
                    return false;
                }
                let is_taken = takes(node);
                if !is_taken && stop.takes(file, node) {
                    closed = node.after();
                }
                is_taken
            })
        }
    }
}

fn has_in_field<'a>(file: &File<'a>, child: Node<'a>, filter: &Filter, stop: &Stop) -> bool {
    let takes = |node: Node<'a>| filter.takes(file, node);
    match stop {
        Stop::Neighbor => takes(child),
        Stop::End => child.within().any(takes),
        Stop::At(stop) => takes(child) || !stop.takes(file, child) && child.children().any(takes),
    }
}

fn inside<'a>(
    file: &File<'a>,
    node: Node<'a>,
    field: Option<u16>,
    filter: &Filter,
    stop: &Stop,
) -> bool {
    let last = std::cell::Cell::new(node);
    stop.finds(file, node.around(), |outer| {
        let inner = last.replace(outer);
        let stands = field.is_none_or(|field| outer.child_by_field_id(field) == Some(inner));
        stands && filter.takes(file, outer)
    })
}

/// Reads rules as they are written down. Each filter is given with whether it says all that the rule says.
struct Reader<'v> {
    lang: Lang,
    utils: &'v Value,
    constraints: &'v Value,
}

type Read = (Filter, bool);

impl Reader<'_> {
    fn rule(&self, rule: &Value, depth: u8) -> Read {
        let (Some(keys), Some(depth)) = (rule.as_object(), depth.checked_sub(1)) else {
            return (Filter::Anything, false);
        };
        let parts = keys.iter().filter(|(_, value)| !value.is_null());
        let parts = parts.map(|(key, value)| self.part(key, value, depth));
        all(parts.collect())
    }

    fn part(&self, key: &str, value: &Value, depth: u8) -> Read {
        match (key, value) {
            ("kind", Value::String(kind)) => self.kind(kind),
            ("regex", Value::String(written)) => (Filter::Text(Text::of(written)), true),
            ("pattern", Value::String(text)) => (self.constraint(text, depth), false),
            ("nthChild", Value::Number(nth)) => match nth.as_u64() {
                Some(nth) => (Filter::Nth(nth as usize), true),
                None => (Filter::Anything, false),
            },
            ("all", Value::Array(each)) => {
                all(each.iter().map(|one| self.rule(one, depth)).collect())
            }
            ("any", Value::Array(each)) => {
                any(each.iter().map(|one| self.rule(one, depth)).collect())
            }
            ("not", one) => match self.rule(one, depth) {
                (filter, true) => (Filter::Not(Box::new(filter)), true),
                _ => (Filter::Anything, false),
            },
            ("matches", Value::String(name)) => {
                let util = self.utils.get(name);
                util.map_or((Filter::Anything, false), |util| self.rule(util, depth))
            }
            ("has" | "inside" | "precedes" | "follows", outer) => self.relation(key, outer, depth),
            // These belong to the relation that the rule is in.
            ("stopBy" | "field", _) => (Filter::Anything, true),
            _ => (Filter::Anything, false),
        }
    }

    fn kind(&self, kind: &str) -> Read {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if kind == "ERROR" || !kind.bytes().all(is_name) {
            return (Filter::Anything, false);
        }
        match self.lang.kind_to_id(kind) {
            0 => (Filter::Anything, false),
            id => (Filter::Kind(id), true),
        }
    }

    /// A pattern that is one variable asks what its constraint does.
    fn constraint(&self, pattern: &str, depth: u8) -> Filter {
        let name = pattern.strip_prefix('$').unwrap_or_default();
        let constraint = self.constraints.get(name);
        constraint.map_or(Filter::Anything, |rule| self.rule(rule, depth).0)
    }

    fn relation(&self, key: &str, value: &Value, depth: u8) -> Read {
        let nothing = (Filter::Anything, false);
        let (filter, is_all) = self.rule(value, depth);
        let (stop, is_exact) = match value.get("stopBy") {
            None | Some(Value::Null) => (Stop::Neighbor, true),
            Some(Value::String(name)) if name == "neighbor" => (Stop::Neighbor, true),
            Some(Value::String(name)) if name == "end" => (Stop::End, true),
            Some(rule) => match self.rule(rule, depth) {
                (filter, true) => (Stop::At(Box::new(filter)), true),
                // Further is looked than the rule does.
                _ => (Stop::End, false),
            },
        };
        let field = match value.get("field") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => match self.lang.field_to_id(name) {
                Some(id) => Some(id),
                None => return nothing,
            },
            Some(_) => return nothing,
        };
        // What is around or beside is so for many nodes.
        let filter = Box::new(if key == "has" { filter } else { kept(filter) });
        let is_all = is_all && is_exact;
        match key {
            "has" => (Filter::Has(field, filter, stop), is_all),
            "inside" => (Filter::Inside(field, filter, stop), is_all),
            "precedes" => (Filter::Precedes(filter, stop), is_all),
            _ => (Filter::Follows(filter, stop), is_all),
        }
    }
}

/// Keeps what a filter says of each node, but for what is cheaper asked than kept.
fn kept(filter: Filter) -> Filter {
    if filter.cost() >= DEAR && !matches!(filter, Filter::All(_)) {
        return Filter::Kept(Box::new(filter));
    }
    let Filter::All(all) = filter else {
        return filter;
    };
    let (cheap, dear): (Vec<Filter>, Vec<Filter>) =
        all.into_iter().partition(|one| one.cost() < DEAR);
    if dear.is_empty() {
        return Filter::All(cheap.into());
    }
    let dear = Filter::Kept(Box::new(Filter::All(dear.into())));
    Filter::All(cheap.into_iter().chain([dear]).collect())
}

fn all(parts: Vec<Read>) -> Read {
    let is_all = parts.iter().all(|(_, is_all)| *is_all);
    let parts = parts.into_iter().map(|(filter, _)| filter);
    let mut filters: Vec<Filter> = Vec::new();
    for filter in parts {
        match filter {
            Filter::Anything => {}
            Filter::All(inner) => filters.extend(inner),
            other => filters.push(other),
        }
    }
    filters.sort_by_key(Filter::cost);
    let filter = match filters.len() {
        0 => Filter::Anything,
        1 => filters.remove(0),
        _ => Filter::All(filters.into()),
    };
    (filter, is_all)
}

fn any(parts: Vec<Read>) -> Read {
    let is_all = parts.iter().all(|(_, is_all)| *is_all);
    let filters: Vec<Filter> = parts.into_iter().map(|(filter, _)| filter).collect();
    if filters.iter().any(|one| matches!(one, Filter::Anything)) {
        return (Filter::Anything, is_all);
    }
    (Filter::Any(filters.into()), is_all)
}

#[cfg(test)]
mod tests;
