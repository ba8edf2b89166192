//! Conditions: what plain patterns cannot say, said once for all rules and languages.
//!
//! A rule's `where` is a list; all of it must hold. `not`, `any` and `all` combine. Each condition may name what it saw
//! (`{loop}`, `{receiver}`, `{part}`), for the rule's message.
//!
//! | condition | holds when |
//! |---|---|
//! | `in-loop: data` | the match runs once per element of a collection: not a retry counter, a written-out list, or an endless loop. `any`: any loop. Binds `{loop}` |
//! | `in-async: true` | the innermost function is `async` |
//! | `in-handler: true` | the function answers requests: by decorator, parameters, class, route call or path |
//! | `receiver: database` | the call is made on something of a class of `words.yml`, by names, types, first values and imports. `[a, b]` any; `{of: VAR, is: a}` looks at a variable. Binds `{receiver}` |
//! | `guard: lock` | the function (with its decorators, without comments) holds such a guard. `{is: lock, in: class}` or `file` |
//! | `tainted: VAR` | the variable's text comes from a request: directly, through a parameter of a handler, over assignments and what lists and maps are given, or one hop into or out of a function of the file; nothing cleaned or checked it. Binds `{source}` |
//! | `built: VAR` | a string put together of parts that are not constants. Binds `{part}` |
//! | `constant: VAR` | a literal, or a name in capitals, or bound once to a literal |
//! | `words: {of: VAR, list: money, except: not-money}` | a whole word of the identifier is in a list |
//! | `secret-literal: VAR` | a string literal that is no placeholder and looks random enough |
//! | `value: {of: VAR, matches: RE}` | the variable, or what its name was first bound to, matches. `declared: RE`: the declared type |
//! | `text: {in: function, has: RE, lacks: RE}` | the text around, comments left out; `in`: match, function, signature, class, file, line, block |
//! | `imports: RE` | the file imports such a module |
//! | `within-call: RE` | the match stands in the arguments of such a call, inside the same function |
//! | `explained: RE` | a remark on the match's first line, or on the lines right above it, matches: who writes down why has seen it |
//! | `path: RE` | the file's path matches |
//! | `document: compose` | the structured file is a compose, kubernetes, github-workflow, gitlab-ci, helm, ansible, openapi or package manifest |
//! | `helper: {calls: RE, asks: CLASS, has: RE, lacks: RE}` | the match calls a function of the same file, which calls something that is spelled so, or on such a receiver, and whose text fits. Binds `{inner}` |
//! | `siblings: {have: RE, at-least: 2}` | other functions of the same class or file have a mark that this one lacks |
//!
//! Rules in code on the whole change see texts, and take `path` and `text` in match, line or file alone.
//!
//! A rule with `side: base` reads the text before a change; its `where` holds there, and its `gone` says when what it
//! matched is gone after it: see [`super::gone`].

mod around;
mod called;
mod data_loop;
mod document;
mod handler;
mod literal;
mod macros;
mod receiver;
mod string;
mod taint;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::hints::tree::Node;
use regex::Regex;
use serde::Deserialize;

use super::expression::ascii;
use super::file::File;
use super::lang::Match;
use super::memo::Text;
use super::words::Words;
use crate::model::RepoPath;

pub use around::{Scope, without_comments};
pub use data_loop::walk_around;
pub use handler::{is_async, is_handler};
pub use literal::{entropy, holds_interpolation};
pub use receiver::receiver_class;
pub use string::built_part;
pub use taint::{Answer, source_of};

/// Returns the text of a scope around a node, comments left out.
pub fn text_around<'a>(file: &File<'a>, node: Node<'a>, scope: Scope) -> Text<'a> {
    around::text(file, node, scope)
}

/// Returns the lines of a file that import something.
pub fn import_lines<'a>(file: &File<'a>) -> Vec<&'a str> {
    around::imports(file).collect()
}

