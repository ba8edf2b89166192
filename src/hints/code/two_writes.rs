//! Two or more writes that do not stand or fall together (missing-transaction).
//!
//! Counts what becomes lasting on its own: each write where the library commits at once, each commit where it gathers
//! writes until then. Silent where the function, its decorators or its class speak of a transaction, where a handle of one
//! is passed in, and where the writes are in branches that exclude each other or say the same of the same target.

use crate::hints::tree::Node;

use super::Sight;
use super::flow::{self, Access, Flow};
use crate::hints::condition::without_comments;
use crate::hints::file::File;
use crate::hints::grammar;
use crate::hints::kinds::{self, Call, decorated};
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
    let mut lasting = lasting(code, function);
    if matches!(
        file.language,
        Language::Python | Language::Ruby | Language::Php
    ) {
        without_progress(&mut lasting);
    }
    if lasting.len() < 2 || is_guarded(file, function) {
        return None;
    }
    let (first, second) = lasting.iter().enumerate().find_map(|(at, first)| {
        let rest = lasting[at + 1..].iter();
        rest.map(|second| (first, second)).find(|(first, second)| {
            let differs =
                first.is_commit || first.target != second.target || first.verb != second.verb;
            differs
                && !flow::exclude_each_other(file, first.call.node, second.call.node)
                && !is_around(first.call.node, second.call.node)
                && !run_apart(file, first.call.node, second.call.node)
                && !say_progress(file, first, second)
                && !decides(file, &first.call, &second.call)
        })
    })?;
    Some(Sight {
        node: second.call.node,
        since: Some(first.call.node),
        focus: None,
        values: vec![
            ("first", file.callee(&first.call).to_owned()),
            ("second", file.callee(&second.call).to_owned()),
            (
                "line",
                file.line_of(second.call.node.start_byte()).to_string(),
            ),
        ],
    })
}

/// A record that saves itself first and again last (`job.save()` … `job.save()`) says how far the work is: that is two
/// writes on purpose.
fn without_progress(lasting: &mut Vec<Lasting<'_>>) {
    let (Some(first), Some(last)) = (lasting.first(), lasting.last()) else {
        return;
    };
    if lasting.len() < 3 || first.target != last.target || first.verb != last.verb {
        return;
    }
    let mark = (first.target.clone(), first.verb.clone());
    if !first.is_commit && mark.1.to_ascii_lowercase().starts_with("save") {
        lasting.retain(|one| one.target != mark.0 || one.verb != mark.1);
    }
}

struct Lasting<'a> {
    call: Call<'a>,
    target: String,
    verb: String,
    is_commit: bool,
}

/// Returns the calls of a function after which something stays in the database.
fn lasting<'a>(code: &Flow<'_, 'a>, function: Node<'a>) -> Vec<Lasting<'a>> {
    let file = code.file;
    let mut writes = Vec::new();
    let mut commits = Vec::new();
    for &call in code.calls(function).iter() {
        let Some(access) = code.access(&call) else {
            continue;
        };
        let verb = call
            .name
            .map(|name| file.text_of(name))
            .unwrap_or_default()
            .to_owned();
        let target = flow::target(file, &call);
        match access {
            Access::Write if is_alone(file, &call) => {}
            Access::Write => writes.push(Lasting {
                call,
                target,
                verb,
                is_commit: false,
            }),
            Access::Commit => commits.push(Lasting {
                call,
                target,
                verb,
                is_commit: true,
            }),
            Access::Read => {}
        }
    }
    // Calls in a chain (`Item.objects.filter(…).update(…)`) are one write.
    let mut alone: Vec<Lasting<'a>> = Vec::new();
    for write in writes {
        if let Some(last) = alone.last()
            && is_around(write.call.node, last.call.node)
        {
            alone.pop();
        }
        alone.push(write);
    }
    if gathers(file, function) {
        // Two commits are two steps only where each has something to make lasting.
        let has_write_between = |first: &Lasting<'a>, second: &Lasting<'a>| {
            alone.iter().any(|write| {
                (first.call.node.end_byte()..second.call.node.start_byte())
                    .contains(&write.call.node.start_byte())
            }) || file
                .text()
                .get(first.call.node.end_byte()..second.call.node.start_byte())
                .is_some_and(|between| between.contains(" = ") || between.contains("+="))
        };
        let pairs = commits
            .windows(2)
            .any(|pair| has_write_between(&pair[0], &pair[1]));
        return if pairs { commits } else { Vec::new() };
    }
    alone
}

