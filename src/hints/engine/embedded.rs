//! SQL in strings of other languages, where a string holds a whole statement.
//!
//! All such strings of a file are read in one parse: the text with everything else blanked out, so that every position is
//! the file's own.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use ast_grep_core::AstGrep;

use super::read::parse_parts;
use super::scan;
use super::tally::FileHints;
use super::watch::Watch;
use crate::hints::condition::holds_interpolation;
use crate::hints::file::File;
use crate::hints::grammar;
use crate::hints::lang::Root;
use crate::hints::rule::Registry;
use crate::hints::tree::{Node, Source};
use crate::syntax::Language;

/// The most strings of a file that are read.
const MOST: usize = 500;

/// Runs the rules that are meant for it on the SQL in a file's strings.
pub fn scan_sql(file: &File<'_>, registry: &Registry, watch: &Watch) -> Option<FileHints> {
    if file.language == Language::Sql
        || !registry.reads(Language::Sql)
        || !mentions_sql(file.text())
    {
        return None;
    }
    let strings = strings(file);
    if strings.is_empty() {
        return None;
    }
    let text = masked(file.text(), &strings);
    let tree = parse_parts(Language::Sql, text.as_bytes(), &strings)?;
    let root: Root = AstGrep::doc(Source::new(Language::Sql, text, &tree));
    drop(tree);
    let inner = File::new(
        file.path,
        Language::Sql,
        file.roles,
        &root,
        file.added,
        file.words,
    );
    Some(scan::scan(&inner, registry, watch, |rule| rule.embedded))
}

/// Returns a migration's text with all but the statements in its strings blanked, those aside that take it back.
pub fn steps(file: &File<'_>) -> Option<String> {
    if file.language == Language::Sql || !mentions_sql(file.text()) {
        return None;
    }
    let mut strings = strings(file);
    strings.retain(|range| {
        let node = file.top().descendant_for_byte_range(range.start, range.end);
        let function = node.and_then(|node| file.function(node));
        !function.is_some_and(|function| takes_back(file.function_name(function)))
    });
    (!strings.is_empty()).then(|| masked(file.text(), &strings))
}

/// Tells whether a function of a migration undoes what it does, by its name.
fn takes_back(name: &str) -> bool {
    let own = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    matches!(
        own.as_str(),
        "down"
            | "downgrade"
            | "revert"
            | "reverse"
            | "rollback"
            | "undo"
            | "backward"
            | "backwards"
    )
}

/// Words of which every file with a statement holds one.
const VERBS: [&str; 11] = [
    "SELECT ", "select ", "UPDATE ", "update ", "DELETE ", "delete ", "INSERT ", "insert ",
    "ALTER ", "CREATE ", "DROP ",
];

fn mentions_sql(text: &str) -> bool {
    static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(VERBS).ok());
    FINDER.as_ref().is_none_or(|finder| finder.is_match(text))
}

/// Returns the bytes of strings that hold a whole statement.
fn strings(file: &File<'_>) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < file.top().after() && found.len() < MOST {
        let node = file.node(at);
        if file.is(node, grammar::STRING) {
            found.extend(statement(file, node));
            at = node.after();
        } else {
            at += 1;
        }
    }
    found
}

fn statement(file: &File<'_>, node: Node<'_>) -> Option<std::ops::Range<usize>> {
    let text = file.text_of(node);
    let open = text.find(|c: char| {
        !matches!(
            c,
            '"' | '\''
                | '`'
                | 'r'
                | 'b'
                | 'f'
                | 'u'
                | '@'
                | '$'
                | '#'
                | '('
                | 'R'
                | 'B'
                | '\n'
                | ' '
                | '\t'
                | '\\'
        )
    })?;
    let close = text.trim_end_matches(['"', '\'', '`', '#', ')']).len();
    let inside = text.get(open..close)?;
    let verb = inside.split_ascii_whitespace().next()?.to_ascii_uppercase();
    let second = inside.split_ascii_whitespace().nth(1)?.to_ascii_uppercase();
    let is_statement = match verb.as_str() {
        "SELECT" => {
            inside.to_ascii_uppercase().contains(" FROM ")
                || inside.to_ascii_uppercase().contains("\nFROM ")
        }
        "UPDATE" => inside.to_ascii_uppercase().contains("SET"),
        "DELETE" => second == "FROM",
        "INSERT" => second == "INTO",
        "CREATE" | "ALTER" | "DROP" => {
            matches!(second.as_str(), "TABLE" | "INDEX" | "UNIQUE" | "COLUMN")
        }
        _ => false,
    };
    let is_part = {
        // A part of a sum is not whole.
        let parent = node.parent();
        parent.is_some_and(|parent| {
            matches!(
                parent.kind(),
                "binary_operator" | "binary_expression" | "binary" | "additive_expression"
            )
        })
    };
    (is_statement && !is_part && !holds_interpolation(node)).then(|| {
        let start = node.start_byte() + open;
        start..start + inside.len()
    })
}

/// Blanks everything but the strings, ends each with a semicolon, and writes a number where a value goes.
fn masked(text: &str, strings: &[std::ops::Range<usize>]) -> String {
    let mut out: Vec<u8> = text
        .bytes()
        .map(|byte| if byte == b'\n' { b'\n' } else { b' ' })
        .collect();
    for range in strings {
        let bytes = &text.as_bytes()[range.clone()];
        let slot = &mut out[range.start..range.end];
        slot.copy_from_slice(bytes);
        fill_placeholders(slot);
        if let Some(after) = out.get_mut(range.end)
            && *after == b' '
        {
            *after = b';';
        }
    }
    // Only whole characters were copied or blanked, byte by byte.
    String::from_utf8(out).unwrap_or_default()
}

fn fill_placeholders(sql: &mut [u8]) {
    let mut at = 0;
    while at < sql.len() {
        let next = sql.get(at + 1).copied().unwrap_or_default();
        let len = match sql[at] {
            b'?' => 1,
            b'%' if next == b's' || next == b'd' => 2,
            b'%' if next == b'(' => sql[at..]
                .iter()
                .position(|&byte| byte == b')')
                .map_or(1, |end| (end + 2).min(sql.len() - at)),
            b'$' if next.is_ascii_digit() => {
                1 + sql[at + 1..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_digit())
                    .count()
            }
            b':' | b'@'
                if next.is_ascii_alphabetic()
                    && (at == 0 || !matches!(sql[at - 1], b':' | b'\'')) =>
            {
                1 + sql[at + 1..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
                    .count()
            }
            _ => 0,
        };
        if len == 0 {
            at += 1;
        } else {
            sql[at..at + len].fill(b'1');
            at += len;
        }
    }
}
