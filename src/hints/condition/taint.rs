//! Whether an expression's text comes from a request, within one function.

use crate::hints::tree::Node;

use super::handler::{is_filled, is_handler};
use super::macros;
use crate::hints::file::File;
use crate::hints::grammar;
use crate::hints::kinds::{self, parameters};
use crate::syntax::Language;

/// How many assignments are followed.
const HOPS: u8 = 4;

/// Returns where an expression's text comes from, as written, where that is a request and nothing on the way cleaned it.
pub fn source_of<'a>(file: &File<'a>, node: Node<'a>, home: Node<'a>) -> Option<String> {
    trace(file, node, home, HOPS)
}

fn trace<'a>(file: &File<'a>, node: Node<'a>, home: Node<'a>, hops: u8) -> Option<String> {
    let text = file.text_of(node);
    if file.words.is_clean(file.language, text) {
        return None;
    }
    if file.words.is_request(file.language, text)
        && without_choices(file, node)
            .is_none_or(|rest| file.words.is_request(file.language, &rest))
    {
        return Some(short(text));
    }
    if answers_anew(file, node) {
        return None;
    }
    let hops = hops.checked_sub(1)?;
    let names = identifiers(file, node).into_iter();
    names
        .map(|name| (file.text_of(name).to_owned(), name))
        .chain(captured(file, node))
        .find_map(|(text, name)| trace_name(file, &text, name, home, hops))
}

/// Returns the names that texts in Rust's macros capture, each with its macro.
fn captured<'a>(file: &File<'a>, node: Node<'a>) -> Vec<(String, Node<'a>)> {
    if file.language != Language::Rust {
        return Vec::new();
    }
    let invocations = node
        .within()
        .filter(|inner| inner.kind() == "macro_invocation");
    invocations
        .flat_map(|inner| {
            let values = macros::put_in(file.text_of(inner)).unwrap_or_default();
            values.into_iter().map(move |value| (value.root, inner))
        })
        .collect()
}

/// Tells whether an expression waits for something else's answer (`await self.service.export(columns)`): what was passed in
/// asks for it, and is not what comes back.
fn answers_anew<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    if !matches!(node.kind(), "await" | "await_expression") {
        return false;
    }
    let call = node.named_child(0).and_then(|inner| file.call(inner));
    let on = call.and_then(|call| call.receiver);
    on.is_some_and(|on| {
        let text = file.text_of(on);
        text.starts_with("self.") || text.starts_with("this.")
    })
}

/// Traces a name that is used at a node.
fn trace_name<'a>(
    file: &File<'a>,
    text: &str,
    name: Node<'a>,
    home: Node<'a>,
    hops: u8,
) -> Option<String> {
    let scope = file.scope(home).byte_range();
    let declared = file.names().of(text);
    let local = declared
        .iter()
        .rev()
        .filter(|known| known.at <= name.start_byte() && scope.contains(&known.at));
    let mut is_parameter = false;
    let list = file.function(home).and_then(parameters);
    let of_handler = |at: usize| list.is_none_or(|list| list.byte_range().contains(&at));
    for known in local {
        if known.is_parameter {
            // Parameters of a callback inside the handler are the callee's words, not the caller's.
            if !of_handler(known.at) {
                return None;
            }
            is_parameter = !known.type_text.is_some_and(is_harmless_type);
            break;
        }
        let Some(range) = &known.value_range else {
            continue;
        };
        let value = file
            .top()
            .named_descendant_for_byte_range(range.start, range.end)?;
        if value.id() == name.id() {
            continue;
        }
        return trace(file, value, home, hops);
    }
    if let Some(source) = filled_from_request(file, text, home) {
        return Some(source);
    }
    (is_parameter || is_untyped_parameter(file, text, home)).then_some(())?;
    if is_plumbing(text) || !is_handler(file, home) || !is_filled(file, home, text) {
        return None;
    }
    Some(text.to_owned())
}

/// Go fills a value through its address: `json.NewDecoder(r.Body).Decode(&req)`, `c.ShouldBindJSON(&req)`.
fn filled_from_request<'a>(file: &File<'a>, name: &str, home: Node<'a>) -> Option<String> {
    if file.language != Language::Go {
        return None;
    }
    let text = file.text_of(file.scope(home));
    let at = text.find(&format!("&{name})"))?;
    let before = text[..at].rsplit('\n').next().unwrap_or_default();
    let fills = ["Decode(", "Bind", "BodyParser(", "Unmarshal("]
        .iter()
        .any(|word| before.contains(word));
    let from_request = before.contains("Bind")
        || before.contains("BodyParser(")
        || file.words.is_request(file.language, text);
    (fills && from_request).then(|| name.to_owned())
}

