//! The budget: a reader looks at some ten hints per thousand lines with care, so the rest is folded, and said.

use std::collections::{BTreeMap, HashSet};

use crate::model::{Hint, Strength};

/// How many hints are shown per thousand added lines.
pub const MOST_PER_THOUSAND: u32 = 10;
/// How many are shown however small a change is.
const LEAST: usize = 20;

/// Returns how many hints of a change are shown.
pub fn budget(added_lines: u32) -> usize {
    (added_lines as usize * MOST_PER_THOUSAND as usize / 1000).max(LEAST)
}

/// Keeps each question once per change, and folds what is beyond the budget: by strength, then so that no rule crowds out
/// the others. The order of the hints stays: by path and line.
pub fn settle(hints: &mut Vec<Hint>, added_lines: u32) {
    hints.sort_by(|a, b| (&a.path, a.focus, &a.rule).cmp(&(&b.path, b.focus, &b.rule)));
    let mut asked = HashSet::new();
    hints.retain(|hint| {
        hint.tool.is_some() || hint.strength != Strength::C || asked.insert(hint.rule.clone())
    });
    let mut nth: BTreeMap<&str, usize> = BTreeMap::new();
    let mut order: Vec<(Strength, usize, usize)> = Vec::with_capacity(hints.len());
    for (at, hint) in hints.iter().enumerate() {
        let count = nth.entry(hint.rule.as_str()).or_default();
        order.push((hint.strength, *count, at));
        *count += 1;
    }
    order.sort_unstable();
    let folded: Vec<usize> = order
        .into_iter()
        .skip(budget(added_lines))
        .map(|(_, _, at)| at)
        .collect();
    for at in folded {
        hints[at].folded = true;
    }
}
