//! Strings that are put together of parts.

use crate::hints::tree::Node;

use super::literal;
use super::macros::{self, Value};
use super::taint::{is_checked, is_harmless_type, is_untyped_parameter};
use crate::hints::file::File;
use crate::hints::grammar::{self, field_of};
use crate::hints::kinds;

/// Returns the first part of a built string that is not a constant, as written; looks through names bound in the same
/// function. `None` where the string is constant, or nothing says that it is a string at all.
pub fn built_part<'a>(file: &File<'a>, node: Node<'a>, home: Node<'a>) -> Option<String> {
    part(file, node, home, 4)
}

fn part<'a>(file: &File<'a>, node: Node<'a>, home: Node<'a>, depth: u8) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let kind = node.kind();
    let of = |node: Node<'a>| part(file, node, home, depth);
    if matches!(
        kind,
        "parenthesized_expression"
            | "argument"
            | "argument_list"
            | "arguments"
            | "value_arguments"
            | "value_argument"
            | "await_expression"
            | "literal_element"
            | "reference_expression"
            | "unary_expression"
            | "conditional_expression"
    ) {
        return children(node).into_iter().find_map(of);
    }
    if is_sum(file, node) {
        return sum_part(file, node, home, depth);
    }
    if is_string(file, node) {
        return interpolated(file, node, home, 6);
    }
    if let Some(call) = file.call(node) {
        return formatted(file, call, home, depth);
    }
    if file.kinds().identifiers.contains(&kind) {
        let name = file.text_of(node);
        let range = binding(file, name, node, home)?;
        let value = file
            .top()
            .named_descendant_for_byte_range(range.start, range.end)?;
        if value.id() == node.id() {
            return None;
        }
        return of(value).or_else(|| appended(file, name, node, home, depth));
    }
    if kind == "macro_invocation" {
        return None;
    }
    None
}

/// Returns the value a name was bound to last in the function, before its use.
fn binding<'a>(
    file: &File<'a>,
    name: &str,
    node: Node<'a>,
    home: Node<'a>,
) -> Option<std::ops::Range<usize>> {
    let scope = file.scope(home).byte_range();
    let all = file.names().of(name);
    let is_local = all.iter().any(|known| scope.contains(&known.at));
    if !is_local && is_untyped_parameter(file, name, home) {
        // What another function binds by the same name is something else.
        return None;
    }
    all.iter()
        .rev()
        .filter(|known| {
            let value = known.value_range.as_ref();
            known.at < node.start_byte()
                && (scope.contains(&known.at) || all.len() == 1)
                // What a name is given anew is worked out of what it was before.
                && !value.is_some_and(|range| range.contains(&node.start_byte()))
        })
        .find_map(|known| known.value_range.clone())
}

/// `sql += " AND name = '" + name + "'"` before the use.
fn appended<'a>(
    file: &File<'a>,
    name: &str,
    node: Node<'a>,
    home: Node<'a>,
    depth: u8,
) -> Option<String> {
    let scope = file.scope(home).byte_range();
    let all = file.names().of(name);
    let before = all
        .iter()
        .filter(|known| known.at < node.start_byte() && scope.contains(&known.at))
        .take(8);
    before
        .filter_map(|known| known.value_range.clone())
        .find_map(|range| {
            let value = file
                .top()
                .named_descendant_for_byte_range(range.start, range.end)?;
            part(file, value, home, depth.min(2))
        })
}

fn is_string(file: &File<'_>, node: Node<'_>) -> bool {
    file.is(node, grammar::STRING)
        || matches!(
            node.kind(),
            "string_literal"
                | "template_string"
                | "string"
                | "line_string_literal"
                | "shell_command_expression"
        )
}

fn is_sum(file: &File<'_>, node: Node<'_>) -> bool {
    let is_binary = matches!(
        node.kind(),
        "binary_operator" | "binary_expression" | "binary" | "additive_expression"
    );
    is_binary
        && field_of(node, "operator").map_or_else(
            || {
                node.children()
                    .any(|child| matches!(child.kind(), "+" | "." | "%" | "<<"))
            },
            |operator| matches!(file.text_of(operator), "+" | "." | "%" | "<<"),
        )
}

