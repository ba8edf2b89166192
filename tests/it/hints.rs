//! Hints from the command line: in a review, dismissed and taken back, of other tools, and as SARIF for other programs.

use serde_json::{Value, json};

use crate::support::{Stage, write};

const SCHEMA: &str = include_str!("../fixtures/sarif/sarif-schema-2.1.0.json");

const LOOP: &str = "\
from models import Item


def items(session, orders):
    found = []
    for order in orders:
        found.append(session.query(Item).filter_by(order_id=order.id).all())
    return found
";

fn hints(stage: &Stage, folder: &std::path::Path, more: &[&str]) -> Vec<Value> {
    let arguments = [&["hints", "--item", "n-plus-one"], more].concat();
    let all = stage.json(folder, &arguments)["hints"].clone();
    all.as_array().expect("a list of hints").clone()
}

fn sarif(stage: &Stage, folder: &std::path::Path) -> Value {
    let text = stage.must(folder, &["scan", "--path", ".", "--format", "sarif"]);
    serde_json::from_str(&text).expect("SARIF is JSON")
}

#[test]
fn a_dismissal_is_recorded_told_and_taken_back_and_decides_nothing() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    let before = hints(&stage, &repository, &[]);
    let hint = before
        .iter()
        .find(|hint| hint["path"] == "shop/orders.py" && hint["state"] == "open")
        .expect("the loop of the demo is pointed at");
    let name = format!(
        "{}@shop/orders.py:{}",
        hint["rule"].as_str().unwrap(),
        hint["line"]
    );
    let refused = stage.refused(&repository, &["dismiss", &name, "--reason", "  "]);
    assert!(refused.contains("needs words"), "{refused}");
    stage.must(&repository, &["dismiss", &name, "--reason", "three rows"]);
    let refused = stage.refused(&repository, &["dismiss", &name, "--reason", "again"]);
    assert!(refused.contains("take that back first"), "{refused}");
    let after = hints(&stage, &repository, &[]);
    let same = |one: &&Value| one["fingerprint"] == hint["fingerprint"];
    let after = after.iter().find(same).expect("it is still listed");
    assert_eq!(after["state"], "dismissed");
    assert_eq!(after["dismissed"][0]["reason"], "three rows");
    let status = stage.json(&repository, &["status"]);
    assert_eq!(status["hints"]["dismissed"], 1);
    let item = status["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["id"] == "n-plus-one");
    assert_eq!(item.unwrap()["verdict"], "undecided");
    for (format, words) in [
        ("md", "1 dismissed"),
        ("html", "1 dismissed"),
        ("json", "\"three rows\""),
    ] {
        let report = stage.must(&repository, &["export", "--format", format]);
        assert!(report.contains(words), "{format}: {report}");
        assert!(report.contains("They decide nothing"), "{format}");
    }
    assert!(stage.must(&repository, &["log"]).contains("hint.dismissed"));
    let short = &hint["fingerprint"].as_str().unwrap()[..8];
    stage.must(&repository, &["restore", short]);
    assert_eq!(
        stage.json(&repository, &["status"])["hints"]["dismissed"],
        0
    );
    let refused = stage.refused(&repository, &["restore", short]);
    assert!(refused.contains("have not dismissed"), "{refused}");
    let refused = stage.refused(&repository, &["dismiss", "no-such@a:1", "--reason", "x"]);
    assert!(refused.contains("countersign hints"), "{refused}");
}

#[test]
fn what_scan_writes_as_sarif_is_valid_and_its_fingerprints_survive_lines_that_move() {
    let stage = Stage::new();
    let folder = stage.folder("plain");
    let name = "or ders/ü%loop.py";
    write(&folder.join(name), LOOP);
    let first = sarif(&stage, &folder);
    let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
    // The schema's own pattern for a language is no regular expression (`]?` without its bracket); we write none.
    for part in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][part]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern");
    }
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let errors: Vec<String> = validator
        .iter_errors(&first)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    let run = &first["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let results = run["results"].as_array().unwrap();
    let result = results
        .iter()
        .find(|result| result["properties"]["items"][0] == "n-plus-one")
        .expect("the loop is pointed at");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"],
        "or%20ders/%C3%BC%25loop.py"
    );
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(rule["id"], result["ruleId"]);
    let tags = rule["properties"]["tags"].as_array().unwrap();
    assert!(tags.contains(&json!("n-plus-one")), "{tags:?}");
    assert!(
        tags.iter()
            .any(|tag| tag.as_str().unwrap().starts_with("external/cwe/cwe-")),
        "{tags:?}"
    );
    assert!(
        rule["help"]["markdown"]
            .as_str()
            .is_some_and(|text| text.len() > 80)
    );
    write(&folder.join(name), format!("# one\n# two\n\n{LOOP}"));
    let second = sarif(&stage, &folder);
    let moved = second["runs"][0]["results"].as_array().unwrap();
    let fingerprints = |results: &[Value]| -> Vec<Value> {
        results
            .iter()
            .map(|result| result["partialFingerprints"].clone())
            .collect()
    };
    assert_eq!(fingerprints(results), fingerprints(moved));
    let line = |results: &[Value]| {
        results[0]["locations"][0]["physicalLocation"]["region"]["startLine"].clone()
    };
    assert_ne!(line(results), line(moved));
}

