//! What values take in after they are bound: texts that are appended, elements that are put into lists and maps.

use std::collections::HashMap;

use super::file::File;
use super::grammar::{self, field_of};
use super::kinds;
use super::names::bare;
use super::tree::Node;

/// One thing that a value takes in.
#[derive(Debug, Clone, Copy)]
pub struct Gain {
    /// Where, in bytes.
    pub at: usize,
    /// The number of the node that is taken in.
    pub node: usize,
}

/// What the values of a file take in, by their names.
#[derive(Debug, Default)]
pub struct Gains<'a>(HashMap<&'a str, Vec<Gain>>);

/// Methods that put what they are given into what they are called on.
const PUTS: &[&str] = &[
    "add",
    "addAll",
    "addElement",
    "addFirst",
    "addLast",
    "append",
    "extend",
    "insert",
    "offer",
    "prepend",
    "push",
    "push_back",
    "push_str",
    "put",
    "putAll",
    "putIfAbsent",
    "set",
    "setProperty",
    "setdefault",
    "unshift",
    "update",
    "write",
    "Add",
    "AddRange",
    "Append",
    "AppendFormat",
    "AppendLine",
    "Enqueue",
    "Push",
    "TryAdd",
    "WriteString",
];

impl<'a> Gains<'a> {
    /// Reads all of them, in the order of the text.
    pub fn collect(file: &File<'a>) -> Self {
        let mut gains = Self::default();
        for node in file.nodes() {
            if node.has_children() && node.is_named() {
                gains.read(file, node);
            }
        }
        gains
    }

    /// Returns what a name takes in, in the order of the text.
    pub fn of(&self, name: &str) -> &[Gain] {
        self.0.get(bare(name)).map_or(&[], Vec::as_slice)
    }

    fn read(&mut self, file: &File<'a>, node: Node<'a>) {
        if let Some(call) = file.call(node) {
            let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
            if PUTS.contains(&name)
                && let (Some(on), Some(arguments)) = (call.receiver, call.arguments)
            {
                self.insert(file, on, node, arguments);
            }
            return;
        }
        let (Some(left), Some(right)) = (field_of(node, "left"), field_of(node, "right")) else {
            return;
        };
        if node.kind() == "binary" {
            let is_pushed =
                field_of(node, "operator").is_some_and(|sign| file.text_of(sign) == "<<");
            if is_pushed {
                self.insert(file, left, node, right);
            }
            return;
        }
        if !node.kind().contains("assignment") {
            return;
        }
        let whole = matches!(
            left.kind(),
            "subscript"
                | "subscript_expression"
                | "index_expression"
                | "element_reference"
                | "element_access_expression"
                | "array_access"
        )
        .then(|| {
            kinds::field(left, &["object", "value", "operand", "expression", "array"])
                .or_else(|| left.named_child(0))
        });
        if let Some(Some(whole)) = whole {
            self.insert(file, whole, node, right);
        }
    }

    fn insert(&mut self, file: &File<'a>, on: Node<'a>, at: Node<'a>, node: Node<'a>) {
        let text = file.text_of(on);
        if text.len() <= 64 && (file.is(on, grammar::IDENTIFIER) || on.named_child_count() <= 2) {
            self.0.entry(bare(text)).or_default().push(Gain {
                at: at.start_byte(),
                node: node.id(),
            });
        }
    }
}
