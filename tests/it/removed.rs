//! Hints on what a change removed: seen in every kind of change that has something before it, shown on the side after it,
//! dismissed like any other, and silent where there was nothing before.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Stage, write};

const RULE: &str = "python-removed-transaction";

const BEFORE: &str = "\
from django.db import transaction


def place(order, stock):
    with transaction.atomic():
        order.save()
        stock.reserve(order.sku, order.count)
";

const AFTER: &str = "\
from django.db import transaction


def place(order, stock):
    order.save()
    stock.reserve(order.sku, order.count)
";

/// Where the first line that was guarded stands after the change.
const LINE: u64 = 5;

fn repository(stage: &Stage) -> PathBuf {
    let folder = stage.folder("repo");
    stage.git(&folder, &["init", "-q", "-b", "main"]);
    stage.commit(&folder, "Start", &[("app/orders.py", BEFORE)]);
    folder
}

fn lines(stage: &Stage, folder: &Path, arguments: &[&str]) -> Vec<u64> {
    let arguments = [arguments, &["--rule", RULE, "--format", "json"]].concat();
    let text = stage.must(folder, &arguments);
    let hints: Vec<Value> = serde_json::from_str(&text).expect("a list");
    let line = |hint: &Value| hint["start_line"].as_u64().expect("a line");
    hints.iter().map(line).collect()
}

#[test]
fn a_removed_guard_is_told_in_every_change_that_has_a_base_and_in_no_tree() {
    let stage = Stage::new();
    let folder = repository(&stage);
    write(&folder.join("app/orders.py"), AFTER);
    assert_eq!(lines(&stage, &folder, &["scan", "--worktree"]), [LINE]);
    let patch = stage.git(&folder, &["diff"]);
    let file = stage.root().join("change.patch");
    write(&file, &patch);
    stage.git(&folder, &["add", "-A"]);
    assert_eq!(lines(&stage, &folder, &["scan", "--staged"]), [LINE]);
    stage.git(&folder, &["switch", "-q", "-c", "work"]);
    stage.git(&folder, &["commit", "-q", "-m", "Flatten"]);
    assert_eq!(lines(&stage, &folder, &["scan", "main..work"]), [LINE]);
    let all = ["scan", "main..work", "--all-lines"];
    assert_eq!(lines(&stage, &folder, &all), [LINE]);
    // A patch alone knows only the lines it prints.
    let elsewhere = stage.folder("elsewhere");
    let patch = ["scan", "--patch", file.to_str().expect("a path")];
    assert_eq!(lines(&stage, &elsewhere, &patch), [LINE]);
    for whole in [&["scan", "--tree", "work"][..], &["scan", "--path", "app"]] {
        assert!(lines(&stage, &folder, whole).is_empty(), "{whole:?}");
    }
}

#[test]
fn what_was_moved_or_went_with_its_function_or_its_file_is_not_told() {
    let stage = Stage::new();
    let folder = repository(&stage);
    let helper = "\
from django.db import transaction


def place(order, stock):
    store(order, stock)


def store(order, stock):
    with transaction.atomic():
        order.save()
        stock.reserve(order.sku, order.count)
";
    let gone = "def other():\n    return 1\n";
    for text in [helper, gone] {
        write(&folder.join("app/orders.py"), text);
        assert!(lines(&stage, &folder, &["scan", "--worktree"]).is_empty());
    }
    std::fs::remove_file(folder.join("app/orders.py")).expect("the file was there");
    assert!(lines(&stage, &folder, &["scan", "--worktree"]).is_empty());
}

#[test]
fn its_fingerprint_outlives_lines_that_move_and_changes_with_the_code_it_is_shown_at() {
    let stage = Stage::new();
    let folder = repository(&stage);
    let seen = |text: &str| -> Value {
        write(&folder.join("app/orders.py"), text);
        let arguments = ["scan", "--worktree", "--rule", RULE, "--format", "sarif"];
        let sarif: Value =
            serde_json::from_str(&stage.must(&folder, &arguments)).expect("SARIF is JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("results");
        assert_eq!(results.len(), 1, "{sarif}");
        results[0].clone()
    };
    let print = |result: &Value| result["partialFingerprints"]["countersignHint/v1"].clone();
    let first = seen(AFTER);
    let region = &first["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startLine"], LINE);
    assert_eq!(region["startColumn"], 5);
    let message = first["message"]["text"].as_str().expect("a text");
    assert!(message.contains("transaction.atomic()"), "{message}");
    let moved = seen(&format!("# One more line.\n{AFTER}"));
    assert_eq!(print(&first), print(&moved));
    let edited = seen(&AFTER.replace("order.save()", "order.save(force=True)"));
    assert_ne!(print(&first), print(&edited));
}

#[test]
fn in_a_review_it_is_listed_and_dismissed_like_any_other() {
    let stage = Stage::new();
    let folder = repository(&stage);
    stage.git(&folder, &["switch", "-q", "-c", "work"]);
    stage.commit(&folder, "Flatten", &[("app/orders.py", AFTER)]);
    stage.open(&folder, &["main..work"]);
    let state = || {
        let all = stage.json(&folder, &["hints"])["hints"].clone();
        let all = all.as_array().expect("a list").clone();
        let own = all.iter().find(|hint| hint["rule"] == RULE);
        own.expect("the removed guard is pointed at")["state"].clone()
    };
    assert_eq!(state(), "open");
    let name = format!("{RULE}@app/orders.py:{LINE}");
    stage.must(&folder, &["dismiss", &name, "--reason", "one row"]);
    assert_eq!(state(), "dismissed");
}

#[test]
fn rules_on_the_base_side_can_be_ones_own_and_their_mistakes_are_told() {
    let stage = Stage::new();
    let rules = stage.root().join("mine/shared-state");
    let rule = "id: quiet-again\nside: base\nstrength: A\nmessage: \"`{text}` went away\"\nwhy: \"y\"\nrule: { kind: call, has: { field: function, regex: '^hush$' } }\ngone: { removed: 'hush' }\n";
    write(&rules.join("python.yml"), rule);
    write(
        &rules.join("python.md"),
        "## quiet-again\n\n### Hit\n```python a.py base\ndef f():\n    hush()\n    go()\n```\n```python a.py\ndef f():\n    go()  ◀\n```\n### Near miss\n```python a.py base\nhush()\n```\n```python a.py\nhush()\ngo()\n```\n",
    );
    let tested = stage.run(stage.root(), &["rules", "test", "mine"]);
    assert_eq!(tested.code, 0, "{}", tested.out);
    let page = stage.must(stage.root(), &["rules", "show", RULE]);
    assert!(page.contains("before the change"), "{page}");
    write(
        &rules.join("go.yml"),
        rule.replace("quiet-again", "no-gone")
            .replace("gone: { removed: 'hush' }\n", ""),
    );
    let outcome = stage.run(stage.root(), &["rules", "test", "mine"]);
    assert!(outcome.err.contains("needs `gone`"), "{}", outcome.err);
}
