//! What the kinds of nodes of each grammar are: functions, closures, loops, calls. One table for all rules, so that a
//! condition is written once for every language.

use super::grammar::{self, field_of};
use super::tree::Node;
use crate::syntax::Language;

/// The kinds of nodes of one family of languages.
pub struct Kinds {
    /// Named functions and methods.
    pub functions: &'static [&'static str],
    /// Functions without a name of their own, blocks included.
    pub closures: &'static [&'static str],
    /// Classes and what is like them.
    pub classes: &'static [&'static str],
    /// Loops, with the fields of what they walk over; empty where a loop only has a condition.
    pub loops: &'static [(&'static str, &'static [&'static str])],
    /// Calls and object creations.
    pub calls: &'static [&'static str],
    /// Names.
    pub identifiers: &'static [&'static str],
    /// Whole strings, quotes included.
    pub strings: &'static [&'static str],
    /// Lists and other collections written out.
    pub literals: &'static [&'static str],
}

const SCRIPT: Kinds = Kinds {
    functions: &[
        "function_declaration",
        "method_definition",
        "generator_function_declaration",
    ],
    closures: &["arrow_function", "function_expression"],
    classes: &["class_declaration", "class"],
    loops: &[
        ("for_in_statement", &["right"]),
        ("for_statement", &["condition"]),
        ("while_statement", &["condition"]),
        ("do_statement", &["condition"]),
    ],
    calls: &["call_expression", "new_expression"],
    identifiers: &["identifier", "shorthand_property_identifier"],
    strings: &["string", "template_string"],
    literals: &["array"],
};

const PYTHON: Kinds = Kinds {
    functions: &["function_definition"],
    closures: &["lambda"],
    classes: &["class_definition"],
    loops: &[
        ("for_statement", &["right"]),
        ("while_statement", &["condition"]),
        ("list_comprehension", &[]),
        ("set_comprehension", &[]),
        ("dictionary_comprehension", &[]),
        ("generator_expression", &[]),
    ],
    calls: &["call"],
    identifiers: &["identifier"],
    strings: &["string", "concatenated_string"],
    literals: &["list", "tuple", "set", "dictionary"],
};

const GO: Kinds = Kinds {
    functions: &["function_declaration", "method_declaration"],
    closures: &["func_literal"],
    classes: &["type_spec"],
    loops: &[("for_statement", &[])],
    calls: &["call_expression"],
    identifiers: &["identifier"],
    strings: &["interpreted_string_literal", "raw_string_literal"],
    literals: &["composite_literal"],
};

const JAVA: Kinds = Kinds {
    functions: &["method_declaration", "constructor_declaration"],
    closures: &["lambda_expression"],
    classes: &[
        "class_declaration",
        "interface_declaration",
        "record_declaration",
        "enum_declaration",
    ],
    loops: &[
        ("enhanced_for_statement", &["value"]),
        ("for_statement", &["condition"]),
        ("while_statement", &["condition"]),
        ("do_statement", &["condition"]),
    ],
    calls: &["method_invocation", "object_creation_expression"],
    identifiers: &["identifier"],
    strings: &["string_literal"],
    literals: &["array_initializer"],
};

const KOTLIN: Kinds = Kinds {
    functions: &["function_declaration", "secondary_constructor"],
    closures: &["lambda_literal", "anonymous_function"],
    classes: &["class_declaration", "object_declaration"],
    loops: &[
        ("for_statement", &[]),
        ("while_statement", &["condition"]),
        ("do_while_statement", &["condition"]),
    ],
    calls: &["call_expression"],
    identifiers: &["identifier"],
    strings: &["string_literal", "multiline_string_literal"],
    literals: &["collection_literal"],
};

const CSHARP: Kinds = Kinds {
    functions: &[
        "method_declaration",
        "constructor_declaration",
        "local_function_statement",
    ],
    closures: &["lambda_expression", "anonymous_method_expression"],
    classes: &[
        "class_declaration",
        "record_declaration",
        "struct_declaration",
        "interface_declaration",
    ],
    loops: &[
        ("foreach_statement", &["right"]),
        ("for_statement", &["condition"]),
        ("while_statement", &["condition"]),
        ("do_statement", &["condition"]),
    ],
    calls: &["invocation_expression", "object_creation_expression"],
    identifiers: &["identifier"],
    strings: &[
        "string_literal",
        "verbatim_string_literal",
        "interpolated_string_expression",
        "raw_string_literal",
    ],
    literals: &[
        "array_creation_expression",
        "implicit_array_creation_expression",
        "collection_expression",
    ],
};

