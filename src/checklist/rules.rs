//! What makes a file a checklist: ids, references, order and wording across its tables. Refuses to read TOML (that is
//! `read`) and to touch a file (that is `shelf`).

use std::collections::{BTreeMap, BTreeSet};

use globset::Glob;

use super::read::{Placed, Reader, Table};
use super::schema::{CATEGORY, FILE, ITEM};
use super::words::{closest, folded, quoted};
use super::{FORMAT, Mistake};
use crate::model::{Category, Item, Severity};

/// What a file says; complete only when no mistake was found.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) categories: Vec<Category>,
    pub(super) items: Vec<Item>,
}

/// Reads a file as far as it goes and returns every mistake, in the order of the file.
pub(super) fn examine(source: &str) -> (Draft, Vec<Mistake>) {
    let (mut reader, root) = Reader::open(source);
    let file = Table {
        entries: &root,
        at: 0,
        schema: &FILE,
    };
    let format = reader.number(file, "format");
    if let Some(Placed { value, at }) = &format
        && *value != FORMAT
    {
        return (Draft::default(), vec![unknown_format(source, *value, *at)]);
    }
    reader.check_keys(file);
    let id = reader.word(file, "id");
    check_slug(&mut reader, "the list's id", &id);
    let version = reader.word(file, "version");
    check_version(&mut reader, &version);
    let draft = Draft {
        id: id.value,
        version: version.value,
        title: reader.prose(file, "title").value,
        description: reader.prose(file, "description").value,
        ..Draft::default()
    };
    let categories = reader.tables(file, "category", &CATEGORY);
    let items = reader.tables(file, "item", &ITEM);
    let known = read_categories(&mut reader, &categories);
    let references_hold =
        !reader.is_damaged(0) && !categories.iter().any(|table| reader.is_damaged(table.at));
    let read = read_items(&mut reader, &items);
    if references_hold {
        check_references(&mut reader, &known, &read);
    }
    if reader.is_whole() {
        check_use(&mut reader, &known, &read);
    }
    let categories: Vec<Category> = known.into_iter().map(|category| category.value).collect();
    let items = in_category_order(&categories, read);
    (
        Draft {
            categories,
            items,
            ..draft
        },
        reader.finish(),
    )
}

fn unknown_format(source: &str, value: u32, at: usize) -> Mistake {
    let (line, column) = super::position::Places::new(source).line_column(at);
    let remedy = if value > FORMAT {
        "use a newer countersign to read this file"
    } else {
        "write `format = 1`"
    };
    Mistake {
        line,
        column,
        message: format!("the file has format {value}; this program knows format {FORMAT}"),
        remedy: remedy.to_owned(),
    }
}

fn read_categories(reader: &mut Reader<'_>, tables: &[Table<'_, '_>]) -> Vec<Placed<Category>> {
    let mut seen = BTreeMap::new();
    let mut read = Vec::new();
    for table in tables {
        reader.check_keys(*table);
        let id = reader.word(*table, "id");
        check_slug(reader, "a category's id", &id);
        check_new(reader, "category", &mut seen, &id);
        let title = reader.prose(*table, "title").value;
        read.push(Placed {
            at: table.at,
            value: Category {
                id: id.value,
                title,
            },
        });
    }
    read
}

/// An item and where it names its category.
struct ReadItem {
    item: Item,
    category_at: usize,
}

fn read_items(reader: &mut Reader<'_>, tables: &[Table<'_, '_>]) -> Vec<ReadItem> {
    let mut seen = BTreeMap::new();
    tables
        .iter()
        .map(|table| {
            reader.check_keys(*table);
            let id = reader.word(*table, "id");
            check_slug(reader, "an item's id", &id);
            check_new(reader, "item", &mut seen, &id);
            read_item(reader, *table, &id.value)
        })
        .collect()
}

fn read_item(reader: &mut Reader<'_>, table: Table<'_, '_>, id: &str) -> ReadItem {
    let category = reader.word(table, "category");
    let item = Item {
        id: id.into(),
        category: category.value,
        title: reader.prose(table, "title").value,
        ask: read_ask(reader, table),
        generated: reader.prose(table, "generated").value,
        failure: reader.prose(table, "failure").value,
        signals: read_proses(reader, table, "signals"),
        mitigations: read_proses(reader, table, "mitigations"),
        severity: read_severity(reader, table),
        cwe: reader.numbers(table, "cwe"),
        languages: read_languages(reader, table),
        paths: read_paths(reader, table),
        rules: read_rules(reader, table),
        sources: read_proses(reader, table, "sources"),
    };
    ReadItem {
        item,
        category_at: category.at,
    }
}

fn read_ask(reader: &mut Reader<'_>, table: Table<'_, '_>) -> String {
    let ask = reader.prose(table, "ask");
    if !ask.value.is_empty() && !ask.value.contains('?') {
        let message = format!("`ask` of {} is not a question", table.name());
        reader.note(
            ask.at,
            message,
            "write what the reviewer asks of the code, with a question mark",
        );
    }
    ask.value
}

fn read_proses(reader: &mut Reader<'_>, table: Table<'_, '_>, name: &str) -> Vec<String> {
    reader
        .words(table, name)
        .iter()
        .map(|text| folded(&text.value))
        .collect()
}

