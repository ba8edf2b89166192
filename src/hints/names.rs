//! The names of a file and what they were declared as: types of parameters and fields, values of first assignments.

use std::collections::HashMap;

use super::tree::{Node, Tree};

use super::grammar::field_of;

/// What a name was declared as, once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared<'a> {
    /// The type's text.
    pub type_text: Option<&'a str>,
    /// The value's text, cut.
    pub value: Option<&'a str>,
    /// Where the declaration begins, in bytes.
    pub at: usize,
    /// Whether it is a parameter of a function.
    pub is_parameter: bool,
    /// Whether the value is added to what was there, as by `+=`.
    pub adds: bool,
    /// Where the value lies, in bytes.
    pub value_range: Option<std::ops::Range<usize>>,
}

/// The names of a file.
#[derive(Debug, Default)]
pub struct Names<'a>(HashMap<&'a str, Vec<Declared<'a>>>);

/// Longest value that is kept, in bytes.
const LONGEST: usize = 4096;

impl<'a> Names<'a> {
    /// Reads all declarations of a tree, in the order of the text.
    pub fn collect(tree: &Tree, text: &'a str) -> Self {
        let mut names = Self::default();
        for node in tree.nodes() {
            if node.has_children() && node.is_named() {
                names.read(node, node.parent().unwrap_or(node), text);
            }
        }
        names
    }

    /// Returns the declarations of a name, in the order of the text. `this.x`, `self.x`, `@x` and `$x` are `x`.
    pub fn of(&self, name: &str) -> &[Declared<'a>] {
        self.0.get(bare(name)).map_or(&[], Vec::as_slice)
    }

