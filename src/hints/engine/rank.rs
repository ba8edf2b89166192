//! The budget: a reader looks at some ten hints per thousand lines with care, so the rest is folded, and said.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::model::{Hint, ItemId, RepoPath, Strength};

/// How many hints are shown per thousand added lines.
pub const MOST_PER_THOUSAND: u32 = 10;
/// How many are shown however small a change is.
const LEAST: usize = 20;

/// Returns how many hints of a change are shown.
pub fn budget(added_lines: u32) -> usize {
    (added_lines as usize * MOST_PER_THOUSAND as usize / 1000).max(LEAST)
}

/// Keeps each question once per change, and folds what is beyond the budget: first come the items' sure hints, one for each,
/// then what else is sure beside the best hint of each other item, then the rest, so that no rule and no file crowds out the
/// others. The order of the hints stays: by path and line.
pub fn settle(hints: &mut Vec<Hint>, added_lines: u32) {
    hints.sort_by(|a, b| (&a.path, a.focus, &a.rule).cmp(&(&b.path, b.focus, &b.rule)));
    let mut asked = HashSet::new();
    hints.retain(|hint| {
        hint.tool.is_some() || hint.strength != Strength::C || asked.insert(hint.rule.clone())
    });
    one_per_line(hints);
    one_per_stretch(hints);
    let mut of_rule: BTreeMap<&str, usize> = BTreeMap::new();
    let mut of_file: BTreeMap<&RepoPath, usize> = BTreeMap::new();
    let firsts = firsts(hints);
    let mut order: Vec<(u8, usize, usize, usize)> = Vec::with_capacity(hints.len());
    for (at, hint) in hints.iter().enumerate() {
        let count = of_rule.entry(hint.rule.as_str()).or_default();
        let in_file = of_file.entry(&hint.path).or_default();
        let tier = tier(hint.strength, firsts.contains(&at), *count);
        order.push((tier, *count, *in_file, at));
        *count += 1;
        *in_file += 1;
    }
    order.sort_unstable();
    let folded: Vec<usize> = order
        .into_iter()
        .skip(budget(added_lines))
        .map(|(.., at)| at)
        .collect();
    for at in folded {
        hints[at].folded = true;
    }
}

/// Returns how soon a hint is shown; `nth` counts the hints of its rule before it.
fn tier(strength: Strength, is_first: bool, nth: usize) -> u8 {
    match (strength, is_first) {
        (Strength::A, true) => 0,
        (_, true) => 1,
        (Strength::A, _) if nth < 2 => 1,
        (Strength::A, _) => 2,
        (Strength::B, _) => 3,
        (Strength::C, _) => 4,
    }
}

/// Returns the strongest hint of each item that a reader has to decide; questions wait their turn.
fn firsts(hints: &[Hint]) -> HashSet<usize> {
    let mut best: BTreeMap<&ItemId, (Strength, usize)> = BTreeMap::new();
    for (at, hint) in hints.iter().enumerate() {
        if hint.strength == Strength::C {
            continue;
        }
        for item in &hint.items {
            let own = (hint.strength, at);
            best.entry(item)
                .and_modify(|best| *best = own.min(*best))
                .or_insert(own);
        }
    }
    best.into_values().map(|(_, at)| at).collect()
}

/// Where several rules point at one line for the same item, the strongest speaks; among equals one that knows the language
/// better than the rules for all of them.
fn one_per_line(hints: &mut Vec<Hint>) {
    let mut best: BTreeMap<(RepoPath, u32, ItemId), (Strength, bool, usize)> = BTreeMap::new();
    let rank = |hint: &Hint, at: usize| (hint.strength, !is_of_language(hint.rule.as_str()), at);
    for (at, hint) in hints
        .iter()
        .enumerate()
        .filter(|(_, hint)| hint.tool.is_none())
    {
        for item in &hint.items {
            let key = (hint.path.clone(), hint.line(), item.clone());
            let own = rank(hint, at);
            best.entry(key)
                .and_modify(|best| *best = own.min(*best))
                .or_insert(own);
        }
    }
    let mut at = 0;
    hints.retain(|hint| {
        let own = at;
        at += 1;
        hint.tool.is_some()
            || hint.items.iter().any(|item| {
                let key = (hint.path.clone(), hint.line(), item.clone());
                best.get(&key).is_some_and(|best| best.2 == own)
            })
    });
}