/// A sum is a string where one of its parts is.
fn sum_part<'a>(file: &File<'a>, node: Node<'a>, home: Node<'a>, depth: u8) -> Option<String> {
    let mut parts = Vec::new();
    flatten(file, node, &mut parts, 256);
    let has_string = parts.iter().any(|part| is_string(file, *part));
    for &one in &parts {
        if is_string(file, one) {
            if let Some(part) = interpolated(file, one, home, 6) {
                return Some(part);
            }
        } else if has_string && is_open(file, one, home) {
            return Some(file.text_of(one).to_owned());
        } else if !has_string && let Some(part) = part(file, one, home, depth) {
            return Some(part);
        }
    }
    None
}

fn flatten<'a>(file: &File<'a>, node: Node<'a>, parts: &mut Vec<Node<'a>>, depth: u16) {
    if parts.len() >= 64 {
        return;
    }
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    if is_sum(file, node) || matches!(node.kind(), "parenthesized_expression" | "tuple") {
        let written = children(node)
            .into_iter()
            .filter(|child| !kinds::is_comment(*child));
        for child in written {
            flatten(file, child, parts, depth);
        }
    } else {
        parts.push(node);
    }
}

/// Returns the first value in a string that is not a constant.
fn interpolated<'a>(file: &File<'a>, node: Node<'a>, home: Node<'a>, depth: u8) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    for child in children(node) {
        let kind = child.kind();
        let is_value = matches!(
            kind,
            "interpolation"
                | "template_substitution"
                | "interpolated_expression"
                | "interpolated_identifier"
                | "variable_name"
                | "member_access_expression"
                | "subscript_expression"
                | "dynamic_variable_name"
                | "simple_expansion"
                | "expansion"
                | "command_substitution"
                | "member_call_expression"
                | "string_interpolation"
        );
        if is_value {
            let value = match kind {
                "interpolation"
                | "template_substitution"
                | "interpolated_expression"
                | "string_interpolation" => {
                    let mut inner = child.named_children();
                    let inner = inner.find(|node| node.kind() != "interpolation_brace");
                    inner.unwrap_or(child)
                }
                _ => child,
            };
            if is_open(file, value, home) {
                return Some(file.text_of(value).to_owned());
            }
        } else if let Some(part) = interpolated(file, child, home, depth) {
            return Some(part);
        }
    }
    None
}

/// `"…".format(x)`, `String.format("…", x)`, `fmt.Sprintf("…", x)`, `sprintf("…", $x)`, `format!("…", x)`, `"".concat(x)`.
fn formatted<'a>(
    file: &File<'a>,
    call: crate::hints::kinds::Call<'a>,
    home: Node<'a>,
    depth: u8,
) -> Option<String> {
    let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
    let arguments = call.arguments?;
    if matches!(name, "toString" | "ToString" | "String" | "build")
        && let Some(on) = call.receiver.filter(|on| file.is(*on, grammar::IDENTIFIER))
        && let Some(part) = gathered(file, file.text_of(on), call.node, home)
    {
        return Some(part);
    }
    if matches!(
        name,
        "text"
            | "literal_column"
            | "trim"
            | "strip"
            | "dedent"
            | "String"
            | "str"
            | "toString"
            | "Raw"
            | "raw"
            | "sql"
            | "append"
            | "join"
    ) {
        let inner = children(arguments)
            .into_iter()
            .find_map(|argument| part(file, argument, home, depth));
        return inner.or_else(|| {
            call.receiver
                .and_then(|receiver| part(file, receiver, home, depth))
        });
    }
    let is_format = matches!(
        name,
        "format"
            | "Sprintf"
            | "sprintf"
            | "Format"
            | "formatted"
            | "printf"
            | "vsprintf"
            | "concat"
            | "Concat"
            | "Sprint"
            | "interpolate"
            | "format_args"
    );
    if !is_format {
        return None;
    }
    if let Some(values) = macro_values(file, call.node) {
        let open = values
            .into_iter()
            .find(|value| is_open_name(file, value, call.node, home));
        return open.map(|value| value.text);
    }
    let values = children(arguments);
    let format = call
        .receiver
        .filter(|receiver| is_string(file, *receiver))
        .or_else(|| values.first().copied());
    // Only numbers are put in: nothing can be smuggled.
    let text = format
        .map(|format| file.text_of(format))
        .unwrap_or_default();
    let takes_text = text.is_empty()
        || name.eq_ignore_ascii_case("concat")
        || text.contains("%s")
        || text.contains("%v")
        || text.contains("%q")
        || text.contains('{')
        || !text.contains('%');
    if !takes_text {
        return None;
    }
    let rest = values
        .into_iter()
        .filter(|value| Some(value.id()) != format.map(Node::id));
    rest.map(|value| match value.kind() {
        "keyword_argument" => field_of(value, "value").unwrap_or(value),
        "argument" => value.last_named_child().unwrap_or(value),
        _ => value,
    })
    .find(|value| is_open(file, *value, home) && !is_string(file, *value))
    .map(|value| file.text_of(value).to_owned())
}

