//! SQL of a change read together: what its migrations take away, what they leave to the application alone, and what they
//! will do to a table that is in use. A table made in the same change can be dropped, altered and indexed at leisure.

mod lex;
mod mistakes;
mod news;
mod schema;

use std::collections::HashSet;
use std::ops::Range;

use super::Place;
use crate::hints::change::Change;
use lex::Token;
pub use news::News;
use schema::Action;

/// What was seen in SQL, under the name of the rule in code that tells it.
#[derive(Debug)]
pub struct Seen {
    rule: &'static str,
    file: usize,
    range: Range<usize>,
    values: Vec<(&'static str, String)>,
}

/// Returns what one rule tells of a change's SQL.
pub fn run(change: &Change<'_>, rule: &str) -> Vec<Place> {
    let all = change.sql.get_or_init(|| look(change));
    let own = all.iter().filter(|seen| seen.rule == rule);
    own.map(|seen| Place {
        file: seen.file,
        range: seen.range.clone(),
        values: seen.values.clone(),
    })
    .collect()
}

/// A file's statements.
struct Script {
    file: usize,
    dialect: Dialect,
    statements: Vec<Vec<Token>>,
    actions: Vec<(Action, Range<usize>)>,
}

/// Whose SQL it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Postgres,
    MySql,
    Sqlite,
    SqlServer,
}

fn dialect(text: &str) -> Dialect {
    let upper = text.to_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    if has(&["ENGINE=", "AUTO_INCREMENT", "UNSIGNED", "ENGINE ="]) || text.contains('`') {
        Dialect::MySql
    } else if has(&["AUTOINCREMENT", "PRAGMA "]) {
        Dialect::Sqlite
    } else if has(&[
        "IDENTITY(",
        "NVARCHAR",
        "\nGO\n",
        "[DBO]",
        "DATETIME2",
        "UNIQUEIDENTIFIER",
    ]) {
        Dialect::SqlServer
    } else {
        Dialect::Postgres
    }
}

fn look(change: &Change<'_>) -> Vec<Seen> {
    let mut scripts = Vec::new();
    for (file, member) in change.files.iter().enumerate() {
        let Some(sql) = member.sql() else { continue };
        let statements = lex::statements(sql);
        let actions = statements
            .iter()
            .flat_map(|statement| schema::actions(statement))
            .collect();
        scripts.push(Script {
            file,
            dialect: dialect(sql),
            statements,
            actions,
        });
    }
    let all = made(&scripts);
    let mut whole = mistakes::Whole::gather(&scripts, all);
    let mut found = Vec::new();
    for script in &scripts {
        if !change.tree.is_change() {
            // Scripts of a tree have nothing to do with each other, as far as anybody knows.
            let own = std::slice::from_ref(script);
            whole = mistakes::Whole::gather(own, made(own));
        }
        mistakes::of_actions(script, &whole, &mut found);
        mistakes::of_statements(script, &whole, &mut found);
    }
    found
}

/// Returns the tables that scripts make.
fn made(scripts: &[Script]) -> HashSet<&str> {
    let actions = scripts.iter().flat_map(|script| &script.actions);
    actions
        .filter_map(|(action, _)| match action {
            Action::Create { table, .. } => Some(table.as_str()),
            _ => None,
        })
        .collect()
}
