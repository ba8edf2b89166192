//! The rules that come with the program: what each must hit and leave alone, what they cover, and what they make of the
//! demo. The real program scans; the fixtures are run by it too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::support::{Stage, write};

/// Families of languages, by the names that rules are listed under.
const FAMILIES: &[(&str, &[&str])] = &[
    ("python", &["Python"]),
    ("script", &["JavaScript", "JSX", "TypeScript", "TSX"]),
    ("go", &["Go"]),
    ("jvm", &["Java", "Kotlin"]),
    ("csharp", &["C#"]),
    ("ruby", &["Ruby"]),
    ("php", &["PHP"]),
    ("rust", &["Rust"]),
    ("sql", &["SQL"]),
    (
        "infrastructure",
        &["Dockerfile", "YAML", "HCL", "Bash", "JSON"],
    ),
];

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rules")
}

fn listed(stage: &Stage) -> Vec<Value> {
    let listed = stage.json(stage.root(), &["rules", "list"]);
    listed["rules"].as_array().expect("a list").clone()
}

fn texts(value: &Value) -> Vec<&str> {
    let all = value.as_array().expect("a list");
    all.iter()
        .map(|one| one.as_str().expect("a text"))
        .collect()
}

#[test]
fn every_rule_hits_what_it_must_and_leaves_its_near_misses_alone() {
    let stage = Stage::new();
    let folder = fixtures();
    let outcome = stage.run(
        stage.root(),
        &["rules", "test", folder.to_str().expect("a path")],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.out);
}

#[test]
fn every_rule_has_a_hit_and_two_near_misses() {
    let stage = Stage::new();
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut folders = vec![fixtures()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mut rule = String::new();
            for line in std::fs::read_to_string(&path).expect("text").lines() {
                if let Some(id) = line.strip_prefix("## ") {
                    id.trim().clone_into(&mut rule);
                } else if let Some(title) = line.strip_prefix("### ") {
                    let count = counts.entry(rule.clone()).or_default();
                    if title.to_lowercase().starts_with("hit") {
                        count.0 += 1;
                    } else {
                        count.1 += 1;
                    }
                }
            }
        }
    }
    let lacking: Vec<String> = listed(&stage)
        .iter()
        .map(|rule| rule["id"].as_str().expect("an id").to_owned())
        .filter(|id| {
            counts
                .get(id)
                .is_none_or(|(hits, misses)| *hits < 1 || *misses < 2)
        })
        .collect();
    assert!(
        lacking.is_empty(),
        "without a hit and two near misses: {lacking:?}"
    );
}