/// A regular expression in a rule: read with the rule, compiled when it is first asked.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    /// Returns it compiled; one too large to be compiled matches nothing.
    pub fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            let nothing = || Regex::new(r"[^\s\S]").expect("an empty class is an expression");
            Regex::new(&ascii(&self.text)).unwrap_or_else(|_| nothing())
        })
    }

    /// Returns it as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        regex_syntax::parse(&text).map_err(serde::de::Error::custom)?;
        Ok(Self {
            text,
            compiled: OnceLock::new(),
        })
    }
}

/// The texts of a place that is not looked at as a node.
#[derive(Debug, Clone, Copy, Default)]
pub struct Texts<'t> {
    /// Of its file.
    pub file: &'t str,
    /// Of its lines, whole.
    pub lines: &'t str,
    /// Its own.
    pub own: &'t str,
}

/// One name, or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Names {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Names {
    /// Returns them all.
    pub fn each(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}

/// A condition, as rules write it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    InLoop(LoopKind),
    InAsync(bool),
    InHandler(bool),
    Receiver(ReceiverArgument),
    Guard(GuardArgument),
    Tainted(String),
    Built(String),
    Constant(String),
    Words {
        of: String,
        list: Names,
        except: Option<String>,
    },
    SecretLiteral(String),
    Value {
        of: String,
        matches: Option<Pattern>,
        declared: Option<Pattern>,
    },
    Text {
        #[serde(rename = "in")]
        scope: Scope,
        has: Option<Pattern>,
        lacks: Option<Pattern>,
    },
    Imports(Pattern),
    WithinCall(Pattern),
    Explained(Pattern),
    Path(Pattern),
    Document(Names),
    Helper(Box<called::HelperArgument>),
    #[serde(rename_all = "kebab-case")]
    Siblings {
        have: Pattern,
        at_least: Option<usize>,
    },
    Not(Box<Condition>),
    Any(Vec<Condition>),
    All(Vec<Condition>),
}

/// Which loops count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoopKind {
    /// Once per element of data.
    Data,
    /// Any loop, or a closure called per element.
    Any,
}

/// Whose class is asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum ReceiverArgument {
    Of { of: String, is: Names },
    Call(Names),
}

/// Which guard, and where.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum GuardArgument {
    In {
        is: Names,
        #[serde(rename = "in")]
        scope: Scope,
    },
    Function(Names),
}

/// A match under conditions.
pub struct Seen<'a, 'f> {
    /// The file.
    pub file: &'f File<'a>,
    /// The matched node.
    pub node: Node<'a>,
    /// Its variables.
    pub found: Option<&'f Match<'a>>,
    /// What conditions saw, for the message.
    pub bound: RefCell<BTreeMap<&'static str, String>>,
}

impl<'a> Seen<'a, '_> {
    /// Returns the node of a variable; `SELF` is the match.
    pub fn variable(&self, name: &str) -> Option<Node<'a>> {
        if name == "SELF" {
            return Some(self.node);
        }
        let env = self.found?.get_env();
        if let Some(node) = env.get_match(name) {
            return Some(node.get_inner_node());
        }
        env.get_multiple_matches(name)
            .first()
            .map(ast_grep_core::Node::get_inner_node)
    }

    fn bind(&self, name: &'static str, text: impl Into<String>) {
        self.bound.borrow_mut().insert(name, text.into());
    }
}

