//! Every act as a verb of the real binary: what it prints, what it records, and what it refuses without writing.

use serde_json::Value;

use crate::support::{EMAIL, NAME, Outcome, Stage};

/// Returns the line of an item in the object of `status` or `items`.
fn item<'a>(items: &'a Value, id: &str) -> &'a Value {
    let items = items.as_array().expect("a list of items");
    items
        .iter()
        .find(|item| item["id"] == id)
        .unwrap_or_else(|| panic!("no item {id}"))
}

fn keys(object: &Value) -> Vec<&str> {
    let object = object.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

#[test]
fn opening_the_same_change_again_resumes_its_review() {
    let stage = Stage::new();
    let (repository, review) = stage.demo();
    assert_eq!(stage.open(&repository, &["main...agent/orders"]), review);
    assert_eq!(stage.open(&repository, &[]), review);
    assert_eq!(stage.open(&repository, &["--review", &review[..6]]), review);
    let other = stage.open(&repository, &["main..agent/orders~1"]);
    assert_ne!(other, review);
    let list = stage.json(&repository, &["list"])["reviews"].clone();
    assert_eq!(list.as_array().map(Vec::len), Some(2));
}

#[test]
fn status_has_every_key_that_scripts_rely_on() {
    let stage = Stage::new();
    let (repository, review) = stage.demo();
    stage.must(
        &repository,
        &["flag", "n-plus-one", "--at", "shop/orders.py:20-22"],
    );
    let status = stage.json(&repository, &["status"]);
    assert_eq!(status["review"], review.as_str());
    assert_eq!(
        status["head"],
        stage
            .git(&repository, &["rev-parse", "agent/orders"])
            .trim()
    );
    assert_eq!(
        status["base"],
        stage.git(&repository, &["rev-parse", "main"]).trim()
    );
    assert_eq!(status["files"], 10);
    assert!(status["added"].as_u64() > Some(0) && status["removed"].as_u64() > Some(0));
    assert_eq!(status["items"].as_array().map(Vec::len), Some(22));
    for item in status["items"].as_array().expect("items") {
        for key in ["id", "category", "verdict", "by", "at"] {
            assert!(item.get(key).is_some(), "{key} in {item}");
        }
    }
    let finding = &status["findings"][0];
    for key in ["id", "item", "severity", "disposition", "title"] {
        assert!(finding[key].is_string(), "{key} in {finding}");
    }
    assert_eq!(finding["at"], serde_json::json!(["shop/orders.py:20-22"]));
    for key in ["hunks", "displayed", "read", "lines", "lines_read"] {
        assert!(status["coverage"][key].is_u64(), "{key}");
    }
    assert_eq!(status["signable"], false);
    let missing = status["missing"][0].as_str().expect("a sentence");
    assert!(missing.contains("21 items are undecided"), "{missing}");
}

#[test]
fn each_verdict_is_recorded_with_its_person_and_reason() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    let accepted = stage.json(
        &repository,
        &["accept", "lost-update", "--reason", "One writer only"],
    );
    assert_eq!(accepted["verdict"], "accepted");
    stage.must(
        &repository,
        &["na", "weak-session-crypto", "--reason", "No sessions here"],
    );
    stage.must(
        &repository,
        &[
            "waive",
            "unbounded-growth",
            "--by",
            "M. Cohen",
            "--reason",
            "One table, ten rows a day",
            "--until",
            "2099-12-31",
        ],
    );
    let items = stage.json(&repository, &["items"])["items"].clone();
    let line = item(&items, "lost-update");
    assert_eq!(line["by"], NAME);
    assert_eq!(line["reason"], "One writer only");
    assert_eq!(
        item(&items, "weak-session-crypto")["verdict"],
        "not-applicable"
    );
    let waived = item(&items, "unbounded-growth");
    assert_eq!(
        (&waived["verdict"], &waived["until"]),
        (&"waived".into(), &"2099-12-31".into())
    );

    let back = stage.json(&repository, &["retract", "lost-update"]);
    assert_eq!(back["verdict"], "undecided");
    let log = stage.json(&repository, &["log"])["entries"].clone();
    let kinds: Vec<_> = log
        .as_array()
        .expect("entries")
        .iter()
        .filter_map(|entry| entry["kind"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "writer.enrolled",
            "review.opened",
            "revision.added",
            "profile.set",
            "verdict.given",
            "verdict.given",
            "verdict.given",
            "verdict.retracted"
        ]
    );
}

