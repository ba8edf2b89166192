//! Lists that people have already: Markdown task lists and CSV, made into the TOML form. Owns what of a text becomes
//! which key; refuses to guess what does not fit, and tells every such place at once.

mod csv;
mod markdown;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Mistake;
use super::words::folded;
use crate::model::Severity;

/// What a text became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The list in the TOML form; it lints clean.
    pub source: String,
    /// How many questions it has.
    pub items: usize,
    /// What was left out, as sentences.
    pub notes: Vec<String>,
}

/// A kind of text that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Task lists under headings.
    Markdown,
    /// A table whose first row names the columns.
    Csv,
}

/// Makes a list of a text, with an id; or tells every place that does not fit.
pub fn import(text: &str, kind: Kind, id: &str) -> Result<Imported, Vec<Mistake>> {
    let (found, mut mistakes) = match kind {
        Kind::Markdown => markdown::read(text),
        Kind::Csv => csv::read(text),
    };
    for row in &found.rows {
        mistakes.extend(row.mistakes());
    }
    if found.rows.is_empty() && mistakes.is_empty() {
        mistakes.push(mistake(
            1,
            "there is no question in it",
            "write tasks such as `- [ ] Who may delete an order?`, or a CSV with a column `ask`",
        ));
    }
    mistakes.sort_by_key(|mistake| mistake.line);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let source = written(&found, id);
    // What the rows did not tell, such as a place for a number the profile does not have, the list itself does.
    let left = super::lint(&source);
    if !left.is_empty() {
        return Err(left);
    }
    Ok(Imported {
        items: found.rows.len(),
        notes: found.notes,
        source,
    })
}

/// What was read of a text.
#[derive(Debug, Default)]
struct Found {
    title: Option<String>,
    description: Option<String>,
    rows: Vec<Row>,
    notes: Vec<String>,
}

/// One question, as far as the text gives it.
#[derive(Debug, Default, Clone)]
struct Row {
    line: usize,
    id: String,
    category: String,
    title: String,
    ask: String,
    severity: String,
    good: String,
    generated: String,
    failure: String,
    signals: Vec<String>,
    mitigations: Vec<String>,
    cwe: Vec<u32>,
    answered_by: Vec<String>,
    evidence: String,
}

/// The most characters of a title and of a question.
const TITLE: usize = 80;
const ASK: usize = 160;

impl Row {
    /// Returns the question: as it stands where it is one, else put as one.
    fn question(&self) -> String {
        let ask = if self.ask.is_empty() {
            &self.title
        } else {
            &self.ask
        };
        let ask = folded(ask);
        if ask.contains('?') {
            return ask;
        }
        format!("Does this hold: {}?", ask.trim_end_matches(['.', ':', '!']))
    }

    /// Returns the title: its own, or as much of the question as fits.
    fn heading(&self) -> String {
        let text = if self.title.is_empty() {
            &self.ask
        } else {
            &self.title
        };
        let text = folded(text);
        let text = text.trim_end_matches(['?', '.', ':']);
        if text.chars().count() <= TITLE {
            return text.to_owned();
        }
        let mut short = String::new();
        for word in text.split(' ') {
            if short.chars().count() + word.chars().count() + 2 > TITLE {
                break;
            }
            if !short.is_empty() {
                short.push(' ');
            }
            short.push_str(word);
        }
        if short.is_empty() {
            short = text.chars().take(TITLE - 1).collect();
        }
        short + "…"
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let mut wrong = Vec::new();
        let mut long = |what: &str, text: &str, most: usize| {
            let length = folded(text).chars().count();
            if length > most {
                let message = format!("the {what} has {length} characters; {most} fit");
                wrong.push(mistake(
                    self.line,
                    &message,
                    "shorten it, or split it into two",
                ));
            }
        };
        long("question", &self.question(), ASK);
        long("category", &self.category, 60);
        long("good answer", &self.good, 600);
        long("text under `generated`", &self.generated, 600);
        long("text under `failure`", &self.failure, 900);
        for signal in &self.signals {
            long("thing to look for", signal, 200);
        }
        for way in &self.mitigations {
            long("mitigation", way, 400);
        }
        if !self.title.is_empty() {
            long("title", &self.title, TITLE);
        }
        let mut many = |what: &str, count: usize, most: usize| {
            if count > most {
                let message = format!("the question has {count} {what}; {most} fit");
                wrong.push(mistake(
                    self.line,
                    &message,
                    "keep the strongest, or split the question",
                ));
            }
        };
        many("things to look for", self.signals.len(), 6);
        many("mitigations", self.mitigations.len(), 5);
        if !self.heading().chars().any(char::is_alphanumeric) {
            wrong.push(mistake(
                self.line,
                "the question is empty",
                "write it, or remove the row",
            ));
        }
        if !self.severity.is_empty() && Severity::from_name(&self.severity).is_none() {
            let message = format!("{} is no severity", super::words::quoted(&self.severity));
            wrong.push(mistake(
                self.line,
                &message,
                "write blocker, major, minor or note",
            ));
        }
        wrong
    }
}

