//! Hints → SARIF 2.1.0 for code-scanning screens: rules with help, weaknesses as tags, fingerprints that survive lines
//! that move.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::hints::page::page;
use crate::hints::rule::{Registry, Rule};
use crate::model::{CodeSpan, Hint, RepoPath, Strength};

/// Where the schema of the form lies.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes hints as SARIF; what was not read, and rules that were stopped, as notifications of the one invocation.
pub fn write(hints: &[Hint], registry: &Registry, problems: &[String]) -> Value {
    let used: BTreeSet<&str> = hints.iter().map(|hint| hint.rule.as_str()).collect();
    let rules: Vec<&Rule> = registry
        .rules()
        .iter()
        .filter(|rule| used.contains(rule.id.as_str()))
        .collect();
    let index = |id: &str| rules.iter().position(|rule| rule.id.as_str() == id);
    let results: Vec<Value> = hints
        .iter()
        .map(|hint| result(hint, index(hint.rule.as_str())))
        .collect();
    let notifications: Vec<Value> = problems
        .iter()
        .map(|text| json!({ "level": "warning", "message": { "text": plain(text) } }))
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_iter().map(descriptor).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    })
}

fn descriptor(rule: &Rule) -> Value {
    let text = page(rule);
    let mut tags: Vec<String> = rule
        .cwe
        .iter()
        .map(|number| format!("external/cwe/cwe-{number:03}"))
        .collect();
    tags.extend(rule.items.iter().map(|item| item.as_str().to_owned()));
    let full = if rule.look.is_empty() {
        &rule.why
    } else {
        &rule.look
    };
    json!({
        "id": rule.id.as_str(),
        "name": rule.id.as_str(),
        "shortDescription": { "text": plain(&rule.why) },
        "fullDescription": { "text": plain(full) },
        "help": { "text": text, "markdown": markdown(&text) },
        "defaultConfiguration": { "level": level(rule.strength), "rank": rank(rule.strength) },
        "properties": {
            "tags": tags,
            "precision": precision(rule.strength),
            "problem.severity": if rule.strength == Strength::A { "warning" } else { "recommendation" },
        },
    })
}

fn result(hint: &Hint, index: Option<usize>) -> Value {
    let fingerprint = hint.fingerprint.to_string();
    let mut place = json!({
        "artifactLocation": { "uri": uri(&hint.path), "uriBaseId": "%SRCROOT%" },
        "region": region(hint.focus),
    });
    let around = around(hint);
    if around != hint.focus {
        place["contextRegion"] = region(around);
    }
    let mut result = json!({
        "ruleId": hint.rule.as_str(),
        "level": level(hint.strength),
        "rank": rank(hint.strength),
        "message": { "text": plain(&hint.message) },
        "locations": [{ "physicalLocation": place }],
        "partialFingerprints": {
            "countersignHint/v1": fingerprint,
            "primaryLocationLineHash": format!("{}:1", &fingerprint[..16]),
        },
        "properties": {
            "strength": hint.strength.name(),
            "items": hint.items.iter().map(crate::model::ItemId::as_str).collect::<Vec<_>>(),
            "why": hint.why,
            "folded": hint.folded,
        },
    });
    if let Some(index) = index {
        result["ruleIndex"] = json!(index);
    }
    result
}

/// All of what was matched, which holds what decided.
fn around(hint: &Hint) -> CodeSpan {
    let (span, focus) = (hint.span, hint.focus);
    let start = (span.start_line, span.start_column).min((focus.start_line, focus.start_column));
    let end = (span.end_line, span.end_column).max((focus.end_line, focus.end_column));
    CodeSpan {
        start_line: start.0,
        start_column: start.1,
        end_line: end.0,
        end_column: end.1,
    }
}

fn region(span: CodeSpan) -> Value {
    json!({
        "startLine": span.start_line.max(1),
        "startColumn": span.start_column.max(1),
        "endLine": span.end_line.max(span.start_line).max(1),
        "endColumn": span.end_column.max(1),
    })
}

/// An error stops pipelines, and a hint decides nothing: the strongest is a warning.
fn level(strength: Strength) -> &'static str {
    match strength {
        Strength::A => "warning",
        Strength::B | Strength::C => "note",
    }
}

fn rank(strength: Strength) -> f64 {
    match strength {
        Strength::A => 90.0,
        Strength::B => 60.0,
        Strength::C => 20.0,
    }
}

fn precision(strength: Strength) -> &'static str {
    match strength {
        Strength::A => "high",
        Strength::B => "medium",
        Strength::C => "low",
    }
}

/// A message in which nothing reads as a link.
fn plain(text: &str) -> String {
    if text.contains("](") {
        text.replace('[', "\\[").replace(']', "\\]")
    } else {
        text.to_owned()
    }
}

/// Spells a path as a relative URI reference: bytes other than unreserved ones as `%XX`.
fn uri(path: &RepoPath) -> String {
    let mut out = String::new();
    for &byte in path.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A rule's page as Markdown: code in fences, the rest line by line.
fn markdown(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for line in text.lines() {
        let is_code = line.starts_with("  ");
        if is_code != in_code {
            out.push_str(if is_code { "\n~~~~text\n" } else { "~~~~\n" });
            in_code = is_code;
        }
        if is_code {
            out.push_str(&line[2..]);
            out.push('\n');
        } else {
            let is_heading = line.starts_with("A hit") || line.starts_with("A near miss");
            out.push_str(if is_heading { "### " } else { "" });
            out.push_str(&line.replace('<', "&lt;"));
            out.push_str(if line.is_empty() || is_heading {
                "\n"
            } else {
                "  \n"
            });
        }
    }
    if in_code {
        out.push_str("~~~~\n");
    }
    out
}