/// Where a rule for all languages points at a stretch (a check, and what relies on it), and one that knows the language
/// points into it for the same item, the latter speaks.
fn one_per_stretch(hints: &mut Vec<Hint>) {
    let known: BTreeSet<(RepoPath, ItemId, u32)> = hints
        .iter()
        .filter(|hint| hint.strength != Strength::C && is_of_language(hint.rule.as_str()))
        .flat_map(|hint| {
            let items = hint.items.iter();
            items.map(|item| (hint.path.clone(), item.clone(), hint.line()))
        })
        .collect();
    hints.retain(|hint| {
        let (first, last) = (hint.span.start_line, hint.span.end_line);
        let is_stretch = hint.tool.is_none() && last > first && hint.focus == hint.span;
        if !is_stretch || is_of_language(hint.rule.as_str()) {
            return true;
        }
        hint.items.iter().any(|item| {
            let key = |line| (hint.path.clone(), item.clone(), line);
            known.range(key(first)..=key(last)).next().is_none()
        })
    });
}

fn is_of_language(rule: &str) -> bool {
    let languages = [
        "python-",
        "javascript-",
        "typescript-",
        "go-",
        "java-",
        "kotlin-",
        "csharp-",
        "ruby-",
        "php-",
        "rust-",
    ];
    languages.iter().any(|language| rule.starts_with(language))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodeSpan, RuleId};
    use crate::support::digest::sha256;

    fn hint(rule: &str, item: &str, strength: Strength, line: u32) -> Hint {
        let span = CodeSpan {
            start_line: line,
            start_column: 1,
            end_line: line,
            end_column: 2,
        };
        Hint {
            rule: RuleId::from(rule),
            tool: None,
            items: vec![ItemId::from(item)],
            path: RepoPath::from("a.py"),
            span,
            focus: span,
            strength,
            message: String::new(),
            why: String::new(),
            fingerprint: sha256(format!("{rule}{line}").as_bytes()),
            folded: false,
        }
    }

    #[test]
    fn each_item_keeps_its_strongest_hint_within_the_budget() {
        let mut hints: Vec<Hint> = (1..=60)
            .map(|line| hint("loud", "lossy-values", Strength::A, line))
            .collect();
        hints.push(hint("quiet", "n-plus-one", Strength::B, 61));
        settle(&mut hints, 100);
        let shown: Vec<&Hint> = hints.iter().filter(|hint| !hint.folded).collect();
        assert_eq!(shown.len(), budget(100));
        assert!(shown.iter().any(|hint| hint.rule.as_str() == "quiet"));
    }

    #[test]
    fn what_is_sure_is_shown_before_what_is_not_wherever_it_lies() {
        let mut hints: Vec<Hint> = (1..=40)
            .map(|line| hint(&format!("b{line}"), "check-then-act", Strength::B, line))
            .collect();
        for (line, path) in [(1, "z.tf"), (2, "y.sh")] {
            let mut sure = hint(&format!("a{line}"), "secret-exposure", Strength::A, line);
            sure.path = path.into();
            hints.push(sure);
        }
        settle(&mut hints, 100);
        let shown = hints.iter().filter(|hint| !hint.folded);
        assert_eq!(shown.filter(|hint| hint.strength == Strength::A).count(), 2);
    }

    #[test]
    fn a_stretch_is_told_by_the_rule_that_knows_the_language() {
        let stretch = |rule: &str, first: u32, last: u32| {
            let mut hint = hint(rule, "check-then-act", Strength::B, first);
            hint.span.end_line = last;
            hint.focus = hint.span;
            hint
        };
        let mut hints = vec![
            stretch("exists-then-create", 3, 9),
            stretch("exists-then-create", 30, 39),
            hint("java-exists-then-save", "check-then-act", Strength::B, 5),
            hint("java-question", "check-then-act", Strength::C, 31),
            hint("java-other", "lost-update", Strength::B, 32),
        ];
        settle(&mut hints, 1000);
        let lines: Vec<u32> = hints.iter().map(Hint::line).collect();
        assert_eq!(lines, [5, 30, 31, 32]);
    }

    #[test]
    fn a_question_is_asked_once_and_a_line_is_pointed_at_once_per_item() {
        let mut hints = vec![
            hint("ask", "blind-operation", Strength::C, 1),
            hint("ask", "blind-operation", Strength::C, 9),
            hint("read-modify-write", "lost-update", Strength::B, 3),
            hint("python-counted-up", "lost-update", Strength::B, 3),
            hint("python-other", "check-then-act", Strength::B, 3),
        ];
        settle(&mut hints, 1000);
        let rules: Vec<&str> = hints.iter().map(|hint| hint.rule.as_str()).collect();
        assert_eq!(rules, ["ask", "python-counted-up", "python-other"]);
    }
}
