//! What the built-in lists hold, and how they are written.

use std::collections::BTreeSet;

use super::*;

#[test]
fn the_default_list_holds_the_22_failure_modes_in_their_7_categories() {
    const CATALOGUE: [(&str, &[&str]); 7] = [
        (
            "concurrency",
            &["lost-update", "check-then-act", "shared-state"],
        ),
        (
            "data-integrity",
            &[
                "missing-transaction",
                "missing-constraint",
                "lossy-values",
                "destructive-migration",
            ],
        ),
        (
            "load",
            &["n-plus-one", "unbounded-read", "slow-request-path"],
        ),
        (
            "security",
            &[
                "untrusted-input",
                "missing-authorization",
                "secret-exposure",
                "weak-session-crypto",
            ],
        ),
        ("cost", &["paid-call-fanout", "unbounded-growth"]),
        (
            "recovery",
            &["missing-timeout", "unsafe-retry", "swallowed-error"],
        ),
        (
            "operability",
            &["blind-operation", "unrepeatable-delivery", "hollow-tests"],
        ),
    ];
    let list = &builtin()[0];
    assert_eq!(
        (list.id.as_str(), list.items.len()),
        ("ai-preproduction", 22)
    );
    let categories: Vec<&str> = list
        .categories
        .iter()
        .map(|category| category.id.as_str())
        .collect();
    assert_eq!(categories, CATALOGUE.map(|(category, _)| category));
    let items: Vec<(&str, &str)> = list
        .items
        .iter()
        .map(|item| (item.category.as_str(), item.id.as_str()))
        .collect();
    let expected: Vec<(&str, &str)> = CATALOGUE
        .iter()
        .flat_map(|(category, ids)| ids.iter().map(|id| (*category, *id)))
        .collect();
    assert_eq!(items, expected);
}

#[test]
fn the_built_in_lists_are_free_of_mistakes_and_name_their_sources() {
    for list in builtin() {
        assert_eq!(lint_among(&list.source, builtin()), []);
        assert_eq!(
            list.items
                .iter()
                .find(|item| item.sources.is_empty())
                .map(|item| &item.id),
            None
        );
    }
}

#[test]
fn the_built_in_lists_are_written_without_filler() {
    const FILLER: [&str; 30] = [
        "consider",
        "best practice",
        "best-practice",
        "ensure",
        "robust",
        "leverage",
        "todo",
        "fixme",
        "appropriate",
        "properly",
        "as needed",
        "if needed",
        "where possible",
        "seamless",
        "comprehensive",
        "should",
        "various",
        "utilize",
        "utilise",
        "industry standard",
        "etc.",
        "and so on",
        "make sure",
        "be careful",
        "state-of-the-art",
        "enterprise-grade",
        "scalable solution",
        "simply",
        "please",
        "lorem",
    ];
    for (item, text) in builtin_texts() {
        let lower = text.to_lowercase();
        let filler = FILLER.iter().find(|word| lower.contains(**word));
        assert_eq!(filler, None, "{item}: {text}");
    }
}

#[test]
fn no_sentence_stands_twice_in_the_built_in_lists() {
    let mut seen = BTreeSet::new();
    for (item, text) in builtin_texts() {
        for sentence in text.split_inclusive(['.', '?', ';', ':']).map(str::trim) {
            if sentence.split_whitespace().count() > 3 {
                assert!(
                    seen.insert(sentence.to_lowercase()),
                    "{item} repeats {sentence:?}"
                );
            }
        }
    }
}

#[test]
fn questions_are_one_sentence_and_repairs_are_whole_sentences_in_the_imperative() {
    for item in builtin().iter().flat_map(|list| &list.items) {
        assert_eq!(
            item.ask.matches('?').count(),
            1,
            "{}: {}",
            item.id,
            item.ask
        );
        assert!(item.ask.ends_with('?'), "{}: {}", item.id, item.ask);
        assert!(
            (3..=6).contains(&item.signals.len()) && (2..=5).contains(&item.mitigations.len()),
            "{} has too little to look for or to do",
            item.id
        );
        let sentences = item.failure.matches(". ").count() + 1;
        assert!(
            (2..=4).contains(&sentences),
            "{} has {sentences} sentences of failure",
            item.id
        );
        for repair in &item.mitigations {
            assert!(
                repair.ends_with('.') && repair.starts_with(char::is_uppercase),
                "{}: {repair}",
                item.id
            );
            let opening = repair.split_whitespace().next().unwrap_or_default();
            assert!(
                !matches!(opening, "The" | "A" | "An" | "It" | "This" | "You" | "We"),
                "{}: {repair}",
                item.id
            );
        }
        assert!(
            item.signals.iter().all(|signal| !signal.ends_with('.')),
            "{}: signals are fragments",
            item.id
        );
    }
}
