//! A record is read, changed in memory and written back, with nothing that keeps a second writer out (lost-update).

use crate::hints::tree::Node;

use super::Sight;
use super::flow::{self, Access, Flow};
use crate::hints::condition::without_comments;
use crate::hints::file::File;
use crate::hints::grammar::{self, field_of};
use crate::hints::kinds::{decorated, field};
use crate::hints::role::Role;

/// Looks at every function.
pub fn run<'a>(code: &Flow<'_, 'a>) -> Vec<Sight<'a>> {
    let file = code.file;
    if file.roles.has(Role::Migration) {
        return Vec::new();
    }
    flow::functions(file)
        .into_iter()
        .filter_map(|function| look(code, function))
        .collect()
}

/// A name and where the database was read into it.
struct Loaded<'a> {
    name: &'a str,
    at: usize,
}

fn look<'a>(code: &Flow<'_, 'a>, function: Node<'a>) -> Option<Sight<'a>> {
    let file = code.file;
    // Most functions write nothing: they are done here.
    if !code.has(function, |call| is_write(code, call)) {
        return None;
    }
    let loaded = loaded(code, function);
    if loaded.is_empty() {
        return None;
    }
    let changes = changes(code, function, &loaded);
    if changes.is_empty() {
        return None;
    }
    // The text is asked last, for it costs most.
    let text = without_comments(file, decorated(function));
    if file.has_guard("lock", &text) || has_version(file.text()) {
        return None;
    }
    let calls = code.calls(function);
    let writes: Vec<_> = calls.iter().filter(|call| is_write(code, call)).collect();
    for change in &changes {
        let after = writes.iter().find(|call| {
            call.node.end_byte() >= change.node.end_byte()
                && match &change.carries {
                    // A changed record is written by whatever saves it or all.
                    Carrier::Record => saves(file, call, change.name),
                    Carrier::Value(name) => {
                        !makes_new(file, call) && mentions(file, call.arguments, name)
                    }
                    Carrier::Argument => call.node.start_byte() <= change.node.start_byte(),
                }
        });
        let by_unit_of_work = after.is_none()
            && matches!(change.carries, Carrier::Record)
            && file.language == crate::syntax::Language::Python
            && text.contains("session");
        if by_unit_of_work {
            return Some(Sight {
                node: change.node,
                since: None,
                focus: None,
                values: vec![
                    ("name", change.name.to_owned()),
                    ("change", file.text_of(change.node).to_owned()),
                    ("write", "the next commit".to_owned()),
                    ("line", file.line_of(change.loaded_at).to_string()),
                ],
            });
        }
        if let Some(write) = after {
            let focus = change.node;
            return Some(Sight {
                node: focus,
                since: None,
                focus: None,
                values: vec![
                    ("name", change.name.to_owned()),
                    ("change", file.text_of(change.node).to_owned()),
                    ("write", file.callee(write).to_owned()),
                    ("line", file.line_of(change.loaded_at).to_string()),
                ],
            });
        }
    }
    None
}

/// Tells whether a write makes a record, where none is written over.
fn makes_new(file: &File<'_>, call: &crate::hints::kinds::Call<'_>) -> bool {
    let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
    let name = name.to_ascii_lowercase();
    ["create", "insert", "add", "build", "enqueue", "publish"]
        .iter()
        .any(|verb| name.starts_with(verb))
}

/// Tells whether a class of the file has a version that its rows are written by.
fn has_version(text: &str) -> bool {
    const MARKS: [&str; 5] = [
        "[Timestamp]",
        "[ConcurrencyCheck]",
        "IsRowVersion",
        "IsConcurrencyToken",
        "@Version",
    ];
    MARKS.iter().any(|mark| text.contains(mark))
}

