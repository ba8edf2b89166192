//! `findings`.

use super::Call;
use crate::cli::exit::Exit;
use crate::cli::wire::FindingLine;
use crate::cli::{print, wire};

/// Prints the findings in three parts.
pub fn run(call: &Call) -> anyhow::Result<Exit> {
    let desk = call.desk()?;
    let findings: Vec<_> = desk.review().findings.iter().map(wire::finding).collect();
    if call.json {
        print::json(&serde_json::json!({ "review": desk.id().to_string(), "findings": findings }));
        return Ok(Exit::Ok);
    }
    if findings.is_empty() {
        print::line("No findings.");
    }
    let parts = [
        ("fix-before-launch", "Fix before launch"),
        ("can-wait", "Can wait"),
        ("accepted-risk", "Accepted risk"),
    ];
    for (name, title) in parts {
        let part: Vec<_> = findings
            .iter()
            .filter(|finding| finding.disposition == name)
            .collect();
        if part.is_empty() {
            continue;
        }
        print::line(title);
        for finding in part {
            print_finding(finding);
        }
    }
    Ok(Exit::Ok)
}

fn print_finding(finding: &FindingLine) {
    print::line(&format!(
        "  {}  {:<7}  {}: {}",
        finding.id, finding.severity, finding.item, finding.title
    ));
    let indent = " ".repeat(2 + finding.id.len() + 2);
    for (name, text) in [
        ("until", finding.until.as_deref().unwrap_or_default()),
        (
            "risk of",
            finding.accepted_by.as_deref().unwrap_or_default(),
        ),
        ("owner", &finding.owner),
        ("note", &finding.note),
    ] {
        if !text.is_empty() {
            print::line(&format!("{indent}{name:<7}  {text}"));
        }
    }
    for place in &finding.at {
        print::line(&format!("{indent}at       {place}"));
    }
}
