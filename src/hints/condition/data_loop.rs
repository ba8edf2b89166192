//! Whether code runs once per element of data.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "names are compared in lower case, or are no names of files"
)]

use crate::hints::tree::Node;

use crate::hints::file::File;
use crate::hints::grammar::{self, field_of};
use crate::hints::kinds::{self, field};
use crate::hints::words;

/// A loop around a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// What is walked over, as written.
    pub over: String,
    /// The element's name, where it has one.
    pub element: String,
    /// Whether data decides how often, rather than a counter, a written-out list or a condition.
    pub by_data: bool,
}

/// Returns the innermost loop around a node that data drives, else the innermost loop, up to the function around it. A
/// closure counts where the method it is passed to calls it once per element.
pub fn walk_around<'a>(file: &File<'a>, node: Node<'a>) -> Option<Walk> {
    let mut inner = node;
    let mut found: Option<Walk> = None;
    for outer in node.around() {
        if file.is(outer, grammar::FUNCTION) {
            break;
        }
        let walk = if file.is(outer, grammar::CLOSURE) {
            match closure_walk(file, outer) {
                Some(walk) => Some(walk),
                None if is_run_in_place(outer) && !file.is_function(outer) => None,
                None => break,
            }
        } else {
            loop_walk(file, outer, inner)
        };
        if let Some(walk) = walk {
            if walk.by_data {
                return Some(walk);
            }
            found.get_or_insert(walk);
        }
        inner = outer;
    }
    found
}

/// Blocks of Ruby, Kotlin and Rust that are no function of their own in what they mean.
fn is_run_in_place(closure: Node<'_>) -> bool {
    matches!(
        closure.kind(),
        "block" | "do_block" | "lambda_literal" | "async_block"
    )
}

fn loop_walk<'a>(file: &File<'a>, node: Node<'a>, inner: Node<'a>) -> Option<Walk> {
    if !file.is(node, grammar::LOOP) {
        return None;
    }
    let (_, fields) = file
        .kinds()
        .loops
        .iter()
        .find(|(kind, _)| *kind == node.kind())?;
    let text = |node: Node<'_>| file.text_of(node).trim().to_owned();
    match node.kind() {
        "list_comprehension"
        | "set_comprehension"
        | "dictionary_comprehension"
        | "generator_expression" => {
            let clause = child_of(node, "for_in_clause")?;
            if clause.id() == inner.id() {
                return None;
            }
            let over = field_of(clause, "right")?;
            let element = field_of(clause, "left").map(text).unwrap_or_default();
            Some(Walk {
                by_data: is_data(file, over, &element),
                over: text(over),
                element,
            })
        }
        "for_statement" if file.language == crate::syntax::Language::Go => {
            go_loop(file, node, inner)
        }
        "for_statement" if file.language == crate::syntax::Language::Kotlin => {
            let children: Vec<Node<'_>> = named_children(node);
            let over = *children.get(1)?;
            if over.id() == inner.id() {
                return None;
            }
            let element = text(children[0]);
            Some(Walk {
                by_data: is_data(file, over, &element),
                over: text(over),
                element,
            })
        }
        "foreach_statement" if file.language == crate::syntax::Language::Php => {
            let over = node.named_child(0)?;
            if over.id() == inner.id() {
                return None;
            }
            let element = node.named_child(1).map(text).unwrap_or_default();
            Some(Walk {
                by_data: is_data(file, over, &element),
                over: text(over),
                element,
            })
        }
        "loop_expression" => Some(Walk {
            over: "a loop".to_owned(),
            element: String::new(),
            by_data: false,
        }),
        _ => {
            let over = field(node, fields)?;
            if over.id() == inner.id() {
                return None;
            }
            if matches!(*fields, ["condition"]) {
                return Some(counted(file, text(over)));
            }
            let element = field(node, &["left", "name", "pattern"])
                .map(text)
                .unwrap_or_default();
            Some(Walk {
                by_data: is_data(file, over, &element),
                over: text(over),
                element,
            })
        }
    }
}

/// Tells whether what is walked over is declared as a channel: its messages come one by one, and are no collection.
fn is_channel(file: &File<'_>, over: Node<'_>) -> bool {
    let text = file.text_of(over);
    let name = text.rsplit('.').next().unwrap_or(text);
    let known = file.names().before(name, over.start_byte());
    let value = known.and_then(|known| known.value).unwrap_or_default();
    let typed = file
        .names()
        .type_of(name, over.start_byte())
        .unwrap_or_default();
    let is_field = || {
        let mut lines = file.text().lines().map(str::split_whitespace);
        lines.any(|mut words| {
            words.next() == Some(name) && words.next().is_some_and(|word| word.ends_with("chan"))
        })
    };
    typed.contains("chan ") || value.contains("make(chan") || is_field()
}