impl Condition {
    /// Tells whether it holds.
    pub fn holds(&self, seen: &Seen<'_, '_>) -> bool {
        let file = seen.file;
        let of = |name: &String| seen.variable(name);
        match self {
            Self::InLoop(kind) => in_loop(seen, *kind),
            Self::InAsync(wanted) => is_async(file, seen.node) == *wanted,
            Self::InHandler(wanted) => is_handler(file, seen.node) == *wanted,
            Self::Receiver(argument) => is_received(seen, argument),
            Self::Guard(argument) => is_guarded(seen, argument),
            Self::Tainted(name) => of(name).is_some_and(|node| is_tainted(seen, node)),
            Self::Built(name) => of(name).is_some_and(|node| is_built(seen, node)),
            Self::Constant(name) => of(name).is_some_and(|node| literal::is_constant(file, node)),
            Self::Words {
                of: name,
                list,
                except,
            } => of(name).is_some_and(|node| has_words(seen, node, list, except.as_deref())),
            Self::SecretLiteral(name) => {
                of(name).is_some_and(|node| literal::is_secret(file.text_of(node)))
            }
            Self::Value {
                of: name,
                matches,
                declared,
            } => of(name)
                .is_some_and(|node| has_value(seen, node, matches.as_ref(), declared.as_ref())),
            Self::Text { scope, has, lacks } => {
                let text = around::text(file, seen.node, *scope);
                let matches = |pattern: &Pattern| match scope {
                    // What is as good as never asked twice is not kept.
                    Scope::Match | Scope::Line => pattern.regex().is_match(&text),
                    _ => file.is_match(pattern.regex(), &text),
                };
                has.as_ref().is_none_or(&matches)
                    && lacks.as_ref().is_none_or(|lacks| !matches(lacks))
            }
            Self::Imports(pattern) => {
                around::imports(file).any(|line| pattern.regex().is_match(line))
            }
            Self::WithinCall(pattern) => around::is_within_call(file, seen.node, pattern.regex()),
            Self::Explained(pattern) => around::is_explained(file, seen.node, pattern.regex()),
            Self::Path(pattern) => pattern
                .regex()
                .is_match(&String::from_utf8_lossy(file.path.as_bytes())),
            Self::Document(kinds) => kinds.each().iter().any(|kind| document::is(file, kind)),
            Self::Helper(wanted) => called::holds(seen, wanted),
            Self::Siblings { have, at_least } => {
                around::siblings_have(file, seen.node, have.regex(), at_least.unwrap_or(2))
            }
            Self::Not(inner) => !inner.holds(seen),
            Self::Any(all) => all.iter().any(|one| one.holds(seen)),
            Self::All(all) => all.iter().all(|one| one.holds(seen)),
        }
    }

    /// Tells whether it holds for a place that only has a path and texts, its own and its file's; `None` where it asks for
    /// more than those.
    pub fn holds_of_text(&self, path: &RepoPath, texts: &Texts<'_>) -> Option<bool> {
        let of = |inner: &Self| inner.holds_of_text(path, texts);
        match self {
            Self::Path(pattern) => {
                let path = String::from_utf8_lossy(path.as_bytes());
                Some(pattern.regex().is_match(&path))
            }
            Self::Text { scope, has, lacks } => {
                let text = match scope {
                    Scope::File => texts.file,
                    Scope::Line => texts.lines,
                    Scope::Match => texts.own,
                    _ => return None,
                };
                let has = has.as_ref().is_none_or(|has| has.regex().is_match(text));
                Some(
                    has && lacks
                        .as_ref()
                        .is_none_or(|lacks| !lacks.regex().is_match(text)),
                )
            }
            Self::Not(inner) => of(inner).map(|holds| !holds),
            Self::Any(all) => {
                let all: Option<Vec<bool>> = all.iter().map(of).collect();
                Some(all?.contains(&true))
            }
            Self::All(all) => {
                let all: Option<Vec<bool>> = all.iter().map(of).collect();
                Some(!all?.contains(&false))
            }
            _ => None,
        }
    }

    /// Tells whether it asks something of the whole file alone, so that one answer serves every match in it.
    pub fn is_of_file(&self) -> bool {
        match self {
            Self::Imports(_) | Self::Path(_) | Self::Document(_) => true,
            Self::Text { scope, .. } | Self::Guard(GuardArgument::In { scope, .. }) => {
                *scope == Scope::File
            }
            Self::Not(inner) => inner.is_of_file(),
            Self::Any(all) | Self::All(all) => all.iter().all(Self::is_of_file),
            _ => false,
        }
    }

