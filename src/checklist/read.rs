//! Reading TOML tables key by key while noting every mistake with its place. Owns types, lengths and characters of
//! values; refuses to know how values relate to each other (that is `rules`).

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Mistake;
use super::position::Places;
use super::schema::{Key, Need, Schema, Shape};

/// A value and the byte where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) at: usize,
}

/// A table under examination.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'t, 's> {
    pub(super) entries: &'t DeTable<'s>,
    pub(super) at: usize,
    pub(super) schema: &'static Schema,
}

impl Table<'_, '_> {
    /// Names the table in a message: its id where it has one.
    pub(super) fn name(&self) -> String {
        match self.entries.get("id").and_then(|id| id.get_ref().as_str()) {
            Some(id) if self.schema.noun != "the file" => {
                format!("{} {}", self.schema.noun, quoted(id))
            }
            _ => self.schema.noun.to_owned(),
        }
    }
}

/// Collects mistakes over one file.
#[derive(Debug)]
pub(super) struct Reader<'s> {
    source: &'s str,
    places: Places<'s>,
    /// Bytes at which the text is not TOML.
    broken: Vec<usize>,
    /// Bytes at which tables start, ascending.
    starts: Vec<usize>,
    noted: Vec<(usize, Mistake)>,
}

impl<'s> Reader<'s> {
    /// Parses a file as far as it can be, noting what is not TOML and every character that deceives the eye.
    pub(super) fn open(source: &'s str) -> (Self, DeTable<'s>) {
        let (root, errors) = DeTable::parse_recoverable(source);
        let root = root.into_inner();
        let places = Places::new(source);
        let mut reader = Self {
            source,
            places,
            broken: Vec::new(),
            starts: table_starts(&root),
            noted: Vec::new(),
        };
        for error in errors {
            let at = error.span().map_or(source.len(), |span| span.start);
            let remedy = "correct this place; texts stand in double quotes, lists in square brackets with commas";
            reader.note(at, format!("not valid TOML: {}", error.message()), remedy);
            reader.broken.push(at);
        }
        for (at, hidden) in source
            .char_indices()
            .filter(|(at, c)| hides_in_source(*at, *c))
        {
            let message = format!(
                "the character {} is invisible or changes the order of reading",
                code_point(hidden)
            );
            reader.note(at, message, "delete it");
        }
        (reader, root)
    }

    /// Notes a mistake at a byte.
    pub(super) fn note(
        &mut self,
        at: usize,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (line, column) = self.places.line_column(at);
        self.noted.push((
            at,
            Mistake {
                line,
                column,
                message: message.into(),
                remedy: remedy.into(),
            },
        ));
    }

    /// Returns the mistakes in the order of the file. What follows from broken TOML on the same line is left out.
    pub(super) fn finish(mut self) -> Vec<Mistake> {
        let broken: Vec<usize> = self
            .broken
            .iter()
            .map(|at| self.places.line_column(*at).0)
            .collect();
        self.noted
            .retain(|(at, mistake)| self.broken.contains(at) || !broken.contains(&mistake.line));
        self.noted
            .sort_by(|(left, a), (right, b)| (left, &a.message).cmp(&(right, &b.message)));
        let mut mistakes: Vec<Mistake> =
            self.noted.into_iter().map(|(_, mistake)| mistake).collect();
        mistakes.dedup();
        mistakes
    }

    /// Returns the line of a byte.
    pub(super) fn line(&self, at: usize) -> usize {
        self.places.line_column(at).0
    }

    /// Returns whether broken TOML lies within a table, so that its keys may have been lost.
    pub(super) fn is_damaged(&self, table_at: usize) -> bool {
        let next = self
            .starts
            .iter()
            .find(|start| **start > table_at)
            .copied()
            .unwrap_or(usize::MAX);
        self.broken.iter().any(|at| (table_at..next).contains(at))
    }

