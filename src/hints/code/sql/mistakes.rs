//! What is told of statements, and when it is not.

use std::collections::HashSet;
use std::ops::Range;

use super::lex::{Kind, Token};
use super::schema::{Action, Column};
use super::{Dialect, Script, Seen};
use crate::hints::words::split;

/// What all scripts of a change come to.
pub struct Whole<'a> {
    /// Tables that are made in the same change.
    pub made: HashSet<&'a str>,
    added: HashSet<(&'a str, &'a str)>,
    indexed: HashSet<(&'a str, &'a str)>,
    unique: HashSet<(&'a str, &'a str)>,
    referencing: HashSet<(String, String)>,
    keyed: HashSet<&'a str>,
}

impl<'a> Whole<'a> {
    /// Gathers what later statements may add to earlier ones.
    pub fn gather(scripts: &'a [Script], made: HashSet<&'a str>) -> Self {
        let mut whole = Self {
            made,
            added: HashSet::new(),
            indexed: HashSet::new(),
            unique: HashSet::new(),
            referencing: HashSet::new(),
            keyed: HashSet::new(),
        };
        for (action, _) in scripts.iter().flat_map(|script| &script.actions) {
            match action {
                Action::Index {
                    table,
                    columns,
                    is_unique,
                    ..
                } => {
                    if let Some(first) = columns.first() {
                        whole.indexed.insert((table, first));
                        if *is_unique {
                            whole.unique.extend(
                                columns
                                    .iter()
                                    .map(|column| (table.as_str(), column.as_str())),
                            );
                        }
                    }
                }
                Action::AddColumn { table, column } => {
                    whole.added.insert((table, &column.name));
                }
                Action::AddConstraint { table, constraint } => {
                    let columns = bracketed(constraint);
                    if constraint.has("FOREIGN KEY") || constraint.name == "foreign" {
                        whole
                            .referencing
                            .extend(columns.iter().map(|column| (table.clone(), column.clone())));
                    }
                    if constraint.has("PRIMARY KEY") || constraint.name == "primary" {
                        whole.keyed.insert(table);
                    }
                }
                _ => {}
            }
        }
        whole
    }

    fn is_old(&self, table: &str) -> bool {
        !self.made.contains(table)
    }
}

/// Returns the names in the first brackets of a constraint.
fn bracketed(constraint: &Column) -> Vec<String> {
    let open = constraint.words.iter().position(|word| word == "(");
    let words = open.map_or(&[][..], |open| &constraint.words[open + 1..]);
    words
        .iter()
        .take_while(|word| *word != ")")
        .filter(|word| *word != ",")
        .map(|word| word.to_lowercase())
        .collect()
}

struct Teller<'f> {
    file: usize,
    found: &'f mut Vec<Seen>,
}

impl Teller<'_> {
    fn tell(
        &mut self,
        rule: &'static str,
        range: &Range<usize>,
        values: Vec<(&'static str, String)>,
    ) {
        self.found.push(Seen {
            rule,
            file: self.file,
            range: range.clone(),
            values,
        });
    }
}

/// Tells what definitions and changes of tables do.
pub fn of_actions(script: &Script, whole: &Whole<'_>, found: &mut Vec<Seen>) {
    let mut teller = Teller {
        file: script.file,
        found,
    };
    for (action, range) in &script.actions {
        let on =
            |table: &str, name: &str| vec![("table", table.to_owned()), ("name", name.to_owned())];
        match action {
            Action::Create {
                is_temporary: true, ..
            } => {}
            Action::Create {
                table,
                columns,
                constraints,
                ..
            } => of_table(
                &mut teller,
                script,
                whole,
                table,
                columns,
                constraints,
                range,
            ),
            Action::AddColumn { table, column } => {
                of_column(&mut teller, script, whole, table, column, &[], &[]);
            }
            Action::NotNull {
                table,
                column,
                is_set: true,
            } if whole.is_old(table)
                && !whole.added.contains(&(table.as_str(), column.as_str())) =>
            {
                teller.tell("sql-set-not-null", range, on(table, column));
            }
            Action::NotNull {
                table,
                column,
                is_set: false,
            } => teller.tell("sql-drop-not-null", range, on(table, column)),
            Action::Truncate { table } if whole.is_old(table) => {
                teller.tell("sql-truncate", range, on(table, table));
            }
            Action::RowSecurityOff { table } => {
                teller.tell("sql-row-security-off", range, on(table, table));
            }
            Action::AddConstraint { .. }
            | Action::Alter { .. }
            | Action::NotNull { .. }
            | Action::Index { .. }
            | Action::DropTable { .. }
            | Action::Truncate { .. } => {}
        }
    }
}