#[test]
fn a_flag_carries_everything_it_was_given() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    let done = stage.json(
        &repository,
        &[
            "flag",
            "n-plus-one",
            "--at",
            "shop/orders.py:20-22",
            "--at",
            "shop/orders.py:28",
            "--severity",
            "major",
            "--disposition",
            "can-wait",
            "--until",
            "10,000 users",
            "--title",
            "A query per order",
            "--note",
            "The page makes 40 queries",
            "--mitigation",
            "Join them",
            "--effort",
            "2 h",
            "--owner",
            "R. Weiss",
        ],
    );
    let finding = &done["finding"];
    let expected = [
        ("severity", "major"),
        ("disposition", "can-wait"),
        ("until", "10,000 users"),
        ("title", "A query per order"),
        ("note", "The page makes 40 queries"),
        ("mitigation", "Join them"),
        ("effort", "2 h"),
        ("owner", "R. Weiss"),
        ("by", NAME),
    ];
    for (key, value) in expected {
        assert_eq!(finding[key], value, "{key}");
    }
    assert_eq!(
        finding["at"],
        serde_json::json!(["shop/orders.py:20-22", "shop/orders.py:28"])
    );
    assert_eq!(
        stage.json(&repository, &["findings"])["findings"],
        serde_json::json!([finding])
    );

    let again = stage.json(
        &repository,
        &[
            "flag",
            "n-plus-one",
            "--another",
            "--note",
            "Missing index",
            "--title",
            "No index",
        ],
    );
    // Without more words a finding takes the item's severity and first mitigation.
    assert_eq!(again["finding"]["disposition"], "fix-before-launch");
    assert_ne!(again["finding"]["mitigation"], "");
    let text = stage.must(&repository, &["findings"]);
    assert!(
        text.contains("Fix before launch") && text.contains("Can wait"),
        "{text}"
    );
}

#[test]
fn what_is_wrong_is_refused_with_exit_2_and_nothing_is_written() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    stage.must(&repository, &["accept", "lost-update", "--reason", "Fine"]);
    stage.must(&repository, &["flag", "n-plus-one", "--note", "Loops"]);
    let says = |arguments: &[&str], words: &str| {
        let message = stage.refused(&repository, arguments);
        assert!(message.contains(words), "{arguments:?}: {message}");
    };
    let flag = |more: &[&'static str]| [&["flag", "unsafe-retry", "--note", "x"], more].concat();
    says(
        &["accept", "lost-update", "--reason", "Again"],
        "accepted already",
    );
    says(
        &["na", "lost-update", "--reason", "Again"],
        "retract lost-update",
    );
    says(&["flag", "n-plus-one", "--note", "Again"], "--another");
    says(
        &["accept", "n-plus-1", "--reason", "x"],
        "did you mean n-plus-one?",
    );
    says(
        &["accept", "unsafe-retry", "--reason", " \t"],
        "needs words",
    );
    says(&["na", "unsafe-retry", "--reason", ""], "needs words");
    says(&["retract", "unsafe-retry"], "unsafe-retry");
    says(&["comment", "  "], "needs words");
    says(
        &flag(&["--at", "shop/orders.py:99999"]),
        "not in this change",
    );
    says(&flag(&["--at", "shop/auth.py:1"]), "shop/auth.py");
    says(&flag(&["--at", "shop/orders.py"]), "names no lines");
    says(&flag(&["--at", "shop/orders.py:9-3"]), "9-3");
    says(&flag(&["--severity", "awful"]), "no severity");
    says(&flag(&["--disposition", "never"]), "no disposition");
    says(&flag(&["--disposition", "can-wait"]), "needs --until");
    says(
        &flag(&["--disposition", "can-wait", "--until", "2020-01-01"]),
        "2020-01-01",
    );
    says(&["flag", "unsafe-retry"], "needs evidence");
    let waive = |until| {
        [
            "waive",
            "unsafe-retry",
            "--by",
            "M",
            "--reason",
            "x",
            "--until",
            until,
        ]
    };
    says(&waive("2020-01-01"), "lapsed");
    says(&waive("next summer"), "no date");
    says(&["read", "shop/orders.py:77"], "no hunk 77");
    says(&["read", "nowhere.py"], "nowhere.py");
    says(&["status", "--review", "zzz"], "zzz");
    says(
        &["review", "--headless", "no-such-branch..main"],
        "no-such-branch",
    );
    says(&["export", "--format", "docx"], "md, html and json");
}

