//! What task lists and tables become, and what is told of those that do not fit.

use super::*;
use crate::checklist::{lint, parse};

fn told(text: &str, kind: Kind) -> Vec<String> {
    let mistakes = import(text, kind, "ours").expect_err("does not fit");
    mistakes
        .iter()
        .map(|mistake| format!("{}: {}", mistake.line, mistake.message))
        .collect()
}

#[test]
fn a_plain_task_list_becomes_a_list_that_lints_clean() {
    let text = "# Launch\n\nBefore we go.\n\n## Data\n- [ ] Who may delete an order?\n  - a DELETE route\n- [x] Backups are restored every month.\n\n### Cost & load\n1. [ ] Who may delete an order?\n\nStray words.\n```\n- [ ] no task\n```\n";
    let imported = import(text, Kind::Markdown, "launch").expect("fits");
    assert_eq!(lint(&imported.source), []);
    assert_eq!(imported.items, 3);
    assert_eq!(
        imported.notes,
        ["Left out: 1 line that no question has below it."]
    );
    let list = parse(&imported.source, "launch.toml").expect("no mistakes");
    assert_eq!(
        (list.title.as_str(), list.description.as_str()),
        ("Launch", "Before we go.")
    );
    let items: Vec<(&str, &str)> = list
        .items
        .iter()
        .map(|item| (item.id.as_str(), item.ask.as_str()))
        .collect();
    assert_eq!(
        items,
        [
            ("who-may-delete-an-order", "Who may delete an order?"),
            (
                "backups-are-restored-every-month",
                "Does this hold: Backups are restored every month?"
            ),
            ("who-may-delete-an-order-2", "Who may delete an order?"),
        ]
    );
    assert_eq!(list.items[0].signals, ["a DELETE route"]);
    assert_eq!(list.items[2].category, "cost-load");
}

#[test]
fn a_table_is_read_with_quotes_other_names_and_other_separators() {
    let text = "Question;Group;Severity;Look for;CWE\n\"Who pays for \"\"retries\"\"; and when?\";Cost;Minor;a loop;CWE-400\n;;;;\nIs it logged?;;;a; \n";
    let imported = import(text, Kind::Csv, "ours").expect("fits");
    let list = parse(&imported.source, "ours.toml").expect("no mistakes");
    assert_eq!(list.items[0].ask, "Who pays for \"retries\"; and when?");
    assert_eq!(
        (list.items[0].severity, list.items[0].cwe.as_slice()),
        (Severity::Minor, [400].as_slice())
    );
    assert_eq!(list.categories[1].title, "Questions");
    assert_eq!(list.items[1].signals, ["a"]);
}

#[test]
fn every_row_that_does_not_fit_is_told_with_its_line() {
    let long = "x".repeat(170);
    let text = format!("ask,severty,cwe,severity\nWho?,,abc,grave\n{long}?,,,\nWhy?,\n");
    assert_eq!(
        told(&text, Kind::Csv),
        [
            "1: there is no column `severty`",
            "2: `abc` is no CWE number",
            "2: `grave` is no severity",
            "3: the question has 171 characters; 160 fit",
            "4: the row has 2 cells, the first row 4",
        ]
    );
    assert_eq!(
        told("name\n\"open", Kind::Csv),
        ["2: a cell opens with a quote that never closes"]
    );
    assert_eq!(
        told("colour\nred\n", Kind::Csv)[1],
        "1: there is no column for the question"
    );
    assert_eq!(
        told("Only words.\n", Kind::Markdown),
        ["1: there is no question in it"]
    );
}

#[test]
fn hostile_text_becomes_visible_and_cannot_leave_its_string() {
    let text = "## A\n- [ ] Is \"\"\" \\ ]] \u{202e}safe?\n";
    let imported = import(text, Kind::Markdown, "ours").expect("fits");
    assert_eq!(lint(&imported.source), []);
    assert!(!imported.source.contains('\u{202e}'));
}

proptest::proptest! {
    #[test]
    fn whatever_is_imported_lints_clean(text in "(## [a-z ]{1,9}\n|- \\[ \\] [ -z|~]{0,40}\\??\n|  - [ -z|~äß“]{1,30}\n){1,9}") {
        if let Ok(imported) = import(&text, Kind::Markdown, "ours") {
            proptest::prop_assert_eq!(lint(&imported.source), []);
        }
    }
}
