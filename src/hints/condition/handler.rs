//! Whether a function answers requests, and whether it is asynchronous.

use tree_sitter::Node;

use super::around;
use crate::hints::file::File;
use crate::hints::kinds::field;
use crate::hints::role::Role;
use crate::syntax::Language;

/// Tells whether the function around a node answers requests.
pub fn is_handler<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    let Some(handler) = file.words.handler(file.language) else { return false };
    if let Some(function) = file.function(node) {
        let signature = around::signature(file, node);
        let name = file.function_name(function);
        let parameters = field(function, &["parameters", "parameter"]).map(|node| file.text_of(node)).unwrap_or_default();
        if handler.marks.is_match(signature)
            || handler.names.is_match(name)
            || handler.parameters.is_match(parameters)
            || (file.language == Language::Rust && handler.marks.is_match(before(file, function)))
        {
            return true;
        }
        if let Some(class) = file.class(function) {
            let class = file.decorated(class);
            let head = head_of(file, class);
            if handler.classes.is_match(head) && !is_private(file, signature, name) {
                return true;
            }
        }
    }
    let closures = file.kinds().closures;
    let around = file.around(node);
    for (at, outer) in around.iter().enumerate() {
        if closures.contains(&outer.kind()) {
            let call = around[at + 1..].iter().take(3).find_map(|&node| file.call(node));
            if let Some(call) = call {
                let end = call.arguments.map_or(call.node.end_byte(), |arguments| arguments.start_byte());
                let callee = file.text().get(call.node.start_byte()..end.max(call.node.start_byte())).unwrap_or_default();
                if handler.calls.is_match(callee.trim()) {
                    return true;
                }
            }
        }
    }
    // Python's functions in views.py, and the like, where the file's place says it.
    file.roles.has(Role::Handler) && file.language == Language::Python && around::signature(file, node).contains("request")
}

/// Returns the lines before a function: attributes that are no children of it.
fn before<'a>(file: &File<'a>, function: Node<'a>) -> &'a str {
    let line = file.line_of(function.start_byte());
    file.lines(line.saturating_sub(6).max(1), line.saturating_sub(1).max(1))
}

/// Returns a class up to its body.
fn head_of<'a>(file: &File<'a>, class: Node<'a>) -> &'a str {
    let text = file.text_of(class);
    let end = text.find(['{']).or_else(|| text.find('\n')).unwrap_or(text.len());
    let start = class.start_byte();
    // Annotations on lines of their own belong to the head too.
    let body = class.child_by_field_name("body").map(|body| body.start_byte());
    file.text().get(start..body.unwrap_or(start + end)).unwrap_or_default()
}

fn is_private(file: &File<'_>, signature: &str, name: &str) -> bool {
    signature.contains("private ") || (file.language == Language::Python && name.starts_with('_'))
}

/// Tells whether the innermost function or closure around a node is asynchronous.
pub fn is_async<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    let kinds = file.kinds();
    for outer in file.around(node) {
        let is_closure = kinds.closures.contains(&outer.kind());
        if !is_closure && !kinds.functions.contains(&outer.kind()) {
            continue;
        }
        let body = outer.child_by_field_name("body").map_or(outer.end_byte(), |body| body.start_byte());
        let head = file.text().get(outer.start_byte()..body.max(outer.start_byte())).unwrap_or_default();
        let has = |word: &str| head.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word);
        if outer.kind() == "async_block" || has("async") || has("suspend") {
            return true;
        }
        if !is_closure || !matches!(file.language, Language::Ruby | Language::Kotlin | Language::Rust) {
            return false;
        }
    }
    false
}