fn of_table(
    teller: &mut Teller<'_>,
    script: &Script,
    whole: &Whole<'_>,
    table: &str,
    columns: &[Column],
    constraints: &[Column],
    range: &Range<usize>,
) {
    let head = range.start
        ..columns
            .first()
            .map_or(range.end, |column| column.range.start);
    let is_key = |part: &Column| part.has("PRIMARY KEY") || part.name == "primary";
    let has_key =
        columns.iter().any(is_key) || constraints.iter().any(is_key) || whole.keyed.contains(table);
    let references = |column: &&Column| {
        column.has("REFERENCES")
            || constraints
                .iter()
                .any(|one| one.has("REFERENCES") && bracketed(one).contains(&column.name))
    };
    let ids: Vec<&Column> = columns
        .iter()
        .filter(|column| column.name.ends_with("_id"))
        .collect();
    let joins = ids.iter().copied().filter(references).count();
    let has_unique_pair = constraints
        .iter()
        .any(|one| (one.has("UNIQUE") || one.name == "unique") && bracketed(one).len() >= 2)
        || whole
            .unique
            .iter()
            .filter(|(other, _)| *other == table)
            .count()
            >= 2;
    let is_copy = constraints.iter().any(|one| one.name == "like");
    if !has_key && !is_copy && joins >= 2 && columns.len() <= 4 && !has_unique_pair {
        teller.tell(
            "sql-join-table-without-key",
            &head,
            vec![("table", table.to_owned())],
        );
    }
    for column in columns {
        of_column(teller, script, whole, table, column, columns, constraints);
    }
}

fn of_column(
    teller: &mut Teller<'_>,
    script: &Script,
    whole: &Whole<'_>,
    table: &str,
    column: &Column,
    all: &[Column],
    constraints: &[Column],
) {
    let values = || {
        vec![
            ("table", table.to_owned()),
            ("name", column.name.clone()),
            ("type", column.kind().to_lowercase()),
        ]
    };
    let kind = column.kind();
    let constrained = |word: &str| {
        constraints.iter().any(|one| {
            (one.has(word) || one.name.to_uppercase() == word.split(' ').next().unwrap_or(word))
                && bracketed(one).contains(&column.name)
        })
    };
    let is_reference = column.has("REFERENCES")
        || constrained("FOREIGN KEY")
        || whole
            .referencing
            .contains(&(table.to_owned(), column.name.clone()));
    let is_key = column.has("PRIMARY KEY") || constrained("PRIMARY KEY");
    if is_floating(kind) && is_money(&column.name) {
        teller.tell("sql-money-in-float", &column.range, values());
    }
    let is_foreign_name = column.name.ends_with("_id")
        && column.name.len() > 3
        && is_key_type(kind)
        && !is_outside(&column.name);
    let stem = column.name.trim_end_matches("_id");
    let is_polymorphic = all.iter().any(|other| other.name == format!("{stem}_type"));
    if is_foreign_name && !is_reference && !is_key && !is_polymorphic {
        teller.tell("sql-id-without-reference", &column.range, values());
    }
    let is_unique = column.has("UNIQUE")
        || is_key
        || constrained("UNIQUE")
        || whole.unique.contains(&(table, column.name.as_str()));
    // Of a reference by several columns the first is looked up.
    let follows_another = constraints.iter().any(|one| {
        let columns = bracketed(one);
        (one.has("FOREIGN KEY") || one.name == "foreign")
            && columns.first() != Some(&column.name)
            && columns.contains(&column.name)
    });
    let is_looked_up = is_reference && !follows_another;
    if is_looked_up && !is_key && !is_unique && script.dialect != Dialect::MySql {
        let leads = constraints.iter().any(|one| {
            (one.has("PRIMARY KEY")
                || one.name == "primary"
                || one.has("UNIQUE")
                || one.name == "unique")
                && bracketed(one).first() == Some(&column.name)
        });
        if !leads && !whole.indexed.contains(&(table, column.name.as_str())) {
            teller.tell("sql-reference-without-index", &column.range, values());
        }
    }
}

fn is_floating(kind: &str) -> bool {
    matches!(
        kind,
        "FLOAT" | "REAL" | "DOUBLE" | "FLOAT4" | "FLOAT8" | "DOUBLE_PRECISION"
    )
}

fn is_money(name: &str) -> bool {
    let words = split(name);
    let money = [
        "price",
        "amount",
        "balance",
        "fee",
        "tax",
        "vat",
        "total",
        "subtotal",
        "cost",
        "payment",
        "refund",
        "discount",
        "salary",
        "wage",
        "revenue",
        "credit",
        "debit",
        "commission",
        "payout",
        "deposit",
        "charge",
        "budget",
    ];
    let other = [
        "count",
        "percent",
        "percentage",
        "ratio",
        "rate",
        "weight",
        "score",
        "hours",
        "minutes",
        "seconds",
        "items",
        "quantity",
        "bytes",
        "distance",
    ];
    words.iter().any(|word| money.contains(&word.as_str()))
        && !words.iter().any(|word| other.contains(&word.as_str()))
}