    /// Notes keys that do not exist and keys that are missing.
    pub(super) fn check_keys(&mut self, table: Table<'_, '_>) {
        let names = table.schema.names();
        for key in table
            .entries
            .keys()
            .filter(|key| !names.contains(&key.get_ref().as_ref()))
        {
            let spelled = key.get_ref();
            let remedy = match closest(spelled, &names) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("remove it; known keys are {}", names.join(", ")),
            };
            self.note(
                key.span().start,
                format!("{} has an unknown key {}", table.name(), quoted(spelled)),
                remedy,
            );
        }
        if self.is_damaged(table.at) {
            return;
        }
        for key in table
            .schema
            .keys
            .iter()
            .filter(|key| key.need == Need::Required)
        {
            if !table.entries.contains_key(key.name) {
                self.note(
                    table.at,
                    format!("{} has no `{}`", table.name(), key.name),
                    format!("add `{}`: {}", key.name, key.meaning),
                );
            }
        }
    }

    /// Returns a text as it stands, or an empty one after noting why there is none.
    pub(super) fn word(&mut self, table: Table<'_, '_>, name: &str) -> Placed<String> {
        let Some((key, value)) = lookup(table, name) else {
            return Placed::default();
        };
        let Shape::Text { longest } = key.shape else {
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
        let Shape::Texts {
            longest,
            least,
            most,
        } = key.shape
        else {
            return Vec::new();
        };
        let DeValue::Array(values) = value.get_ref() else {
            self.note_type(table, key, value);
            return Vec::new();
        };
        let count = values.len();
        if !(least..=most).contains(&count) {
            let message = format!("{} has {count} {name}; {least} to {most} fit", table.name());
            let remedy = if count < least {
                "add what is missing"
            } else {
                "keep the strongest, or split the item"
            };
            self.note(value.span().start, message, remedy);
        }
        let mut read: Vec<Placed<String>> = Vec::new();
        for value in values.iter() {
            let DeValue::String(text) = value.get_ref() else {
                self.note_type(table, key, value);
                continue;
            };
            let subject = format!("an entry of `{name}` of {}", table.name());
            self.check_text(&subject, text, value.span(), longest);
            if read
                .iter()
                .any(|earlier| folded(&earlier.value) == folded(text))
                && !text.trim().is_empty()
            {
                self.note(
                    value.span().start,
                    format!("{} has the same entry twice in `{name}`", table.name()),
                    "remove one",
                );
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
        let mut read = Vec::new();
        for value in values.iter() {
            match whole_number(value.get_ref()) {
                Some(number) if read.contains(&number) => {
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
        for value in values.iter() {
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
            Shape::Text { .. } | Shape::Texts { .. } | Shape::Number | Shape::Numbers => {
                format!("write {}", key.meaning)
            }
        };
        self.note(value.span().start, message, remedy);
    }

    fn check_text(&mut self, subject: &str, text: &str, span: Range<usize>, longest: usize) {
        let visible = folded(text);
        let length = visible.chars().count();
        if visible.is_empty() {
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
        if raw.chars().any(|c| hides_in_source(1, c)) {
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

/// Returns the closest of some words, if one is close.
pub(super) fn closest<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    if word.len() > 80 {
        return None;
    }
    similar::get_close_matches(word, words, 1, 0.6)
        .first()
        .copied()
}

/// Puts foreign text into a message: at most 40 characters, control and invisible ones as escapes, in backticks.
pub(super) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(40).map(visible).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Returns a text with line breaks and runs of blanks counted as one blank.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn visible(c: char) -> Cow<'static, str> {
    if is_hidden(c) || c.is_control() {
        c.escape_unicode().to_string().into()
    } else {
        c.to_string().into()
    }
}

fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Whether a character is refused in a text: controls other than line breaks and tabs, marks of reading order,
/// characters without width. Joiners stay, since scripts need them.
fn is_hidden(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let order = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    let blank = matches!(
        c,
        '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{feff}'
    );
    let tag = matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    control || order || blank || tag
}

/// Whether a character of the file itself is refused; TOML refuses the ASCII controls on its own, and a byte order mark
/// may open the file.
fn hides_in_source(at: usize, c: char) -> bool {
    !c.is_ascii() && is_hidden(c) && !(at == 0 && c == '\u{feff}')
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

fn table_starts(root: &DeTable<'_>) -> Vec<usize> {
    let arrays = root.values().filter_map(|value| value.get_ref().as_array());
    let mut starts: Vec<usize> = arrays
        .flat_map(|array| array.iter())
        .filter(|value| value.get_ref().is_table())
        .map(|value| value.span().start)
        .collect();
    starts.sort_unstable();
    starts
}
