//! Code that cannot run, and branches that do the same (hollow-tests).

use tree_sitter::Node;

use super::Sight;
use super::flow::{self, Flow};
use crate::hints::file::File;
use crate::hints::kinds::{field, is_comment};

/// Points at the first statement after one that always leaves.
pub fn unreachable<'a>(code: &Flow<'_, 'a>) -> Vec<Sight<'a>> {
    let file = code.file;
    let mut found = Vec::new();
    for function in flow::functions(file) {
        flow::visit(file, function, |node| {
            if !is_block(node.kind()) {
                return;
            }
            let mut cursor = node.walk();
            let statements: Vec<Node<'a>> = node
                .named_children(&mut cursor)
                .filter(|child| !is_comment(*child))
                .collect();
            for pair in statements.windows(2) {
                if is_jump(file, pair[0]) && !is_declaration(pair[1].kind()) {
                    found.push(Sight {
                        node: pair[1],
                        focus: None,
                        values: vec![
                            ("jump", first_line(file, pair[0])),
                            ("dead", first_line(file, pair[1])),
                        ],
                    });
                    break;
                }
            }
        });
    }
    found.dedup_by_key(|sight| sight.node.id());
    found
}

fn first_line(file: &File<'_>, node: Node<'_>) -> String {
    file.text_of(node)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn is_block(kind: &str) -> bool {
    matches!(
        kind,
        "block"
            | "statement_block"
            | "compound_statement"
            | "body_statement"
            | "statement_list"
            | "constructor_body"
    )
}

fn is_jump(file: &File<'_>, node: Node<'_>) -> bool {
    let is_plain = matches!(
        node.kind(),
        "return_statement"
            | "raise_statement"
            | "throw_statement"
            | "return"
            | "break_statement"
            | "continue_statement"
            | "jump_expression"
    ) || node.kind() == "expression_statement"
        && node.named_child(0).is_some_and(|inner| {
            matches!(
                inner.kind(),
                "return_expression"
                    | "throw_expression"
                    | "break_expression"
                    | "continue_expression"
            )
        });
    is_plain && !file.text_of(node).contains(" if ") && !file.text_of(node).contains(" unless ")
}

/// Declarations after a return are hoisted or labels.
fn is_declaration(kind: &str) -> bool {
    kind.contains("function")
        || kind.contains("class")
        || kind.contains("label")
        || kind.contains("case")
        || kind.contains("declaration")
            && kind != "local_variable_declaration"
            && kind != "lexical_declaration"
        || kind.contains("empty")
        || kind == "method"
        || kind == "text"
        || kind.contains("default")
}

/// Points at a branch that does the same as the one before it.
pub fn equal<'a>(code: &Flow<'_, 'a>) -> Vec<Sight<'a>> {
    let file = code.file;
    let mut found = Vec::new();
    for function in flow::functions(file) {
        flow::visit(file, function, |node| {
            if !matches!(
                node.kind(),
                "if_statement" | "if" | "if_expression" | "unless"
            ) {
                return;
            }
            let Some(then) = field(node, &["consequence", "body"]) else {
                return;
            };
            let Some(other) = field(node, &["alternative"]) else {
                return;
            };
            // `else if …` is a choice of its own.
            if matches!(
                other.kind(),
                "if_statement" | "elif_clause" | "elsif" | "else_if_clause"
            ) || contains_choice(other)
            {
                return;
            }
            let other_body = field(other, &["body", "consequence"])
                .or_else(|| {
                    other
                        .named_child(0)
                        .filter(|_| other.kind().contains("else"))
                })
                .unwrap_or(other);
            let (one, two) = (squeezed(file, then), squeezed(file, other_body));
            if one.len() >= 12 && one == two {
                let condition = field(node, &["condition"])
                    .map(|node| file.text_of(node).to_owned())
                    .unwrap_or_default();
                found.push(Sight {
                    node: other,
                    focus: None,
                    values: vec![("condition", condition)],
                });
            }
        });
    }
    found
}

fn contains_choice(other: Node<'_>) -> bool {
    other.kind().contains("else")
        && other
            .named_child(0)
            .is_some_and(|inner| matches!(inner.kind(), "if_statement" | "if_expression"))
}

fn squeezed(file: &File<'_>, node: Node<'_>) -> String {
    let text = file.text_of(node).trim();
    let text = text.strip_prefix("else").unwrap_or(text).trim();
    let text = text.strip_prefix("then").unwrap_or(text);
    let text = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'))
        .unwrap_or(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