fn is_key_type(kind: &str) -> bool {
    matches!(
        kind,
        "INT"
            | "INTEGER"
            | "BIGINT"
            | "INT4"
            | "INT8"
            | "UUID"
            | "SMALLINT"
            | "UNIQUEIDENTIFIER"
            | "MEDIUMINT"
    )
}

/// Ids of things that other systems own.
fn is_outside(name: &str) -> bool {
    let words = split(name);
    [
        "external",
        "stripe",
        "request",
        "session",
        "trace",
        "correlation",
        "device",
        "transaction",
        "provider",
        "client",
        "message",
        "event",
        "process",
        "remote",
        "legacy",
        "google",
        "facebook",
        "github",
        "apple",
        "span",
        "job",
        "batch",
        "paypal",
        "tracking",
        "national",
        "tax",
    ]
    .iter()
    .any(|word| words.iter().any(|own| own == word))
}

/// Tells what other statements do.
pub fn of_statements(script: &Script, whole: &Whole<'_>, found: &mut Vec<Seen>) {
    let mut teller = Teller {
        file: script.file,
        found,
    };
    let mut open: Option<Range<usize>> = None;
    let mut has_timeout = false;
    let mut alters_old: Option<Range<usize>> = None;
    for tokens in &script.statements {
        let Some(first) = tokens.first() else {
            continue;
        };
        let range = first.range.start..tokens.last().map_or(first.range.end, |last| last.range.end);
        let at = |index: usize, word: &str| tokens.get(index).is_some_and(|token| token.is(word));
        let is_transaction = (first.is("BEGIN")
            && (tokens.len() == 1 || at(1, "TRANSACTION") || at(1, "WORK") || at(1, "TRAN")))
            || (first.is("START") && at(1, "TRANSACTION"));
        if is_transaction {
            open = Some(range.clone());
        } else if first.is("COMMIT") || first.is("ROLLBACK") || first.is("END") {
            open = None;
        }
        has_timeout |= tokens.iter().any(|token| {
            token.kind == Kind::Word
                && (token.text.eq_ignore_ascii_case("lock_timeout")
                    || token.text.eq_ignore_ascii_case("statement_timeout"))
        });
        if first.is("ALTER")
            && at(1, "TABLE")
            && script.actions.iter().any(|(action, own)| {
                range.start <= own.start && own.end <= range.end && is_on_old(action, whole)
            })
        {
            alters_old.get_or_insert(range.clone());
        }
        if first.is("GRANT") && at(1, "ALL") {
            teller.tell("sql-grant-all", &range, vec![("text", text_of(tokens))]);
        }
        if let Some((range, part)) = dynamic(tokens) {
            teller.tell("sql-dynamic-statement", &range, vec![("part", part)]);
        }
    }
    if let Some(range) = open {
        teller.tell("sql-begin-without-commit", &range, Vec::new());
    }
    if let Some(range) = alters_old
        && !has_timeout
        && script.dialect == Dialect::Postgres
    {
        teller.tell("sql-no-lock-timeout", &range, Vec::new());
    }
}

fn is_on_old(action: &Action, whole: &Whole<'_>) -> bool {
    match action {
        Action::AddColumn { table, .. }
        | Action::AddConstraint { table, .. }
        | Action::Alter { table }
        | Action::NotNull { table, .. } => whole.is_old(table),
        Action::Create { .. }
        | Action::Index { .. }
        | Action::DropTable { .. }
        | Action::Truncate { .. }
        | Action::RowSecurityOff { .. } => false,
    }
}

fn text_of(tokens: &[Token]) -> String {
    tokens
        .iter()
        .map(|token| token.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `EXECUTE 'select …' || name`, `EXEC('…' + @name)`: returns the part that is put in.
fn dynamic(tokens: &[Token]) -> Option<(Range<usize>, String)> {
    let at = tokens
        .iter()
        .position(|token| token.is("EXECUTE") || token.is("EXEC") || token.is("SP_EXECUTESQL"))?;
    let rest = &tokens[at + 1..];
    if rest.iter().any(|token| {
        token.is("quote_ident")
            || token.is("quote_literal")
            || token.is("quotename")
            || token.is("format")
    }) {
        return None;
    }
    let literal = rest.iter().position(|token| token.kind == Kind::Literal)?;
    let after = &rest[literal + 1..];
    let is_joined = after
        .first()
        .is_some_and(|token| token.is_sign('|') || token.is_sign('+'));
    let part = after.iter().find(|token| token.kind == Kind::Word)?;
    is_joined.then(|| (tokens[at].range.start..part.range.end, part.text.clone()))
}