#[test]
fn whoever_is_refused_or_only_looks_is_not_in_the_journal_either() {
    let mut stage = Stage::new();
    let (repository, _) = stage.demo();
    stage.becomes("R. Weiss", "weiss@example.com");
    stage.refused(&repository, &["accept", "no-such-item", "--reason", "x"]);
    let before = stage.journals();
    for verb in ["status", "items", "findings", "log", "export"] {
        let text = stage.must(&repository, &[verb]);
        assert!(!text.contains("Weiss"), "{verb}: {text}");
    }
    assert_eq!(stage.journals(), before);
    stage.must(&repository, &["accept", "lost-update", "--reason", "Fine"]);
    assert!(stage.must(&repository, &["export"]).contains("R. Weiss"));
}

#[test]
fn every_verb_prints_an_object_where_one_is_asked_for() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    let list = "own.toml";
    crate::support::write(&repository.join(list), "id = 1\n");
    for (arguments, key) in [
        (
            &["review", "--headless", "main...agent/orders"][..],
            "review",
        ),
        (&["demo", "--headless"], "repository"),
        (&["list"], "reviews"),
        (&["status"], "missing"),
        (&["items"], "items"),
        (&["accept", "lost-update", "--reason", "Fine"], "verdict"),
        (&["na", "shared-state", "--reason", "Fine"], "verdict"),
        (&["flag", "n-plus-one", "--note", "Loops"], "finding"),
        (&["retract", "lost-update"], "verdict"),
        (&["comment", "A remark"], "comment"),
        (&["read", "--all"], "coverage"),
        (&["findings"], "findings"),
        (&["log"], "entries"),
        (&["export"], "findings"),
        (&["export", "--format", "html"], "report"),
        (&["export", "--format", "md", "--out", "report.md"], "file"),
        (&["checklist", "list"], "checklists"),
        (&["checklist", "show"], "items"),
        (&["checklist", "lint", list], "mistakes"),
        (&["paths"], "reviews"),
        (&["accept", "no-such-item", "--reason", "Fine"], "error"),
    ] {
        for place in ["before", "after"] {
            // The second time an act is refused, with an object as well.
            let all = if place == "before" {
                [&["--json"], arguments].concat()
            } else {
                [arguments, &["--json"]].concat()
            };
            let outcome = stage.run(&repository, &all);
            let object: Value = serde_json::from_str(&outcome.out)
                .unwrap_or_else(|error| panic!("{all:?}: {error} in {outcome:?}"));
            let refused = object.get("error").filter(|_| place == "after");
            let told = object.get(key).or(refused);
            assert!(object.is_object() && told.is_some(), "{all:?}: {object}");
        }
    }
}

#[test]
fn dispositions_are_read_as_people_write_them() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    for (written, meant) in [
        ("fix-before-launch", "fix-before-launch"),
        ("Fix before launch", "fix-before-launch"),
        ("can_wait", "can-wait"),
        ("accepted", "accepted-risk"),
        ("accepted risk", "accepted-risk"),
    ] {
        let until = ["--until", "2099-03-01"];
        let until = if meant == "fix-before-launch" {
            &until[..0]
        } else {
            &until
        };
        let flag = [
            "flag",
            "n-plus-one",
            "--another",
            "--note",
            "Loops",
            "--title",
            written,
            "--disposition",
            written,
        ];
        let made = stage.json(&repository, &[&flag, until].concat());
        assert_eq!(made["finding"]["disposition"], meant, "{written}");
    }
}

#[test]
fn a_mistake_in_the_arguments_themselves_ends_with_2_too() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    let before = stage.journals();
    for arguments in [
        &["accept", "lost-update"][..],
        &["comment", "x", "--item", "lost-update", "--at", "a:1"],
        &["review", "--staged", "--worktree", "--headless"],
        &["read"],
        &["frobnicate"],
    ] {
        assert_eq!(stage.run(&repository, arguments).code, 2, "{arguments:?}");
    }
    assert_eq!(stage.journals(), before);
}

#[test]
fn two_people_decide_for_themselves_and_the_most_severe_stands() {
    let mut stage = Stage::new();
    let (repository, _) = stage.demo();
    stage.must(&repository, &["accept", "lost-update", "--reason", "Fine"]);
    stage.becomes("R. Weiss", "weiss@example.com");
    stage.must(
        &repository,
        &["flag", "lost-update", "--at", "shop/orders.py:20"],
    );
    let items = stage.json(&repository, &["items"])["items"].clone();
    let line = item(&items, "lost-update");
    assert_eq!(
        (&line["decisions"], &line["by"]),
        (&2.into(), &"R. Weiss".into())
    );
    stage.must(&repository, &["retract", "lost-update"]);
    let items = stage.json(&repository, &["items"])["items"].clone();
    assert_eq!(item(&items, "lost-update")["verdict"], "accepted");
    assert_eq!(item(&items, "lost-update")["by"], NAME);
}

