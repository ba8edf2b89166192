//! The names of a file and what they were declared as: types of parameters and fields, values of first assignments.

use std::collections::HashMap;

use tree_sitter::Node;

/// What a name was declared as, once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// The type's text.
    pub type_text: Option<String>,
    /// The value's text, cut.
    pub value: Option<String>,
    /// Where the declaration begins, in bytes.
    pub at: usize,
    /// Whether it is a parameter of a function.
    pub is_parameter: bool,
    /// Where the value lies, in bytes.
    pub value_range: Option<std::ops::Range<usize>>,
}

/// The names of a file.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, Vec<Declared>>);

/// Longest value that is kept, in bytes.
const LONGEST: usize = 4096;

impl Names {
    /// Reads all declarations of a tree.
    pub fn collect(top: Node<'_>, text: &str) -> Self {
        let mut names = Self::default();
        let mut cursor = top.walk();
        loop {
            names.read(cursor.node(), text);
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return names;
                }
            }
        }
    }

    /// Returns the declarations of a name, in the order of the text. `this.x`, `self.x`, `@x` and `$x` are `x`.
    pub fn of(&self, name: &str) -> &[Declared] {
        self.0.get(bare(name)).map_or(&[], Vec::as_slice)
    }

    /// Returns the last declaration of a name before a place, and else the first.
    pub fn before(&self, name: &str, at: usize) -> Option<&Declared> {
        let all = self.of(name);
        all.iter()
            .rfind(|declared| declared.at <= at)
            .or_else(|| all.first())
    }

    fn read(&mut self, node: Node<'_>, text: &str) {
        if !node.is_named() || node.named_child_count() == 0 {
            return;
        }
        let in_typed_list = node.kind() == "variable_declarator"
            && node.parent().is_some_and(|parent| {
                matches!(
                    parent.kind(),
                    "field_declaration" | "local_variable_declaration" | "variable_declaration"
                )
            });
        if in_typed_list {
            return;
        }
        let of = |names: &[&str]| names.iter().find_map(|name| node.child_by_field_name(name));
        let kind = node.kind();
        let (name, type_node, value) = match kind {
            // Go's and Rust's kin put several names on one side.
            "assignment"
            | "assignment_expression"
            | "short_var_declaration"
            | "assignment_statement"
            | "augmented_assignment"
            | "operator_assignment"
            | "named_expression"
            | "let_declaration"
            | "let_condition" => (
                of(&["left", "pattern", "name"]),
                of(&["type"]),
                of(&["right", "value"]),
            ),
            "property_declaration" | "variable_declaration"
                if node.child_by_field_name("name").is_none() =>
            {
                return self.read_kotlin(node, text);
            }
            "typed_parameter" | "class_parameter" | "parameter" | "typed_default_parameter"
                if of(&["name", "pattern"]).is_none() =>
            {
                (
                    node.named_child(0),
                    of(&["type"]).or_else(|| node.named_child(1)),
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
            let mut cursor = node.walk();
            let all: Vec<Node<'_>> = node.children_by_field_name("name", &mut cursor).collect();
            for one in all {
                self.add(one, type_node, value, text);
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
        self.add(name, type_node, value, text);
    }

    fn add(
        &mut self,
        name: Node<'_>,
        type_node: Option<Node<'_>>,
        value: Option<Node<'_>>,
        text: &str,
    ) {
        let is_parameter = name
            .parent()
            .is_some_and(|parent| parent.kind().contains("parameter"));
        let get = |node: Node<'_>| text.get(node.byte_range()).unwrap_or_default();
        let declared = Declared {
            type_text: type_node.map(|node| cut(get(node)).to_owned()),
            value: value.map(|node| cut(get(node)).to_owned()),
            at: name.start_byte(),
            is_parameter,
            value_range: value.map(|node| node.byte_range()),
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
            let mut cursor = name.walk();
            for child in name.named_children(&mut cursor) {
                let inner = match child.kind() {
                    "pair_pattern" => child.child_by_field_name("value").unwrap_or(child),
                    "assignment_pattern" | "object_assignment_pattern" => {
                        child.child_by_field_name("left").unwrap_or(child)
                    }
                    "rest_pattern" => child.named_child(0).unwrap_or(child),
                    _ => child,
                };
                let inner = match inner.kind() {
                    "assignment_pattern" => inner.child_by_field_name("left").unwrap_or(inner),
                    _ => inner,
                };
                self.insert(get(inner), declared.clone());
            }
        } else {
            self.insert(get(name), declared);
        }
    }

    fn insert(&mut self, name: &str, declared: Declared) {
        // `Json(payload): Json<T>`
        let name = name
            .strip_suffix(')')
            .and_then(|name| name.split_once('('))
            .map_or(name, |(_, inner)| inner);
        let name = bare(name);
        if !name.is_empty() && name.len() <= 128 {
            self.0.entry(name.to_owned()).or_default().push(declared);
        }
    }

    /// `Type a = 1, b;` of Java and C#.
    fn read_typed_list(&mut self, node: Node<'_>, text: &str) {
        let type_node = node.child_by_field_name("type");
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "variable_declarator" => {
                    let name = child
                        .child_by_field_name("name")
                        .or_else(|| child.named_child(0));
                    let value = child.child_by_field_name("value").or_else(|| {
                        let last =
                            child.named_child((child.named_child_count() as u32).saturating_sub(1));
                        last.filter(|last| Some(last.id()) != name.map(|name| name.id()))
                    });
                    if let Some(name) = name {
                        self.add(name, type_node, value, text);
                    }
                }
                "field_identifier" | "property_element" => self.add(child, type_node, None, text),
                _ => {}
            }
        }
        if let Some(name) = node.child_by_field_name("name") {
            self.add(name, type_node, node.child_by_field_name("value"), text);
        }
    }

    /// `val name: Type = value` of Kotlin, whose grammar names no fields; `private Type $x = …` of PHP.
    fn read_kotlin(&mut self, node: Node<'_>, text: &str) {
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
        let of_kind = |kinds: &[&str]| {
            children
                .iter()
                .copied()
                .find(|child| kinds.contains(&child.kind()))
        };
        if let Some(element) = of_kind(&["property_element"]) {
            let name = element
                .child_by_field_name("name")
                .or_else(|| element.named_child(0));
            if let Some(name) = name {
                self.add(
                    name,
                    node.child_by_field_name("type"),
                    element.child_by_field_name("default_value"),
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
            let mut cursor = variable.walk();
            let inner: Vec<Node<'_>> = variable.named_children(&mut cursor).collect();
            let type_node = inner
                .iter()
                .copied()
                .find(|child| type_kinds.contains(&child.kind()));
            if let Some(name) = inner.first() {
                self.add(*name, type_node, value, text);
            }
            return;
        }
        self.read_typed_list(node, text);
    }
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