fn go_loop<'a>(file: &File<'a>, node: Node<'a>, inner: Node<'a>) -> Option<Walk> {
    if let Some(range) = child_of(node, "range_clause") {
        if range.id() == inner.id() {
            return None;
        }
        let over = field_of(range, "right")?;
        let element = field_of(range, "left")
            .map(|left| file.text_of(left).to_owned())
            .unwrap_or_default();
        return Some(Walk {
            by_data: is_data(file, over, &element) && !is_channel(file, over),
            over: file.text_of(over).to_owned(),
            element,
        });
    }
    let condition = child_of(node, "for_clause")
        .and_then(|clause| field_of(clause, "condition"))
        .or_else(|| node.named_child(0).filter(|child| child.kind() != "block"));
    match condition {
        Some(condition) => Some(counted(file, file.text_of(condition).to_owned())),
        None => Some(Walk {
            over: "a loop".to_owned(),
            element: String::new(),
            by_data: false,
        }),
    }
}

/// A loop with a condition walks over data where the condition is about a length, or about a cursor's next row.
fn counted(file: &File<'_>, condition: String) -> Walk {
    let lower = condition.to_lowercase();
    let about_length = ["len(", ".length", ".size", ".count", "count(", "sizeof("]
        .iter()
        .any(|word| lower.contains(word));
    let about_row = [
        "next(", ".next", "fetch", "read()", "readline", "hasnext", "shift(", "pop(",
    ]
    .iter()
    .any(|word| lower.contains(word));
    let retries = words::split(&condition)
        .iter()
        .any(|word| file.words.names_any("retry", word));
    Walk {
        by_data: (about_length || about_row) && !retries,
        over: condition,
        element: String::new(),
    }
}

