//! Another tool's SARIF 2.1.0 → results of a known shape. What is broken in one result costs that result, and is told;
//! a file that is no SARIF is refused whole.

use serde_json::Value;

use super::read_uri::Bases;
use crate::model::Strength;
use crate::support::text::visible;

/// The largest file that is read, in bytes (32 MiB): its tree takes some ten times that.
pub const LARGEST_SARIF: u64 = 32 << 20;
/// The most results of a file that are kept.
const MOST_RESULTS: usize = 20_000;
/// The longest message, in characters.
const LONGEST: usize = 400;
/// The longest name of a tool or a rule, in characters.
const LONGEST_NAME: usize = 200;

/// Why a file is no SARIF that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SarifError {
    /// It is no JSON.
    #[error(
        "it is not JSON: {0}; nothing was taken from it. Write the report again as SARIF 2.1.0"
    )]
    NotJson(String),
    /// It is JSON of another kind.
    #[error("it is JSON, but {0}; nothing was taken from it. Write the report as SARIF 2.1.0")]
    NotSarif(String),
}

/// Where a result points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportedPath {
    /// Below the root of the tree.
    Relative(String),
    /// On the machine the tool ran on.
    Absolute(String),
}

/// One result of another tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedResult {
    /// Which tool.
    pub tool: String,
    /// Which of its rules.
    pub rule: String,
    /// Weaknesses by number, in order.
    pub cwe: Vec<u32>,
    /// How sure the tool is.
    pub strength: Strength,
    /// What it says of this place.
    pub message: String,
    /// What it says of the rule.
    pub why: String,
    /// The file.
    pub path: ImportedPath,
    /// First line, 1-based.
    pub start_line: u32,
    /// Last line, inclusive.
    pub end_line: u32,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    /// Results with a place.
    pub results: Vec<ImportedResult>,
    /// What was left out, as sentences.
    pub told: Vec<String>,
}

/// Reads a SARIF file.
pub fn read(bytes: &[u8]) -> Result<Import, SarifError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let root: Value = serde_json::from_slice(bytes)
        .map_err(|error| SarifError::NotJson(short(&error.to_string(), 200)))?;
    let version = root.get("version").and_then(Value::as_str);
    match version {
        Some(version) if version.starts_with("2.1") => {}
        Some(version) => {
            let version = short(version, 20);
            return Err(SarifError::NotSarif(format!(
                "its version is {version:?}, and only 2.1.0 is read"
            )));
        }
        None => return Err(SarifError::NotSarif("it has no \"version\"".to_owned())),
    }
    let Some(runs) = root.get("runs").and_then(Value::as_array) else {
        return Err(SarifError::NotSarif("it has no \"runs\"".to_owned()));
    };
    let mut import = Import::default();
    for run in runs {
        read_run(run, &mut import);
    }
    Ok(import)
}

/// How many results of a run were left out, and why.
#[derive(Default)]
struct Left {
    suppressed: usize,
    passed: usize,
    without_place: usize,
    beyond: usize,
}

fn read_run(run: &Value, import: &mut Import) {
    let driver = &run["tool"]["driver"];
    let tool = name_or(driver["name"].as_str(), "a tool without a name");
    let mut components = vec![driver];
    components.extend(run["tool"]["extensions"].as_array().into_iter().flatten());
    let rules = Rules { components };
    let bases = Bases::of(run);
    let mut left = Left::default();
    for result in run["results"].as_array().into_iter().flatten() {
        if is_suppressed(result) {
            left.suppressed += 1;
        } else if !points_at_something(result) {
            left.passed += 1;
        } else if import.results.len() >= MOST_RESULTS {
            left.beyond += 1;
        } else {
            match read_result(result, &tool, &rules, &bases) {
                Some(result) => import.results.push(result),
                None => left.without_place += 1,
            }
        }
    }
    let mut tell = |count: usize, what: &str| {
        if count > 0 {
            let noun = if count == 1 { "result" } else { "results" };
            import
                .told
                .push(format!("{count} {noun} of {tool} {what}."));
        }
    };
    tell(left.suppressed, "were suppressed there and are left out");
    tell(
        left.passed,
        "say that all is well or that the problem is gone, and are left out",
    );
    tell(left.without_place, "name no file and are left out");
    tell(
        left.beyond,
        "are beyond the 20,000 that are read and are left out",
    );
}

/// A suppression that was rejected or is under review suppresses nothing yet.
fn is_suppressed(result: &Value) -> bool {
    let all = result["suppressions"].as_array();
    all.is_some_and(|all| {
        all.iter()
            .any(|one| matches!(one["status"].as_str(), None | Some("accepted")))
    })
}

fn points_at_something(result: &Value) -> bool {
    let kind = matches!(
        result["kind"].as_str(),
        None | Some("fail" | "open" | "review")
    );
    kind && result["baselineState"].as_str() != Some("absent")
}

/// The rules of a run, in the driver and its extensions.
struct Rules<'a> {
    components: Vec<&'a Value>,
}

impl<'a> Rules<'a> {
    fn find(&self, result: &Value) -> (Option<&'a Value>, String) {
        let reference = &result["rule"];
        let component = reference["toolComponent"]["index"]
            .as_u64()
            .and_then(|at| self.components.get(at as usize + 1))
            .or(self.components.first());
        let index = result["ruleIndex"].as_u64().or(reference["index"].as_u64());
        let by_index = index.and_then(|at| component?["rules"].get(at as usize));
        let id = result["ruleId"]
            .as_str()
            .or(reference["id"].as_str())
            .or(by_index.and_then(|rule| rule["id"].as_str()))
            .unwrap_or("a rule without a name");
        let rule = by_index.or_else(|| self.by_id(id)).or_else(|| {
            // `rule/variant` is described by `rule`.
            id.rsplit_once('/')
                .and_then(|(parent, _)| self.by_id(parent))
        });
        (rule, short(id, LONGEST_NAME))
    }

