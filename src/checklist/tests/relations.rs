//! Stages, order, one question in several lists, places for numbers; and what is wrong with any of them.

use super::*;
use crate::model::{AnsweredBy, EvidenceKind, Profile, ProfileValue};

const STAGED: &str = include_str!("../../../tests/fixtures/checklists/staged.toml");

fn change(old: &str, new: &str) -> Vec<String> {
    assert!(STAGED.contains(old), "the fixture holds {old:?}");
    let found = lint_among(&STAGED.replacen(old, new, 1), builtin());
    let told = found.iter().map(|mistake| {
        assert!(!mistake.remedy.is_empty());
        format!("{}: {}", mistake.line, mistake.message)
    });
    told.collect()
}

fn staged() -> Checklist {
    parse(STAGED, "staged.toml").expect("no mistakes")
}

#[test]
fn items_follow_their_stages_first_and_every_new_key_is_read() {
    assert_eq!(lint_among(STAGED, builtin()), []);
    let list = staged();
    let ids: Vec<&str> = list.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["schema", "restore", "page-cost"]);
    let restore = &list.items[1];
    assert_eq!(restore.stage.as_deref(), Some("run"));
    assert_eq!(
        restore.answered_by,
        [AnsweredBy::Configuration, AnsweredBy::Client]
    );
    assert_eq!(restore.evidence, EvidenceKind::Reference);
    assert_eq!(list.items[2].figures, ["query-per-row"]);
    assert!(show::summary_line(&list).ends_with("3 items in 2 categories, 2 stages"));
}

#[test]
fn every_name_that_leads_nowhere_is_told_with_its_line() {
    assert_eq!(
        change("stage = \"design\"", "stage = \"desing\""),
        [
            "8: the stage `design` has no items",
            "51: there is no stage `desing`"
        ]
    );
    assert_eq!(
        change("stage = \"design\"\n", ""),
        [
            "8: the stage `design` has no items",
            "48: item `schema` has no `stage`"
        ]
    );
    assert_eq!(
        change("depends_on = [\"schema\"]", "depends_on = [\"shcema\"]"),
        ["31: `depends_on` names `shcema`, which is not in this list"]
    );
    assert_eq!(
        change("ai-preproduction/n-plus-one", "ai-preproduction/n-plus-two"),
        ["32: `same_as` names `ai-preproduction/n-plus-two`, which ai-preproduction does not have"]
    );
    assert_eq!(
        change("ai-preproduction/n-plus-one", "nowhere/n-plus-one"),
        ["32: `same_as` names the list `nowhere`, which there is not"]
    );
    assert_eq!(
        change("ai-preproduction/n-plus-one", "schema"),
        ["32: `same_as` names `schema` of this same list"]
    );
    assert_eq!(
        change("\"ai-preproduction/n-plus-one\"", "\"a/b/c\", \"Not One\""),
        [
            "32: `same_as` holds `a/b/c`, which is no item's name",
            "32: `same_as` names `Not One` of this same list"
        ]
    );
}

#[test]
fn items_that_wait_for_each_other_are_told_once_with_the_way_round() {
    assert_eq!(
        change(
            "severity = \"minor\"",
            "severity = \"minor\"\ndepends_on = [\"restore\"]"
        ),
        ["43: items wait for each other: `restore` waits for `schema` waits for `restore`"]
    );
    assert_eq!(
        change(
            "severity = \"minor\"",
            "severity = \"minor\"\ndepends_on = [\"schema\"]"
        ),
        ["55: items wait for each other: `schema` waits for `schema`"]
    );
}

#[test]
fn unknown_names_of_places_evidence_calculations_and_numbers_are_told() {
    assert_eq!(
        change("answered_by = \"code\"", "answered_by = \"coed\""),
        ["33: the place of an answer `coed` is unknown"]
    );
    assert_eq!(
        change("\"client\"]", "7]"),
        [
            "44: `answered_by` of item `restore` holds a number; a text in quotes, or a list of them, is needed"
        ]
    );
    assert_eq!(
        change("evidence = \"reference\"", "evidence = \"hearsay\""),
        ["45: the kind of evidence `hearsay` is unknown"]
    );
    assert_eq!(
        change("\"query-per-row\"", "\"query-per-raw\""),
        ["34: the calculation `query-per-raw` is unknown"]
    );
    assert_eq!(
        change("{profile.peak_rps}", "{profile.peek_rps}"),
        ["29: the production profile has no `peek_rps`"]
    );
    assert_eq!(
        change("{profile.rto}", "{profile.rto"),
        ["46: a place that begins with `{profile.` has no end"]
    );
    assert_eq!(
        change(
            "title = \"A restore that was tried\"",
            "title = \"{profile.rto}\""
        ),
        ["40: the title of item `restore` holds a place for a number"]
    );
}

