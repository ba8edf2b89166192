//! Questions in a CSV file (RFC 4180, with comma, semicolon or tab): the first row names the columns. A few lines of our
//! own, because the form is that small.

use super::super::words::{closest, quoted};
use super::{Found, Mistake, Row, mistake};

/// The columns there are, with other names for them.
const COLUMNS: [(&str, &[&str]); 12] = [
    ("ask", &["question", "check", "item", "text"]),
    ("title", &["name", "summary"]),
    ("category", &["group", "area", "section", "topic"]),
    ("id", &["key"]),
    ("severity", &["priority"]),
    ("good", &["good answer", "expected", "answer"]),
    ("signals", &["look for"]),
    ("mitigations", &["mitigation", "remedy", "fix"]),
    ("generated", &[]),
    ("failure", &["in production", "risk"]),
    ("cwe", &[]),
    ("answered_by", &["answered by", "where"]),
];

/// Reads a text; every row and column that does not fit is a mistake.
pub(super) fn read(text: &str) -> (Found, Vec<Mistake>) {
    let mut found = Found::default();
    let mut wrong = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut records = match records(text) {
        Ok(records) => records.into_iter(),
        Err(line) => {
            wrong.push(mistake(
                line,
                "a cell opens with a quote that never closes",
                "close the quote",
            ));
            return (found, wrong);
        }
    };
    let Some((_, head)) = records.next() else {
        return (found, wrong);
    };
    let columns: Vec<Option<&str>> = head.iter().map(|cell| column(cell)).collect();
    for cell in head.iter().filter(|cell| column(cell).is_none()) {
        let names = COLUMNS.map(|(name, _)| name);
        let remedy = match closest(cell, &names) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("remove the column; known are {}", names.join(", ")),
        };
        wrong.push(mistake(
            1,
            &format!("there is no column {}", quoted(cell)),
            &remedy,
        ));
    }
    let has = |name| columns.contains(&Some(name));
    if !has("ask") && !has("title") {
        wrong.push(mistake(
            1,
            "there is no column for the question",
            "name one `ask`",
        ));
        return (found, wrong);
    }
    for (line, cells) in records {
        if cells.len() != head.len() {
            let message = format!(
                "the row has {} cells, the first row {}",
                cells.len(),
                head.len()
            );
            wrong.push(mistake(
                line,
                &message,
                "add or remove separators; a cell with one stands in quotes",
            ));
            continue;
        }
        let mut row = Row {
            line,
            category: "Questions".to_owned(),
            ..Row::default()
        };
        for (name, cell) in columns.iter().zip(&cells) {
            if let Some(name) = name {
                put(&mut row, name, cell.trim(), &mut wrong);
            }
        }
        found.rows.push(row);
    }
    (found, wrong)
}

fn column(cell: &str) -> Option<&'static str> {
    let cell = cell.trim().to_lowercase().replace('_', " ");
    let named = |(name, others): &&(&str, &[&str])| {
        name.replace('_', " ") == cell || others.contains(&cell.as_str())
    };
    COLUMNS.iter().find(named).map(|(name, _)| *name)
}

fn put(row: &mut Row, name: &str, cell: &str, wrong: &mut Vec<Mistake>) {
    let several = || -> Vec<String> {
        let parts = cell.split([';', '\n']).map(str::trim);
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    match name {
        "ask" => cell.clone_into(&mut row.ask),
        "title" => cell.clone_into(&mut row.title),
        "category" if !cell.is_empty() => cell.clone_into(&mut row.category),
        "id" => cell.clone_into(&mut row.id),
        "severity" => row.severity = cell.to_lowercase(),
        "good" => cell.clone_into(&mut row.good),
        "generated" => cell.clone_into(&mut row.generated),
        "failure" => cell.clone_into(&mut row.failure),
        "signals" => row.signals = several(),
        "mitigations" => row.mitigations = several(),
        "answered_by" => {
            row.answered_by = several().iter().map(|part| part.to_lowercase()).collect();
        }
        "cwe" => {
            for part in several() {
                let number = part.trim_start_matches("CWE-").parse().ok();
                match number.filter(|number| *number > 0) {
                    Some(number) => row.cwe.push(number),
                    None => wrong.push(mistake(
                        row.line,
                        &format!("{} is no CWE number", quoted(&part)),
                        "write numbers parted by semicolons",
                    )),
                }
            }
        }
        _ => {}
    }
}

/// Splits a text into rows of cells, each with its first line; the line of a quote that never closes otherwise. Rows
/// without any text are left out.
fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, usize> {
    let first = text.lines().next().unwrap_or_default();
    let parting = [',', ';', '\t'];
    let by = parting
        .into_iter()
        .max_by_key(|by| (first.matches(*by).count(), *by == ','));
    let by = by.unwrap_or(',');
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    let mut cells: Vec<String> = Vec::new();
    let mut cell = String::new();
    let (mut line, mut row_line, mut quote_line) = (1, 1, None);
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        if c == '\n' {
            line += 1;
        }
        match (c, quote_line) {
            ('"', Some(_)) if letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            ('"', Some(_)) => quote_line = None,
            ('"', None) if cell.trim().is_empty() => {
                cell.clear();
                quote_line = Some(line);
            }
            ('\r', None) => {}
            ('\n', None) => {
                cells.push(std::mem::take(&mut cell));
                rows.push((row_line, std::mem::take(&mut cells)));
                row_line = line;
            }
            (c, None) if c == by => cells.push(std::mem::take(&mut cell)),
            (c, _) => cell.push(c),
        }
    }
    if let Some(line) = quote_line {
        return Err(line);
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        rows.push((row_line, cells));
    }
    rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    Ok(rows)
}