    fn by_id(&self, id: &str) -> Option<&'a Value> {
        self.components
            .iter()
            .flat_map(|component| component["rules"].as_array().into_iter().flatten())
            .find(|rule| rule["id"].as_str() == Some(id))
    }
}

fn read_result(
    result: &Value,
    tool: &str,
    rules: &Rules<'_>,
    bases: &Bases<'_>,
) -> Option<ImportedResult> {
    let (rule, id) = rules.find(result);
    let none = Value::Null;
    let rule = rule.unwrap_or(&none);
    let place = &result["locations"].get(0)?["physicalLocation"];
    let path = bases.path(&place["artifactLocation"])?;
    let line = |name: &str| {
        let number = place["region"][name].as_u64()?;
        u32::try_from(number).ok().filter(|line| *line > 0)
    };
    let start_line = line("startLine").unwrap_or(1);
    let message = message(result, rule);
    let why = description(rule, tool, &message);
    Some(ImportedResult {
        tool: tool.to_owned(),
        cwe: weaknesses(result, rule),
        strength: strength(result, rule),
        message,
        why,
        path,
        start_line,
        end_line: line("endLine").unwrap_or(start_line).max(start_line),
        rule: id,
    })
}

fn message(result: &Value, rule: &Value) -> String {
    let own = &result["message"];
    let by_id = own["id"]
        .as_str()
        .and_then(|id| rule["messageStrings"][id]["text"].as_str());
    let text = own["text"]
        .as_str()
        .or(by_id)
        .or(own["markdown"].as_str())
        .or(rule["shortDescription"]["text"].as_str())
        .unwrap_or("no message");
    let mut text = text.to_owned();
    for (at, value) in own["arguments"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        text = text.replace(&format!("{{{at}}}"), value.as_str().unwrap_or_default());
    }
    short(&text, LONGEST)
}

fn description(rule: &Value, tool: &str, message: &str) -> String {
    let texts = [
        &rule["shortDescription"]["text"],
        &rule["fullDescription"]["text"],
        &rule["help"]["text"],
        &rule["name"],
    ];
    texts
        .into_iter()
        .filter_map(Value::as_str)
        .map(|text| short(text, LONGEST / 2))
        .find(|text| !text.is_empty() && text != message)
        .unwrap_or_else(|| format!("Reported by {tool}, which says no more of it."))
}

/// Security severities are the ones of CVSS; without one the level counts.
fn strength(result: &Value, rule: &Value) -> Strength {
    let number = |value: &Value| {
        let own = &value["properties"]["security-severity"];
        own.as_f64().or_else(|| own.as_str()?.trim().parse().ok())
    };
    if let Some(severity) = number(result).or_else(|| number(rule)) {
        return match severity {
            severity if severity >= 7.0 => Strength::A,
            severity if severity >= 4.0 => Strength::B,
            _ => Strength::C,
        };
    }
    let level = result["level"]
        .as_str()
        .or(rule["defaultConfiguration"]["level"].as_str());
    match level {
        Some("error") => Strength::A,
        None | Some("warning") => Strength::B,
        Some(_) => Strength::C,
    }
}

/// Gathers weaknesses from everywhere tools put them.
fn weaknesses(result: &Value, rule: &Value) -> Vec<u32> {
    let mut found = Vec::new();
    for value in [result, rule] {
        let properties = &value["properties"];
        for name in ["tags", "cwe", "CWE", "cwe-id", "cwes", "cweid"] {
            let is_tag = name == "tags";
            each_text(&properties[name], &mut |text| {
                found.extend(cwe_in(text, is_tag));
            });
        }
        let references = value["taxa"].as_array().into_iter().flatten().chain(
            value["relationships"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|relation| &relation["target"]),
        );
        for reference in references {
            let is_cwe = reference["toolComponent"]["name"]
                .as_str()
                .is_some_and(|name| name.eq_ignore_ascii_case("cwe"));
            if let Some(id) = reference["id"].as_str() {
                found.extend(cwe_in(id, !is_cwe));
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|number| seen.insert(*number));
    found
}

fn each_text(value: &Value, take: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => take(text),
        Value::Number(number) => take(&number.to_string()),
        Value::Array(all) => all.iter().for_each(|one| each_text(one, take)),
        Value::Null | Value::Bool(_) | Value::Object(_) => {}
    }
}

/// Finds the number in `external/cwe/cwe-89`, `CWE-89: …`, `cwe_89`; a bare number only where nothing else is meant.
fn cwe_in(text: &str, needs_name: bool) -> Option<u32> {
    let lower = text.trim().to_ascii_lowercase();
    let digits = |text: &str| -> Option<u32> {
        let end = text
            .find(|char: char| !char.is_ascii_digit())
            .unwrap_or(text.len());
        text[..end].parse().ok().filter(|number| *number > 0)
    };
    let named = lower.match_indices("cwe").find_map(|(at, _)| {
        let rest = lower[at + 3..].trim_start_matches(['-', '_', ':', ' ', '/', '.']);
        digits(rest)
    });
    named.or_else(|| if needs_name { None } else { digits(&lower) })
}

fn name_or(text: Option<&str>, other: &str) -> String {
    let name = short(text.unwrap_or_default(), LONGEST_NAME);
    if name.is_empty() {
        other.to_owned()
    } else {
        name
    }
}

/// Foreign text as one visible line of some length.
fn short(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = visible(&line);
    if shown.chars().count() <= most {
        return shown.into_owned();
    }
    let mut cut: String = shown.chars().take(most - 1).collect();
    cut.push('…');
    cut
}
