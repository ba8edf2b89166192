//! A profile's text → its values, with every mistake at its line.

use std::collections::BTreeSet;

use globset::Glob;
use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::checklist::{Mistake, Places, closest, is_hidden, quoted};
use crate::model::{
    PROFILE_KEYS, Profile, ProfileKey, ProfileTable, ProfileValue, Shape, parse_span, profile_key,
    span_words,
};
use crate::support::decimal::{Decimal, DecimalFault};
use crate::support::number::grouped;

/// The most names in a list, and the most tables.
const MOST: usize = 60;
/// The most characters of a name.
const LONGEST: usize = 80;
const BROKEN: &str = "not valid TOML";
const UNKNOWN: &str = "leave the line out where nobody knows: unknown stays unknown";

/// Reads a text as far as it goes and returns every mistake, in the order of the file.
pub(super) fn examine(source: &str) -> (Profile, Vec<Mistake>) {
    let (root, errors) = DeTable::parse_recoverable(source);
    let mut reader = Reader {
        places: Places::new(source),
        profile: Profile::default(),
        found: Vec::new(),
    };
    for error in errors {
        let at = error.span().map_or(source.len(), |span| span.start);
        let message = format!("{BROKEN}: {}", error.message());
        reader.note(
            at,
            message,
            "correct this place; a line is `key = value`, texts stand in quotes",
        );
    }
    for (key, value) in root.get_ref() {
        reader.entry(key.get_ref(), key.span().start, value);
    }
    reader.relate(root.get_ref());
    let Reader {
        profile, mut found, ..
    } = reader;
    // What follows from broken TOML on the same line is left out.
    let broken: BTreeSet<usize> = found
        .iter()
        .filter(|(_, mistake)| mistake.message.starts_with(BROKEN))
        .map(|(_, mistake)| mistake.line)
        .collect();
    found.retain(|(_, mistake)| {
        !broken.contains(&mistake.line) || mistake.message.starts_with(BROKEN)
    });
    found.sort_by_key(|(at, _)| *at);
    found.dedup_by_key(|(_, mistake)| (mistake.line, mistake.message.clone()));
    (
        profile,
        found.into_iter().map(|(_, mistake)| mistake).collect(),
    )
}

struct Reader<'s> {
    places: Places<'s>,
    profile: Profile,
    found: Vec<(usize, Mistake)>,
}

/// A message and what to do.
type Fault = (String, String);

fn fault(message: impl Into<String>, remedy: impl Into<String>) -> Fault {
    (message.into(), remedy.into())
}