fn read_severity(reader: &mut Reader<'_>, table: Table<'_, '_>) -> Severity {
    let word = reader.word(table, "severity");
    Severity::from_name(&word.value).unwrap_or_else(|| {
        if !word.value.trim().is_empty() {
            let names = Severity::ALL.map(Severity::name);
            let message = format!(
                "{} has an unknown severity {}",
                table.name(),
                quoted(&word.value)
            );
            reader.note(word.at, message, pick("write", &word.value, &names));
        }
        Severity::Note
    })
}

fn read_languages(reader: &mut Reader<'_>, table: Table<'_, '_>) -> Vec<String> {
    let names = reader.words(table, "languages");
    for name in &names {
        let fits =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '+' | '#');
        if !name.value.is_empty() && !name.value.chars().all(fits) {
            let message = format!("{} is not the name of a language", quoted(&name.value));
            reader.note(
                name.at,
                message,
                "write it in lower case without blanks, such as `python` or `c++`",
            );
        }
    }
    names.into_iter().map(|name| name.value).collect()
}

fn read_paths(reader: &mut Reader<'_>, table: Table<'_, '_>) -> Vec<String> {
    let patterns = reader.words(table, "paths");
    for pattern in &patterns {
        if let Err(error) = Glob::new(&pattern.value) {
            let message = format!(
                "{} is not a path pattern: {}",
                quoted(&pattern.value),
                error.kind()
            );
            reader.note(
                pattern.at,
                message,
                "write a glob such as `migrations/**/*.sql`",
            );
        } else if pattern.value.starts_with('/') {
            let message = format!(
                "{} can never match: paths start at the root without `/`",
                quoted(&pattern.value)
            );
            reader.note(pattern.at, message, "remove the leading `/`");
        }
    }
    patterns.into_iter().map(|pattern| pattern.value).collect()
}

fn read_rules(reader: &mut Reader<'_>, table: Table<'_, '_>) -> Vec<String> {
    let rules = reader.words(table, "rules");
    for rule in &rules {
        check_slug(reader, "the id of a rule", rule);
    }
    rules.into_iter().map(|rule| rule.value).collect()
}

fn check_slug(reader: &mut Reader<'_>, subject: &str, id: &Placed<String>) {
    let fits = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if !id.value.trim().is_empty() && !id.value.split('-').all(fits) {
        let message = format!(
            "{subject} is {}; only lower-case letters, digits and single hyphens fit",
            quoted(&id.value)
        );
        reader.note(id.at, message, "rename it, such as `lost-update`");
    }
}

fn check_version(reader: &mut Reader<'_>, version: &Placed<String>) {
    let parts: Vec<&str> = version.value.split('.').collect();
    let is_number =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = parts.len() == 3 && parts.iter().all(is_number);
    if !fits && !version.value.trim().is_empty() {
        let message = format!(
            "the version is {}; three numbers with dots are needed",
            quoted(&version.value)
        );
        reader.note(version.at, message, "write it such as `1.0.0`");
    }
}

fn check_new(
    reader: &mut Reader<'_>,
    noun: &str,
    seen: &mut BTreeMap<String, usize>,
    id: &Placed<String>,
) {
    if id.value.is_empty() {
        return;
    }
    if let Some(first) = seen.get(&id.value) {
        let line = reader.line(*first);
        let message = format!(
            "the {noun} {} stands on line {line} already",
            quoted(&id.value)
        );
        reader.note(id.at, message, "give this one another id, or remove it");
    } else {
        seen.insert(id.value.clone(), id.at);
    }
}

fn check_references(reader: &mut Reader<'_>, categories: &[Placed<Category>], items: &[ReadItem]) {
    let ids: Vec<&str> = categories
        .iter()
        .map(|category| category.value.id.as_str())
        .collect();
    for ReadItem { item, category_at } in items {
        if !item.category.trim().is_empty() && !ids.contains(&item.category.as_str()) {
            let message = format!("there is no category {}", quoted(&item.category));
            reader.note(*category_at, message, pick("use", &item.category, &ids));
        }
    }
}

fn check_use(reader: &mut Reader<'_>, categories: &[Placed<Category>], items: &[ReadItem]) {
    let used: BTreeSet<&str> = items
        .iter()
        .map(|read| read.item.category.as_str())
        .collect();
    for Placed { value, at } in categories {
        if !value.id.is_empty() && !used.contains(value.id.as_str()) {
            let message = format!("the category {} has no items", quoted(&value.id));
            reader.note(*at, message, "add an item to it, or remove it");
        }
    }
}

fn pick(verb: &str, word: &str, words: &[&str]) -> String {
    match closest(word, words) {
        Some(close) => format!("did you mean {}?", quoted(close)),
        None => format!(
            "{verb} one of {}",
            words
                .iter()
                .map(|word| quoted(word))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

fn in_category_order(categories: &[Category], read: Vec<ReadItem>) -> Vec<Item> {
    let mut items: Vec<Item> = read.into_iter().map(|read| read.item).collect();
    items.sort_by_key(|item| {
        categories
            .iter()
            .position(|category| category.id == item.category)
    });
    items
}
