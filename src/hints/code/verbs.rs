//! What the names of methods, and the first words of statements, say that a call does to a database.

use super::flow::Access;
use crate::syntax::Language;

/// Verbs of methods that write.
const VERBS: [&str; 12] = [
    "save",
    "create",
    "insert",
    "update",
    "delete",
    "destroy",
    "remove",
    "upsert",
    "persist",
    "increment",
    "decrement",
    "replace",
];

/// Returns what a method of a name does.
pub fn by_name(language: Language, name: &str) -> Option<Access> {
    let lower = name.trim_end_matches(['!', '?']).to_ascii_lowercase();
    let lower = lower.strip_suffix("async").unwrap_or(&lower);
    let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    // Doctrine commits where it flushes; elsewhere a flush is undone with its transaction.
    if matches!(lower, "commit" | "savechanges" | "persistandflush")
        || lower == "flush" && language == Language::Php
    {
        return Some(Access::Commit);
    }
    if lower == "flush" {
        return None;
    }
    if language == Language::Ruby {
        // Methods of one's own often begin with these words and write nothing.
        return by_record_method(name).or_else(|| reads(lower).then_some(Access::Read));
    }
    if matches!(language, Language::Python | Language::CSharp)
        && matches!(lower, "add" | "add_all" | "merge" | "addrange")
    {
        return Some(Access::Write);
    }
    let others = [
        "bulk_create",
        "bulk_update",
        "store",
        "executenonquery",
        "executeupdate",
    ];
    let mut writes = VERBS.iter().chain(&others);
    let is_put = matches!(lower, "put" | "putitem" | "putall" | "putifabsent");
    // Messaging and connections are made, and no rows.
    let makes_handle = lower.starts_with("create")
        && [
            "session",
            "connection",
            "statement",
            "consumer",
            "producer",
            "queue",
            "topic",
            "message",
        ]
        .iter()
        .any(|what| lower.ends_with(what));
    // `createdAt`, `updateableFields`: the word goes on.
    let is_verb = writes.any(|verb| {
        let rest = name.get(verb.len()..).filter(|_| lower.starts_with(verb));
        rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_lowercase()))
    });
    if (is_verb || is_put)
        && !makes_handle
        && !begins(&[
            "removeattr",
            "removeclass",
            "removechild",
            "removeevent",
            "removelistener",
            "removeall",
            "removeitem",
            "removeprop",
            "removedata",
            "removepad",
            "updatefrom",
            "replaceall",
            "replacewith",
            "replacechild",
            "deleteproperty",
            "createelement",
            "createtext",
            "createobjecturl",
            "createquery",
            "createstatement",
            "createnative",
            "createcommand",
            "createparameter",
            "createconnection",
            "createbuilder",
            "createtransaction",
            "createlogger",
        ])
    {
        return Some(Access::Write);
    }
    reads(lower).then_some(Access::Read)
}

/// Tells whether a method of a name reads, in small letters.
fn reads(lower: &str) -> bool {
    let words = [
        "find", "get", "first", "one", "all", "select", "query", "count", "exists", "where",
        "filter", "load", "fetch", "scalar", "read", "single", "lookup", "list", "any", "pluck",
        "take", "last",
    ];
    words.iter().any(|word| lower.starts_with(word)) || matches!(lower, "has" | "hasany")
}

/// What methods of Rails's and Sequel's records that write do, by their whole names.
fn by_record_method(name: &str) -> Option<Access> {
    matches!(
        name.trim_end_matches('!'),
        "save"
            | "create"
            | "insert"
            | "insert_all"
            | "upsert"
            | "upsert_all"
            | "update"
            | "update_all"
            | "update_attribute"
            | "update_attributes"
            | "update_column"
            | "update_columns"
            | "update_counters"
            | "increment"
            | "decrement"
            | "toggle"
            | "touch"
            | "delete"
            | "delete_all"
            | "delete_by"
            | "destroy"
            | "destroy_all"
            | "destroy_by"
            | "find_or_create_by"
            | "first_or_create"
            | "create_or_find_by"
            | "import"
            | "multi_insert"
            | "store"
            | "persist"
    )
    .then_some(Access::Write)
}

/// Tells whether a method of a name is one that statements are handed to.
pub fn takes_sql(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "exec",
        "query",
        "prepare",
        "run",
        "update",
        "raw",
        "unsafe",
        "sql",
        "createstatement",
        "nonquery",
        "command",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// Returns what a statement that is handed over does, by its first word.
pub fn by_sql(arguments: &str) -> Option<Access> {
    let head: String = arguments
        .trim_start_matches([
            '(', '"', '\'', '`', ' ', '\n', '\t', 'f', 'r', 'b', '$', '@', 'R', '#',
        ])
        .chars()
        .take(12)
        .collect();
    let head = head.to_ascii_uppercase();
    let word = head
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or_default();
    match word {
        "SELECT" | "WITH" => Some(Access::Read),
        "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "MERGE" | "UPSERT" => Some(Access::Write),
        "COMMIT" => Some(Access::Commit),
        _ => {
            // A context or a handle comes first in Go, Rust and PHP.
            let upper = arguments.to_ascii_uppercase();
            if [
                "\"INSERT ",
                "\"UPDATE ",
                "\"DELETE ",
                "`INSERT ",
                "`UPDATE ",
                "`DELETE ",
                "'INSERT ",
                "'UPDATE ",
                "'DELETE ",
            ]
            .iter()
            .any(|verb| upper.contains(verb))
            {
                return Some(Access::Write);
            }
            ["\"SELECT ", "`SELECT ", "'SELECT "]
                .iter()
                .any(|verb| upper.contains(verb))
                .then_some(Access::Read)
        }
    }
}

/// Tells whether a name of PHP is a verb that writes, alone or with what libraries add to it: `createMany`, `saveOrFail`.
/// Methods of one's own often begin with these words and write nothing.
pub fn is_whole(name: &str) -> bool {
    const ADDED: [&str; 15] = [
        "", "Many", "All", "OrFail", "OrCreate", "OrUpdate", "OrInsert", "OrIgnore", "Quietly",
        "GetId", "One", "Batch", "Row", "Entity", "Each",
    ];
    let rests = VERBS.iter().filter_map(|verb| name.strip_prefix(verb));
    rests.into_iter().any(|rest| ADDED.contains(&rest))
        || matches!(
            name,
            "firstOrCreate"
                | "updateOrCreate"
                | "forceDelete"
                | "store"
                | "push"
                | "sync"
                | "attach"
                | "detach"
        )
}
