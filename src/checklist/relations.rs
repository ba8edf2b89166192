//! How items refer to each other: what is asked before what, and which questions are one question in several lists.
//! Owns names that lead nowhere and orders that go round; refuses to read TOML.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{Placed, Reader};
use super::rules::{is_slug, pick};
use super::words::quoted;
use crate::model::Checklist;

/// What an item says of others.
pub(super) struct Relations<'r> {
    pub(super) id: &'r str,
    pub(super) at: usize,
    pub(super) depends_on: &'r [Placed<String>],
    pub(super) same_as: &'r [Placed<String>],
}

/// Notes names that lead nowhere and items that wait for each other.
pub(super) fn check(
    reader: &mut Reader<'_>,
    list: &str,
    items: &[Relations<'_>],
    others: Option<&[Checklist]>,
) {
    let own: Vec<&str> = items.iter().map(|item| item.id).collect();
    let names = Names { list, own, others };
    for item in items {
        for name in item.depends_on {
            names.check(reader, name, "depends_on");
        }
        for name in item.same_as {
            if names.is_own(&name.value) {
                let message = format!("`same_as` names {} of this same list", quoted(&name.value));
                let remedy = "remove one of the two items; the same question belongs to two lists, as `list/item`";
                reader.note(name.at, message, remedy);
            } else {
                names.check(reader, name, "same_as");
            }
        }
    }
    check_cycles(reader, &names, items);
}

/// The items that can be named.
struct Names<'n> {
    list: &'n str,
    own: Vec<&'n str>,
    others: Option<&'n [Checklist]>,
}

impl Names<'_> {
    fn is_own(&self, name: &str) -> bool {
        match name.split_once('/') {
            Some((list, _)) => list == self.list,
            None => true,
        }
    }

    fn check(&self, reader: &mut Reader<'_>, name: &Placed<String>, key: &str) {
        let text = &name.value;
        if text.trim().is_empty() {
            return;
        }
        if !text.split('/').all(is_slug) || text.matches('/').count() > 1 {
            let message = format!("`{key}` holds {}, which is no item's name", quoted(text));
            reader.note(name.at, message, "write `item` or `list/item`");
            return;
        }
        let (list, item) = text.split_once('/').unwrap_or((self.list, text));
        if list == self.list {
            if !self.own.contains(&item) {
                let message = format!("`{key}` names {}, which is not in this list", quoted(text));
                reader.note(name.at, message, pick("name", item, &self.own));
            }
            return;
        }
        let Some(others) = self.others else {
            return;
        };
        let Some(other) = others.iter().find(|other| other.id.as_str() == list) else {
            let mut known: Vec<&str> = others.iter().map(|other| other.id.as_str()).collect();
            known.push(self.list);
            let message = format!(
                "`{key}` names the list {}, which there is not",
                quoted(list)
            );
            reader.note(name.at, message, pick("name", list, &known));
            return;
        };
        let known: Vec<&str> = other.items.iter().map(|item| item.id.as_str()).collect();
        if !known.contains(&item) {
            let message = format!("`{key}` names {}, which {list} does not have", quoted(text));
            reader.note(name.at, message, pick("name", item, &known));
        }
    }
}

/// Notes each round of items that wait for each other once, at its first item.
fn check_cycles(reader: &mut Reader<'_>, names: &Names<'_>, items: &[Relations<'_>]) {
    let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let full = |list: &str, name: &str| {
        if name.contains('/') {
            name.to_owned()
        } else {
            format!("{list}/{name}")
        }
    };
    for item in items {
        let ahead = item
            .depends_on
            .iter()
            .map(|name| full(names.list, &name.value));
        edges.insert(full(names.list, item.id), ahead.collect());
    }
    for other in names.others.unwrap_or_default() {
        if other.id.as_str() == names.list {
            continue;
        }
        for item in &other.items {
            let ahead = item
                .depends_on
                .iter()
                .map(|name| full(other.id.as_str(), name.as_str()));
            edges.insert(full(other.id.as_str(), item.id.as_str()), ahead.collect());
        }
    }
    let mut told: BTreeSet<String> = BTreeSet::new();
    for item in items {
        let start = full(names.list, item.id);
        if told.contains(&start) {
            continue;
        }
        let Some(round) = round_from(&edges, &start) else {
            continue;
        };
        let place = item
            .depends_on
            .iter()
            .find(|name| {
                round
                    .get(1)
                    .is_none_or(|next| *next == full(names.list, &name.value))
            })
            .map_or(item.at, |name| name.at);
        let short = |name: &String| {
            let own = name
                .strip_prefix(names.list)
                .and_then(|rest| rest.strip_prefix('/'));
            quoted(own.unwrap_or(name))
        };
        let mut words: Vec<String> = round.iter().map(short).collect();
        words.push(short(&start));
        let message = format!("items wait for each other: {}", words.join(" waits for "));
        reader.note(
            place,
            message,
            "remove one of these names from its `depends_on`",
        );
        told.extend(round);
    }
}

/// Returns the shortest way from an item back to itself, without the return.
fn round_from(edges: &BTreeMap<String, Vec<String>>, start: &str) -> Option<Vec<String>> {
    let mut from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(here) = queue.pop_front() {
        for next in edges.get(here).into_iter().flatten() {
            if next == start {
                let mut way = vec![here.to_owned()];
                let mut at = here;
                while at != start {
                    at = from[at];
                    way.push(at.to_owned());
                }
                way.reverse();
                return Some(way);
            }
            if edges.contains_key(next) && !from.contains_key(next.as_str()) {
                from.insert(next, here);
                queue.push_back(next);
            }
        }
    }
    None
}