#[test]
fn another_tools_results_become_hints_of_its_name_and_stay_with_the_review() {
    let stage = Stage::new();
    let (repository, _) = stage.demo();
    let result = |uri: &str, line: u32, cwe: &str| {
        json!({
            "ruleId": format!("python.{cwe}"),
            "message": { "text": "a\u{1b}[31m finding" },
            "properties": { "tags": [cwe] },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": uri },
                "region": { "startLine": line },
            } }],
        })
    };
    let absolute = format!("file://{}/shop/orders.py", repository.display());
    let log = json!({ "version": "2.1.0", "runs": [{
        "tool": { "driver": { "name": "Semgrep OSS" } },
        "results": [
            result("shop/orders.py", 83, "CWE-1050"),
            result(&absolute, 84, "CWE-1050"),
            result("shop/nowhere.py", 1, "CWE-1050"),
            result("shop/orders.py", 83, "CWE-99999"),
            result("shop/orders.py", 999_999, "CWE-1050"),
        ],
    }] });
    let file = stage.root().join("semgrep.sarif");
    write(&file, log.to_string());
    let path = file.to_str().unwrap();
    let bad = stage.root().join("bad.sarif");
    write(&bad, "{");
    let journals = stage.journals();
    let refused = stage.refused(
        &repository,
        &[
            "review",
            "--headless",
            "--hints",
            bad.to_str().unwrap(),
            "main...agent/orders",
        ],
    );
    assert!(
        refused.contains("bad.sarif") && refused.contains("not JSON"),
        "{refused}"
    );
    assert_eq!(stage.journals(), journals, "a bad file costs nothing");
    stage.open(&repository, &["--hints", path, "main...agent/orders"]);
    std::fs::remove_file(&file).unwrap();
    let all = stage.json(&repository, &["hints", "--all"]);
    let foreign: Vec<&Value> = all["hints"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|hint| hint["tool"] == "Semgrep OSS")
        .collect();
    assert_eq!(foreign.len(), 2, "{foreign:#?}");
    for hint in &foreign {
        assert!(
            hint["items"]
                .as_array()
                .unwrap()
                .contains(&json!("n-plus-one")),
            "{hint}"
        );
        assert!(!hint["message"].as_str().unwrap().contains('\u{1b}'));
    }
    let problems = all["problems"].to_string();
    for told in [
        "outside of this change",
        "belong to no item",
        "past the end",
    ] {
        assert!(problems.contains(told), "{told}: {problems}");
    }
    let text = stage.must(&repository, &["hints", "--item", "n-plus-one"]);
    assert!(text.contains("[Semgrep OSS]"), "{text}");
    let report = stage.must(&repository, &["export", "--format", "md"]);
    assert!(report.contains("Semgrep OSS"), "{report}");
    let name = foreign[0]["fingerprint"].as_str().unwrap();
    stage.must(&repository, &["dismiss", name, "--reason", "known"]);
    assert_eq!(
        stage.json(&repository, &["status"])["hints"]["dismissed"],
        1
    );
}

#[test]
fn on_the_real_screen_hints_stream_in_and_keys_walk_dismiss_and_restore_them() {
    use crate::terminal::{CTRL_S, ENTER, ESC, Terminal};
    for size in [(80, 24), (120, 40)] {
        let stage = Stage::new();
        let (repository, _) = stage.demo();
        let mut screen = Terminal::with(&stage, &repository, &["review"], size, &[]);
        // The finder goes to the item by name.
        screen.type_for("\u{10}", "Go to a file");
        screen.type_for("n-plus-one", "> n-plus-one");
        screen.keys(ENTER);
        screen.hides("Go to a file");
        screen.shows("8/22");
        // The item has its hint: marks of other items may come earlier.
        screen.shows("Hints      ●");
        screen.type_for("n", "▶ Hint");
        screen.type_for("gw", "The rule behind the hint");
        screen.keys(ESC);
        screen.hides("The rule behind the hint");
        screen.type_for("d", "Dismiss a hint");
        screen.type_for("three rows", "three rows");
        screen.type_for(ENTER, "Dismissed");
        screen.shows("saved");
        screen.keys("D");
        screen.hides("Dismissed");
        screen.type_for("f", "Severity");
        screen.type_for(CTRL_S, "flags 1");
        screen.shows("saved");
        screen.keys("q");
        assert_eq!(screen.ends(), 0);
        let log = stage.must(&repository, &["log"]);
        for kind in ["hint.dismissed", "hint.restored", "hint.confirmed"] {
            assert!(log.contains(kind), "{kind}: {log}");
        }
        let status = stage.json(&repository, &["status"]);
        assert_eq!(status["hints"]["confirmed"], 1);
        assert_eq!(status["findings"].as_array().map(Vec::len), Some(1));
    }
}
