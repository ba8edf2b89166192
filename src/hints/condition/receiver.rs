//! What a call is made on: a database, an HTTP client, a logger; told by names, declared types, first values, imports.

use crate::hints::tree::Node;

use crate::hints::file::File;
use crate::hints::kinds::{self, field};
use crate::hints::words::{Receiver, split};

/// Returns what the call around or at a node is made on; a call of a bare name is made on that name.
pub fn called_on<'a>(file: &File<'a>, node: Node<'a>) -> Option<Node<'a>> {
    let call = file
        .call(node)
        .or_else(|| node.named_children().find_map(|child| file.call(child)))?;
    call.receiver.or(call.name)
}

/// Returns the names of a chain from its root on, calls and arguments left out: `self.db.query(x).all` → self, db, query, all.
pub fn chain<'a>(file: &File<'a>, node: Node<'a>) -> Vec<&'a str> {
    let mut names = Vec::new();
    collect(file, node, &mut names, 32);
    names
}

fn collect<'a>(file: &File<'a>, node: Node<'a>, names: &mut Vec<&'a str>, depth: u8) {
    if depth == 0 {
        return;
    }
    if let Some(call) = file.call(node) {
        if let Some(receiver) = call.receiver {
            collect(file, receiver, names, depth - 1);
        }
        names.extend(call.name.map(|name| file.text_of(name)));
        return;
    }
    if matches!(
        node.kind(),
        "await"
            | "await_expression"
            | "parenthesized_expression"
            | "non_null_expression"
            | "try_expression"
            | "unary_expression"
            | "not_null_expression"
            | "postfix_unary_expression"
    ) && let Some(inner) = node.named_child(0)
    {
        return collect(file, inner, names, depth - 1);
    }
    if matches!(
        node.kind(),
        "subscript"
            | "subscript_expression"
            | "element_access_expression"
            | "index_expression"
            | "element_reference"
            | "type_arguments"
            | "generic_name"
    ) && let Some(inner) =
        field(node, &["value", "object", "operand", "expression"]).or_else(|| node.named_child(0))
    {
        return collect(file, inner, names, depth - 1);
    }
    let (receiver, name) = kinds::split_callee(node);
    match receiver {
        Some(receiver) => {
            collect(file, receiver, names, depth - 1);
            names.push(file.text_of(name));
        }
        None => names.push(file.text_of(name)),
    }
}

/// Tells whether an expression is of a class of receivers; worked out once for each.
pub fn receiver_class<'a>(file: &File<'a>, node: Node<'a>, class: &str) -> bool {
    file.is_receiver(node, class, || is_of_class(file, node, class))
}

fn is_of_class<'a>(file: &File<'a>, node: Node<'a>, class: &str) -> bool {
    let Some(entries) = file.words.receiver(class, file.language) else {
        return false;
    };
    let names = chain(file, node);
    if names.iter().any(|name| file.words.is_learned(class, name)) {
        return true;
    }
    let own = own_name(&names);
    let known = own.and_then(|name| file.names().before(name, node.start_byte()));
    let type_text = own
        .and_then(|name| file.names().type_of(name, node.start_byte()))
        .unwrap_or_default();
    let value = known.and_then(|known| known.value).unwrap_or_default();
    let value = first_line(value);
    file.is_class((file.text_of(node), type_text, value), class, || {
        says_class(&entries, &names, type_text, value)
    })
}

/// Tells whether names, a declared type or a first value are of a class, and none of them is excluded.
fn says_class(entries: &[&Receiver], names: &[&str], type_text: &str, value: &str) -> bool {
    let is_meant = entries.iter().any(|entry| {
        let by_type = !type_text.is_empty()
            && entry
                .types
                .as_ref()
                .is_some_and(|types| types.is_match(type_text));
        let by_value = !value.is_empty()
            && entry
                .values
                .as_ref()
                .is_some_and(|values| values.is_match(value));
        by_type || by_value || names.iter().any(|name| is_named(entry, name))
    });
    if !is_meant {
        return false;
    }
    let spelled = names.join(".");
    let is_excluded = |entry: &&&Receiver| {
        entry.not.as_ref().is_some_and(|not| {
            not.is_match(&spelled) || not.is_match(type_text) || not.is_match(value)
        })
    };
    !entries.iter().any(|entry| is_excluded(&entry))
}

fn is_named(entry: &Receiver, name: &str) -> bool {
    let plain = name.trim_start_matches(['$', '@', '_']);
    if entry.names.as_ref().is_some_and(|names| {
        names.is_match(name) || plain.len() < name.len() && names.is_match(plain)
    }) {
        return true;
    }
    !entry.words.is_empty() && split(plain).iter().any(|word| entry.words.contains(word))
}

/// Returns the name whose declaration tells most: the first that is not the own object.
fn own_name<'a>(names: &[&'a str]) -> Option<&'a str> {
    names
        .iter()
        .copied()
        .find(|name| !matches!(*name, "self" | "this" | "$this" | "cls" | "super" | "Me"))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
