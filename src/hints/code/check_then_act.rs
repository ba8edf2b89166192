//! A database is asked whether something is there, and the answer decides whether it is made: two callers get the same
//! answer (check-then-act).

use crate::hints::tree::Node;

use super::Sight;
use super::flow::{self, Access, Flow};
use crate::hints::condition::{receiver_class, without_comments};
use crate::hints::file::File;
use crate::hints::kinds::{Call, decorated, field};
use crate::hints::memo::Text;
use crate::hints::role::Role;
use crate::syntax::Language;

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

fn look<'a>(code: &Flow<'_, 'a>, function: Node<'a>) -> Option<Sight<'a>> {
    let file = code.file;
    if flow::fills_once(file, function) {
        return None;
    }
    let calls = code.calls(function);
    let creates: Vec<&Call<'a>> = calls.iter().filter(|call| is_create(code, call)).collect();
    if creates.is_empty() {
        return None;
    }
    let mut found = None;
    flow::visit(file, function, |node| {
        if found.is_some() || !is_choice(node.kind()) {
            return;
        }
        let Some(condition) = condition(node) else {
            return;
        };
        if asks_for_limit(file.text_of(condition)) {
            return;
        }
        let acts = creates.iter().filter(|call| {
            follows(file, node, condition, call.node)
                && makes_what_is_missing(file, node, condition, call.node)
        });
        let mut acts = acts.peekable();
        if acts.peek().is_none() {
            return;
        }
        let Some(read) = asked(code, function, condition) else {
            return;
        };
        let is_made = |call: &&&Call<'a>| {
            is_same_target(file, &read, call) && !saves_what_was_read(file, &read, call)
        };
        if let Some(act) = acts.find(is_made) {
            let sight = Sight {
                node: act.node,
                since: Some(read.node),
                focus: None,
                values: vec![
                    ("check", file.callee(&read).to_owned()),
                    ("act", file.callee(act).to_owned()),
                    ("line", file.line_of(act.node.start_byte()).to_string()),
                ],
            };
            found = Some((sight, node));
        }
    });
    let (sight, choice) = found?;
    // The text is asked last, for it costs most.
    let text = without_comments(file, decorated(function));
    let is_kept_out =
        file.has_guard("lock", &text) || is_refused_by_database(file, &text, choice, sight.node);
    (!is_kept_out).then_some(sight)
}

/// `failures >= MAX_FAILURES`: how many there are, and not whether one is there.
fn asks_for_limit(condition: &str) -> bool {
    let Some((_, right)) = condition.split_once('>') else {
        return false;
    };
    let right = right.trim_start_matches(['=', ' ']);
    !right.starts_with(['0', '1', '-', '('])
        && right.starts_with(|c: char| c.is_alphanumeric() || c == '$')
        && !condition.contains("->")
        && !condition.contains("=>")
}

/// `user = users.findByToken(t)` … `users.save(user)`, `user.save()`: what was found is changed, and nothing is made.
fn saves_what_was_read<'a>(file: &File<'a>, read: &Call<'a>, act: &Call<'a>) -> bool {
    let verb = act.name.map(|name| file.text_of(name)).unwrap_or_default();
    if !verb.to_ascii_lowercase().starts_with("save") && verb != "persist" && verb != "store" {
        return false;
    }
    let saved = act.arguments.and_then(|list| list.named_children().next());
    let Some(saved) = saved.or(act.receiver).map(|node| file.text_of(node)) else {
        return false;
    };
    let saved = saved.trim_start_matches(['&', '*']);
    let bound = file.names().of(saved).iter();
    let mut bound = bound.filter(|known| known.at < act.node.start_byte());
    // What is read into the name, and not made anew before it is saved.
    let last = bound.next_back();
    last.and_then(|known| known.value_range.as_ref())
        .is_some_and(|value| value.contains(&read.node.start_byte()))
}

