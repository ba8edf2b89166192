//! Whether a function answers requests, and whether it is asynchronous.

use crate::hints::tree::Node;

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
    let home = node.around().find(|outer| file.is(*outer, homes));
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
    let list = file.function(node).and_then(kinds::parameters);
    let parameters = list.map(|list| file.text_of(list)).unwrap_or_default();
    // Python's functions in views.py, and the like, where the file's place says it.
    let by_file = || {
        file.roles.has(Role::Handler)
            && file.language == Language::Python
            && around::signature(file, node).contains("request")
    };
    handler.parameters.is_match(parameters) || is_route(file, node) || by_file()
}

/// Tells whether a parameter of the function around a node is filled by the caller of a request: it says so itself, or the
/// function is a route, whose parameters the framework fills. A helper that is handed a request is handed other things too.
pub fn is_filled<'a>(file: &File<'a>, node: Node<'a>, parameter: &str) -> bool {
    if is_route(file, node) {
        return true;
    }
    let function = file.function(node);
    let (Some(handler), Some(list)) = (
        file.words.handler(file.language),
        function.and_then(kinds::parameters),
    ) else {
        return false;
    };
    let all: Vec<&str> = list
        .named_children()
        .map(|child| file.text_of(child))
        .collect();
    let is_it = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| word == parameter)
    };
    let says_so = all
        .iter()
        .any(|text| is_it(text) && handler.parameters.is_match(text));
    // `def view(request, pk)` of Django.
    let own = all.iter().filter(|text| !text.starts_with("self"));
    let is_view = file.language == Language::Python
        && file.roles.has(Role::Handler)
        && own.clone().count() <= 3
        && own
            .clone()
            .next()
            .is_some_and(|text| text.starts_with("request"))
        && !all.iter().any(|text| text.contains('='))
        && !function.is_some_and(|function| file.function_name(function).starts_with('_'));
    says_so || is_view
}

/// Tells whether the place of a function makes it a route: marks, its name, its class, the call it is passed to.
fn is_route<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    let Some(handler) = file.words.handler(file.language) else {
        return false;
    };
    if let Some(function) = file.function(node) {
        let signature = around::signature(file, node);
        let name = file.function_name(function);
        if handler.marks.is_match(signature) || handler.names.is_match(name) {
            return true;
        }
        if let Some(class) = file.class(function) {
            let class = kinds::decorated(class);
            let head = head_of(file, class);
            if handler.classes.is_match(head) && !is_private(file, signature, name) {
                return true;
            }
        }
    }
    for outer in node.around() {
        if file.is(outer, grammar::CLOSURE) {
            let call = outer.around().take(3).find_map(|node| file.call(node));
            if call.is_some_and(|call| handler.calls.is_match(file.callee(&call))) {
                return true;
            }
        }
    }
    false
}

/// Returns a class up to its body, decorators included.
fn head_of<'a>(file: &File<'a>, class: Node<'a>) -> &'a str {
    let start = kinds::decorators_start(class);
    let inner = class
        .named_children()
        .find(|child| file.is(*child, grammar::CLASS));
    let end = kinds::body_start(inner.unwrap_or(class));
    file.text().get(start..end.max(start)).unwrap_or_default()
}

fn is_private(file: &File<'_>, signature: &str, name: &str) -> bool {
    signature.contains("private ") || (file.language == Language::Python && name.starts_with('_'))
}

/// Tells whether the innermost function or closure around a node is asynchronous.
pub fn is_async<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    for outer in node.around() {
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
