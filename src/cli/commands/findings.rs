//! `findings`.

use super::Call;
use crate::cli::exit::Exit;
use crate::cli::{print, wire};

/// Prints the findings in three parts.
pub fn run(call: &Call) -> anyhow::Result<Exit> {
    let desk = call.desk()?;
    let findings: Vec<_> = desk.review().findings.iter().map(wire::finding).collect();
    if call.json {
        print::json(&findings);
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
            let until = finding
                .until
                .as_ref()
                .map_or_else(String::new, |until| format!(" (until {until})"));
            print::line(&format!(
                "  {}  {:<8} {}: {}{until}",
                finding.id, finding.severity, finding.item, finding.title
            ));
            for place in &finding.at {
                print::line(&format!("              {place}"));
            }
        }
    }
    Ok(Exit::Ok)
}
