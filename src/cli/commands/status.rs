//! `status`.

use super::Call;
use crate::cli::exit::Exit;
use crate::cli::wire::decimal;
use crate::cli::{print, wire};

/// Prints where the review stands.
pub fn run(call: &Call) -> anyhow::Result<Exit> {
    let mut desk = call.desk()?;
    desk.count_all();
    let snapshot = desk.snapshot();
    let status = wire::status(&desk, &snapshot);
    if call.json {
        print::json(&status);
        return Ok(Exit::Ok);
    }
    let decided = status
        .items
        .iter()
        .filter(|item| item.verdict != "undecided" && item.verdict != "contested")
        .count();
    let coverage = &status.coverage;
    print::line(&format!("{}  {}", status.review, status.title));
    print::line(&format!("base      {}", status.base));
    print::line(&format!("head      {}", status.head));
    print::line(&format!(
        "change    {} files, +{} −{} lines",
        decimal(status.files as u64),
        decimal(status.added),
        decimal(status.removed)
    ));
    print::line(&format!(
        "items     {decided} of {} decided",
        status.items.len()
    ));
    print::line(&format!("findings  {}", status.findings.len()));
    print::line(&format!(
        "read      {} of {} hunks marked as read, {} displayed; {} of {} changed lines",
        coverage.read,
        coverage.hunks,
        coverage.displayed,
        decimal(coverage.lines_read),
        decimal(coverage.lines)
    ));
    print::line(if status.signable {
        "signable  yes"
    } else {
        "signable  not yet:"
    });
    for sentence in status
        .missing
        .iter()
        .chain(&status.against_approved)
        .chain(&status.remarks)
    {
        print::line(&format!("  · {sentence}"));
    }
    if let Some(reason) = &status.read_only {
        print::line(&format!("read-only {reason}"));
    }
    Ok(Exit::Ok)
}