/// Tells whether a function speaks of what a database does with what is there already. What is said where it was found by
/// asking (`throw new DuplicateEmail`) says nothing of that.
fn is_refused_by_database<'a>(
    file: &File<'a>,
    text: &Text<'a>,
    choice: Node<'a>,
    act: Node<'a>,
) -> bool {
    if !file.has_guard("upsert", text) {
        return false;
    }
    let branch = field(choice, &["consequence", "body"]);
    let branch = branch.or_else(|| choice.last_named_child());
    let Some(refused) = branch.filter(|branch| *branch != act && !branch.holds(act)) else {
        return true;
    };
    let rest = text.replacen(&*without_comments(file, refused), " ", 1);
    file.words.has_guard("upsert", file.language, &rest)
}

pub fn is_choice(kind: &str) -> bool {
    matches!(
        kind,
        "if_statement"
            | "if"
            | "unless"
            | "if_expression"
            | "if_modifier"
            | "unless_modifier"
            | "conditional_expression"
    )
}

pub fn condition(node: Node<'_>) -> Option<Node<'_>> {
    field(node, &["condition"]).or_else(|| node.named_child(0))
}

/// Returns the read that a condition asks, in it or bound to a name in it.
fn asked<'a>(code: &Flow<'_, 'a>, function: Node<'a>, condition: Node<'a>) -> Option<Call<'a>> {
    let file = code.file;
    let inside = flow::calls(file, condition);
    if let Some(read) = inside.into_iter().rev().find(|call| is_check(code, call)) {
        return Some(read);
    }
    let text = file.text_of(condition);
    if text.len() > 200 {
        return None;
    }
    // `existing = …; if existing is None`, `if (count > 0)`, `if !exists`, `if err == sql.ErrNoRows`
    let calls = code.calls(function);
    let before = calls
        .iter()
        .copied()
        .rev()
        .filter(|call| call.node.end_byte() <= condition.start_byte());
    for call in before {
        if !is_check(code, &call) {
            continue;
        }
        if is_filled_by(file, text, &call) {
            return Some(call);
        }
        let Some(statement) = call.node.around().find(|node| {
            field(*node, &["left", "name", "pattern"]).is_some()
                && field(*node, &["right", "value"]).is_some()
        }) else {
            continue;
        };
        let left = field(statement, &["left", "name", "pattern"])?;
        let names = file.text_of(left);
        let is_named = names
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|name| name.len() > 1)
            .any(|name| {
                text.split(|c: char| !c.is_alphanumeric() && c != '_')
                    .any(|word| word == name)
            });
        if is_named {
            return Some(call);
        }
    }
    None
}

/// Go fills names through their address: `db.QueryRow(…).Scan(&count)`, and then `count > 0`.
fn is_filled_by<'a>(file: &File<'a>, condition: &str, call: &Call<'a>) -> bool {
    if file.language != Language::Go {
        return false;
    }
    let is_chain =
        |node: &Node<'a>| matches!(node.kind(), "call_expression" | "selector_expression");
    let whole = call.node.around().take_while(is_chain).last();
    let whole = file.text_of(whole.unwrap_or(call.node));
    condition
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| word.len() > 1)
        .any(|word| {
            whole.match_indices('&').any(|(at, _)| {
                let rest = whole[at + 1..].strip_prefix(word);
                rest.is_some_and(|rest| rest.starts_with([')', ',']))
            })
        })
}

/// Tells whether a call asks whether something is there.
fn is_check<'a>(code: &Flow<'_, 'a>, call: &Call<'a>) -> bool {
    let file = code.file;
    if code.access(call) != Some(Access::Read) && !is_finder(file, call) {
        return false;
    }
    let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
    let asks_for = call.arguments.map(|node| file.text_of(node));
    let is_bare = asks_for.is_some_and(|text| text.trim_matches(['(', ')', ' ']).is_empty());
    if is_bare && (name.starts_with("get") || name.starts_with("is")) {
        // A field of what was read before.
        return false;
    }
    let name = name.to_lowercase();
    [
        "exist", "find", "first", "count", "one", "get", "any", "query", "select", "execute",
        "where", "fetch", "single", "scalar", "take", "lookup", "has",
    ]
    .iter()
    .any(|word| name.contains(word))
}

