//! The functions of a file by their names, and where each is called: one hop beyond the function at hand.

use std::collections::HashMap;

use super::file::File;
use super::grammar;
use super::kinds::{self, Call};
use super::tree::Node;
use super::words;
use crate::syntax::Language;

/// The functions of a file, its classes, and the calls of those functions.
#[derive(Debug, Default)]
pub struct Own<'a> {
    /// Name → the numbers of the functions.
    functions: HashMap<&'a str, Vec<usize>>,
    /// Name → the numbers of calls.
    calls: HashMap<&'a str, Vec<usize>>,
    /// Names of classes.
    classes: Vec<&'a str>,
}

impl<'a> Own<'a> {
    /// Reads a file.
    pub fn collect(file: &File<'a>) -> Self {
        let mut own = Self::default();
        for &at in file.functions() {
            let name = file.function_name(file.node(at as usize));
            if !name.is_empty() {
                own.functions.entry(name).or_default().push(at as usize);
            }
        }
        for node in file.nodes() {
            if file.is(node, grammar::CLASS) || node.kind() == "impl_item" {
                let name = kinds::field(node, &["name", "type"]);
                own.classes.extend(name.map(|name| file.text_of(name)));
            } else if let Some(name) = file.call(node).and_then(|call| call.name) {
                let name = file.text_of(name);
                if own.functions.contains_key(name) {
                    own.calls.entry(name).or_default().push(node.id());
                }
            }
        }
        own
    }

    /// Returns where functions of a name are called, by the numbers of the nodes.
    pub fn calls_of(&self, name: &str) -> &[usize] {
        self.calls.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Returns the function of this file that is called; `None` where it is another's, or might be one of several.
pub fn called<'a>(file: &File<'a>, call: &Call<'a>) -> Option<Node<'a>> {
    let name = file.text_of(call.name?);
    let own = file.own();
    let named = own.functions.get(name)?.iter().map(|&at| file.node(at));
    let class = file.class(call.node);
    let in_class = |function: &Node<'a>| file.class(*function) == class;
    let Some(on) = call.receiver else {
        let mut free = named.filter(|function| !is_method(file, *function) || hears_bare(file));
        let first = free.next()?;
        return match free.next() {
            None => Some(first),
            Some(second) => {
                let mut near = [first, second].into_iter().chain(free).filter(in_class);
                near.next().filter(|_| near.next().is_none())
            }
        };
    };
    let mut all = named;
    let first = all.next()?;
    let is_alone = all.next().is_none();
    if is_alone {
        return is_own(file, call, on).then_some(first);
    }
    if !is_self(file.text_of(on)) {
        return None;
    }
    let named = own.functions.get(name)?.iter().map(|&at| file.node(at));
    let mut near = named.filter(in_class);
    near.next().filter(|_| near.next().is_none())
}

/// Tells whether a method may be called without naming what it is called on.
fn hears_bare(file: &File<'_>) -> bool {
    !matches!(
        file.language,
        Language::Python | Language::Php | Language::Go | Language::Rust
    ) && words::family(file.language) != "javascript"
}

/// Tells whether a function belongs to a class or to what it is called on.
fn is_method(file: &File<'_>, function: Node<'_>) -> bool {
    let around = kinds::decorated(function).parent().and_then(Node::parent);
    grammar::field_of(function, "receiver").is_some()
        || matches!(function.kind(), "method_definition" | "method_declaration")
        || around
            .is_some_and(|around| file.is(around, grammar::CLASS) || around.kind() == "impl_item")
}

fn is_self(on: &str) -> bool {
    matches!(
        on,
        "self" | "this" | "$this" | "cls" | "Self" | "static" | "super"
    )
}

fn is_own<'a>(file: &File<'a>, call: &Call<'a>, on: Node<'a>) -> bool {
    let classes = &file.own().classes;
    let text = file.text_of(on);
    let last = text.rsplit(['.', ':', ' ', '\\']).next().unwrap_or(text);
    let made = text.trim_start_matches('(').strip_prefix("new ");
    let made = made.and_then(|made| made.split('(').next()).map(str::trim);
    is_self(text)
        || classes.contains(&last)
        || made.is_some_and(|made| classes.contains(&made))
        || is_made_here(file, on, classes)
        || file.language == Language::Go && is_go_receiver(file, call, text)
}

/// Tells whether a name is what the method around a call is called on, or as short as those are.
fn is_go_receiver(file: &File<'_>, call: &Call<'_>, on: &str) -> bool {
    let is_name = |text: &str| text.trim_start_matches('(').split(' ').next() == Some(on);
    let around = call
        .node
        .around()
        .find(|node| node.kind() == "method_declaration");
    let receiver = around.and_then(|method| grammar::field_of(method, "receiver"));
    on.len() <= 3 || receiver.is_some_and(|receiver| is_name(file.text_of(receiver)))
}

/// Tells whether a name was declared as something of a class of this file, or last bound to a new one.
fn is_made_here(file: &File<'_>, on: Node<'_>, classes: &[&str]) -> bool {
    let (name, at) = (file.text_of(on), on.start_byte());
    let declared = file.names().type_of(name, at).unwrap_or_default();
    let declared = declared.trim_start_matches(['&', '*', ':', ' ', '?']);
    let declared = declared.strip_prefix("mut ").unwrap_or(declared);
    let known = file.names().before(name, at);
    let value = known.and_then(|known| known.value).unwrap_or_default();
    let value = value.strip_prefix("new ").unwrap_or(value);
    let class = value.split(['(', '.']).next().unwrap_or(value).trim();
    classes.contains(&class) || classes.contains(&declared)
}