/// Parameters without a type are no declarations with a type or a value, so they are read off the parameter list.
pub fn is_untyped_parameter<'a>(file: &File<'a>, name: &str, home: Node<'a>) -> bool {
    let Some(function) = file.function(home) else {
        return false;
    };
    let Some(list) = parameters(function) else {
        return false;
    };
    if file.text_of(list) == name {
        return true;
    }

    list.named_children()
        .any(|parameter| file.is(parameter, grammar::IDENTIFIER) && file.text_of(parameter) == name)
}

/// Names of parameters through which a framework passes itself.
fn is_plumbing(name: &str) -> bool {
    matches!(
        name.trim_start_matches(['$', '_']),
        "self"
            | "this"
            | "cls"
            | "request"
            | "req"
            | "res"
            | "response"
            | "ctx"
            | "context"
            | "db"
            | "session"
            | "next"
            | "c"
            | "w"
            | "r"
            | "user"
            | "current_user"
            | "currentUser"
            | "service"
            | "repo"
            | "client"
            | "logger"
            | "log"
            | "background_tasks"
            | "settings"
            | "config"
            | "conn"
            | "tx"
            | "pool"
            | "state"
            | "em"
            | "cancellationToken"
            | "args"
            | "kwargs"
    ) || name.ends_with("Service")
        || name.ends_with("Repository")
        || name.ends_with("_service")
        || name.ends_with("_repo")
}

/// Types whose values cannot carry text.
pub fn is_harmless_type(text: &str) -> bool {
    let text = text.trim().trim_start_matches(':').trim();
    let lower = text.to_lowercase();
    [
        "int", "long", "float", "double", "bool", "uuid", "decimal", "number", "guid", "datetime",
        "date", "i32", "i64", "u32", "u64", "usize", "size_t", "short", "byte",
    ]
    .iter()
    .any(|kind| {
        lower == *kind
            || lower.starts_with(&format!("{kind} "))
            || lower.starts_with(&format!("{kind}?"))
            || lower == format!("uuid.{kind}")
            || lower.starts_with(&format!("optional[{kind}"))
            || lower == format!("{kind}eger")
    })
}

/// `PAGES[key]`, `ROUTES.get(key)`: the key chooses one of what the program wrote down.
fn chooses_from_fixed<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    let table = match node.kind() {
        "subscript_expression"
        | "subscript"
        | "index_expression"
        | "element_reference"
        | "element_access_expression" => {
            kinds::field(node, &["object", "value", "operand", "expression"])
                .or_else(|| node.named_child(0))
        }
        _ => file
            .call(node)
            .filter(|call| call.name.is_some_and(|name| file.text_of(name) == "get"))
            .and_then(|call| call.receiver),
    };
    table.is_some_and(|table| {
        let text = file.text_of(table);
        let is_capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        text.len() > 2
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.chars().all(is_capital)
    })
}

/// Returns a node's text without what only chooses from something fixed; `None` where nothing does.
fn without_choices<'a>(file: &File<'a>, node: Node<'a>) -> Option<String> {
    let mut choices = node
        .within()
        .filter(|inner| chooses_from_fixed(file, *inner))
        .map(Node::byte_range)
        .peekable();
    choices.peek()?;
    let mut rest = String::new();
    let mut from = node.start_byte();
    for choice in choices {
        rest.push_str(file.text().get(from..choice.start).unwrap_or_default());
        from = from.max(choice.end);
    }
    rest.push_str(file.text().get(from..node.end_byte()).unwrap_or_default());
    Some(rest)
}

fn identifiers<'a>(file: &File<'a>, node: Node<'a>) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    let mut at = node.id();
    while at < node.after() && found.len() < 32 {
        let inner = file.node(at);
        let is_name = file.is(inner, grammar::IDENTIFIER);
        // Names of methods, fields and arguments are no values.
        let is_value = || {
            !["name", "method", "attribute", "function", "field"]
                .iter()
                .any(|&field| inner.has_field(field))
        };
        if is_name && (inner == node || is_value()) {
            found.push(inner);
        }
        at = if is_name || file.is(inner, grammar::CLOSURE) || chooses_from_fixed(file, inner) {
            inner.after()
        } else {
            at + 1
        };
    }
    found
}

fn short(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(60)
        .collect()
}
