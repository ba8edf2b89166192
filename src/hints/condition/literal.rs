//! Constants, and literals that look like secrets.

use crate::hints::tree::Node;

use super::taint::{chooses_from_fixed, is_untyped_parameter};
use crate::hints::file::File;
use crate::hints::grammar::field_of;
use crate::hints::names::Declared;
use crate::syntax::Language;

/// Tells whether an expression is the same each time: a literal, a name in capitals, a name bound once to a literal.
pub fn is_constant<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    is_constant_within(file, node, 3)
}

fn is_constant_within<'a>(file: &File<'a>, node: Node<'a>, depth: u8) -> bool {
    let text = file.text_of(node).trim();
    let kind = node.kind();
    if is_number(text)
        || matches!(
            text,
            "true" | "false" | "True" | "False" | "null" | "None" | "nil" | "undefined" | "NULL"
        )
    {
        return true;
    }
    if file.kinds().strings.contains(&kind) || kind.contains("string") && kind != "string_content" {
        return !holds_interpolation(node);
    }
    if is_capitals(text.rsplit(['.', ':']).next().unwrap_or(text)) {
        return true;
    }
    if depth == 0 {
        return false;
    }
    if matches!(
        kind,
        "parenthesized_expression"
            | "argument"
            | "binary_operator"
            | "binary_expression"
            | "binary"
            | "concatenated_string"
            | "additive_expression"
            | "unary_expression"
            | "literal_element"
    ) {
        let mut parts = node.named_children().peekable();
        return parts.peek().is_some()
            && parts.all(|part| is_constant_within(file, part, depth - 1));
    }
    if matches!(
        kind,
        "conditional_expression" | "ternary_expression" | "conditional" | "if_expression"
    ) {
        // Whichever arm is taken, it is one of few.
        let arms = ["consequence", "alternative", "body"].map(|name| field_of(node, name));
        let mut arms: Vec<Node<'a>> = arms.into_iter().flatten().collect();
        if arms.is_empty() && file.language == Language::Python {
            let parts: Vec<Node<'a>> = node.named_children().collect();
            arms.extend([parts.first(), parts.last()].into_iter().flatten());
        }
        return arms.len() > 1
            && arms
                .into_iter()
                .all(|arm| is_constant_within(file, arm, depth - 1));
    }
    if chooses_from_fixed(file, node) {
        return true;
    }
    if let Some(call) = file.call(node) {
        // `', '.join(COLUMNS)`, `NAME.lower()`: as constant as what they are made of.
        let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
        let keeps = matches!(
            name,
            "join"
                | "lower"
                | "upper"
                | "strip"
                | "toUpperCase"
                | "toLowerCase"
                | "trim"
                | "implode"
                | "Join"
                | "freeze"
        );
        let of = |node: Node<'a>| is_constant_within(file, node, depth - 1);
        return keeps
            && call.receiver.is_none_or(of)
            && call
                .arguments
                .is_none_or(|arguments| arguments.named_children().all(of));
    }
    if matches!(
        kind,
        "list" | "tuple" | "array" | "array_creation_expression" | "set"
    ) {
        return node
            .named_children()
            .all(|part| is_constant_within(file, part, depth - 1));
    }
    if file.kinds().identifiers.contains(&kind) {
        return is_bound_to_constants(file, node, depth - 1);
    }
    false
}

/// The most values of a name that are looked at.
const MOST_VALUES: usize = 16;

/// Tells whether all that a name is bound to in its function is constant; of a name from outside, the one value that it has.
fn is_bound_to_constants<'a>(file: &File<'a>, node: Node<'a>, depth: u8) -> bool {
    let text = file.text_of(node).trim();
    let scope = file.scope(node).byte_range();
    let declared = file.names().of(text);
    let is_local = |at: usize| scope.contains(&at);
    let mut local = declared
        .iter()
        .filter(|known| is_local(known.at))
        .peekable();
    let is_constant = |known: &Declared<'a>| {
        // A parameter has no value.
        let range = known.value_range.as_ref().filter(|_| !known.is_parameter);
        let value = range.and_then(|range| {
            let top = file.top();
            top.named_descendant_for_byte_range(range.start, range.end)
        });
        value.is_some_and(|value| value.id() != node.id() && is_constant_within(file, value, depth))
    };
    let gains = file.gains().of(text).iter();
    if gains.clone().any(|gain| is_local(gain.at)) {
        return false;
    }
    // What is given so many values is none, and would take long to look at.
    if local.clone().nth(MOST_VALUES).is_some() {
        return false;
    }
    if local.peek().is_some() {
        return !is_untyped_parameter(file, text, node) && local.all(is_constant);
    }
    let [only] = declared else { return false };
    gains.len() == 0 && is_constant(only)
}