#[test]
fn a_question_of_two_lists_is_asked_once_and_the_order_is_kept_across_lists() {
    let lists = combine(vec![builtin()[0].clone(), staged()]).expect("fit");
    let ids: Vec<&str> = lists[1].items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["schema", "restore"], "page-cost is n-plus-one");
    let asked = lists[0]
        .items
        .iter()
        .find(|item| item.id.as_str() == "n-plus-one")
        .expect("there");
    assert_eq!(asked.twins[0].list.as_str(), "staged");
    assert_eq!(asked.twins[0].item.id.as_str(), "page-cost");
    assert_eq!(
        asked.depends_on,
        [ItemId::from("schema")],
        "what the twin waits for"
    );
    assert_eq!(
        lists[1].items[1].depends_on,
        [
            ItemId::from("schema"),
            ItemId::from("destructive-migration")
        ]
    );
}

#[test]
fn the_first_list_asks_and_names_of_absent_lists_are_dropped() {
    let lists = combine(vec![staged(), builtin()[0].clone()]).expect("fit");
    assert!(
        lists[1]
            .items
            .iter()
            .all(|item| item.id.as_str() != "n-plus-one")
    );
    let asked = &lists[0].items[2];
    assert_eq!(asked.twins[0].item.id.as_str(), "n-plus-one");
    let alone = combine(vec![staged()]).expect("fits");
    assert_eq!(alone[0].items[1].depends_on, [ItemId::from("schema")]);
    assert!(alone[0].items[2].twins.is_empty());
}

#[test]
fn questions_carry_the_numbers_of_the_profile() {
    let mut profile = Profile::default();
    profile.values.insert("rto", ProfileValue::Span(14_400));
    let lists = filled(&[staged()], &profile);
    assert_eq!(
        lists[0].items[1].good,
        "A restore within 4 h, this quarter, with a date and a name."
    );
    assert_eq!(
        lists[0].items[2].ask,
        "How many queries do unknown requests/s make?"
    );
    assert_eq!(lists[0].digest, staged().digest);
}

#[test]
fn the_form_for_editors_knows_every_key_and_refuses_others() {
    let schema = json_schema();
    let item = &schema["properties"]["item"]["items"];
    for key in [
        "ask",
        "stage",
        "depends_on",
        "same_as",
        "answered_by",
        "good",
        "evidence",
    ] {
        assert!(item["properties"][key]["description"].is_string(), "{key}");
    }
    assert_eq!(item["additionalProperties"], false);
    assert_eq!(item["properties"]["severity"]["enum"][0], "blocker");
    assert_eq!(schema["properties"]["format"]["const"], 1);
    let required: Vec<&str> = item["required"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(serde_json::Value::as_str)
        .collect();
    assert_eq!(required, ["id", "category", "title", "ask", "severity"]);
}

#[test]
fn every_recommendation_of_a_source_names_an_item_there_is() {
    for list in builtin() {
        let Some(file) = sources_of(&list.id) else {
            continue;
        };
        let mut ids = std::collections::BTreeSet::new();
        for one in &file.recommendations {
            assert!(ids.insert(one.id.as_str()), "{}: {} twice", list.id, one.id);
            assert!(
                !one.items.is_empty(),
                "{}: {} names no item",
                list.id,
                one.id
            );
            for name in &one.items {
                let (id, item) = name.split_once('/').unwrap_or((list.id.as_str(), name));
                let known = builtin().iter().find(|known| known.id.as_str() == id);
                let has = known
                    .is_some_and(|known| known.items.iter().any(|known| known.id.as_str() == item));
                assert!(
                    has,
                    "{}: {} names {name}, which there is not",
                    list.id, one.id
                );
            }
        }
    }
}