/// Tells whether what is walked over is data: not a range of a fixed size, a written-out list, or a counter of attempts.
/// `Object.values(Status)`: the members of an enumeration are written out.
fn is_enumeration(over: &str) -> bool {
    let inside = ["Object.values(", "Object.keys(", "Object.entries("]
        .iter()
        .find_map(|start| over.strip_prefix(start)?.strip_suffix(')'));
    inside.is_some_and(|name| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

fn is_data(file: &File<'_>, over: Node<'_>, element: &str) -> bool {
    let over = strip(over);
    let text = file.text_of(over).trim();
    if file.is(over, grammar::LITERAL) && !holds_spread(text) {
        return text.contains("len(")
            || text.contains(".len()")
            || text.contains("count")
            || text.contains(".length");
    }
    if matches!(
        over.kind(),
        "integer" | "int_literal" | "string" | "interpreted_string_literal" | "integer_literal"
    ) {
        return false;
    }
    if is_enumeration(text) || over.kind() == "tuple" && is_written_out(text) {
        return false;
    }
    let names_attempts = |text: &str| file.words.names_any("retry", text);
    if names_attempts(element) && element.len() < 40 {
        return false;
    }
    if let Some(inside) = range_of(text) {
        let lower = inside.to_lowercase();
        let by_length = ["len", "count", "length", "size"]
            .iter()
            .any(|word| lower.contains(word));
        return by_length && !names_attempts(inside);
    }
    // A name that was bound to a written-out list.
    if over.kind() == "identifier" || over.kind() == "constant" || over.kind() == "variable_name" {
        let known = file.names().before(text, over.start_byte());
        if let Some(value) = known.and_then(|known| known.value)
            && is_written_out(value)
        {
            return false;
        }
        if text.len() > 2
            && text
                .chars()
                .all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit())
        {
            return false;
        }
    }
    true
}

/// Tells whether a value is a list written out with literals in it.
fn is_written_out(value: &str) -> bool {
    let value = value.trim();
    let is_list = (value.starts_with('[') && value.ends_with(']'))
        || (value.starts_with('(') && value.ends_with(')'))
        || value.starts_with("[]string{")
        || WRITTEN_OUT.iter().any(|start| value.starts_with(start));
    let inside = value.trim_matches(['[', ']', '(', ')', '{', '}']).trim();
    is_list
        && !inside.is_empty()
        && !holds_spread(value)
        && !value.contains(" for ")
        && inside.contains(['"', '\'', ',', '1', '2', '3'])
}

/// How lists are written out by calls and types.
const WRITTEN_OUT: &[&str] = &[
    "List.of(",
    "Set.of(",
    "Arrays.asList(",
    "listOf(",
    "setOf(",
    "arrayOf(",
    "%w",
    "%i",
    "new[] {",
    "new string[]",
    "new String[]",
    "new int[]",
    "new List<string> {",
    "new List<string>() {",
    "[]int{",
    "vec![",
    "array(",
    "frozenset(",
    "set([",
    "new Set([",
    "Object.freeze([",
    "Stream.of(",
];

fn holds_spread(text: &str) -> bool {
    text.contains("...") || text.contains("[*") || text.contains(" *") || text.contains("(*")
}

/// Returns what a range is made of: `range(3)`, `1..n`, `0...n`, `n.times`.
fn range_of(text: &str) -> Option<&str> {
    for prefix in [
        "range(",
        "xrange(",
        "Array.from(",
        "Enumerable.Range(",
        "IntStream.range(",
        "(",
        "",
    ] {
        let Some(rest) = text.strip_prefix(prefix) else {
            continue;
        };
        let is_named = prefix.len() > 1;
        let is_dots = rest.contains("..") && !rest.contains("...[") && !rest.starts_with("...")
            || rest.contains(" until ")
            || rest.contains(" downTo ");
        if is_named || is_dots {
            return Some(rest);
        }
    }
    None
}

fn strip(mut node: Node<'_>) -> Node<'_> {
    while matches!(
        node.kind(),
        "parenthesized_expression"
            | "parenthesized_statements"
            | "as_expression"
            | "reference_expression"
    ) && node.named_child_count() == 1
    {
        match node.named_child(0) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}

/// Returns the walk of a closure that is passed to a method that calls it once per element.
fn closure_walk<'a>(file: &File<'a>, closure: Node<'a>) -> Option<Walk> {
    // The call is the parent (Ruby's blocks), or the parent's parent (arguments).
    let call = closure
        .around()
        .take(4)
        .find_map(|outer| file.call(outer))?;
    let name = file.text_of(call.name?);
    if !file.words.walks(file.language, name) {
        return None;
    }
    if call.receiver.is_none() && file.language == crate::syntax::Language::Ruby {
        // `map path do … end` of a router walks nothing.
        return None;
    }
    let arguments = call.arguments;
    let (over, text) = match call.receiver {
        Some(receiver) if receiver.byte_range().end <= closure.start_byte() => {
            (Some(receiver), file.text_of(receiver))
        }
        _ => {
            let other = arguments
                .into_iter()
                .flat_map(named_children)
                .find(|argument| {
                    let range = argument.byte_range();
                    !(range.start <= closure.start_byte() && closure.end_byte() <= range.end)
                })?;
            (Some(other), file.text_of(other))
        }
    };
    let element = field_of(closure, "parameters")
        .or_else(|| field_of(closure, "parameter"))
        .map(|node| {
            file.text_of(node)
                .trim_matches(['(', ')', '|', ' '])
                .to_owned()
        })
        .unwrap_or_default();
    let by_data = over.is_none_or(|over| is_data(file, over, &element))
        && !text.ends_with(".times")
        && !over.is_some_and(|over| holds_one(file, over));
    Some(Walk {
        over: text.to_owned(),
        element,
        by_data,
    })
}

/// An `Optional` or `Mono` holds one at most: what it maps runs once.
fn holds_one<'a>(file: &File<'a>, over: Node<'a>) -> bool {
    let Some(call) = file.call(over) else {
        return false;
    };
    let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
    let on = call.receiver.map(|on| file.text_of(on)).unwrap_or_default();
    let is_optional = matches!(on, "Optional" | "Mono" | "Option" | "Maybe");
    let keeps_one = matches!(name, "filter" | "map" | "or" | "flatMap" | "switchIfEmpty");
    name.starts_with("findOne")
        || matches!(name, "findById" | "findFirst" | "findAny" | "getOne")
        || is_optional
        || (keeps_one && call.receiver.is_some_and(|on| holds_one(file, on)))
}

fn child_of<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    named_children(node)
        .into_iter()
        .find(|child| child.kind() == kind)
}

fn named_children(node: Node<'_>) -> Vec<Node<'_>> {
    node.named_children()
        .filter(|child| !kinds::is_comment(*child))
        .collect()
}
