//! Values of a TOML table by key. Owns their types, lengths and characters; refuses to know how values relate to each
//! other (that is `rules`).

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::read::{Placed, Reader, Table};
use super::schema::{Key, Schema, Shape};
use super::words::{code_point, folded, folded_length, hides_in_source, is_hidden};

impl<'s> Reader<'s> {
    /// Returns a text as it stands, or an empty one after noting why there is none.
    pub(super) fn word(&mut self, table: Table<'_, '_>, name: &str) -> Placed<String> {
        let Some((key, value)) = lookup(table, name) else {
            return Placed::default();
        };
        let (Shape::Text { longest } | Shape::OneOrTexts { longest, .. }) = key.shape else {
            return Placed::default();
        };
        let DeValue::String(text) = value.get_ref() else {
            self.note_type(table, key, value);
            return Placed::default();
        };
        let subject = format!("`{}` of {}", key.name, table.name());
        self.check_text(&subject, text, value.span(), longest);
        Placed {
            value: text.to_string(),
            at: value.span().start,
        }
    }

    /// Returns a text with line breaks and runs of blanks counted as one blank.
    pub(super) fn prose(&mut self, table: Table<'_, '_>, name: &str) -> Placed<String> {
        let Placed { value, at } = self.word(table, name);
        Placed {
            value: folded(&value),
            at,
        }
    }

    /// Returns a list of texts as they stand, checked for their number, each for its length, and for repetition.
    pub(super) fn words(&mut self, table: Table<'_, '_>, name: &str) -> Vec<Placed<String>> {
        let Some((key, value)) = lookup(table, name) else {
            return Vec::new();
        };
        let (longest, least, most) = match key.shape {
            Shape::Texts {
                longest,
                least,
                most,
            } => (longest, least, most),
            Shape::OneOrTexts { .. } if value.get_ref().is_str() => {
                return vec![self.word(table, name)];
            }
            Shape::OneOrTexts { longest, most } => (longest, 1, most),
            Shape::Text { .. } | Shape::Number | Shape::Numbers | Shape::Tables => {
                return Vec::new();
            }
        };
        let DeValue::Array(values) = value.get_ref() else {
            self.note_type(table, key, value);
            return Vec::new();
        };
        let count = values.len();
        if !(least..=most).contains(&count) {
            let message = format!(
                "{} lists {count} under `{name}`; {least} to {most} fit",
                table.name()
            );
            let remedy = if count < least {
                "add what is missing"
            } else {
                "keep the strongest, or split it"
            };
            self.note(value.span().start, message, remedy);
        }
        let mut seen = BTreeSet::new();
        let mut read = Vec::new();
        for value in values {
            let DeValue::String(text) = value.get_ref() else {
                self.note_type(table, key, value);
                continue;
            };
            let subject = format!("an entry of `{name}` of {}", table.name());
            self.check_text(&subject, text, value.span(), longest);
            if !text.trim().is_empty() && !seen.insert(folded(text)) {
                let message = format!("{} has the same entry twice in `{name}`", table.name());
                self.note(value.span().start, message, "remove one");
            }
            read.push(Placed {
                value: text.to_string(),
                at: value.span().start,
            });
        }
        read
    }

    /// Returns a list of positive whole numbers without repetition.
    pub(super) fn numbers(&mut self, table: Table<'_, '_>, name: &str) -> Vec<u32> {
        let Some((key, value)) = lookup(table, name) else {
            return Vec::new();
        };
        let DeValue::Array(values) = value.get_ref() else {
            self.note_type(table, key, value);
            return Vec::new();
        };
        let mut seen = BTreeSet::new();
        let mut read = Vec::new();
        for value in values {
            match whole_number(value.get_ref()) {
                Some(number) if number > 0 && !seen.insert(number) => {
                    let message = format!("{} names {number} twice in `{name}`", table.name());
                    self.note(value.span().start, message, "remove one");
                }
                Some(number) if number > 0 => read.push(number),
                Some(_) | None => {
                    let message = format!(
                        "`{name}` of {} holds something else than a positive whole number",
                        table.name()
                    );
                    self.note(
                        value.span().start,
                        message,
                        "write numbers alone, such as [362, 367]",
                    );
                }
            }
        }
        read
    }