const RUBY: Kinds = Kinds {
    functions: &["method", "singleton_method"],
    closures: &["block", "do_block", "lambda"],
    classes: &["class", "module"],
    loops: &[
        ("for", &["value"]),
        ("while", &["condition"]),
        ("until", &["condition"]),
    ],
    calls: &["call"],
    identifiers: &["identifier", "constant", "instance_variable"],
    strings: &["string", "subshell", "heredoc_body"],
    literals: &["array", "string_array", "symbol_array", "range"],
};

const PHP: Kinds = Kinds {
    functions: &["function_definition", "method_declaration"],
    closures: &["anonymous_function", "arrow_function"],
    classes: &[
        "class_declaration",
        "trait_declaration",
        "interface_declaration",
    ],
    loops: &[
        ("foreach_statement", &[]),
        ("for_statement", &["condition"]),
        ("while_statement", &["condition"]),
        ("do_statement", &["condition"]),
    ],
    calls: &[
        "function_call_expression",
        "member_call_expression",
        "nullsafe_member_call_expression",
        "scoped_call_expression",
        "object_creation_expression",
    ],
    identifiers: &["variable_name", "name"],
    strings: &["string", "encapsed_string", "heredoc"],
    literals: &["array_creation_expression"],
};

const RUST: Kinds = Kinds {
    functions: &["function_item"],
    closures: &["closure_expression", "async_block"],
    classes: &["impl_item", "struct_item", "trait_item"],
    loops: &[
        ("for_expression", &["value"]),
        ("while_expression", &["condition"]),
        ("loop_expression", &[]),
    ],
    calls: &["call_expression", "macro_invocation"],
    identifiers: &["identifier", "field_identifier"],
    strings: &["string_literal", "raw_string_literal"],
    literals: &["array_expression", "range_expression"],
};

const NONE: Kinds = Kinds {
    functions: &[],
    closures: &[],
    classes: &[],
    loops: &[],
    calls: &[],
    identifiers: &["identifier"],
    strings: &[],
    literals: &[],
};

const BASH: Kinds = Kinds {
    functions: &["function_definition"],
    loops: &[
        ("for_statement", &["value"]),
        ("while_statement", &["condition"]),
    ],
    calls: &["command"],
    identifiers: &["variable_name"],
    strings: &["string", "raw_string"],
    ..NONE
};

const SQL: Kinds = Kinds {
    functions: &["statement"],
    strings: &["literal"],
    ..NONE
};

/// Returns the kinds of a language.
pub fn of(language: Language) -> &'static Kinds {
    match language {
        Language::JavaScript | Language::Jsx | Language::TypeScript | Language::Tsx => &SCRIPT,
        Language::Python => &PYTHON,
        Language::Go => &GO,
        Language::Java => &JAVA,
        Language::Kotlin => &KOTLIN,
        Language::CSharp => &CSHARP,
        Language::Ruby => &RUBY,
        Language::Php => &PHP,
        Language::Rust => &RUST,
        Language::Bash => &BASH,
        Language::Sql => &SQL,
        _ => &NONE,
    }
}

/// A call, taken apart.
#[derive(Debug, Clone, Copy)]
pub struct Call<'t> {
    /// All of it.
    pub node: Node<'t>,
    /// What it is called on, where it is called on something.
    pub receiver: Option<Node<'t>>,
    /// The last name of what is called.
    pub name: Option<Node<'t>>,
    /// What is passed, brackets included.
    pub arguments: Option<Node<'t>>,
}