/// Names bound in the function to what a database or cache was asked for.
fn loaded<'a>(code: &Flow<'_, 'a>, function: Node<'a>) -> Vec<Loaded<'a>> {
    let file = code.file;
    let mut found = Vec::new();
    flow::visit(file, function, |node| {
        let Some(left) = field(node, &["left", "name", "pattern"]) else {
            return;
        };
        let last = || {
            node.named_child((node.named_child_count() as u32).checked_sub(1)?)
                .filter(|last| node.kind() == "variable_declarator" && last.id() != left.id())
        };
        let Some(value) = field(node, &["right", "value"]).or_else(last) else {
            return;
        };
        if value.byte_range().end - value.byte_range().start > 2000 {
            return;
        }
        let call = first_call(file, value);
        let Some(call) = call else { return };
        let is_database = code.access(&call) == Some(Access::Read) || is_find(file, &call);
        let is_cache = !is_database && is_cache_read(file, &call);
        if is_database || is_cache {
            let names = names(file, left);
            found.extend(names.into_iter().map(|name| Loaded {
                name,
                at: node.start_byte(),
            }));
        }
    });
    derive(file, function, &mut found);
    // `db.First(&account, id)` and `.Scan(&balance)` of Go load through a pointer.
    if file.language == crate::syntax::Language::Go {
        for call in code.calls(function).iter() {
            let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
            if matches!(
                name,
                "First"
                    | "Find"
                    | "Take"
                    | "Last"
                    | "Scan"
                    | "Get"
                    | "QueryRow"
                    | "Select"
                    | "StructScan"
            ) && let Some(arguments) = call.arguments
            {
                for argument in arguments.named_children() {
                    if let Some(name) = file.text_of(argument).strip_prefix('&') {
                        found.push(Loaded {
                            name,
                            at: call.node.start_byte(),
                        });
                    }
                }
            }
        }
    }
    found
}

/// Adds names that are taken out of what was loaded: elements of a loop, values of a map or a list.
fn derive<'a>(file: &File<'a>, function: Node<'a>, found: &mut Vec<Loaded<'a>>) {
    if found.is_empty() {
        return;
    }
    let mut more = Vec::new();
    flow::visit(file, function, |node| {
        let Some(left) = field(node, &["left", "name", "pattern"]) else {
            return;
        };
        let Some(right) = field(node, &["right", "value"]) else {
            return;
        };
        let text = file.text_of(right);
        if text.len() >= 120 {
            return;
        }
        let root = root_of(text);
        let is_taken = node.kind().contains("for")
            || text.contains(".get(")
            || text.contains('[')
            || text.contains(".find(")
            || text.contains(".pop(");
        if is_taken
            && found
                .iter()
                .any(|one| bare(one.name) == root && one.at < node.start_byte())
        {
            more.extend(names(file, left).into_iter().map(|name| Loaded {
                name,
                at: node.start_byte(),
            }));
        }
    });
    found.extend(more);
}

fn names<'a>(file: &File<'a>, left: Node<'a>) -> Vec<&'a str> {
    if matches!(
        left.kind(),
        "expression_list"
            | "pattern_list"
            | "array_pattern"
            | "object_pattern"
            | "tuple_pattern"
            | "left_assignment_list"
    ) {
        return left
            .named_children()
            .map(|child| file.text_of(child))
            .filter(|name| !matches!(*name, "_" | "err" | "error" | "ok"))
            .collect();
    }
    let text = file.text_of(left).trim_start_matches("mut ");
    vec![text]
}

fn first_call<'a>(file: &File<'a>, value: Node<'a>) -> Option<crate::hints::kinds::Call<'a>> {
    let mut node = value;
    for _ in 0..6 {
        if let Some(call) = file.call(node) {
            return Some(call);
        }
        if file.is(node, grammar::CLOSURE) {
            return None;
        }
        node = node.named_child(0)?;
    }
    None
}

/// Finders that only records have, whatever they are called on.
fn is_find(file: &File<'_>, call: &crate::hints::kinds::Call<'_>) -> bool {
    let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
    matches!(
        name,
        "findById"
            | "findByPk"
            | "findUnique"
            | "findOne"
            | "findFirst"
            | "findUniqueOrThrow"
            | "find_by"
            | "find_by!"
            | "findOrFail"
            | "get_object_or_404"
            | "FindAsync"
            | "FirstOrDefaultAsync"
            | "SingleOrDefaultAsync"
            | "FirstAsync"
            | "SingleAsync"
            | "findOneBy"
            | "findOneOrFail"
            | "getReferenceById"
            | "orElseThrow"
            | "with_for_update"
    )
}

fn is_cache_read<'a>(file: &File<'a>, call: &crate::hints::kinds::Call<'a>) -> bool {
    let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
    matches!(
        name,
        "get"
            | "Get"
            | "read"
            | "getItem"
            | "fetch"
            | "StringGet"
            | "StringGetAsync"
            | "hget"
            | "hGet"
    ) && call
        .receiver
        .is_some_and(|on| crate::hints::condition::receiver_class(file, on, "cache"))
}

