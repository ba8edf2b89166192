//! What was pointed at, and what people said of it. Counts and reasons; never a verdict.

use std::collections::BTreeMap;

use super::super::SeenHints;
use super::super::document::{HintTally, HintWord, HintsSection, Parts};
use super::super::shown::{Prose, Shown};
use super::who;
use crate::model::{HintRef, ItemId};
use crate::review::{Review, Stamp};

pub(super) fn section(seen: SeenHints<'_>) -> HintsSection {
    let mut tools: BTreeMap<&str, u64> = BTreeMap::new();
    for tool in seen.hints.iter().filter_map(|hint| hint.tool.as_deref()) {
        *tools.entry(tool).or_default() += 1;
    }
    let folded = seen.hints.iter().filter(|hint| hint.folded).count();
    HintsSection {
        shown: (seen.hints.len() - folded) as u64,
        folded: folded as u64,
        tools: tools
            .into_iter()
            .map(|(tool, count)| (Shown::line(tool), count))
            .collect(),
        problems: seen.problems.iter().map(|text| Shown::line(text)).collect(),
    }
}

pub(super) fn tally(
    seen: SeenHints<'_>,
    review: &Review,
    item: &ItemId,
    findings: &Parts,
) -> HintTally {
    let plain = item.as_str().rsplit('/').next().unwrap_or_default();
    let concerns = |items: &[ItemId]| items.iter().any(|own| own == item || own.as_str() == plain);
    let shown: Vec<_> = seen
        .hints
        .iter()
        .filter(|hint| concerns(&hint.items) && !hint.folded)
        .collect();
    let untouched = |hint: &&&crate::model::Hint| {
        review
            .hints
            .get(&hint.fingerprint)
            .is_none_or(|said| said.dismissed.is_empty() && said.confirmed.is_empty())
    };
    let mut dismissed = Vec::new();
    let mut confirmed = Vec::new();
    for said in review.hints.values() {
        for one in said
            .dismissed
            .values()
            .filter(|one| concerns(&one.hint.items))
        {
            dismissed.push(word(&one.hint, &one.stamp, &one.reason, None));
        }
        for one in &said.confirmed {
            let id = Shown::line(one.finding.as_str());
            let of_item = Shown::line(item.as_str());
            // A hint may help with several items; the finding says which one it led to.
            let finding = findings.iter().find(|finding| finding.id == id);
            if let Some(finding) = finding.filter(|finding| finding.item.id == of_item) {
                confirmed.push(word(&one.hint, &one.stamp, "", Some(finding.number)));
            }
        }
    }
    for words in [&mut dismissed, &mut confirmed] {
        words.sort_by(|a: &HintWord, b| (&a.place, &a.rule, a.at).cmp(&(&b.place, &b.rule, b.at)));
    }
    HintTally {
        seen: shown.len() as u64,
        open: shown.iter().filter(untouched).count() as u64,
        dismissed,
        confirmed,
    }
}

fn word(hint: &HintRef, stamp: &Stamp, reason: &str, finding: Option<usize>) -> HintWord {
    let rule = match &hint.tool {
        Some(tool) => format!("{tool}: {}", hint.rule),
        None => hint.rule.to_string(),
    };
    HintWord {
        place: Shown::line(&hint.place()),
        rule: Shown::line(&rule),
        by: who(&stamp.by),
        at: stamp.at,
        reason: Prose::new(reason),
        finding,
    }
}