fn is_finder(file: &File<'_>, call: &Call<'_>) -> bool {
    let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
    [
        "existsBy",
        "findBy",
        "find_by",
        "exists?",
        "findUnique",
        "findFirst",
        "findOne",
        "AnyAsync",
        "FirstOrDefaultAsync",
        "countBy",
        "SingleOrDefaultAsync",
    ]
    .iter()
    .any(|start| name.starts_with(start))
}

/// Tells whether a call makes something new on a database.
fn is_create<'a>(code: &Flow<'_, 'a>, call: &Call<'a>) -> bool {
    let file = code.file;
    let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
    let lower = name.trim_end_matches('!').to_lowercase();
    let lower = lower.strip_suffix("async").unwrap_or(&lower);
    let is_insert = code.takes_sql(name) && {
        let arguments = call.arguments.map(|node| file.text_of(node));
        let arguments = arguments.unwrap_or_default();
        arguments.to_ascii_uppercase().contains("INSERT INTO")
    };
    let by_name = matches!(
        lower,
        "create"
            | "insert"
            | "add"
            | "save"
            | "persist"
            | "store"
            | "insertone"
            | "insert_one"
            | "saveandflush"
            | "insertgetid"
            | "createone"
    ) || lower.starts_with("create_") && lower.len() < 40
        || lower.starts_with("insert");
    if is_insert {
        return code.access(call) == Some(Access::Write);
    }
    let on = call.receiver.map(|on| file.text_of(on)).unwrap_or_default();
    let makes_objects = ["factory", "injector", "container", "builder"]
        .iter()
        .any(|word| on.to_ascii_lowercase().contains(word));
    if !by_name || makes_objects {
        return false;
    }
    code.access(call) == Some(Access::Write)
        || call.receiver.is_some_and(|on| {
            receiver_class(file, on, "database")
                || lower == "create" && file.text_of(on).starts_with(|c: char| c.is_uppercase())
        })
}

/// Tells whether a call runs where nothing was found: in the branch for that, or after a branch for the other that leaves.
/// What is saved where something was found changes that.
fn makes_what_is_missing<'a>(
    file: &File<'a>,
    choice: Node<'a>,
    condition: Node<'a>,
    act: Node<'a>,
) -> bool {
    let flips = matches!(choice.kind(), "unless" | "unless_modifier");
    let on_absence = says_absent(file.text_of(condition)) != flips;
    let within = |names: &[&'static str]| {
        field(choice, names).is_some_and(|branch| branch == act || branch.holds(act))
    };
    if within(&["alternative"]) {
        return !on_absence;
    }
    if within(&["consequence", "body"]) {
        return on_absence;
    }
    // Where a branch is not named by the grammar, it is left open.
    choice.holds(act) || !on_absence
}

/// Tells whether a condition holds where nothing was found.
fn says_absent(condition: &str) -> bool {
    let text = condition.trim_matches(['(', ')', ' ']);
    if text.ends_with("err == nil") || text.ends_with("Error == nil") {
        // Go: no error, so it was found.
        return false;
    }
    let is_denied = text.starts_with("not ") || text.starts_with('!') && !text.starts_with("!=");
    let lower = text.to_lowercase();
    let says_nothing = [
        "== null",
        "=== null",
        "== nil",
        "is none",
        "== none",
        "== undefined",
        "=== undefined",
        "is null",
        "isempty(",
        "is_empty(",
        "isnull(",
        "is_null(",
        "is_none(",
        ".empty?",
        ".nil?",
        ".blank?",
        ".none?",
        "errnorows",
        "recordnotfound",
        "notfound",
        "err != nil",
        "== 0",
        "=== 0",
        "< 1",
        "=== false",
        "== false",
        "is false",
        "empty(",
        "doesntexist",
    ]
    .iter()
    .any(|mark| lower.contains(mark));
    is_denied != says_nothing
}