fn is_write<'a>(code: &Flow<'_, 'a>, call: &crate::hints::kinds::Call<'a>) -> bool {
    let file = code.file;
    if code.writes(call) {
        return true;
    }
    let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
    if matches!(
        name,
        "save"
            | "Save"
            | "save!"
            | "update!"
            | "SaveChanges"
            | "SaveChangesAsync"
            | "saveAndFlush"
            | "update_attributes"
            | "update_columns"
            | "commit"
    ) {
        return true;
    }
    matches!(
        name,
        "set"
            | "Set"
            | "put"
            | "setItem"
            | "setex"
            | "StringSet"
            | "StringSetAsync"
            | "hset"
            | "hSet"
            | "write"
    ) && call
        .receiver
        .is_some_and(|on| crate::hints::condition::receiver_class(file, on, "cache"))
}

/// How a change reaches the write.
enum Carrier {
    Record,
    Value(String),
    Argument,
}

struct Changed<'a> {
    node: Node<'a>,
    name: &'a str,
    loaded_at: usize,
    carries: Carrier,
}

/// Returns the places where something loaded is computed anew from itself.
fn changes<'a>(code: &Flow<'_, 'a>, function: Node<'a>, loaded: &[Loaded<'a>]) -> Vec<Changed<'a>> {
    let file = code.file;
    let mut found = Vec::new();
    let by_root = |text: &str, at: usize| {
        loaded
            .iter()
            .rfind(|one| one.at < at && root_of(text) == bare(one.name))
    };
    flow::visit(file, function, |node| {
        let kind = node.kind();
        let is_value = is_sum(kind);
        let left = field(node, &["left"]).filter(|_| !is_value);
        let right = field(node, &["right"]).filter(|_| !is_value);
        if let (Some(left), Some(right)) = (left, right) {
            let target = file.text_of(left);
            let Some(one) = by_root(target, node.start_byte()) else {
                return derived(file, node, left, right, loaded, &mut found);
            };
            let has_field = target.len() > one.name.len();
            let augmented = kind.contains("augmented")
                || kind.contains("compound")
                || matches!(operator(file, node), "+=" | "-=" | "*=" | "/=");
            if matches!(operator(file, node), "||=" | "&&=" | "??=") {
                // What is there is kept.
                return;
            }
            let from_itself =
                !augmented && is_arithmetic(right) && mentions_text(file.text_of(right), target);
            if augmented || from_itself {
                let carries = if has_field {
                    Carrier::Record
                } else {
                    Carrier::Value(target.to_owned())
                };
                found.push(Changed {
                    node,
                    name: one.name,
                    loaded_at: one.at,
                    carries,
                });
                return;
            }
            return derived(file, node, left, right, loaded, &mut found);
        }
        if let (Some(name), Some(value)) =
            (field(node, &["name", "pattern"]), field(node, &["value"]))
        {
            return derived(file, node, name, value, loaded, &mut found);
        }
        // `account.balance++`, `account.setBalance(account.getBalance() - amount)`, `user.credits.push(x)`
        if kind.contains("update_expression")
            || kind == "inc_statement"
            || kind == "dec_statement"
            || kind.contains("postfix")
            || kind.contains("prefix_unary")
        {
            let inner = node
                .named_child(0)
                .map(|inner| file.text_of(inner))
                .unwrap_or_default();
            let changes_it = file.text_of(node).contains("++") || file.text_of(node).contains("--");
            if changes_it
                && let Some(one) =
                    by_root(inner, node.start_byte()).filter(|one| inner.len() > one.name.len())
            {
                found.push(Changed {
                    node,
                    name: one.name,
                    loaded_at: one.at,
                    carries: Carrier::Record,
                });
            }
            return;
        }
        if let Some(call) = file.call(node) {
            let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
            let on = call.receiver.map(|on| file.text_of(on)).unwrap_or_default();
            let arguments = call
                .arguments
                .map(|node| file.text_of(node))
                .unwrap_or_default();
            if name.starts_with("set")
                && let Some(one) = by_root(on, node.start_byte())
                && has_arithmetic(call.arguments)
                && arguments.contains(&format!("{}.", one.name))
            {
                found.push(Changed {
                    node,
                    name: one.name,
                    loaded_at: one.at,
                    carries: Carrier::Record,
                });
            }
        }
        // `data: { balance: account.balance - amount }` inside the write itself.
        if is_sum(kind) {
            let text = file.text_of(node);
            if let Some(one) = loaded.iter().rfind(|one| {
                one.at < node.start_byte()
                    && (text.contains(&format!("{}.", one.name))
                        || text.contains(&format!("{}->", one.name))
                        || text.contains(&format!("{}[", one.name)))
            }) && is_arithmetic(node)
                && in_write(code, node, function)
            {
                found.push(Changed {
                    node,
                    name: one.name,
                    loaded_at: one.at,
                    carries: Carrier::Argument,
                });
            }
        }
    });
    found
}

/// `new_balance = account.balance - amount`: the value is carried by another name.
fn derived<'a>(
    file: &File<'a>,
    node: Node<'a>,
    left: Node<'a>,
    right: Node<'a>,
    loaded: &[Loaded<'a>],
    found: &mut Vec<Changed<'a>>,
) {
    if !is_arithmetic(right) {
        return;
    }
    let text = file.text_of(right);
    let Some(one) = loaded
        .iter()
        .rfind(|one| one.at < node.start_byte() && mentions_text(text, one.name))
    else {
        return;
    };
    let target = file.text_of(left);
    if target.is_empty() || target.len() > 80 {
        return;
    }
    let carries = if root_of(target) == bare(one.name) && target.len() > one.name.len() {
        Carrier::Record
    } else {
        Carrier::Value(target.to_owned())
    };
    if matches!(carries, Carrier::Record) && !mentions_text(text, target) {
        return;
    }
    found.push(Changed {
        node,
        name: one.name,
        loaded_at: one.at,
        carries,
    });
}

fn operator<'a>(file: &File<'a>, node: Node<'a>) -> &'a str {
    field_of(node, "operator")
        .or_else(|| node.child(1))
        .map(|node| file.text_of(node))
        .unwrap_or_default()
}

fn is_sum(kind: &str) -> bool {
    matches!(
        kind,
        "binary_operator"
            | "binary_expression"
            | "binary"
            | "additive_expression"
            | "multiplicative_expression"
    )
}

fn is_arithmetic(node: Node<'_>) -> bool {
    if !is_sum(node.kind()) {
        return matches!(
            node.kind(),
            "parenthesized_expression" | "expression_list" | "await_expression"
        ) && node.named_child(0).is_some_and(is_arithmetic);
    }
    node.children()
        .any(|child| matches!(child.kind(), "+" | "-" | "*" | "/"))
}

fn has_arithmetic(node: Option<Node<'_>>) -> bool {
    node.is_some_and(|node| {
        node.named_children().any(|child| {
            is_arithmetic(child)
                || child.named_child(0).is_some_and(is_arithmetic)
                || ["add", "subtract", "plus", "minus"].iter().any(|word| {
                    field_of(child, "name").is_some_and(|_| {
                        child
                            .within()
                            .any(|node| node.kind() == "method_invocation")
                    }) && word.len() > 2
                })
        })
    })
}

fn in_write<'a>(code: &Flow<'_, 'a>, node: Node<'a>, function: Node<'a>) -> bool {
    let file = code.file;
    for around in node.around() {
        if around.id() == function.id() {
            return false;
        }
        if let Some(call) = file.call(around)
            && is_write(code, &call)
        {
            return true;
        }
    }
    false
}

