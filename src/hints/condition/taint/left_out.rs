//! What of an expression is not in what comes of it: keys that choose, and what others are asked with.

use super::calls;
use crate::hints::condition::receiver::receiver_class;
use crate::hints::file::File;
use crate::hints::kinds::{self, Call};
use crate::hints::tree::Node;

/// `PAGES[key]`, `ROUTES.get(key)`: the key chooses one of what the program wrote down.
pub fn chooses_from_fixed<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    let table = match node.kind() {
        "subscript_expression"
        | "subscript"
        | "index_expression"
        | "element_reference"
        | "element_access_expression" => {
            kinds::field(node, &["object", "value", "operand", "expression"])
                .or_else(|| node.named_child(0))
        }
        _ => file
            .call(node)
            .filter(|call| call.name.is_some_and(|name| file.text_of(name) == "get"))
            .and_then(|call| call.receiver),
    };
    table.is_some_and(|table| {
        let text = file.text_of(table);
        let is_capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        text.len() > 2
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.chars().all(is_capital)
    })
}

/// Tells whether nothing of what a node is given is in what comes of it.
pub fn keeps_nothing<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    if chooses_from_fixed(file, node) || only_asks(file, node) {
        return true;
    }
    let Some(call) = file.call(node) else {
        return false;
    };
    match calls::answer(file, &call) {
        Some(answer) => !answer.takes_parameters && answer.request.is_none(),
        None => looks_up(file, &call),
    }
}

/// `orders.findById(id)`: what a database answers with is a record of ours, and not the text that it was asked with.
fn looks_up<'a>(file: &File<'a>, call: &Call<'a>) -> bool {
    let (Some(on), Some(name)) = (call.receiver, call.name) else {
        let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
        return name.ends_with("_or_404");
    };
    let name = file.text_of(name).to_ascii_lowercase();
    let asks = ["find", "fetch", "query", "execute", "select", "load", "get"];
    // A request has such methods too.
    let head = file
        .text()
        .get(on.start_byte()..call.name.map_or(0, Node::end_byte));
    let of_request =
        head.is_none_or(|head| file.words.is_request(file.language, &format!("{head}(")));
    asks.iter().any(|word| name.starts_with(word))
        && !of_request
        && receiver_class(file, on, "database")
}

/// `routes[path]`: what is looked up in a list is not what it is looked up by.
pub fn is_index<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    let Some(parent) = node.parent() else {
        return false;
    };
    let is_element = matches!(
        parent.kind(),
        "subscript_expression" | "subscript" | "index_expression" | "element_reference"
    );
    let table =
        || kinds::field(parent, &["object", "value", "operand"]).or_else(|| parent.named_child(0));
    let is_list = |table: Node<'a>| {
        let text = format!("{}[", file.text_of(table));
        table != node && !file.words.is_request(file.language, &text)
    };
    is_element && node.is_named() && table().is_some_and(is_list)
}

/// `reports.findLatest(name)`: what another object is asked with is not in its answer, while what that object is made of
/// may be. What is asked for a path or a text may well be put together of what was given.
pub fn only_asks<'a>(file: &File<'a>, arguments: Node<'a>) -> bool {
    let call = arguments.parent().and_then(|parent| file.call(parent));
    let Some(call) = call.filter(|call| call.arguments == Some(arguments)) else {
        return false;
    };
    if calls::answer(file, &call).is_some() {
        return false;
    }
    let (Some(on), Some(name)) = (call.receiver, call.name) else {
        return false;
    };
    let (on, name) = (file.text_of(on), file.text_of(name));
    let is_object = on.trim_start_matches('$').starts_with(char::is_lowercase)
        && !matches!(
            on,
            "re" | "lodash" | "fp" | "path" | "paths" | "url" | "json"
        );
    is_object && says_ask(name)
}

/// Tells whether the name of a method says that it looks something up.
fn says_ask(name: &str) -> bool {
    const ASKS: [&str; 8] = [
        "find", "fetch", "get", "load", "query", "select", "lookup", "execute",
    ];
    const MADE: [&str; 14] = [
        "path", "url", "uri", "file", "name", "dir", "text", "string", "sql", "html", "query",
        "bytes", "all", "template",
    ];
    let small = name.to_ascii_lowercase();
    let Some(rest) = ASKS.iter().find_map(|ask| small.strip_prefix(ask)) else {
        return false;
    };
    let next = name[name.len() - rest.len()..].chars().next();
    let ends = next.is_none_or(|next| next.is_uppercase() || next == '_');
    ends && (rest.starts_with("by") || !MADE.iter().any(|word| rest.contains(word)))
}
