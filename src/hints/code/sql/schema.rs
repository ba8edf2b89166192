//! Statements that define or change tables, taken apart as far as rules need.

use std::ops::Range;

use super::lex::{Kind, Token};

/// A column as it is defined.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name, in lower case.
    pub name: String,
    /// All that follows the name, words in upper case.
    pub words: Vec<String>,
    /// Where the definition lies.
    pub range: Range<usize>,
}

impl Column {
    /// Tells whether its definition has some words one after the other.
    pub fn has(&self, words: &str) -> bool {
        let wanted: Vec<&str> = words.split(' ').collect();
        self.words
            .windows(wanted.len())
            .any(|window| window.iter().zip(&wanted).all(|(have, want)| have == want))
    }

    /// Returns the type's first word.
    pub fn kind(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }
}

/// What a statement does to a table.
#[derive(Debug, Clone)]
pub enum Action {
    /// Makes a table.
    Create {
        table: String,
        columns: Vec<Column>,
        constraints: Vec<Column>,
        is_temporary: bool,
    },
    /// Adds a column.
    AddColumn { table: String, column: Column },
    /// Adds a constraint; its words.
    AddConstraint { table: String, constraint: Column },
    /// Drops or renames something of it, or changes a type.
    Alter { table: String },
    /// `SET NOT NULL` or `DROP NOT NULL`.
    NotNull {
        table: String,
        column: String,
        is_set: bool,
    },
    /// Makes an index.
    Index {
        table: String,
        columns: Vec<String>,
        is_unique: bool,
    },
    /// Drops a table, schema or database.
    DropTable { table: String },
    /// Empties a table.
    Truncate { table: String },
    /// Switches row security off, or forces it away.
    RowSecurityOff { table: String },
}

impl Action {
    /// Returns the table that it is about.
    pub fn table(&self) -> &str {
        match self {
            Self::Create { table, .. }
            | Self::AddColumn { table, .. }
            | Self::AddConstraint { table, .. }
            | Self::Alter { table }
            | Self::NotNull { table, .. }
            | Self::Index { table, .. }
            | Self::DropTable { table }
            | Self::Truncate { table }
            | Self::RowSecurityOff { table } => table,
        }
    }
}

/// Reads a statement's actions, each with where it lies.
pub fn actions(tokens: &[Token]) -> Vec<(Action, Range<usize>)> {
    let Some(first) = tokens.first() else {
        return Vec::new();
    };
    let whole = first.range.start..tokens.last().map_or(first.range.end, |last| last.range.end);
    if first.is("CREATE") {
        return create(tokens)
            .map(|action| (action, whole))
            .into_iter()
            .collect();
    }
    if first.is("ALTER") && tokens.get(1).is_some_and(|token| token.is("TABLE")) {
        return alter(tokens);
    }
    if first.is("DROP") {
        return drop_table(tokens)
            .map(|action| (action, whole))
            .into_iter()
            .collect();
    }
    if first.is("TRUNCATE") {
        let name = name_at(tokens, skip(tokens, 1, &["TABLE", "ONLY"])).0;
        return vec![(Action::Truncate { table: name }, whole)];
    }
    Vec::new()
}

fn skip(tokens: &[Token], mut at: usize, words: &[&str]) -> usize {
    while tokens
        .get(at)
        .is_some_and(|token| words.iter().any(|word| token.is(word)))
    {
        at += 1;
    }
    at
}

/// Reads `schema.table` at a place; returns it in lower case, and where it ends.
fn name_at(tokens: &[Token], at: usize) -> (String, usize) {
    let mut end = at;
    let mut name = tokens
        .get(at)
        .map(|token| token.text.to_lowercase())
        .unwrap_or_default();
    end += 1;
    while tokens.get(end).is_some_and(|token| token.is_sign('.')) {
        name = tokens
            .get(end + 1)
            .map(|token| token.text.to_lowercase())
            .unwrap_or_default();
        end += 2;
    }
    (name, end)
}

fn create(tokens: &[Token]) -> Option<Action> {
    let mut at = skip(tokens, 1, &["OR", "REPLACE", "GLOBAL", "LOCAL", "UNLOGGED"]);
    let is_temporary = tokens
        .get(at)
        .is_some_and(|token| token.is("TEMP") || token.is("TEMPORARY"));
    at = skip(tokens, at, &["TEMP", "TEMPORARY"]);
    let is_unique = tokens.get(at).is_some_and(|token| token.is("UNIQUE"));
    at = skip(
        tokens,
        at,
        &["UNIQUE", "CLUSTERED", "NONCLUSTERED", "FULLTEXT", "SPATIAL"],
    );
    if tokens.get(at)?.is("INDEX") {
        return index(tokens, is_unique);
    }
    if !tokens.get(at)?.is("TABLE") {
        return None;
    }
    at = skip(tokens, at + 1, &["IF", "NOT", "EXISTS"]);
    let (table, at) = name_at(tokens, at);
    if !tokens.get(at)?.is_sign('(') {
        return None;
    }
    let (columns, constraints) = parts(&tokens[at + 1..])
        .into_iter()
        .partition(|part| !is_constraint(part));
    Some(Action::Create {
        table,
        columns,
        constraints,
        is_temporary,
    })
}

fn index(tokens: &[Token], is_unique: bool) -> Option<Action> {
    let on = tokens.iter().position(|token| token.is("ON"))?;
    let on = skip(tokens, on + 1, &["ONLY"]);
    let (table, mut at) = name_at(tokens, on);
    while tokens.get(at).is_some_and(|token| !token.is_sign('(')) {
        at += 1;
    }
    let columns = parts(tokens.get(at + 1..)?)
        .into_iter()
        .map(|part| part.name)
        .collect();
    Some(Action::Index {
        table,
        columns,
        is_unique,
    })
}

