//! What makes a file a checklist: ids, references, order and wording across its tables. Refuses to read TOML (that is
//! `read`) and to touch a file (that is `shelf`).

use std::collections::{BTreeMap, BTreeSet};

use globset::Glob;

use super::read::{Placed, Reader, Table};
use super::relations::{self, Relations};
use super::schema::{CATEGORY, FILE, ITEM, STAGE};
use super::words::{closest, folded, quoted};
use super::{FORMAT, Mistake, figures};
use crate::model::{
    AnsweredBy, Category, Checklist, EvidenceKind, Item, ItemId, PLACE, PROFILE_KEYS, Severity,
    Stage, profile_key,
};

/// What a file says; complete only when no mistake was found.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) stages: Vec<Stage>,
    pub(super) categories: Vec<Category>,
    pub(super) items: Vec<Item>,
}

/// Reads a file as far as it goes and returns every mistake, in the order of the file. Names of items in other lists are
/// looked up where those lists are given.
pub(super) fn examine(source: &str, others: Option<&[Checklist]>) -> (Draft, Vec<Mistake>) {
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
    let stages = reader.tables(file, "stages", &STAGE);
    let items = reader.tables(file, "item", &ITEM);
    let known = read_groups(&mut reader, "category", &categories);
    let steps = read_groups(&mut reader, "stage", &stages);
    let mut groups = categories.iter().chain(&stages);
    let references_hold = !reader.is_damaged(0) && !groups.any(|table| reader.is_damaged(table.at));
    let read = read_items(&mut reader, &items);
    if references_hold {
        check_references(&mut reader, &known, &steps, &read);
    }
    if reader.is_whole() {
        let used = |read: &ReadItem| Some(read.item.category.clone());
        check_use(&mut reader, "category", &known, &read, used);
        check_use(&mut reader, "stage", &steps, &read, |read| {
            read.item.stage.clone()
        });
        let items: Vec<Relations<'_>> = read.iter().map(ReadItem::relations).collect();
        relations::check(&mut reader, &draft.id, &items, others);
    }
    let categories = titled(known, |id, title| Category { id, title });
    let stages = titled(steps, |id, title| Stage { id, title });
    let items = in_order(&stages, &categories, read);
    (
        Draft {
            stages,
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

/// A category or a stage as it stands in the file.
struct Group {
    id: String,
    title: String,
}

fn read_groups(
    reader: &mut Reader<'_>,
    noun: &str,
    tables: &[Table<'_, '_>],
) -> Vec<Placed<Group>> {
    let mut seen = BTreeMap::new();
    let mut read = Vec::new();
    for table in tables {
        reader.check_keys(*table);
        let id = reader.word(*table, "id");
        check_slug(reader, &format!("a {noun}'s id"), &id);
        check_new(reader, noun, &mut seen, &id);
        let title = reader.prose(*table, "title").value;
        read.push(Placed {
            at: table.at,
            value: Group {
                id: id.value,
                title,
            },
        });
    }
    read
}

fn titled<T>(groups: Vec<Placed<Group>>, make: impl Fn(String, String) -> T) -> Vec<T> {
    let groups = groups.into_iter().map(|group| group.value);
    groups.map(|group| make(group.id, group.title)).collect()
}

/// An item, and where it names others.
struct ReadItem {
    item: Item,
    at: usize,
    category_at: usize,
    stage_at: usize,
    depends_on: Vec<Placed<String>>,
    same_as: Vec<Placed<String>>,
}

impl ReadItem {
    fn relations(&self) -> Relations<'_> {
        Relations {
            id: self.item.id.as_str(),
            at: self.at,
            depends_on: &self.depends_on,
            same_as: &self.same_as,
        }
    }
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
    let stage = reader.word(table, "stage");
    let depends_on = reader.words(table, "depends_on");
    let same_as = reader.words(table, "same_as");
    let ids = |names: &[Placed<String>]| -> Vec<ItemId> {
        names
            .iter()
            .map(|name| name.value.as_str().into())
            .collect()
    };
    let title = reader.prose(table, "title");
    if title.value.contains(PLACE) {
        let message = format!("the title of {} holds a place for a number", table.name());
        reader.note(title.at, message, "write the number's place into `ask`");
    }
    let item = Item {
        id: id.into(),
        category: category.value,
        stage: Some(stage.value).filter(|stage| !stage.trim().is_empty()),
        title: title.value,
        ask: read_ask(reader, table),
        generated: read_prose(reader, table, "generated"),
        failure: read_prose(reader, table, "failure"),
        signals: read_proses(reader, table, "signals"),
        mitigations: read_proses(reader, table, "mitigations"),
        severity: read_severity(reader, table),
        cwe: reader.numbers(table, "cwe"),
        languages: read_languages(reader, table),
        paths: read_paths(reader, table),
        rules: read_rules(reader, table),
        sources: read_proses(reader, table, "sources"),
        good: read_prose(reader, table, "good"),
        answered_by: read_answered_by(reader, table),
        evidence: read_evidence(reader, table),
        depends_on: ids(&depends_on),
        same_as: ids(&same_as),
        figures: read_figures(reader, table),
        twins: Vec::new(),
    };
    ReadItem {
        item,
        at: table.at,
        category_at: category.at,
        stage_at: stage.at,
        depends_on,
        same_as,
    }
}

/// Reads one of a few names; a name that is none of them is noted with those there are.
fn read_name<T: Copy>(
    reader: &mut Reader<'_>,
    what: &str,
    word: &Placed<String>,
    names: &[(&str, T)],
) -> Option<T> {
    if let Some((_, value)) = names.iter().find(|(name, _)| *name == word.value) {
        return Some(*value);
    }
    if !word.value.trim().is_empty() {
        let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        let message = format!("{what} {} is unknown", quoted(&word.value));
        reader.note(word.at, message, pick("write", &word.value, &known));
    }
    None
}

fn read_answered_by(reader: &mut Reader<'_>, table: Table<'_, '_>) -> Vec<AnsweredBy> {
    let names = AnsweredBy::ALL.map(|place| (place.name(), place));
    let words = reader.words(table, "answered_by");
    words
        .iter()
        .filter_map(|word| read_name(reader, "the place of an answer", word, &names))
        .collect()
}

fn read_evidence(reader: &mut Reader<'_>, table: Table<'_, '_>) -> EvidenceKind {
    let names = EvidenceKind::ALL.map(|kind| (kind.name(), kind));
    let word = reader.word(table, "evidence");
    read_name(reader, "the kind of evidence", &word, &names).unwrap_or(EvidenceKind::Lines)
}

fn read_figures(reader: &mut Reader<'_>, table: Table<'_, '_>) -> Vec<String> {
    let names: Vec<(&str, ())> = figures::names().map(|name| (name, ())).collect();
    let words = reader.words(table, "figures");
    for word in &words {
        read_name(reader, "the calculation", word, &names);
    }
    words.into_iter().map(|word| word.value).collect()
}

fn read_ask(reader: &mut Reader<'_>, table: Table<'_, '_>) -> String {
    let ask = reader.prose(table, "ask");
    check_places(reader, &ask);
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

fn read_prose(reader: &mut Reader<'_>, table: Table<'_, '_>, name: &str) -> String {
    let text = reader.prose(table, name);
    check_places(reader, &text);
    text.value
}

fn read_proses(reader: &mut Reader<'_>, table: Table<'_, '_>, name: &str) -> Vec<String> {
    let texts = reader.words(table, name);
    for text in &texts {
        check_places(reader, text);
    }
    texts.iter().map(|text| folded(&text.value)).collect()
}

/// Notes places for numbers that the production profile does not have.
fn check_places(reader: &mut Reader<'_>, text: &Placed<String>) {
    for opened in text.value.split(PLACE).skip(1) {
        let Some((name, _)) = opened.split_once('}') else {
            let message = format!("a place that begins with {} has no end", quoted(PLACE));
            reader.note(text.at, message, "close it, as in `{profile.users}`");
            continue;
        };
        if profile_key(name).is_none() {
            let names: Vec<&str> = PROFILE_KEYS.iter().map(|key| key.name).collect();
            let message = format!("the production profile has no {}", quoted(name));
            reader.note(text.at, message, pick("use", name, &names));
        }
    }
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

/// Tells whether a text is an id: lower-case letters, digits, single hyphens.
pub(super) fn is_slug(text: &str) -> bool {
    let fits = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    text.split('-').all(fits)
}

fn check_slug(reader: &mut Reader<'_>, subject: &str, id: &Placed<String>) {
    if !id.value.trim().is_empty() && !is_slug(&id.value) {
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

fn check_references(
    reader: &mut Reader<'_>,
    categories: &[Placed<Group>],
    stages: &[Placed<Group>],
    items: &[ReadItem],
) {
    let ids = |groups: &'_ [Placed<Group>]| -> Vec<String> {
        groups.iter().map(|group| group.value.id.clone()).collect()
    };
    let (categories, stages) = (ids(categories), ids(stages));
    for read in items {
        check_member(
            reader,
            "category",
            &read.item.category,
            read.category_at,
            &categories,
        );
        if let Some(stage) = &read.item.stage {
            check_member(reader, "stage", stage, read.stage_at, &stages);
        } else if !stages.is_empty() && !reader.is_damaged(read.at) {
            let message = format!("item {} has no `stage`", quoted(read.item.id.as_str()));
            reader.note(
                read.at,
                message,
                "a list with stages needs one on each item",
            );
        }
    }
}

fn check_member(reader: &mut Reader<'_>, noun: &str, name: &str, at: usize, ids: &[String]) {
    if name.trim().is_empty() || ids.iter().any(|id| id == name) {
        return;
    }
    let known: Vec<&str> = ids.iter().map(String::as_str).collect();
    let remedy = if known.is_empty() {
        format!("add a {noun} with this id, or remove it")
    } else {
        pick("use", name, &known)
    };
    reader.note(at, format!("there is no {noun} {}", quoted(name)), remedy);
}

fn check_use(
    reader: &mut Reader<'_>,
    noun: &str,
    groups: &[Placed<Group>],
    items: &[ReadItem],
    of: impl Fn(&ReadItem) -> Option<String>,
) {
    let used: BTreeSet<String> = items.iter().filter_map(of).collect();
    for Placed { value, at } in groups {
        if !value.id.is_empty() && !used.contains(&value.id) {
            let message = format!("the {noun} {} has no items", quoted(&value.id));
            reader.note(*at, message, "add an item to it, or remove it");
        }
    }
}

pub(super) fn pick(verb: &str, word: &str, words: &[&str]) -> String {
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

fn in_order(stages: &[Stage], categories: &[Category], read: Vec<ReadItem>) -> Vec<Item> {
    let mut items: Vec<Item> = read.into_iter().map(|read| read.item).collect();
    items.sort_by_key(|item| {
        let stage = item.stage.as_ref();
        (
            stages.iter().position(|known| Some(&known.id) == stage),
            categories
                .iter()
                .position(|category| category.id == item.category),
        )
    });
    items
}