#[test]
fn reading_is_counted_by_hunk_and_can_be_taken_back() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    let read = |arguments: &[&str]| {
        let done = stage.json(&repository, &[&["read"], arguments].concat());
        done["coverage"]["read"].as_u64().expect("a number")
    };
    assert_eq!(read(&["shop/orders.py:1"]), 1);
    assert_eq!(read(&["shop/orders.py:1"]), 1);
    assert_eq!(read(&["shop/orders.py"]), 4);
    assert_eq!(read(&["shop/orders.py:2", "--unread"]), 3);
    let all = read(&["--all"]);
    let coverage = &stage.json(&repository, &["status"])["coverage"];
    assert_eq!(coverage["hunks"], all);
    assert_eq!(coverage["lines"], coverage["lines_read"]);
    // Nobody saw anything: a mark is a claim, not a display.
    assert_eq!(coverage["displayed"], 0);
}

#[test]
fn an_internal_comment_is_in_the_log_and_in_no_report() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    stage.must(&repository, &["comment", "For the client to see"]);
    stage.must(
        &repository,
        &[
            "comment",
            "Between-us-only",
            "--internal",
            "--at",
            "shop/orders.py:20",
        ],
    );
    stage.must(
        &repository,
        &["comment", "On the whole file", "--file", "shop/orders.py"],
    );
    stage.must(
        &repository,
        &["comment", "On the item", "--item", "n-plus-one"],
    );
    assert!(
        stage
            .must(&repository, &["log"])
            .contains("Between-us-only")
    );
    for format in ["md", "html", "json"] {
        let printed = stage.must(&repository, &["export", "--format", format]);
        let file = stage.root().join(format!("report.{format}"));
        let name = file.to_str().expect("a name");
        stage.must(&repository, &["export", "--format", format, "--out", name]);
        let written = std::fs::read_to_string(&file).expect("a report");
        for text in [printed, written] {
            assert!(text.contains("For the client to see"), "{format}");
            assert!(text.contains("On the whole file"), "{format}");
            assert!(text.contains("On the item"), "{format}");
            assert!(!text.contains("Between-us-only"), "{format}");
        }
    }
}

#[test]
fn errors_are_objects_too_where_objects_are_asked_for() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    let outcome = stage.run(
        &repository,
        &["accept", "nothing", "--reason", "x", "--json"],
    );
    assert_eq!(outcome.code, 2);
    let object: Value = serde_json::from_str(&outcome.out).expect("an object");
    assert_eq!(keys(&object), ["error"]);
}

#[test]
fn the_entries_of_the_log_carry_who_when_and_what() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    stage.must(&repository, &["comment", "A remark"]);
    let log = stage.json(&repository, &["log"])["entries"].clone();
    let last = log.as_array().and_then(|log| log.last()).expect("entries");
    assert_eq!(last["kind"], "comment.added");
    assert_eq!(last["by"], NAME);
    assert!(last["text"].as_str().expect("text").contains("A remark"));
    let first = log[0]["text"].as_str().expect("text").to_owned();
    assert!(first.contains(EMAIL), "{first}");
}

#[test]
fn without_a_terminal_the_screen_says_which_way_there_is() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    for arguments in [&["review"][..], &[]] {
        let outcome = stage.run(&repository, arguments);
        assert_eq!(outcome.code, 2, "{outcome:?}");
        assert!(outcome.err.contains("--headless"), "{outcome:?}");
    }
}

#[test]
fn a_checklist_of_ones_own_is_linted_with_lines_and_then_used() {
    let stage = Stage::new();
    let repository = stage.small();
    let wrong = stage.root().join("wrong.toml");
    crate::support::write(&wrong, "id = 3\ntitle = \"x\"\n");
    let name = wrong.to_str().expect("a name");
    let outcome: Outcome = stage.run(&repository, &["checklist", "lint", name]);
    assert_ne!(outcome.code, 0, "{outcome:?}");
    assert!((outcome.out + &outcome.err).contains('1'));
    assert_eq!(
        stage
            .run(&repository, &["review", "--headless", "--checklist", name])
            .code,
        2
    );
    let listed = stage.must(&repository, &["checklist", "list"]);
    assert!(listed.contains("ai-preproduction"), "{listed}");
    let shown = stage.must(&repository, &["checklist", "show", "--item", "n-plus-one"]);
    assert!(shown.contains("A query or call per row"), "{shown}");
}