    /// Returns a whole number and its place.
    pub(super) fn number(&mut self, table: Table<'_, '_>, name: &str) -> Option<Placed<u32>> {
        let (key, value) = lookup(table, name)?;
        let number = whole_number(value.get_ref());
        if number.is_none() {
            self.note_type(table, key, value);
        }
        number.map(|number| Placed {
            value: number,
            at: value.span().start,
        })
    }

    /// Returns repeated tables.
    pub(super) fn tables<'t>(
        &mut self,
        table: Table<'t, 's>,
        name: &str,
        schema: &'static Schema,
    ) -> Vec<Table<'t, 's>> {
        let Some((key, value)) = lookup(table, name) else {
            return Vec::new();
        };
        let DeValue::Array(values) = value.get_ref() else {
            self.note_type(table, key, value);
            return Vec::new();
        };
        let mut read = Vec::new();
        for value in values {
            match value.get_ref() {
                DeValue::Table(entries) => read.push(Table {
                    entries,
                    at: value.span().start,
                    schema,
                }),
                _ => self.note_type(table, key, value),
            }
        }
        if values.is_empty() {
            self.note(
                value.span().start,
                format!("there is no [[{name}]]"),
                format!("add {}", key.meaning),
            );
        }
        read
    }

    fn note_type(&mut self, table: Table<'_, '_>, key: &Key, value: &Spanned<DeValue<'_>>) {
        let wanted = match key.shape {
            Shape::Text { .. } => "a text in quotes is needed",
            Shape::Texts { .. } => "a list of texts in quotes is needed",
            Shape::OneOrTexts { .. } => "a text in quotes, or a list of them, is needed",
            Shape::Number => "a whole number is needed",
            Shape::Numbers => "a list of whole numbers is needed",
            Shape::Tables => "tables are needed",
        };
        let message = format!(
            "`{}` of {} holds {}; {wanted}",
            key.name,
            table.name(),
            type_name(value.get_ref())
        );
        let remedy = match key.shape {
            Shape::Tables => format!(
                "write [[{}]] on a line of its own, its keys below",
                key.name
            ),
            Shape::Text { .. }
            | Shape::Texts { .. }
            | Shape::OneOrTexts { .. }
            | Shape::Number
            | Shape::Numbers => {
                format!("write {}", key.meaning)
            }
        };
        self.note(value.span().start, message, remedy);
    }

    fn check_text(&mut self, subject: &str, text: &str, span: Range<usize>, longest: usize) {
        let length = folded_length(text);
        if length == 0 {
            self.note(
                span.start,
                format!("{subject} is empty"),
                "write it, or remove it where it is optional",
            );
        } else if length > longest {
            let message = format!(
                "{subject} has {length} characters; {longest} fit on the screen and in a report"
            );
            self.note(span.start, message, "shorten it");
        }
        let raw = self.source.get(span.clone()).unwrap_or_default();
        if !raw.is_ascii() && raw.chars().any(|c| hides_in_source(1, c)) {
            return;
        }
        if let Some(hidden) = text.chars().find(|c| is_hidden(*c)) {
            let message = format!(
                "{subject} hides the character {} behind an escape",
                code_point(hidden)
            );
            self.note(span.start, message, "remove the escape");
        }
    }
}

fn lookup<'t, 's>(
    table: Table<'t, 's>,
    name: &str,
) -> Option<(&'static Key, &'t Spanned<DeValue<'s>>)> {
    let key = table
        .schema
        .key(name)
        .expect("only keys of the schema are read");
    table.entries.get(name).map(|value| (key, value))
}

fn whole_number(value: &DeValue<'_>) -> Option<u32> {
    value
        .as_integer()
        .and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok())
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