impl Reader<'_> {
    fn note(&mut self, at: usize, message: impl Into<String>, remedy: impl Into<String>) {
        let (line, column) = self.places.line_column(at);
        let mistake = Mistake {
            line,
            column,
            message: message.into(),
            remedy: remedy.into(),
        };
        self.found.push((at, mistake));
    }

    fn entry(&mut self, name: &str, at: usize, value: &Spanned<DeValue<'_>>) {
        if name == "tables" {
            self.tables(value);
            return;
        }
        let Some(key) = profile_key(name) else {
            let mut names: Vec<&str> = PROFILE_KEYS.iter().map(|key| key.name).collect();
            names.push("tables");
            let remedy = match closest(name, &names) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("remove it; known keys are {}", names.join(", ")),
            };
            self.note(
                at,
                format!("the profile has no key {}", quoted(name)),
                remedy,
            );
            return;
        };
        match read_value(key, value.get_ref()) {
            Ok(value) => {
                self.profile.values.insert(key.name, value);
            }
            Err((message, remedy)) => self.note(value.span().start, message, remedy),
        }
    }

    fn tables(&mut self, value: &Spanned<DeValue<'_>>) {
        let rows = value.get_ref().as_array().map(|rows| rows.iter());
        let Some(rows) = rows else {
            self.note(
                value.span().start,
                "`tables` holds no tables",
                "write [[tables]] on a line of its own, with name, rows and growth_per_year below",
            );
            return;
        };
        for row in rows.clone().take(MOST) {
            match row.get_ref() {
                DeValue::Table(entries) => self.table(entries, row.span().start),
                _ => self.note(
                    row.span().start,
                    "`tables` holds something else than a table",
                    "write [[tables]] on a line of its own",
                ),
            }
        }
    }

    fn table(&mut self, entries: &DeTable<'_>, at: usize) {
        let mut table = ProfileTable {
            name: String::new(),
            rows: 0,
            growth_per_year: None,
        };
        let mut whole = true;
        for (key, value) in entries {
            let read = match key.get_ref().as_ref() {
                "name" => name_of("name", value.get_ref()).map(|name| table.name = name),
                "rows" => {
                    count_of("largest_rows", "rows", value.get_ref()).map(|rows| table.rows = rows)
                }
                "growth_per_year" => {
                    count_of("growth_per_year", "growth_per_year", value.get_ref())
                        .map(|growth| table.growth_per_year = Some(growth))
                }
                other => {
                    whole = false;
                    let message = format!("a table has no key {}", quoted(other));
                    self.note(
                        key.span().start,
                        message,
                        "known are name, rows and growth_per_year",
                    );
                    continue;
                }
            };
            if let Err((message, remedy)) = read {
                whole = false;
                self.note(value.span().start, message, remedy);
            }
        }
        for key in ["name", "rows"] {
            if !entries.contains_key(key) {
                whole = false;
                self.note(
                    at,
                    format!("a table has no `{key}`"),
                    "give each of [[tables]] a name and its rows",
                );
            }
        }
        let known = |other: &ProfileTable| other.name == table.name;
        if whole && self.profile.tables.iter().any(known) {
            let message = format!("the table {} is named twice", quoted(&table.name));
            self.note(at, message, "remove one");
        } else if whole {
            self.profile.tables.push(table);
        }
    }

    /// Checks values against each other.
    fn relate(&mut self, root: &DeTable<'_>) {
        let place = |name: &str| root.get(name).map_or(0, |value| value.span().start);
        let stated = match self.profile.values.get("largest_rows") {
            Some(ProfileValue::Count(rows)) => Some(*rows),
            _ => None,
        };
        let larger = stated.and_then(|rows| {
            let mut tables = self.profile.tables.iter();
            tables.find(|table| table.rows > rows).cloned()
        });
        if let (Some(rows), Some(table)) = (stated, larger) {
            let message = format!(
                "`largest_rows` is {}, but the table {} has {}",
                grouped(rows),
                quoted(&table.name),
                grouped(table.rows)
            );
            self.note(
                place("largest_rows"),
                message,
                "correct one of them, or leave `largest_rows` out",
            );
        }
        for name in ["budget_month", "call_price"] {
            let known = self.profile.values.contains_key(name);
            if known && !root.contains_key("currency") {
                let message = format!("`{name}` is an amount of no currency");
                self.note(
                    place(name),
                    message,
                    "add `currency = \"EUR\"`, or which one it is",
                );
            }
        }
    }
}

fn read_value(key: &ProfileKey, value: &DeValue<'_>) -> Result<ProfileValue, Fault> {
    let name = key.name;
    match key.shape {
        Shape::Count { .. } => count_of(name, name, value).map(ProfileValue::Count),
        Shape::Number { least, most } => {
            let text = number_text(key, value)?;
            let number = decimal(key, &text)?;
            if number < least || number > most {
                return Err(out_of_bounds(
                    key,
                    &number.to_string(),
                    &least.to_string(),
                    &most.to_string(),
                ));
            }
            Ok(ProfileValue::Number(number))
        }
        Shape::Span { most } => {
            let text = text_of(key, value)?;
            if text.trim_start().starts_with('-') {
                return Err(below_zero(name, text));
            }
            let seconds = parse_span(text).ok_or_else(|| {
                fault(
                    format!("`{name}` is {}, which is no time span", quoted(text)),
                    "write numbers with s, min, h or d, such as \"15 min\"",
                )
            })?;
            if seconds > most {
                return Err(out_of_bounds(
                    key,
                    &span_words(seconds),
                    "0 s",
                    &span_words(most),
                ));
            }
            Ok(ProfileValue::Span(seconds))
        }
        Shape::Names => names_of(key, value).map(ProfileValue::Names),
        Shape::Word { longest } => {
            let word = text_of(key, value)?.trim();
            if word.len() != longest || !word.bytes().all(|byte| byte.is_ascii_uppercase()) {
                let message = format!(
                    "`{name}` is {}, which is not three capital letters",
                    quoted(word)
                );
                return Err(fault(message, format!("write {}", key.example)));
            }
            Ok(ProfileValue::Word(word.to_owned()))
        }
        Shape::Day => day_of(key, value).map(ProfileValue::Day),
    }
}

fn day_of(key: &ProfileKey, value: &DeValue<'_>) -> Result<Date, Fault> {
    let text = match value {
        DeValue::Datetime(day) => day.to_string(),
        _ => text_of(key, value)?.trim().to_owned(),
    };
    let day: Date = text.parse().map_err(|_| {
        let message = format!("`{}` is {}, which is no day", key.name, quoted(&text));
        fault(message, format!("write it like {}", key.example))
    })?;
    if !(1990..=2200).contains(&day.year()) {
        let message = format!("`{}` is {day}, which is absurd", key.name);
        return Err(fault(message, "check the year"));
    }
    Ok(day)
}