    /// Returns the last declaration of a name before a place, and else the first.
    pub fn before(&self, name: &str, at: usize) -> Option<&Declared<'a>> {
        let all = self.of(name);
        all.iter()
            .rfind(|declared| declared.at <= at)
            .or_else(|| all.first())
    }

    /// Returns the type that a name was last declared with before a place, and else first.
    pub fn type_of(&self, name: &str, at: usize) -> Option<&'a str> {
        let typed = self
            .of(name)
            .iter()
            .filter_map(|known| Some((known.at, known.type_text?)));
        let before = typed.clone().rfind(|(place, _)| *place <= at);
        before
            .or_else(|| typed.clone().next())
            .map(|(_, text)| text)
    }

    fn read(&mut self, node: Node<'_>, parent: Node<'_>, text: &'a str) {
        let in_typed_list = node.kind() == "variable_declarator"
            && matches!(
                parent.kind(),
                "field_declaration" | "local_variable_declaration" | "variable_declaration"
            );
        if in_typed_list {
            return;
        }
        let of = |names: &[&'static str]| names.iter().find_map(|&name| field_of(node, name));
        let kind = node.kind();
        let (name, type_node, value) = match kind {
            // Go's and Rust's kin put several names on one side.
            "assignment"
            | "assignment_expression"
            | "short_var_declaration"
            | "assignment_statement"
            | "augmented_assignment"
            | "augmented_assignment_expression"
            | "compound_assignment_expr"
            | "operator_assignment"
            | "named_expression"
            | "let_declaration"
            | "let_condition" => (
                of(&["left", "pattern", "name"]),
                of(&["type"]),
                of(&["right", "value"]),
            ),
            "property_declaration" | "variable_declaration" if field_of(node, "name").is_none() => {
                return self.read_kotlin(node, text);
            }
            "typed_parameter" | "class_parameter" | "parameter" | "typed_default_parameter"
                if of(&["name", "pattern"]).is_none() =>
            {
                // Kotlin writes `private`, `vararg` and annotations before the name.
                let plain = || {
                    let marks = |child: &Node<'_>| {
                        child.kind().ends_with("modifier") || child.kind().ends_with("modifiers")
                    };
                    node.named_children().filter(move |child| !marks(child))
                };
                (
                    plain().next(),
                    of(&["type"]).or_else(|| plain().nth(1)),
                    None,
                )
            }
            "field_declaration" | "local_variable_declaration" | "variable_declaration" => {
                return self.read_typed_list(node, text);
            }
            _ => (
                of(&["name", "pattern"]),
                of(&["type"]),
                of(&["value", "default_value", "default"]),
            ),
        };
        let Some(name) = name else { return };
        if matches!(kind, "parameter_declaration" | "var_spec" | "const_spec") {
            // `a, b float64`
            let all: Vec<Node<'_>> = node.children_of_field("name").collect();
            for one in all {
                self.add(node, one, type_node, value, text);
            }
            return;
        }
        if type_node.is_none() && value.is_none() {
            if matches!(kind, "catch_clause" | "keyword_argument") {
                return;
            }
            if !kind.contains("parameter") {
                return;
            }
        }
        if kind == "keyword_argument" || kind == "pair" || kind == "named_argument" {
            return;
        }
        self.add(node, name, type_node, value, text);
    }

    fn add(
        &mut self,
        owner: Node<'_>,
        name: Node<'_>,
        type_node: Option<Node<'_>>,
        value: Option<Node<'_>>,
        text: &'a str,
    ) {
        let is_parameter = owner.kind().contains("parameter") && !is_receiver(owner);
        let get = |node: Node<'_>| text.get(node.byte_range()).unwrap_or_default();
        let declared = Declared {
            type_text: type_node.map(|node| cut(get(node))),
            value: value.map(|node| cut(get(node))),
            at: name.start_byte(),
            is_parameter,
            adds: adds(owner, text),
            value_range: value.map(Node::byte_range),
        };
        let many = matches!(
            name.kind(),
            "expression_list"
                | "pattern_list"
                | "tuple_pattern"
                | "left_assignment_list"
                | "object_pattern"
                | "array_pattern"
                | "list_literal"
        );
        if many {
            for child in name.named_children() {
                let inner = match child.kind() {
                    "pair_pattern" => field_of(child, "value").unwrap_or(child),
                    "assignment_pattern" | "object_assignment_pattern" => {
                        field_of(child, "left").unwrap_or(child)
                    }
                    "rest_pattern" => child.named_child(0).unwrap_or(child),
                    _ => child,
                };
                let inner = match inner.kind() {
                    "assignment_pattern" => field_of(inner, "left").unwrap_or(inner),
                    _ => inner,
                };
                self.insert(get(inner), declared.clone());
            }
        } else {
            self.insert(get(name), declared);
        }
    }

    fn insert(&mut self, name: &'a str, declared: Declared<'a>) {
        // `Json(payload): Json<T>`
        let name = name
            .strip_suffix(')')
            .and_then(|name| name.split_once('('))
            .map_or(name, |(_, inner)| inner);
        let name = bare(name);
        if !name.is_empty() && name.len() <= 128 {
            self.0.entry(name).or_default().push(declared);
        }
    }

    /// `Type a = 1, b;` of Java and C#.
    fn read_typed_list(&mut self, node: Node<'_>, text: &'a str) {
        let type_node = field_of(node, "type");
        for child in node.named_children() {
            match child.kind() {
                "variable_declarator" => {
                    let name = field_of(child, "name").or_else(|| child.named_child(0));
                    let value = field_of(child, "value").or_else(|| {
                        let last =
                            child.named_child((child.named_child_count() as u32).saturating_sub(1));
                        last.filter(|last| Some(last.id()) != name.map(Node::id))
                    });
                    if let Some(name) = name {
                        self.add(child, name, type_node, value, text);
                    }
                }
                "field_identifier" | "property_element" => {
                    self.add(node, child, type_node, None, text);
                }
                _ => {}
            }
        }
        if let Some(name) = field_of(node, "name") {
            self.add(node, name, type_node, field_of(node, "value"), text);
        }
    }

    /// `val name: Type = value` of Kotlin, whose grammar names no fields; `private Type $x = …` of PHP.
    fn read_kotlin(&mut self, node: Node<'_>, text: &'a str) {
        let children: Vec<Node<'_>> = node.named_children().collect();
        let of_kind = |kinds: &[&str]| {
            children
                .iter()
                .copied()
                .find(|child| kinds.contains(&child.kind()))
        };
        if let Some(element) = of_kind(&["property_element"]) {
            let name = field_of(element, "name").or_else(|| element.named_child(0));
            if let Some(name) = name {
                self.add(
                    element,
                    name,
                    field_of(node, "type"),
                    field_of(element, "default_value"),
                    text,
                );
            }
            return;
        }
        let type_kinds = &["user_type", "nullable_type"];
        if let Some(variable) = of_kind(&["variable_declaration"]) {
            let value = children
                .last()
                .copied()
                .filter(|last| last.id() != variable.id());
            let inner: Vec<Node<'_>> = variable.named_children().collect();
            let type_node = inner
                .iter()
                .copied()
                .find(|child| type_kinds.contains(&child.kind()));
            if let Some(name) = inner.first() {
                self.add(variable, *name, type_node, value, text);
            }
            return;
        }
        self.read_typed_list(node, text);
    }
}

/// Tells whether an assignment adds to what a name was before.
fn adds(assignment: Node<'_>, text: &str) -> bool {
    let kind = assignment.kind();
    if matches!(
        kind,
        "assignment_expression" | "assignment_statement" | "assignment"
    ) {
        let sign = field_of(assignment, "operator").and_then(|sign| text.get(sign.byte_range()));
        return sign.is_some_and(|sign| sign != "=" && sign != ":=");
    }
    kind.starts_with("augmented") || kind.starts_with("compound") || kind == "operator_assignment"
}

/// Strips what languages put before a name of their own object.
pub fn bare(name: &str) -> &str {
    let name = name.trim().trim_start_matches(['@', '$', '&', '*']);
    let last = name.rsplit(['.', '>']).next().unwrap_or(name);
    let owner = &name[..name.len() - last.len()];
    let own = matches!(owner, "this." | "self." | "this->" | "cls." | "" | "Me.");
    if own { last } else { name }
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Go's `func (s *Server)`: the own object, and no argument.
fn is_receiver(parameter: Node<'_>) -> bool {
    if parameter.kind() != "parameter_declaration" {
        return false;
    }
    let Some(list) = parameter.parent() else {
        return false;
    };
    let Some(function) = list.parent() else {
        return false;
    };
    field_of(function, "receiver").is_some_and(|receiver| receiver.id() == list.id())
}
