//! Several lists as one review: one id per item, one question asked once, and the numbers of the production profile in
//! the texts. Owns how names of one list become names of a review; refuses to read files.

use std::collections::{BTreeMap, BTreeSet};

use super::ChecklistError;
use crate::model::{Checklist, ChecklistId, Item, ItemId, Profile, Twin};

/// An item by list and id, as its file has it.
type Key = (ChecklistId, ItemId);

/// Makes several lists one review. The ids of a later list's items that an earlier list already uses become
/// `checklist/item`; titles, texts and digests stay as they are. A question that several lists declare to be the same
/// (`same_as`) stays in the first of them, with the others as its twins, so that it is asked once.
pub fn combine(mut lists: Vec<Checklist>) -> Result<Vec<Checklist>, ChecklistError> {
    if lists.is_empty() {
        return Err(ChecklistError::Nothing);
    }
    let mut ids = BTreeSet::new();
    for list in &lists {
        if !ids.insert(list.id.clone()) {
            return Err(ChecklistError::Twice(list.id.clone()));
        }
    }
    let leaders = leaders(&lists);
    join_twins(&mut lists, &leaders);
    let names = rename(&mut lists, &leaders);
    for list in &mut lists {
        let id = list.id.clone();
        for item in &mut list.items {
            let twins = item.twins.iter().flat_map(|twin| {
                let names = twin.item.depends_on.iter();
                names.map(|name| key(&twin.list, name))
            });
            let own = item.depends_on.iter().map(|name| key(&id, name));
            let ahead: Vec<Key> = own.chain(twins).collect();
            item.depends_on.clear();
            for name in ahead.iter().filter_map(|key| names.get(key)) {
                if *name != item.id && !item.depends_on.contains(name) {
                    item.depends_on.push(name.clone());
                }
            }
        }
    }
    Ok(lists)
}

/// Returns the lists with the numbers of a profile in their questions; ids, titles and digests stay as they are.
pub fn filled(lists: &[Checklist], profile: &Profile) -> Vec<Checklist> {
    let mut lists = lists.to_vec();
    let items = lists.iter_mut().flat_map(|list| &mut list.items);
    for item in items {
        fill(item, profile);
        for twin in &mut item.twins {
            fill(&mut twin.item, profile);
        }
    }
    lists
}

fn fill(item: &mut Item, profile: &Profile) {
    let texts = [
        &mut item.ask,
        &mut item.generated,
        &mut item.failure,
        &mut item.good,
    ];
    let lists = item.signals.iter_mut().chain(&mut item.mitigations);
    for text in texts.into_iter().chain(lists) {
        *text = profile.filled(text);
    }
}

fn key(list: &ChecklistId, name: &ItemId) -> Key {
    match name.as_str().split_once('/') {
        Some((list, item)) => (list.into(), item.into()),
        None => (list.clone(), name.clone()),
    }
}

/// Returns for each item that is the same question as one before it that first one.
fn leaders(lists: &[Checklist]) -> BTreeMap<Key, Key> {
    let order: Vec<Key> = lists
        .iter()
        .flat_map(|list| {
            list.items
                .iter()
                .map(|item| (list.id.clone(), item.id.clone()))
        })
        .collect();
    let place: BTreeMap<&Key, usize> = order.iter().zip(0..).collect();
    let mut group: Vec<usize> = (0..order.len()).collect();
    let mut at = 0;
    for list in lists {
        for item in &list.items {
            for name in &item.same_as {
                if let Some(&other) = place.get(&key(&list.id, name)) {
                    let (a, b) = (group[at], group[other]);
                    let first = a.min(b);
                    for member in group.iter_mut().filter(|member| [a, b].contains(member)) {
                        *member = first;
                    }
                }
            }
            at += 1;
        }
    }
    group
        .into_iter()
        .zip(&order)
        .zip(0..)
        .filter(|((first, _), at)| first != at)
        .map(|((first, item), _)| (item.clone(), order[first].clone()))
        .collect()
}

fn join_twins(lists: &mut [Checklist], leaders: &BTreeMap<Key, Key>) {
    let mut twins: BTreeMap<Key, Vec<Twin>> = BTreeMap::new();
    for list in lists.iter_mut() {
        let id = list.id.clone();
        list.items.retain(|item| {
            let Some(leader) = leaders.get(&(id.clone(), item.id.clone())) else {
                return true;
            };
            twins.entry(leader.clone()).or_default().push(Twin {
                list: id.clone(),
                item: item.clone(),
            });
            false
        });
    }
    for list in lists {
        let id = list.id.clone();
        for item in &mut list.items {
            let own = twins.remove(&(id.clone(), item.id.clone()));
            item.twins = own.unwrap_or_default();
        }
    }
}

/// Gives each item an id of its own and returns the ids by what the files call the items.
fn rename(lists: &mut [Checklist], leaders: &BTreeMap<Key, Key>) -> BTreeMap<Key, ItemId> {
    let mut used: BTreeSet<ItemId> = BTreeSet::new();
    let mut names: BTreeMap<Key, ItemId> = BTreeMap::new();
    for list in lists {
        for item in &mut list.items {
            let original = item.id.clone();
            if used.contains(&item.id) {
                item.id = ItemId(format!("{}/{}", list.id, item.id));
            }
            names.insert((list.id.clone(), original), item.id.clone());
        }
        used.extend(list.items.iter().map(|item| item.id.clone()));
    }
    for (twin, leader) in leaders {
        if let Some(name) = names.get(leader).cloned() {
            names.insert(twin.clone(), name);
        }
    }
    names
}
