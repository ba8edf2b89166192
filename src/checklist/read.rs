//! A checklist file as TOML, with every mistake noted at its place. Owns what is broken and which keys a table has;
//! refuses to judge values (that is `values`) and how they relate to each other (that is `rules`).

use std::collections::BTreeSet;

use toml::de::DeTable;

use super::Mistake;
use super::position::Places;
use super::schema::{Need, Schema, Shape};
use super::words::{closest, code_point, hides_in_source, quoted};

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
    pub(super) source: &'s str,
    places: Places<'s>,
    /// Bytes at which tables start, ascending.
    starts: Vec<usize>,
    /// What is not TOML, by byte, ascending; one place per line, since the rest of the line follows from it.
    syntax: Vec<(usize, Mistake)>,
    /// Bytes of broken table headers, ascending.
    headers: Vec<usize>,
    /// Every other mistake, by byte.
    noted: Vec<(usize, Mistake)>,
}

impl<'s> Reader<'s> {
    /// Parses a file as far as it can be, noting what is not TOML and every character that deceives the eye.
    pub(super) fn open(source: &'s str) -> (Self, DeTable<'s>) {
        let (root, errors) = DeTable::parse_recoverable(source);
        let root = root.into_inner();
        let places = Places::new(source);
        let remedy = "correct this place; texts stand in double quotes, lists in square brackets with commas";
        let mut broken: Vec<(usize, &str)> = errors
            .iter()
            .map(|error| {
                (
                    error.span().map_or(source.len(), |span| span.start),
                    error.message(),
                )
            })
            .collect();
        broken.sort_by_key(|(at, _)| *at);
        broken.dedup_by_key(|(at, _)| places.line_column(*at).0);
        let headers = broken
            .iter()
            .map(|(at, _)| *at)
            .filter(|at| places.line_text(*at).trim_start().starts_with('['));
        let mut reader = Self {
            source,
            starts: table_starts(&root),
            headers: headers.collect(),
            syntax: Vec::new(),
            noted: Vec::new(),
            places,
        };
        for (at, message) in broken {
            let mistake = mistake(
                &reader.places,
                at,
                format!("not valid TOML: {message}"),
                remedy.to_owned(),
            );
            reader.syntax.push((at, mistake));
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
        let mistake = mistake(&self.places, at, message.into(), remedy.into());
        self.noted.push((at, mistake));
    }

    /// Returns the mistakes in the order of the file. What follows from broken TOML on the same line is left out.
    pub(super) fn finish(self) -> Vec<Mistake> {
        let Self {
            syntax, mut noted, ..
        } = self;
        let broken: BTreeSet<usize> = syntax.iter().map(|(_, mistake)| mistake.line).collect();
        noted.retain(|(_, mistake)| !broken.contains(&mistake.line));
        noted.extend(syntax);
        noted.sort_by(|(left, a), (right, b)| (left, &a.message).cmp(&(right, &b.message)));
        let mut mistakes: Vec<Mistake> = noted.into_iter().map(|(_, mistake)| mistake).collect();
        mistakes.dedup();
        mistakes
    }

    /// Returns the line of a byte.
    pub(super) fn line(&self, at: usize) -> usize {
        self.places.line_column(at).0
    }

    /// Returns whether the whole file is TOML.
    pub(super) fn is_whole(&self) -> bool {
        self.syntax.is_empty()
    }

    /// Returns whether broken TOML lies within a table, or breaks a header so that tables run into each other: its keys
    /// may have been lost.
    pub(super) fn is_damaged(&self, table_at: usize) -> bool {
        let next = self.starts.partition_point(|start| *start <= table_at);
        let end = self.starts.get(next).copied().unwrap_or(usize::MAX);
        let first = self.syntax.partition_point(|(at, _)| *at < table_at);
        !self.headers.is_empty() || self.syntax.get(first).is_some_and(|(at, _)| *at < end)
    }

    /// Returns whether a place stands below a broken header, so that it may belong to a table that was not seen.
    fn is_astray(&self, at: usize) -> bool {
        let before = self.starts.partition_point(|start| *start <= at);
        let start = before.checked_sub(1).map_or(0, |index| self.starts[index]);
        let first = self.headers.partition_point(|header| *header < start);
        self.headers.get(first).is_some_and(|header| *header < at)
    }

    /// Notes keys that do not exist and keys that are missing.
    pub(super) fn check_keys(&mut self, table: Table<'_, '_>) {
        let names = table.schema.names();
        for key in table
            .entries
            .keys()
            .filter(|key| !names.contains(&key.get_ref().as_ref()))
        {
            if self.is_astray(key.span().start) {
                continue;
            }
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
        let damaged = self.is_damaged(table.at);
        for key in table
            .schema
            .keys
            .iter()
            .filter(|key| key.need == Need::Required)
        {
            let may_be_lost = damaged || (key.shape == Shape::Tables && !self.is_whole());
            if !may_be_lost && !table.entries.contains_key(key.name) {
                let message = format!("{} has no `{}`", table.name(), key.name);
                self.note(
                    table.at,
                    message,
                    format!("add `{}`: {}", key.name, key.meaning),
                );
            }
        }
    }
}

fn mistake(places: &Places<'_>, at: usize, message: String, remedy: String) -> Mistake {
    let (line, column) = places.line_column(at);
    Mistake {
        line,
        column,
        message,
        remedy,
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
