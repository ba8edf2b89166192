//! Several checklists with stages, proposals, the production profile and critical surfaces on the screen.

use super::fixture::{Change, orders};
use super::ledger::Ledger;
use super::stage::{Stage, list};
use crate::checklist::{combine, parse};
use crate::model::{Checklist, ItemId};
use crate::review::Outcome;
use crate::workbench::Act;

const STAGED: &str = include_str!("../../../tests/fixtures/checklists/staged.toml");

fn staged() -> Checklist {
    parse(STAGED, "staged.toml").expect("no mistakes")
}

fn of(lists: Vec<Checklist>) -> Stage {
    let lists = combine(lists).expect("they fit");
    Stage::with(Ledger::new(orders(), lists), 120, 40)
}

#[test]
fn stages_stand_over_their_categories_and_waiting_items_say_for_what() {
    let mut stage = of(vec![staged()]);
    let screen = stage.screen();
    assert!(
        screen.contains("1/2 Design") && screen.contains("2/2 Running it"),
        "{screen}"
    );
    assert!(
        stage.row_with("Page cost").contains("… Page cost"),
        "it waits: {screen}"
    );
    stage.keys("JJ");
    assert!(stage.has("Waits for  schema"), "{}", stage.screen());
    stage.keys("KKaThe CTO drew it<enter>.");
    assert_eq!(
        stage.state.selected().id,
        ItemId::from("restore"),
        "what waited is next"
    );
    assert!(!stage.has("Waits for"), "{}", stage.screen());
}

#[test]
fn a_question_of_two_lists_stands_once_and_names_the_other() {
    let mut stage = of(vec![list(), staged()]);
    stage.keys("7J");
    assert_eq!(stage.state.selected().id, ItemId::from("n-plus-one"));
    assert!(stage.has("(staged/page-cost)"), "{}", stage.screen());
    assert!(!stage.screen().contains("Page cost"), "asked once");
    assert!(stage.title().contains("items 0/24"), "{}", stage.title());
}

#[test]
fn what_cannot_apply_is_proposed_and_waits_for_a_key() {
    let mut lists = vec![list()];
    lists[0].items[0].paths = vec!["**/*.cobol".to_owned()];
    let mut stage = of(lists);
    let id = ItemId::from("lost-update");
    assert!(
        stage.row_with("Lost update").contains("? Lost update"),
        "{}",
        stage.screen()
    );
    assert!(
        stage.has("Proposed   Cannot occur in this change"),
        "{}",
        stage.screen()
    );
    assert_eq!(stage.state.snapshot.review.outcome(&id), Outcome::Undecided);
    stage.keys("x<enter>");
    let reason = "Cannot occur in this change: none of its files matches **/*.cobol.".to_owned();
    assert_eq!(stage.acts, [Act::NotApplicable { item: id, reason }]);
}

#[test]
fn an_answer_that_no_line_gives_asks_for_a_reference() {
    let mut lists = vec![list()];
    lists[0].items[0].evidence = crate::model::EvidenceKind::Reference;
    let mut stage = of(lists);
    stage.keys("aThe runbook says so<enter><enter>");
    assert!(stage.has("a reference is needed"), "{}", stage.screen());
    stage.keys("Runbook 7, 2026-02-01<enter>");
    assert!(
        matches!(&stage.acts[..], [Act::AcceptOn { reference, .. }] if reference == "Runbook 7, 2026-02-01"),
        "{:?}",
        stage.acts
    );
    assert!(
        stage.has("Rests on   Runbook 7, 2026-02-01"),
        "{}",
        stage.screen()
    );
}

#[test]
fn the_profile_is_a_form_whose_numbers_reach_the_questions_at_once() {
    let mut stage = of(vec![list()]);
    stage.keys("7J");
    assert!(stage.has("unknown)"), "{}", stage.screen());
    stage.keys("gp<tab>120<tab><tab><tab>-5<C-s>");
    assert!(stage.has("below zero"), "{}", stage.screen());
    assert!(stage.acts.is_empty(), "nothing absurd is set");
    stage.keys("<C-u>50<C-s>");
    assert!(
        matches!(stage.acts[..], [Act::SetProfile { .. }]),
        "{}",
        stage.screen()
    );
    assert!(stage.has("50)?"), "{}", stage.screen());
    assert!(
        stage.has("50 rows per page × 120 requests/s = 6,000"),
        "{}",
        stage.screen()
    );
    stage.keys("gp");
    assert!(
        stage.row_with("Page size").contains("50"),
        "it is there again"
    );
}

#[test]
fn hunks_of_critical_surfaces_are_marked_and_gone_through() {
    let change = Change::named("main…pay")
        .file("a.py", None, Some(b"x = 1\n"))
        .file("b.py", None, Some(b"import stripe\nstripe.pay()\n"))
        .file("c.py", None, Some(b"def refund(order):\n    pass\n"));
    let mut stage = Stage::of(change, 120, 40);
    stage.keys("]s");
    assert_eq!(stage.path(), "b.py");
    assert!(
        stage.row_with("hunk 1 ·").contains("‼ payment: to be read"),
        "{}",
        stage.screen()
    );
    assert!(
        stage.has("Critical: payment (recognised by import stripe)"),
        "{}",
        stage.screen()
    );
    stage.keys("m]s");
    assert_eq!(stage.path(), "c.py");
    stage.keys("M]s");
    assert!(
        stage.has("All 2 hunks of critical surfaces are marked as read."),
        "{}",
        stage.screen()
    );
    assert!(
        stage.row_with("hunk 1 ·").contains("✓ read"),
        "{}",
        stage.screen()
    );
}

#[test]
fn a_folded_file_says_which_critical_surfaces_it_touches_and_when_they_are_read() {
    let text = "# Code generated by paygen. DO NOT EDIT.\nimport stripe\nstripe.pay()\n";
    let change = Change::named("main…pay").file("pay_client.py", None, Some(text.as_bytes()));
    let mut stage = Stage::of(change, 80, 24);
    assert!(!stage.has("import stripe"), "{}", stage.screen());
    assert!(
        stage.has("  ‼ payment: 1 hunk to be read"),
        "{}",
        stage.screen()
    );
    // What is marked without being opened is marked all the same, and the line says so.
    stage.keys("M");
    assert!(stage.has("  ‼ payment ✓ read"), "{}", stage.screen());
    stage.keys("<enter>");
    assert!(stage.has("import stripe"), "{}", stage.screen());
}