fn count_of(key: &str, name: &str, value: &DeValue<'_>) -> Result<u64, Fault> {
    let key = profile_key(key).expect("a key of the profile");
    let Shape::Count { least, most } = key.shape else {
        unreachable!("{} is counted", key.name);
    };
    let named = ProfileKey {
        name: if name == "rows" { "rows" } else { key.name },
        ..*key
    };
    let text = number_text(&named, value)?;
    let number = decimal(&named, &text)?;
    if number.plain().contains('.') {
        let message = format!("`{name}` is {number}; a whole number is needed");
        return Err(fault(message, format!("write it like {}", key.example)));
    }
    let number = number.floor();
    if number < least || number > most {
        return Err(out_of_bounds(
            &named,
            &grouped(number),
            &grouped(least),
            &grouped(most),
        ));
    }
    Ok(number)
}

/// Returns a number as it is written.
fn number_text(key: &ProfileKey, value: &DeValue<'_>) -> Result<String, Fault> {
    match value {
        DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().to_owned()),
        DeValue::Float(number) => Ok(number.as_str().to_owned()),
        _ => Err(fault(
            format!("`{}` holds {}; a number is needed", key.name, kind(value)),
            format!("write it like {}; {UNKNOWN}", key.example),
        )),
    }
}

fn decimal(key: &ProfileKey, text: &str) -> Result<Decimal, Fault> {
    Decimal::parse(text).map_err(|why| match why {
        DecimalFault::Negative => below_zero(key.name, text),
        DecimalFault::TooLarge => fault(
            format!("`{}` is {}, which is absurd", key.name, quoted(text)),
            "check the unit and the number of zeros",
        ),
        DecimalFault::TooFine => fault(
            format!("`{}` has more than six places after the point", key.name),
            "round it",
        ),
        DecimalFault::NotANumber => fault(
            format!(
                "`{}` is {}, which is no plain number",
                key.name,
                quoted(text)
            ),
            format!("write it like {}", key.example),
        ),
    })
}

fn below_zero(name: &str, text: &str) -> Fault {
    fault(
        format!("`{name}` is {}, below zero", quoted(text)),
        format!("write 0 or more; {UNKNOWN}"),
    )
}

fn out_of_bounds(key: &ProfileKey, value: &str, least: &str, most: &str) -> Fault {
    fault(
        format!(
            "`{}` is {value}, which is absurd; {least} to {most} make sense",
            key.name
        ),
        format!("{}; {UNKNOWN}", key.meaning),
    )
}

fn text_of<'v>(key: &ProfileKey, value: &'v DeValue<'_>) -> Result<&'v str, Fault> {
    value.as_str().ok_or_else(|| {
        let message = format!("`{}` holds {}; a text is needed", key.name, kind(value));
        fault(message, format!("write it like {}; {UNKNOWN}", key.example))
    })
}

fn names_of(key: &ProfileKey, value: &DeValue<'_>) -> Result<Vec<String>, Fault> {
    let Some(values) = value.as_array() else {
        let message = format!("`{}` holds {}; a list is needed", key.name, kind(value));
        return Err(fault(
            message,
            format!("write it like {}; [] says that there are none", key.example),
        ));
    };
    if values.len() > MOST {
        let message = format!("`{}` lists {}; {MOST} fit", key.name, values.len());
        return Err(fault(message, "name the ones that matter"));
    }
    let mut names: Vec<String> = Vec::new();
    for value in values {
        let name = name_of(key.name, value.get_ref())?;
        if names.contains(&name) {
            return Err(fault(
                format!("`{}` names {} twice", key.name, quoted(&name)),
                "remove one",
            ));
        }
        if key.name == "critical"
            && let Err(error) = Glob::new(&name)
        {
            let message = format!("{} is not a path pattern: {}", quoted(&name), error.kind());
            return Err(fault(
                message,
                "write a pattern such as `src/ledger/**`, or a plain word",
            ));
        }
        names.push(name);
    }
    Ok(names)
}

fn name_of(key: &str, value: &DeValue<'_>) -> Result<String, Fault> {
    let text = value.as_str().map(str::trim);
    match text {
        Some("") => Err(fault(format!("`{key}` holds an empty name"), "remove it")),
        Some(text) if text.chars().count() > LONGEST || text.chars().any(is_hidden) => Err(fault(
            format!("`{key}` holds a name that is too long or holds invisible characters"),
            format!("write at most {LONGEST} visible characters"),
        )),
        Some(text) => Ok(text.to_owned()),
        None => Err(fault(
            format!("`{key}` holds {}; names in quotes are needed", kind(value)),
            "put it in quotes",
        )),
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number in another notation",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