/// `updated = db.update(…); if (updated === 0) db.insert(…)`, `return if claimed.zero?`: how many rows the first changed
/// decides about what follows.
fn decides<'a>(file: &File<'a>, first: &Call<'a>, second: &Call<'a>) -> bool {
    let bound = first.node.around().take(6).find_map(|node| {
        kinds::field(node, &["left", "name", "pattern"])
            .filter(|left| left.end_byte() <= first.node.start_byte())
    });
    let Some(name) = bound
        .map(|left| file.text_of(left))
        .filter(|name| name.len() > 1)
    else {
        return false;
    };
    let between = file
        .text()
        .get(first.node.end_byte()..second.node.start_byte());
    between.unwrap_or_default().lines().any(|line| {
        let asks = ["if", "unless", "when", "match"];
        let is_asked = asks.iter().any(|word| {
            line.split(|c: char| !c.is_alphanumeric())
                .any(|own| own == *word)
        });
        let counts = [
            "zero?", "== 0", "=== 0", "< 1", "!= 1", "!== 1", "== 1", "=== 1", "affected",
            "rowCount", "rowcount", "changes",
        ];
        is_asked && line.contains(name) && counts.iter().any(|count| line.contains(count))
    })
}

/// `UPDATE jobs SET status = 'running' …`, and at the end `… SET status = 'done'`: how far the work on one row is.
fn say_progress(file: &File<'_>, first: &Lasting<'_>, second: &Lasting<'_>) -> bool {
    let root = |write: &Lasting<'_>| {
        let target = write.target.trim_start_matches('$');
        target.to_ascii_lowercase()
    };
    let sets_state = |write: &Lasting<'_>| {
        let text = file.text_of(write.call.node);
        let lower = text
            .get(..text.len().min(600))
            .unwrap_or(text)
            .to_ascii_lowercase();
        lower.contains("update") && (lower.contains("status") || lower.contains("state"))
    };
    !first.is_commit && root(first) == root(second) && sets_state(first) && sets_state(second)
}

/// Tells whether a statement stands for itself: a worker that claims a row, or what sweeps out old tokens and attempts.
fn is_alone<'a>(file: &File<'a>, call: &Call<'a>) -> bool {
    const SWEPT: [&str; 5] = ["SESSION", "TOKEN", "CACHE", "ATTEMPT", "EXPIRED"];
    let arguments = call.arguments.map(|node| file.text_of(node));
    let sql = arguments.unwrap_or_default().to_ascii_uppercase();
    let swept = sql.split_once("DELETE FROM ").map(|(_, rest)| rest);
    let table = swept.and_then(|rest| rest.split_whitespace().next());
    let whole = file.text_of(call.node);
    let verb = call.name.map(|name| file.text_of(name)).unwrap_or_default();
    let verb = verb.to_ascii_lowercase();
    let sweeps = (verb.starts_with("delete") || verb.starts_with("destroy"))
        && whole.len() < 400
        && [
            ".ago",
            "_ago",
            " ago",
            "older",
            "expired",
            "cutoff",
            "retention",
            "stale",
        ]
        .iter()
        .any(|word| whole.to_ascii_lowercase().contains(word));
    sql.contains("SKIP LOCKED")
        || sweeps
        || table.is_some_and(|table| SWEPT.iter().any(|word| table.contains(word)))
}

/// Tells whether a library here gathers writes until a commit, or a commit in the function makes them last together.
fn gathers(file: &File<'_>, function: Node<'_>) -> bool {
    let text = file.text_of(function);
    match file.language {
        Language::Python => {
            text.contains(".commit()")
                || text.contains("session.add")
                || text.contains("db.add(")
                || text.contains(".execute(")
        }
        Language::CSharp => text.contains("SaveChanges"),
        Language::Php => text.contains("->flush("),
        Language::Java | Language::Kotlin => text.contains(".commit()"),
        _ => false,
    }
}

/// Tells whether two places stand in closures that are handed to different calls, none of which walks over elements: each
/// runs when somebody asks for it.
fn run_apart<'a>(file: &File<'a>, first: Node<'a>, second: Node<'a>) -> bool {
    let is_kept = |closure: &Node<'a>| {
        let call = closure.around().take(4).find_map(|node| file.call(node));
        let name = call.and_then(|call| call.name);
        name.is_none_or(|name| !file.words.walks(file.language, file.text_of(name)))
    };
    let own = |node: Node<'a>, other: Node<'a>| {
        let mut apart = node.around().take_while(|around| !around.holds(other));
        apart.any(|around| file.is(around, grammar::CLOSURE) && is_kept(&around))
    };
    own(first, second) && own(second, first)
}

fn is_guarded<'a>(file: &File<'a>, function: Node<'a>) -> bool {
    let scope = decorated(function);
    let text = without_comments(file, scope);
    let words = file.words;
    if file.has_guard("transaction", &text) {
        return true;
    }
    // What a class is decorated with holds for its methods.
    file.class(function).is_some_and(|class| {
        let class = decorated(class);
        let head = file.text_of(class);
        let head = head.split('{').next().unwrap_or(head);
        let is_one = head.contains("Transaction") && file.language == Language::Rust;
        head.len() < 4000 && (is_one || words.has_guard("transaction", file.language, head))
    })
}

fn is_around(outer: Node<'_>, inner: Node<'_>) -> bool {
    outer.start_byte() <= inner.start_byte() && inner.end_byte() <= outer.end_byte()
}