fn mistake(line: usize, message: &str, remedy: &str) -> Mistake {
    Mistake {
        line,
        column: 1,
        message: message.to_owned(),
        remedy: remedy.to_owned(),
    }
}

/// Writes a list in the TOML form.
fn written(found: &Found, id: &str) -> String {
    let title = found.title.clone().unwrap_or_else(|| id.replace('-', " "));
    let title: String = folded(&title).chars().take(TITLE).collect();
    let description = found.description.clone();
    let description =
        description.unwrap_or_else(|| "Imported from a list of questions.".to_owned());
    let description: String = folded(&description).chars().take(400).collect();
    let mut out = String::from(
        "# Imported. `countersign checklist new NAME` shows what else an item can say.\n\n",
    );
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "format = 1\nid = {}\nversion = \"0.1.0\"\ntitle = {}\ndescription = {}\n",
        text(id),
        text(&title),
        text(&description)
    );
    let mut categories: Vec<(String, String)> = Vec::new();
    let mut used = BTreeSet::new();
    for row in &found.rows {
        let title = folded(&row.category);
        if !categories.iter().any(|(_, known)| *known == title) {
            let id = unique(&slug(&title, "questions"), &mut used);
            let _ = write!(
                out,
                "\n[[category]]\nid = {}\ntitle = {}\n",
                text(&id),
                text(&title)
            );
            categories.push((id, title));
        }
    }
    let mut used = BTreeSet::new();
    for row in &found.rows {
        let category = categories
            .iter()
            .find(|(_, title)| *title == folded(&row.category));
        let category = category.map_or("questions", |(id, _)| id);
        item(&mut out, row, category, &mut used);
    }
    out
}

fn item(out: &mut String, row: &Row, category: &str, used: &mut BTreeSet<String>) {
    let wanted = if row.id.is_empty() {
        row.heading()
    } else {
        row.id.clone()
    };
    let id = unique(&slug(&wanted, "question"), used);
    let severity = if row.severity.is_empty() {
        "major"
    } else {
        &row.severity
    };
    let mut line = |key: &str, value: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{key} = {value}");
    };
    line("\n[[item]]\nid", &text(&id));
    line("category", &text(category));
    line("title", &text(&row.heading()));
    line("ask", &text(&row.question()));
    for (key, value) in [
        ("good", &row.good),
        ("generated", &row.generated),
        ("failure", &row.failure),
    ] {
        if !value.trim().is_empty() {
            line(key, &text(&folded(value)));
        }
    }
    for (key, values) in [
        ("signals", &row.signals),
        ("mitigations", &row.mitigations),
        ("answered_by", &row.answered_by),
    ] {
        if !values.is_empty() {
            let mut seen = BTreeSet::new();
            let values = values.iter().map(|value| folded(value));
            let values = values.filter(|value| !value.is_empty() && seen.insert(value.clone()));
            let values: Vec<String> = values.map(|value| text(&value)).collect();
            if values.is_empty() {
                continue;
            }
            line(key, &format!("[{}]", values.join(", ")));
        }
    }
    line("severity", &text(severity));
    if !row.evidence.is_empty() {
        line("evidence", &text(&row.evidence));
    }
    if !row.cwe.is_empty() {
        let numbers: Vec<String> = row.cwe.iter().map(ToString::to_string).collect();
        line("cwe", &format!("[{}]", numbers.join(", ")));
    }
}

/// Spells a text as a TOML string; characters that deceive the eye become visible ones.
fn text(value: &str) -> String {
    toml::Value::String(super::words::shown(value)).to_string()
}

/// Returns an id made of a text's letters and digits.
fn slug(text: &str, fallback: &str) -> String {
    let mut id = String::new();
    for word in text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if id.len() + word.len() + 1 > 36 {
            break;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(&word.to_ascii_lowercase());
    }
    if id.is_empty() {
        fallback.to_owned()
    } else {
        id
    }
}

fn unique(id: &str, used: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    let free = std::iter::once(id.to_owned()).chain(numbered);
    let id = free
        .into_iter()
        .find(|id| !used.contains(id))
        .unwrap_or_default();
    used.insert(id.clone());
    id
}

#[cfg(test)]
mod tests;