#[test]
fn every_mode_is_covered_in_three_families_and_the_big_languages_in_fourteen_modes() {
    let stage = Stage::new();
    let items = stage.json(stage.root(), &["checklist", "show"]);
    let items: BTreeSet<String> = items["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect();
    let mut by_item: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for rule in listed(&stage) {
        for item in texts(&rule["items"]) {
            assert!(
                items.contains(item),
                "{} is for {item}, which no checklist has",
                rule["id"]
            );
            for language in texts(&rule["languages"]) {
                let family = FAMILIES.iter().find(|(_, names)| names.contains(&language));
                let families = by_item.entry(item.to_owned()).or_default();
                families.extend(family.map(|(name, _)| *name));
            }
        }
    }
    for item in &items {
        let families = by_item.get(item).map_or(0, BTreeSet::len);
        assert!(families >= 3, "{item} has rules in {families} families");
    }
    for family in ["python", "script", "go", "jvm", "csharp", "ruby", "php"] {
        let modes = by_item
            .values()
            .filter(|families| families.contains(family))
            .count();
        assert!(modes >= 14, "{family} has rules for {modes} modes");
    }
}

#[test]
fn only_added_lines_are_pointed_at_and_all_lines_when_asked_for() {
    let stage = Stage::new();
    let folder = stage.root().join("repo");
    std::fs::create_dir_all(&folder).expect("a folder");
    stage.git(&folder, &["init", "-q", "-b", "main"]);
    let old = "import yaml\n\n\ndef load(text):\n    return yaml.load(text, Loader=yaml.Loader)\n";
    stage.commit(&folder, "Start", &[("app/load.py", old)]);
    stage.git(&folder, &["switch", "-q", "-c", "work"]);
    let new = format!("{old}\n\ndef run(command):\n    return eval(command)\n");
    stage.commit(&folder, "Add", &[("app/load.py", &new)]);
    let lines = |arguments: &[&str]| -> Vec<u64> {
        let outcome = stage.run(&folder, arguments);
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        let hints: Vec<Value> = serde_json::from_str(&outcome.out).expect("a list");
        hints
            .iter()
            .map(|hint| hint["start_line"].as_u64().expect("a line"))
            .collect()
    };
    assert_eq!(lines(&["scan", "main..work", "--format", "json"]), [9]);
    assert_eq!(
        lines(&["scan", "main..work", "--all-lines", "--format", "json"]),
        [5, 9]
    );
    assert_eq!(
        lines(&["scan", "--tree", "work", "--format", "json"]),
        [5, 9]
    );
    let only = [
        "scan",
        "main..work",
        "--format",
        "json",
        "--item",
        "swallowed-error",
    ];
    assert!(lines(&only).is_empty());
    let outcome = stage.run(&folder, &["scan", "main..work", "--fail-on", "B"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.out.contains("app/load.py:9:"), "{}", outcome.out);
    let outcome = stage.run(&folder, &["scan", "main..work", "--rule", "no-such-rule"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.err.contains("rules list"), "{}", outcome.err);
}

#[test]
fn tests_seeds_generated_and_vendored_code_are_left_alone() {
    let stage = Stage::new();
    let folder = stage.root().join("code");
    let bad = "def run(command):\n    return eval(command)\n";
    write(&folder.join("app/run.py"), bad);
    write(&folder.join("tests/test_run.py"), bad);
    write(&folder.join("db/seeds/run.py"), bad);
    write(&folder.join("vendor/x/run.py"), bad);
    write(
        &folder.join("app/made.py"),
        format!("# @generated by x. DO NOT EDIT.\n{bad}"),
    );
    let outcome = stage.run(
        stage.root(),
        &["scan", "--path", "code", "--format", "json"],
    );
    let hints: Vec<Value> = serde_json::from_str(&outcome.out).expect("a list");
    let paths: BTreeSet<&str> = hints
        .iter()
        .map(|hint| hint["path"].as_str().expect("a path"))
        .collect();
    assert_eq!(paths, BTreeSet::from(["app/run.py"]));
}

#[test]
fn any_bytes_are_scanned_and_what_is_not_read_is_said() {
    let stage = Stage::new();
    let folder = stage.root().join("code");
    write(
        &folder.join("deep.js"),
        format!("x = {}{};\n", "[".repeat(100_000), "]".repeat(100_000)),
    );
    write(
        &folder.join("deep.py"),
        format!("x = {}1\n", "-".repeat(50_000)),
    );
    write(
        &folder.join("sum.js"),
        format!("x = 'a'{};\n", " + b".repeat(30_000)),
    );
    write(
        &folder.join("long.py"),
        format!("x = \"{}\"\n", "a".repeat(5 << 20)),
    );
    write(&folder.join("many.py"), "eval(x)\n".repeat(20_000));
    std::fs::write(
        folder.join("bytes.go"),
        b"package a\n\xff\xfe func f() { \xc3\x28 }\n",
    )
    .expect("a file");
    std::fs::write(folder.join("binary.php"), [0u8; 4096]).expect("a file");
    let outcome = stage.run(
        stage.root(),
        &["scan", "--path", "code", "--format", "json"],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let hints: Vec<Value> = serde_json::from_str(&outcome.out).expect("a list");
    assert!(hints.iter().any(|hint| hint["path"] == "many.py"));
    assert!(outcome.err.contains("long.py has"), "{}", outcome.err);
    assert!(
        outcome.err.contains("more than 200 times in one file"),
        "{}",
        outcome.err
    );
}

#[test]
fn a_table_of_a_whole_tree_is_new_to_the_script_that_makes_it_alone() {
    let stage = Stage::new();
    let folder = stage.root().join("code/migrations");
    write(
        &folder.join("0001_orders.sql"),
        "CREATE TABLE orders (id bigint PRIMARY KEY);\nALTER TABLE orders ADD COLUMN state text NOT NULL;\n",
    );
    write(
        &folder.join("0002_channel.sql"),
        "ALTER TABLE orders ADD COLUMN channel text NOT NULL;\n",
    );
    let outcome = stage.run(
        stage.root(),
        &["scan", "--path", "code", "--format", "json"],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let hints: Vec<Value> = serde_json::from_str(&outcome.out).expect("a list");
    let told: Vec<&Value> = hints
        .iter()
        .filter(|hint| hint["rule"] == "sql-not-null-without-default")
        .map(|hint| &hint["path"])
        .collect();
    assert_eq!(told, ["migrations/0002_channel.sql"]);
}

#[test]
fn rules_of_ones_own_run_beside_ours_and_their_mistakes_are_told() {
    let stage = Stage::new();
    let rules = stage.root().join("mine/shared-state");
    let rule = "id: no-shout\nstrength: A\nmessage: \"`{text}` shouts\"\nwhy: \"It is loud.\"\nrule: { kind: call, has: { field: function, regex: '^shout$' } }\n";
    write(&rules.join("python.yml"), rule);
    write(
        &rules.join("python.md"),
        "## no-shout\n\n### Hit\n```python a.py\nshout(1)  ◀\n```\n### Near miss\n```python a.py\nwhisper(1)\n```\n",
    );
    let tested = stage.run(stage.root(), &["rules", "test", "mine"]);
    assert_eq!(tested.code, 0, "{}", tested.out);
    write(&stage.root().join("code/a.py"), "shout(2)\n");
    let outcome = stage.run(stage.root(), &["scan", "--path", "code", "--rules", "mine"]);
    assert!(outcome.out.contains("`shout(2)` shouts"), "{}", outcome.out);
    let without = stage.run(stage.root(), &["scan", "--path", "code"]);
    assert!(!without.out.contains("shouts"), "{}", without.out);
    write(
        &rules.join("go.yml"),
        "id: Bad Name\nstrength: D\nmessage: x\nwhy: y\nrule: { kind: no_such_kind }\nwhere: [ { guard: nothing } ]\n",
    );
    let outcome = stage.run(stage.root(), &["scan", "--path", "code", "--rules", "mine"]);
    assert_eq!(outcome.code, 0, "the other rules go on");
    for part in ["go.yml", "a-z", "A, B or C", "no_such_kind", "words.yml"] {
        assert!(outcome.err.contains(part), "{part} in {}", outcome.err);
    }
}

#[test]
fn a_rule_for_tests_alone_is_silent_beside_the_tests_of_a_rust_file() {
    let stage = Stage::new();
    let rule = "id: no-shout\nstrength: A\nmessage: \"`{text}` shouts\"\nwhy: \"It is loud.\"\nonly-in: [test]\nrule: { kind: call_expression, has: { field: function, regex: '^shout$' } }\n";
    write(&stage.root().join("mine/shared-state/rust.yml"), rule);
    write(
        &stage.root().join("code/lib.rs"),
        "fn f() { shout(1); }\n\n#[cfg(test)]\nmod tests {\n    fn g() { shout(2); }\n}\n",
    );
    let outcome = stage.run(stage.root(), &["scan", "--path", "code", "--rules", "mine"]);
    assert!(outcome.out.contains("`shout(2)` shouts"), "{}", outcome.out);
    assert!(!outcome.out.contains("`shout(1)`"), "{}", outcome.out);
}

#[test]
fn a_rule_without_end_is_stopped_once_and_costs_no_other_rule() {
    let stage = Stage::new();
    let level = |inner: &str| format!("{{ kind: list, has: {{ stopBy: end, all: [ {inner} ] }} }}");
    let mut endless = "{ kind: integer, regex: '^never$' }".to_owned();
    for _ in 0..7 {
        endless = level(&endless);
    }
    let rule = format!(
        "id: without-end\nstrength: C\nmessage: x\nwhy: y\nrule: {endless}\n---\nid: still-there\nstrength: A\nmessage: still\nwhy: y\nrule: {{ kind: identifier, regex: '^here$' }}\n"
    );
    write(&stage.root().join("mine/shared-state/python.yml"), &rule);
    let mut code = "x = ".to_owned();
    code.push_str(&"[1, ".repeat(150));
    code.push_str(&"]".repeat(150));
    code.push_str("\nhere\n");
    write(&stage.root().join("code/a.py"), &code);
    write(&stage.root().join("code/b.py"), &code);
    let outcome = stage.run(
        stage.root(),
        &[
            "scan",
            "--path",
            "code",
            "--rules",
            "mine",
            "--rule",
            "still-there",
            "--format",
            "json",
        ],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let hints: Vec<Value> = serde_json::from_str(&outcome.out).expect("a list");
    assert_eq!(hints.len(), 2, "{}", outcome.err);
    assert_eq!(
        outcome.err.matches("without-end").count(),
        1,
        "{}",
        outcome.err
    );
}

/// Rows of a table of `assets/demo/NOTES.md`: item, file, piece of an added line.
fn rows(table: &str) -> Vec<(String, String, String)> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| `")?.splitn(3, "` | `");
        let (item, path, rest) = (cells.next()?, cells.next()?, cells.next()?);
        let (piece, _) = rest.split_once("` | ")?;
        Some((item.to_owned(), path.to_owned(), piece.to_owned()))
    };
    table.lines().filter_map(row).collect()
}

#[test]
fn every_mode_planted_in_the_demo_is_found_and_no_decoy_is_reported() {
    let stage = Stage::new();
    let folder = stage.root().join("demo");
    let built = stage.run(
        stage.root(),
        &[
            "demo",
            "--headless",
            "--dir",
            folder.to_str().expect("a path"),
        ],
    );
    assert_eq!(built.code, 0, "{}", built.err);
    let outcome = stage.run(
        &folder,
        &["scan", "main...agent/orders", "--format", "json"],
    );
    let hints: Vec<Value> = serde_json::from_str(&outcome.out).expect("a list");
    let notes =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/NOTES.md"))
            .expect("the notes");
    let (planted, decoys) = notes.split_once("## Decoys").expect("two tables");
    let line_of = |path: &str, piece: &str| -> u64 {
        let text = std::fs::read_to_string(folder.join(path)).expect("a file of the demo");
        text.lines()
            .position(|line| line.contains(piece))
            .expect("the piece is there") as u64
            + 1
    };
    let hit = |item: &str, path: &str, line: u64, near: u64| {
        hints.iter().any(|hint| {
            let at = hint["start_line"].as_u64().expect("a line");
            hint["path"] == path
                && texts(&hint["items"]).contains(&item)
                && at.abs_diff(line) <= near
        })
    };
    let mut found: BTreeMap<String, bool> = BTreeMap::new();
    let mut missed = Vec::new();
    for (item, path, piece) in rows(planted) {
        // A hint may stand at the check or at the act, so some lines from the piece.
        let is_hit = hit(&item, &path, line_of(&path, &piece), 10);
        *found.entry(item.clone()).or_default() |= is_hit;
        if !is_hit {
            missed.push(format!("{item} {path}: {piece}"));
        }
    }
    let modes: Vec<&String> = found
        .iter()
        .filter(|(_, is_found)| !**is_found)
        .map(|(item, _)| item)
        .collect();
    assert!(
        modes.is_empty(),
        "modes without a hint: {modes:?}; places: {missed:#?}"
    );
    let reported: Vec<String> = rows(decoys)
        .into_iter()
        .filter(|(item, path, piece)| hit(item, path, line_of(path, piece), 0))
        .map(|(item, path, piece)| format!("{item} {path}: {piece}"))
        .collect();
    assert!(reported.is_empty(), "decoys reported: {reported:#?}");
}
