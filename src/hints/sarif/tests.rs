//! What is taken from other tools' files, and what is not.

use serde_json::{Value, json};

use super::*;
use crate::model::Strength;

fn log(results: &Value, driver: &Value) -> Vec<u8> {
    let run = json!({
        "tool": { "driver": driver },
        "taxonomies": [{ "name": "CWE", "taxa": [{ "id": "89" }] }],
        "results": results,
    });
    json!({ "version": "2.1.0", "runs": [run] })
        .to_string()
        .into_bytes()
}

fn at(uri: &str, line: u32) -> Value {
    json!([{ "physicalLocation": {
        "artifactLocation": { "uri": uri },
        "region": { "startLine": line },
    } }])
}

fn semgrep() -> Value {
    json!({
        "name": "Semgrep OSS",
        "rules": [{
            "id": "python.sqli",
            "shortDescription": { "text": "SQL built from input" },
            "defaultConfiguration": { "level": "error" },
            "properties": { "tags": ["CWE-89: Improper Neutralization", "security"] },
        }],
    })
}

#[test]
fn a_result_becomes_a_hint_of_its_tool_with_weakness_strength_and_place() {
    let results = json!([{
        "ruleId": "python.sqli",
        "ruleIndex": 0,
        "message": { "text": "Detected\nSQL" },
        "locations": at("src/a.py", 7),
    }]);
    let import = read(&log(&results, &semgrep())).unwrap();
    assert_eq!(import.told, Vec::<String>::new());
    assert_eq!(
        import.results,
        [ImportedResult {
            tool: "Semgrep OSS".to_owned(),
            rule: "python.sqli".to_owned(),
            cwe: vec![89],
            strength: Strength::A,
            message: "Detected SQL".to_owned(),
            why: "SQL built from input".to_owned(),
            path: ImportedPath::Relative("src/a.py".to_owned()),
            start_line: 7,
            end_line: 7,
        }]
    );
    assert_eq!(
        load_kept(&spell_kept(&import)),
        Ok(import),
        "what is kept reads the same"
    );
}

#[test]
fn weaknesses_are_found_wherever_tools_put_them() {
    for (rule, expected) in [
        (
            json!({ "properties": { "tags": ["external/cwe/cwe-089", "security"] } }),
            vec![89],
        ),
        (
            json!({ "properties": { "tags": ["OWASP-A03:2021", "CWE_79"] } }),
            vec![79],
        ),
        (
            json!({ "properties": { "cwe": ["CWE-22: Path Traversal"] } }),
            vec![22],
        ),
        (json!({ "properties": { "cwe": "502" } }), vec![502]),
        (json!({ "properties": { "cwe": 918 } }), vec![918]),
        (
            json!({ "relationships": [{ "target": { "id": "327", "toolComponent": { "name": "CWE" } } }] }),
            vec![327],
        ),
        (
            json!({ "relationships": [{ "target": { "id": "A3", "toolComponent": { "name": "OWASP" } } }] }),
            vec![],
        ),
        (
            json!({ "properties": { "tags": ["2021", "security"] } }),
            vec![],
        ),
    ] {
        let mut rule = rule;
        rule["id"] = json!("r");
        let driver = json!({ "name": "t", "rules": [rule] });
        let results =
            json!([{ "ruleId": "r", "message": { "text": "m" }, "locations": at("a.py", 1) }]);
        let import = read(&log(&results, &driver)).unwrap();
        assert_eq!(import.results[0].cwe, expected, "{driver}");
    }
    let results = json!([{
        "message": { "text": "m" },
        "locations": at("a.py", 1),
        "taxa": [{ "id": "89", "toolComponent": { "name": "CWE" } }],
    }]);
    let import = read(&log(&results, &json!({ "name": "t" }))).unwrap();
    assert_eq!(import.results[0].cwe, [89]);
}

#[test]
fn a_severity_goes_before_a_level() {
    for (rule, level, expected) in [
        (
            json!({ "properties": { "security-severity": "9.8" } }),
            "note",
            Strength::A,
        ),
        (
            json!({ "properties": { "security-severity": 5.5 } }),
            "error",
            Strength::B,
        ),
        (json!({}), "error", Strength::A),
        (json!({}), "warning", Strength::B),
        (json!({}), "note", Strength::C),
    ] {
        let mut rule = rule;
        rule["id"] = json!("r");
        let results = json!([{
            "ruleId": "r", "level": level, "message": { "text": "m" }, "locations": at("a.py", 1),
        }]);
        let import = read(&log(&results, &json!({ "name": "t", "rules": [rule] }))).unwrap();
        assert_eq!(import.results[0].strength, expected);
    }
}

#[test]
fn suppressed_passed_and_placeless_results_are_left_out_and_told() {
    let with = |extra: Value| {
        let mut result =
            json!({ "ruleId": "r", "message": { "text": "m" }, "locations": at("a.py", 1) });
        for (name, value) in extra.as_object().unwrap() {
            result[name] = value.clone();
        }
        result
    };
    let results = json!([
        with(json!({ "suppressions": [{ "kind": "inSource" }] })),
        with(json!({ "suppressions": [{ "kind": "external", "status": "rejected" }] })),
        with(json!({ "kind": "pass" })),
        with(json!({ "baselineState": "absent" })),
        with(json!({ "locations": [] })),
    ]);
    let import = read(&log(&results, &json!({ "name": "t" }))).unwrap();
    assert_eq!(
        import.results.len(),
        1,
        "a rejected suppression suppresses nothing"
    );
    assert_eq!(
        import.told,
        [
            "1 result of t were suppressed there and are left out.",
            "2 results of t say that all is well or that the problem is gone, and are left out.",
            "1 result of t name no file and are left out.",
        ]
    );
}

#[test]
fn what_is_no_sarif_is_refused_with_what_to_do() {
    for (bytes, said) in [
        (&b"{"[..], "it is not JSON"),
        (b"\xff\xfe", "it is not JSON"),
        (b"[]", "no \"version\""),
        (br#"{"version":"1.0.0"}"#, "only 2.1.0 is read"),
        (br#"{"version":"2.1.0"}"#, "no \"runs\""),
    ] {
        let error = read(bytes).unwrap_err().to_string();
        assert!(
            error.contains(said) && error.contains("SARIF 2.1.0"),
            "{error}"
        );
    }
    assert!(
        read(br#"{"version":"2.1.0","runs":[]}"#)
            .unwrap()
            .results
            .is_empty()
    );
}

#[test]
fn results_of_any_shape_cost_themselves_alone_and_no_foreign_character_survives() {
    let hostile = "x\u{1b}[31m\u{202e}y";
    let results = json!([
        1, null, "text", [], { "locations": 3 }, { "locations": [{ "physicalLocation": 4 }] },
        { "ruleIndex": 99, "rule": { "index": 4, "toolComponent": { "index": 7 } }, "locations": at("a.py", 0) },
        {
            "ruleId": hostile,
            "message": { "text": format!("{hostile}{}", "z".repeat(5000)) },
            "locations": at("b.py", 2),
        },
    ]);
    let driver = json!({ "name": hostile, "rules": 5 });
    let import = read(&log(&results, &driver)).unwrap();
    assert_eq!(import.results.len(), 2);
    for result in &import.results {
        for text in [&result.tool, &result.rule, &result.message, &result.why] {
            assert!(
                !text.chars().any(char::is_control) && !text.contains('\u{202e}'),
                "{text:?}"
            );
            assert!(text.chars().count() <= 500, "{}", text.len());
        }
    }
    assert_eq!(import.results[0].start_line, 1);
}