/// Tells whether a call runs because of a condition's answer: in a branch of it, or after a branch that leaves.
fn follows<'a>(file: &File<'a>, choice: Node<'a>, condition: Node<'a>, act: Node<'a>) -> bool {
    if act.start_byte() < condition.end_byte()
        && act.start_byte() >= choice.start_byte()
        && !matches!(choice.kind(), "if_modifier" | "unless_modifier")
    {
        return false;
    }
    let inside = choice.start_byte() <= act.start_byte() && act.end_byte() <= choice.end_byte();
    if inside {
        return true;
    }
    if act.start_byte() < choice.end_byte() {
        return false;
    }
    // `if exists: raise`, and the act below it in the same block.
    let branch = field(choice, &["consequence", "body"]).or_else(|| choice.named_child(1));
    let leaves = branch.is_some_and(|branch| {
        if flow::leaves(file, branch) {
            return true;
        }

        branch.named_children().any(|child| {
            flow::leaves(file, child) || {
                child
                    .named_children()
                    .any(|statement| flow::leaves(file, statement))
            }
        })
    });
    let home = choice.parent();
    leaves
        && home.is_some_and(|home| {
            home.start_byte() <= act.start_byte() && act.end_byte() <= home.end_byte()
        })
}

/// The check and the act must be about the same thing: a shared word of model, table or repository.
fn is_same_target<'a>(file: &File<'a>, read: &Call<'a>, act: &Call<'a>) -> bool {
    let useful = |texts: &[&str]| -> Vec<String> {
        let all = texts
            .iter()
            .flat_map(|text| crate::hints::words::split(text));
        all.filter(|word| word.len() > 2 && !COMMON.contains(&word.as_str()))
            .map(|word| word.trim_end_matches('s').to_owned())
            .collect()
    };
    let name = |call: &Call<'a>| call.name.map(|name| file.text_of(name)).unwrap_or_default();
    let on = read.receiver.map(|on| file.text_of(on)).unwrap_or_default();
    // Models are arguments of `query(User)` and `select(User)`; they are written as classes are.
    let classes: Vec<&str> = on
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
        .collect();
    let arguments = read
        .arguments
        .map(|node| file.text_of(node))
        .unwrap_or_default();
    let in_arguments: Vec<&str> = arguments
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
        .collect();
    if let (Some(asked), Some(made)) = (table(file, read), table(file, act)) {
        return asked.eq_ignore_ascii_case(&made);
    }
    let target = flow::target(file, read);
    let mut asked = useful(&[&target, name(read).split("By").next().unwrap_or_default()]);
    asked.extend(useful(&classes));
    asked.extend(useful(&in_arguments));
    let made = flow::target(file, act);
    useful(&[&made, name(act)])
        .iter()
        .any(|word| asked.contains(word))
}

/// Returns the table that a call names in SQL of its own.
fn table<'a>(file: &File<'a>, call: &Call<'a>) -> Option<String> {
    let arguments = file.text_of(call.arguments?);
    let upper = arguments.to_ascii_uppercase();
    let is_sql = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "]
        .iter()
        .any(|verb| upper.contains(verb));
    let table = is_sql.then(|| flow::target(file, call))?;
    let is_name = !table.is_empty()
        && table
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    is_name.then_some(table)
}

/// Words that say nothing of what is asked or made.
const COMMON: &[&str] = &[
    "this",
    "self",
    "objects",
    "session",
    "query",
    "filter",
    "filter_by",
    "find",
    "first",
    "one",
    "get",
    "exists",
    "exist",
    "create",
    "insert",
    "save",
    "add",
    "repository",
    "repo",
    "prisma",
    "where",
    "data",
    "await",
    "select",
    "from",
    "into",
    "values",
    "async",
    "new",
    "ctx",
    "context",
    "count",
    "any",
    "conn",
    "cursor",
    "execute",
    "pool",
    "client",
    "manager",
    "service",
    "unique",
    "many",
    "dao",
    "store",
    "request",
    "req",
    "body",
    "the",
    "and",
    "null",
    "none",
    "scalar",
    "entity",
    "model",
    "default",
];
