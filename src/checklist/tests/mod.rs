//! What a checklist file may not be, said as tests; where lists come from; what the built-in one holds; how they look.

mod content;
mod mistakes;
mod origin;
mod relations;
mod text;

use super::*;
use crate::model::ItemId;

const SMALLEST: &str = include_str!("../../../tests/fixtures/checklists/smallest.toml");
const TWO: &str = include_str!("../../../tests/fixtures/checklists/two-lists.toml");
const MANY: &str = include_str!("../../../tests/fixtures/checklists/many-mistakes.toml");

/// Replaces one piece of the smallest list, which must be there.
fn with(old: &str, new: &str) -> String {
    assert!(SMALLEST.contains(old), "the fixture holds {old:?}");
    SMALLEST.replacen(old, new, 1)
}

/// Returns the item and the text of everything the built-in lists tell a reader.
fn builtin_texts() -> Vec<(ItemId, String)> {
    builtin().iter().flat_map(texts_of).collect()
}

/// Returns the item and the text of everything a list tells a reader.
fn texts_of(list: &Checklist) -> Vec<(ItemId, String)> {
    let of_item = |item: &crate::model::Item| {
        let texts = [
            &item.title,
            &item.ask,
            &item.generated,
            &item.failure,
            &item.good,
        ];
        let all = texts
            .into_iter()
            .chain(&item.signals)
            .chain(&item.mitigations);
        all.filter(|text| !text.is_empty())
            .map(|text| (item.id.clone(), text.clone()))
            .collect::<Vec<_>>()
    };
    list.items.iter().flat_map(of_item).collect()
}