/// Splits what stands in brackets at its commas, up to the closing bracket.
fn parts(tokens: &[Token]) -> Vec<Column> {
    let mut all = Vec::new();
    let mut current: Vec<&Token> = Vec::new();
    let mut depth = 0;
    for token in tokens {
        if token.is_sign('(') {
            depth += 1;
        } else if token.is_sign(')') {
            if depth == 0 {
                break;
            }
            depth -= 1;
        } else if token.is_sign(',') && depth == 0 {
            all.extend(column(&current));
            current.clear();
            continue;
        }
        current.push(token);
    }
    all.extend(column(&current));
    all
}

fn column(tokens: &[&Token]) -> Option<Column> {
    let first = tokens.first()?;
    let upper = |token: &&Token| match token.kind {
        Kind::Word | Kind::Sign | Kind::Number => token.text.to_uppercase(),
        Kind::Literal => format!("'{}'", token.text),
    };
    Some(Column {
        name: first.text.to_lowercase(),
        words: tokens[1..].iter().map(upper).collect(),
        range: first.range.start..tokens.last()?.range.end,
    })
}

fn is_constraint(part: &Column) -> bool {
    let first = part.name.to_uppercase();
    let next = part.kind();
    match first.as_str() {
        "PRIMARY" | "FOREIGN" => next == "KEY",
        "CONSTRAINT" | "EXCLUDE" | "PERIOD" | "UNIQUE" | "CHECK" | "LIKE" => true,
        "KEY" | "INDEX" | "FULLTEXT" => part.words.iter().any(|word| word == "("),
        _ => false,
    }
}

fn alter(tokens: &[Token]) -> Vec<(Action, Range<usize>)> {
    let at = skip(tokens, 2, &["IF", "EXISTS", "ONLY"]);
    let (table, at) = name_at(tokens, at);
    let rest = &tokens[at.min(tokens.len())..];
    let mut found = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for end in 0..=rest.len() {
        let token = rest.get(end);
        if token.is_some_and(|token| token.is_sign('(')) {
            depth += 1;
        } else if token.is_some_and(|token| token.is_sign(')')) {
            depth -= 1;
        }
        let is_end =
            token.is_none() || (depth <= 0 && token.is_some_and(|token| token.is_sign(',')));
        if is_end {
            let part = &rest[start..end];
            if let (Some(action), Some(first), Some(last)) =
                (alter_action(&table, part), part.first(), part.last())
            {
                found.push((action, first.range.start..last.range.end));
            }
            start = end + 1;
        }
    }
    found
}

fn alter_action(table: &str, part: &[Token]) -> Option<Action> {
    let table = table.to_owned();
    let word = |at: usize| {
        part.get(at)
            .map(|token| token.text.to_uppercase())
            .unwrap_or_default()
    };
    let name = |at: usize| {
        part.get(at)
            .map(|token| token.text.to_lowercase())
            .unwrap_or_default()
    };
    let has = |words: &[&str]| {
        part.windows(words.len())
            .any(|window| window.iter().zip(words).all(|(token, word)| token.is(word)))
    };
    let first = word(0);
    match first.as_str() {
        "ADD" => {
            let at = skip(part, 1, &["COLUMN", "IF", "NOT", "EXISTS"]);
            let refs: Vec<&Token> = part[at.min(part.len())..].iter().collect();
            let refs = if refs.first().is_some_and(|token| token.is_sign('(')) {
                refs[1..].to_vec()
            } else {
                refs
            };
            let column = column(&refs)?;
            Some(if is_constraint(&column) {
                Action::AddConstraint {
                    table,
                    constraint: column,
                }
            } else {
                Action::AddColumn { table, column }
            })
        }
        "DROP" | "RENAME" if matches!(word(1).as_str(), "INDEX" | "KEY") => None,
        "RENAME" if word(1) == "CONSTRAINT" => None,
        "DROP" | "RENAME" => Some(Action::Alter { table }),
        "ALTER" | "MODIFY" | "CHANGE" => {
            let at = skip(part, 1, &["COLUMN"]);
            let column = name(at);
            if has(&["DROP", "NOT", "NULL"]) {
                return Some(Action::NotNull {
                    table,
                    column,
                    is_set: false,
                });
            }
            if has(&["SET", "NOT", "NULL"]) {
                return Some(Action::NotNull {
                    table,
                    column,
                    is_set: true,
                });
            }
            let is_type = first != "ALTER"
                || has(&["TYPE"])
                || !matches!(word(at + 1).as_str(), "SET" | "DROP" | "ADD" | "RESTART");
            is_type.then_some(Action::Alter { table })
        }
        "DISABLE" if has(&["ROW", "LEVEL", "SECURITY"]) => Some(Action::RowSecurityOff { table }),
        "NO" if has(&["FORCE", "ROW", "LEVEL", "SECURITY"]) => {
            Some(Action::RowSecurityOff { table })
        }
        _ => None,
    }
}

fn drop_table(tokens: &[Token]) -> Option<Action> {
    let what = tokens.get(1)?.text.to_uppercase();
    if !matches!(what.as_str(), "TABLE" | "SCHEMA" | "DATABASE") {
        return None;
    }
    let (table, _) = name_at(tokens, skip(tokens, 2, &["IF", "EXISTS"]));
    Some(Action::DropTable { table })
}