/// Takes a call apart; `None` for any other node.
pub fn call(language: Language, node: Node<'_>) -> Option<Call<'_>> {
    let marks = grammar::marks(language);
    let mark = marks.get(node.kind_id() as usize).copied();
    if mark.unwrap_or_default() & grammar::CALL == 0 {
        return None;
    }
    let arguments = field(node, &["arguments", "argument"]).or_else(|| {
        node.named_children().find(|child| {
            matches!(
                child.kind(),
                "value_arguments" | "token_tree" | "call_suffix"
            )
        })
    });
    let direct = field(node, &["object", "receiver", "scope"]);
    if direct.is_some() || field_of(node, "method").is_some() {
        let name = field(node, &["name", "method"]);
        return Some(Call {
            node,
            receiver: direct,
            name,
            arguments,
        });
    }
    let callee = field(node, &["function", "constructor", "type", "macro", "name"])
        .or_else(|| node.named_child(0))?;
    let (receiver, name) = split_callee(callee);
    Some(Call {
        node,
        receiver,
        name: Some(name),
        arguments,
    })
}

/// Takes `a.b.c` apart into `a.b` and `c`.
pub fn split_callee(callee: Node<'_>) -> (Option<Node<'_>>, Node<'_>) {
    let receiver = field(
        callee,
        &[
            "object",
            "operand",
            "expression",
            "value",
            "path",
            "receiver",
        ],
    );
    let name = field(callee, &["attribute", "property", "field", "name"]);
    if let (Some(receiver), Some(name)) = (receiver, name) {
        return (Some(receiver), name);
    }
    if callee.kind() == "navigation_expression" && callee.named_child_count() >= 2 {
        let last = callee.named_child(callee.named_child_count() as u32 - 1);
        return (callee.named_child(0), last.unwrap_or(callee));
    }
    (None, name.unwrap_or(callee))
}

/// Returns the first of several fields that a node has.
pub fn field<'t>(node: Node<'t>, names: &[&'static str]) -> Option<Node<'t>> {
    names.iter().find_map(|&name| field_of(node, name))
}

/// Returns the parameters of a function or closure, brackets included.
pub fn parameters(function: Node<'_>) -> Option<Node<'_>> {
    field(function, &["parameters", "parameter"]).or_else(|| {
        child_of_kind(
            function,
            &["function_value_parameters", "lambda_parameters"],
        )
    })
}

/// Returns where the body of a function, class or closure begins, in bytes; its end where it has none.
pub fn body_start(function: Node<'_>) -> usize {
    let body = field_of(function, "body")
        .or_else(|| child_of_kind(function, &["function_body", "class_body"]));
    body.map_or(function.end_byte(), Node::start_byte)
}

fn child_of_kind<'t>(node: Node<'t>, kinds: &[&str]) -> Option<Node<'t>> {
    node.named_children()
        .find(|child| kinds.contains(&child.kind()))
}

/// Returns where the decorators begin that stand before a declaration as nodes of their own, in bytes; its own start
/// where there are none.
pub fn decorators_start(declaration: Node<'_>) -> usize {
    let mut start = declaration.start_byte();
    let mut at = declaration.prev_named_sibling();
    while let Some(before) =
        at.filter(|node| matches!(node.kind(), "decorator" | "attribute_item") || is_comment(*node))
    {
        if !is_comment(before) {
            start = before.start_byte();
        }
        at = before.prev_named_sibling();
    }
    start
}

/// Returns a declaration with the decorators that stand around it.
pub fn decorated(node: Node<'_>) -> Node<'_> {
    match node.parent() {
        Some(parent) if matches!(parent.kind(), "decorated_definition" | "export_statement") => {
            parent
        }
        _ => node,
    }
}

/// Tells whether a node is a comment.
pub fn is_comment(node: Node<'_>) -> bool {
    node.is_extra() && node.kind().contains("comment")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::grammar;

    #[test]
    fn every_kind_in_the_table_is_one_of_its_grammar() {
        let mut wrong = Vec::new();
        for language in Language::ALL {
            let kinds = of(language);
            if kinds.functions.is_empty() && kinds.calls.is_empty() {
                continue;
            }
            let grammar = grammar(language);
            let loops = kinds.loops.iter().map(|(kind, _)| kind);
            let all = [
                kinds.functions,
                kinds.closures,
                kinds.classes,
                kinds.calls,
                kinds.identifiers,
                kinds.strings,
                kinds.literals,
            ];
            for kind in all.into_iter().flatten().chain(loops) {
                if grammar.id_for_node_kind(kind, true) == 0 {
                    wrong.push(format!("{}: {kind}", language.name()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