fn is_number(text: &str) -> bool {
    let digits = text
        .trim_start_matches(['-', '+'])
        .trim_end_matches(['L', 'f', 'F', 'd', 'm', 'n']);
    !digits.is_empty()
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
}

/// Tells whether a name is written as constants are.
pub fn is_capitals(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Tells whether a string has values in it.
pub fn holds_interpolation(node: Node<'_>) -> bool {
    interpolates(node, 6)
}

fn interpolates(node: Node<'_>, depth: u8) -> bool {
    if depth == 0 {
        return false;
    }
    node.named_children().any(|child| {
        matches!(
            child.kind(),
            "interpolation"
                | "template_substitution"
                | "interpolated_identifier"
                | "interpolated_expression"
                | "variable_name"
                | "simple_expansion"
                | "expansion"
                | "command_substitution"
                | "member_access_expression"
                | "subscript_expression"
                | "string_interpolation"
                | "dynamic_variable_name"
                | "member_call_expression"
        ) || interpolates(child, depth - 1)
    })
}

/// Tells whether a literal looks like a real secret: long enough, no placeholder, no sentence, no reference.
pub fn is_secret(literal: &str) -> bool {
    let text = literal
        .trim()
        .trim_start_matches(['r', 'b', 'u', 'f', '@', '$'])
        .trim_matches(['"', '\'', '`']);
    if text.len() < 8 || text.len() > 512 || text.contains(char::is_whitespace) {
        return false;
    }
    let lower = text.to_lowercase();
    let placeholder = [
        "example",
        "placeholder",
        "changeme",
        "change_me",
        "change-me",
        "your",
        "xxx",
        "dummy",
        "sample",
        "todo",
        "<",
        ">",
        "${",
        "{{",
        "%s",
        "%(",
        "env.",
        "process.",
        "insert",
        "replace",
        "redacted",
        "****",
        "....",
        "test",
        "fake",
        "mock",
        "localhost",
        "http://",
        "https://",
        "none",
        "null",
        "undefined",
        "optional",
        "required",
        "invalid",
        "...",
        "***",
        "xxx",
    ];
    if placeholder.iter().any(|word| lower.contains(word)) {
        return false;
    }
    // Keys of settings, paths, names of fields and messages are made of words.
    if text.contains('/') && !text.chars().any(|c| c.is_ascii_digit())
        || text.starts_with(['/', '.', '#'])
        || text.contains("::")
    {
        return false;
    }
    let has = |test: fn(&char) -> bool| text.chars().any(|c| test(&c));
    let classes = [
        has(char::is_ascii_lowercase),
        has(char::is_ascii_uppercase),
        has(char::is_ascii_digit),
        has(|c| c.is_ascii_punctuation() && !matches!(c, '_' | '-' | '.')),
    ];
    let classes = classes.into_iter().filter(|has| *has).count();
    let is_words = text
        .chars()
        .all(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.' | ':'));
    if is_words {
        return false;
    }
    classes >= 2 && entropy(text) >= 2.5
}

/// Returns Shannon's entropy of the characters, in bits per character.
pub fn entropy(text: &str) -> f64 {
    let mut counts = [0u32; 256];
    for byte in text.bytes() {
        counts[byte as usize] += 1;
    }
    let total = text.len() as f64;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| {
            let share = f64::from(count) / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_look_random_and_placeholders_do_not() {
        for literal in [
            "\"hunter2-Zx9!\"",
            "'AKIA4QWERTY7ZXCVBN12'",
            "\"S3cr3tP4ss!\"",
            "'9f8a7b6c5d4e3f2a1b0c'",
        ] {
            assert!(is_secret(literal), "{literal}");
        }
        for literal in [
            "\"changeme123\"",
            "'your-api-key-1'",
            "\"password\"",
            "\"Authorization token\"",
            "'user_password'",
            "\"${DB_PASSWORD}\"",
            "\"/run/secrets/db1\"",
            "\"short1\"",
        ] {
            assert!(!is_secret(literal), "{literal}");
        }
    }
}
