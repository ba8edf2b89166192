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

/// Returns the item and the text of everything a built-in list tells a reader.
fn builtin_texts() -> Vec<(ItemId, String)> {
    let items = builtin().iter().flat_map(|list| &list.items);
    items
        .flat_map(|item| {
            let texts = [&item.title, &item.ask, &item.generated, &item.failure];
            let all = texts
                .into_iter()
                .chain(&item.signals)
                .chain(&item.mitigations);
            all.map(|text| (item.id.clone(), text.clone()))
                .collect::<Vec<_>>()
        })
        .collect()
}
