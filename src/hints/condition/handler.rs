//! Whether a function answers requests, and whether it is asynchronous.

use tree_sitter::Node;

use super::around;
use crate::hints::file::File;
use crate::hints::grammar;
use crate::hints::kinds;
use crate::hints::role::Role;
use crate::syntax::Language;

/// Tells whether the function around a node answers requests.
pub fn is_handler<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    let homes = grammar::FUNCTION | grammar::CLOSURE;
    let is_plain = !file.is(node, homes) && !node.kind().contains("decorat");
    let home = file
        .around(node)
        .into_iter()
        .find(|outer| file.is(*outer, homes));
    match home.filter(|_| is_plain) {
        // All that stands in one function directly has one answer.
        Some(home) => file.answers(home, || answers(file, node)),
        None => answers(file, node),
    }
}

fn answers<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    let Some(handler) = file.words.handler(file.language) else {
        return false;
    };
    if let Some(function) = file.function(node) {
        let signature = around::signature(file, node);
        let name = file.function_name(function);
        let parameters = kinds::parameters(function)
            .map(|node| file.text_of(node))
            .unwrap_or_default();
        if handler.marks.is_match(signature)
            || handler.names.is_match(name)
            || handler.parameters.is_match(parameters)
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
    let around = file.around(node);
    for (at, outer) in around.iter().enumerate() {
        if file.is(*outer, grammar::CLOSURE) {
            let call = around[at + 1..]
                .iter()
                .take(3)
                .find_map(|&node| file.call(node));
            if let Some(call) = call {
                let end = call
                    .arguments
                    .map_or(call.node.end_byte(), |arguments| arguments.start_byte());
                let callee = file
                    .text()
                    .get(call.node.start_byte()..end.max(call.node.start_byte()))
                    .unwrap_or_default();
                if handler.calls.is_match(callee.trim()) {
                    return true;
                }
            }
        }
    }
    // Python's functions in views.py, and the like, where the file's place says it.
    file.roles.has(Role::Handler)
        && file.language == Language::Python
        && around::signature(file, node).contains("request")
}

/// Returns a class up to its body, decorators included.
fn head_of<'a>(file: &File<'a>, class: Node<'a>) -> &'a str {
    let start = kinds::decorators_start(class);
    let mut cursor = class.walk();
    let inner = class
        .named_children(&mut cursor)
        .find(|child| file.is(*child, grammar::CLASS));
    let end = kinds::body_start(inner.unwrap_or(class));
    file.text().get(start..end.max(start)).unwrap_or_default()
}

fn is_private(file: &File<'_>, signature: &str, name: &str) -> bool {
    signature.contains("private ") || (file.language == Language::Python && name.starts_with('_'))
}

/// Tells whether the innermost function or closure around a node is asynchronous.
pub fn is_async<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    for outer in file.around(node) {
        let is_closure = file.is(outer, grammar::CLOSURE);
        if !is_closure && !file.is(outer, grammar::FUNCTION) {
            continue;
        }
        let body = kinds::body_start(outer);
        let head = file
            .text()
            .get(outer.start_byte()..body.max(outer.start_byte()))
            .unwrap_or_default();
        let has = |word: &str| {
            head.split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|part| part == word)
        };
        if outer.kind() == "async_block" || has("async") || has("suspend") {
            return true;
        }
        if !is_closure
            || !matches!(
                file.language,
                Language::Ruby | Language::Kotlin | Language::Rust
            )
        {
            return false;
        }
    }
    false
}