    /// Returns how dear it is to ask, from what is at hand to what follows values through a function: the cheap are asked
    /// first, in whichever order a rule lists them.
    pub fn cost(&self) -> u8 {
        match self {
            Self::Path(_) | Self::Document(_) | Self::Imports(_) | Self::InAsync(_) => 0,
            Self::Text {
                scope: Scope::Match | Scope::Line,
                ..
            }
            | Self::Words { .. }
            | Self::SecretLiteral(_)
            | Self::Constant(_)
            | Self::Explained(_) => 1,
            Self::Value { .. }
            | Self::Receiver(_)
            | Self::InLoop(_)
            | Self::InHandler(_)
            | Self::WithinCall(_) => 2,
            Self::Text { .. } | Self::Guard(_) | Self::Siblings { .. } | Self::Helper(_) => 3,
            Self::Tainted(_) | Self::Built(_) => 4,
            Self::Not(inner) => inner.cost(),
            Self::Any(all) | Self::All(all) => all.iter().map(Self::cost).max().unwrap_or_default(),
        }
    }

    /// Tells whether it asks of the place of a match alone, and of none of its variables.
    pub fn is_of_place(&self) -> bool {
        match self {
            Self::InLoop(_)
            | Self::InAsync(_)
            | Self::InHandler(_)
            | Self::Guard(_)
            | Self::Text { .. }
            | Self::WithinCall(_)
            | Self::Explained(_)
            | Self::Helper(_)
            | Self::Siblings { .. } => true,
            Self::Not(inner) => inner.is_of_place(),
            Self::Any(all) | Self::All(all) => all.iter().all(Self::is_of_place),
            _ => self.is_of_file(),
        }
    }

    /// Returns regular expressions that must match somewhere in the file for it to hold, or in the match alone.
    pub fn asks_for(&self, in_file: bool) -> Vec<&str> {
        let patterns = match self {
            Self::Text {
                scope: Scope::Match,
                has,
                ..
            } => vec![has.as_ref()],
            Self::Text { has, .. } if in_file => vec![has.as_ref()],
            Self::Imports(pattern) | Self::WithinCall(pattern) if in_file => vec![Some(pattern)],
            Self::Value {
                matches, declared, ..
            } if in_file => vec![matches.as_ref(), declared.as_ref()],
            Self::Helper(wanted) if in_file => vec![wanted.calls.as_ref(), wanted.has.as_ref()],
            Self::Siblings { have, .. } if in_file => vec![Some(have)],
            _ => Vec::new(),
        };
        let patterns = patterns.into_iter().flatten();
        patterns.map(Pattern::as_str).collect()
    }

    /// Returns what of it no vocabulary knows, as sentences.
    pub fn mistakes(&self, words: &Words) -> Vec<String> {
        let unknown = |names: &Names, what: &str, knows: &dyn Fn(&str) -> bool| -> Vec<String> {
            let names = names.each().iter().filter(|name| !knows(name));
            names
                .map(|name| format!("`{name}` is no {what} of words.yml"))
                .collect()
        };
        let receiver = |names: &Names| {
            unknown(names, "class of receivers", &|name| {
                words.knows_receiver(name)
            })
        };
        let guard = |names: &Names| unknown(names, "guard", &|name| words.knows_guard(name));
        match self {
            Self::Receiver(ReceiverArgument::Of { is, .. } | ReceiverArgument::Call(is)) => {
                receiver(is)
            }
            Self::Guard(GuardArgument::In { is, .. } | GuardArgument::Function(is)) => guard(is),
            Self::Words { list, except, .. } => {
                let mut all = unknown(list, "list of words", &|name| words.knows_list(name));
                if let Some(except) = except {
                    all.extend(unknown(
                        &Names::One(except.clone()),
                        "list of words",
                        &|name| words.knows_list(name),
                    ));
                }
                all
            }
            Self::Helper(wanted) => wanted.asks.as_ref().map(receiver).unwrap_or_default(),
            Self::Document(kinds) => unknown(kinds, "kind of document", &document::is_known),
            Self::Not(inner) => inner.mistakes(words),
            Self::Any(all) | Self::All(all) => {
                all.iter().flat_map(|one| one.mistakes(words)).collect()
            }
            Self::InLoop(_)
            | Self::InAsync(_)
            | Self::InHandler(_)
            | Self::Tainted(_)
            | Self::Built(_)
            | Self::Constant(_)
            | Self::SecretLiteral(_)
            | Self::Value { .. }
            | Self::Text { .. }
            | Self::Imports(_)
            | Self::WithinCall(_)
            | Self::Explained(_)
            | Self::Path(_)
            | Self::Siblings { .. } => Vec::new(),
        }
    }