fn saves<'a>(file: &File<'a>, call: &crate::hints::kinds::Call<'a>, name: &str) -> bool {
    let name = bare(name);
    let on = call
        .receiver
        .map(|on| root_of(file.text_of(on)))
        .unwrap_or_default();
    if on == name || mentions(file, call.arguments, name) {
        return true;
    }
    let verb = call.name.map(|name| file.text_of(name)).unwrap_or_default();
    matches!(
        verb,
        "commit" | "flush" | "SaveChanges" | "SaveChangesAsync"
    )
}

fn mentions(file: &File<'_>, node: Option<Node<'_>>, name: &str) -> bool {
    node.is_some_and(|node| mentions_text(file.text_of(node), name))
}

/// Tells whether a text holds a name as a whole word.
fn mentions_text(text: &str, name: &str) -> bool {
    let name = name.trim();
    if name.is_empty() {
        return false;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word)
    })
}

/// Returns the first name of a chain, without what languages put before it.
fn root_of(text: &str) -> &str {
    let text = bare(text);
    text.split(['.', '[', '(', '-', '?', '!', ':'])
        .next()
        .unwrap_or(text)
        .trim()
}

fn bare(text: &str) -> &str {
    text.trim().trim_start_matches(['$', '&', '*', '@', '('])
}