/// Returns what was appended to a builder before it is read, where that is open and some of it is a literal.
fn gathered<'a>(file: &File<'a>, builder: &str, read: Node<'a>, home: Node<'a>) -> Option<String> {
    let mut part = None;
    let mut has_literal = false;
    for node in file.scope(home).within() {
        if node.end_byte() <= read.start_byte()
            && let Some(call) = file.call(node)
            && matches!(
                call.name.map(|name| file.text_of(name)),
                Some(
                    "append"
                        | "Append"
                        | "WriteString"
                        | "AppendLine"
                        | "AppendFormat"
                        | "push_str"
                )
            )
            && call
                .receiver
                .is_some_and(|on| file.text_of(on).split(['.', '(']).next() == Some(builder))
        {
            for value in call.arguments.into_iter().flat_map(children) {
                let value = if value.kind() == "argument" {
                    value.named_child(0).unwrap_or(value)
                } else {
                    value
                };
                if is_string(file, value) {
                    has_literal = true;
                } else if part.is_none() && is_open(file, value, home) {
                    part = Some(file.text_of(value).to_owned());
                }
            }
        }
    }
    let started = file
        .names()
        .of(builder)
        .iter()
        .any(|known| known.value.is_some_and(|value| value.contains('"')));
    part.filter(|_| has_literal || started)
}

fn macro_values(file: &File<'_>, node: Node<'_>) -> Option<Vec<Value>> {
    (node.kind() == "macro_invocation")
        .then(|| macros::put_in(file.text_of(node)))
        .flatten()
}

/// Tells the same of a value in a macro, which is no node.
fn is_open_name<'a>(file: &File<'a>, value: &Value, at: Node<'a>, home: Node<'a>) -> bool {
    let is_capital =
        |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | ':');
    let is_constant = value
        .root
        .rsplit("::")
        .next()
        .is_some_and(|name| name.chars().all(is_capital));
    if is_constant
        || is_placeholders(&value.text)
        || file.words.is_clean(file.language, &value.text)
    {
        return false;
    }
    let declared = file.names().type_of(&value.root, at.start_byte());
    if value.root == value.text && declared.is_some_and(is_harmless_type) {
        return false;
    }
    let bound = binding(file, &value.root, at, home);
    bound.is_none_or(|range| {
        let text = file.text().get(range.clone()).unwrap_or_default();
        let node = file
            .top()
            .named_descendant_for_byte_range(range.start, range.end);
        !is_placeholders(text)
            && !file.words.is_clean(file.language, text)
            && !node.is_some_and(|node| literal::is_constant(file, node))
    })
}

/// Tells whether a value is neither constant nor made harmless.
fn is_open<'a>(file: &File<'a>, value: Node<'a>, home: Node<'a>) -> bool {
    let text = file.text_of(value);
    if literal::is_constant(file, value) || file.words.is_clean(file.language, text) {
        return false;
    }
    if is_placeholders(text) {
        return false;
    }
    let declared = file.names().type_of(text, value.start_byte());
    if declared.is_some_and(is_harmless_type) {
        return false;
    }
    if file.is(value, grammar::IDENTIFIER)
        && let Some(range) = binding(file, text, value, home)
        && let Some(bound) = file.text().get(range)
        && (is_placeholders(bound) || file.words.is_clean(file.language, bound))
    {
        return false;
    }
    let scope = file.scope(home).start_byte();
    !is_checked(file, text, home, scope, value.start_byte())
}

/// `','.join(['%s'] * n)`, `$1,$2` and the like stand for values that are passed apart.
fn is_placeholders(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("placeholder")
        || [
            "'?'", "\"?\"", "'%s'", "\"%s\"", "`?`", "'?,", "\"?,", "\"$%d", "`$",
        ]
        .iter()
        .any(|mark| text.contains(mark))
        || lower.contains("_table") && lower.ends_with("_table")
        || lower.contains("tablename") && lower.starts_with("self.")
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    node.named_children().collect()
}