    /// Returns the variables it asks for.
    pub fn variables(&self) -> Vec<&str> {
        match self {
            Self::Receiver(ReceiverArgument::Of { of, .. })
            | Self::Words { of, .. }
            | Self::Value { of, .. }
            | Self::Tainted(of)
            | Self::Built(of)
            | Self::Constant(of)
            | Self::SecretLiteral(of) => vec![of],
            Self::Not(inner) => inner.variables(),
            Self::Any(all) | Self::All(all) => all.iter().flat_map(Self::variables).collect(),
            Self::Receiver(ReceiverArgument::Call(_))
            | Self::InLoop(_)
            | Self::InAsync(_)
            | Self::InHandler(_)
            | Self::Guard(_)
            | Self::Text { .. }
            | Self::Imports(_)
            | Self::WithinCall(_)
            | Self::Explained(_)
            | Self::Path(_)
            | Self::Document(_)
            | Self::Helper(_)
            | Self::Siblings { .. } => Vec::new(),
        }
    }
}

fn in_loop(seen: &Seen<'_, '_>, kind: LoopKind) -> bool {
    let Some(walk) = walk_around(seen.file, seen.node) else {
        return false;
    };
    if kind == LoopKind::Data && !walk.by_data {
        return false;
    }
    seen.bind("loop", walk.over);
    true
}

fn is_received(seen: &Seen<'_, '_>, argument: &ReceiverArgument) -> bool {
    let (node, classes) = match argument {
        ReceiverArgument::Of { of, is } => (seen.variable(of), is),
        ReceiverArgument::Call(is) => (receiver::called_on(seen.file, seen.node), is),
    };
    let Some(node) = node else { return false };
    let is_one = classes
        .each()
        .iter()
        .any(|class| receiver_class(seen.file, node, class));
    if is_one {
        seen.bind("receiver", seen.file.text_of(node));
    }
    is_one
}

fn is_guarded(seen: &Seen<'_, '_>, argument: &GuardArgument) -> bool {
    let (names, scope) = match argument {
        GuardArgument::In { is, scope } => (is, *scope),
        GuardArgument::Function(names) => (names, Scope::Function),
    };
    let text = around::text(seen.file, seen.node, scope);
    names
        .each()
        .iter()
        .any(|name| seen.file.has_guard(name, &text))
}

fn is_tainted<'a>(seen: &Seen<'a, '_>, node: Node<'a>) -> bool {
    match source_of(seen.file, node, seen.node) {
        Some(source) => {
            seen.bind("source", source);
            true
        }
        None => false,
    }
}

fn is_built<'a>(seen: &Seen<'a, '_>, node: Node<'a>) -> bool {
    match built_part(seen.file, node, seen.node) {
        Some(part) => {
            seen.bind("part", part);
            true
        }
        None => false,
    }
}

fn has_words(seen: &Seen<'_, '_>, node: Node<'_>, list: &Names, except: Option<&str>) -> bool {
    let text = seen.file.text_of(node);
    let words = seen.file.words;
    let is_named = list.each().iter().any(|list| words.names_any(list, text));
    is_named && !except.is_some_and(|except| words.names_any(except, text))
}

fn has_value(
    seen: &Seen<'_, '_>,
    node: Node<'_>,
    matches: Option<&Pattern>,
    declared: Option<&Pattern>,
) -> bool {
    let text = seen.file.text_of(node);
    let known = seen.file.names().before(text, node.start_byte());
    let value_matches = matches.is_none_or(|pattern| {
        pattern.regex().is_match(text)
            || known
                .and_then(|known| known.value)
                .is_some_and(|value| pattern.regex().is_match(value))
    });
    let type_matches = declared.is_none_or(|pattern| {
        seen.file
            .names()
            .type_of(text, node.start_byte())
            .is_some_and(|text| pattern.regex().is_match(text))
    });
    value_matches && type_matches
}
