//! The plan, the production profile and the critical surfaces in Markdown.

use std::fmt::Write as _;

use super::escape::{code_cell, plain, text};
use super::{line, more, table};
use crate::report::document::Report;
use crate::report::{plan, words};

/// How many hunks are listed; the JSON form holds all.
const LISTED: usize = 200;

pub(super) fn plan(out: &mut String, report: &Report) {
    if report.findings.is_empty() {
        return;
    }
    line!(out, "\n## Plan");
    for part in plan::parts(report) {
        line!(out, "\n### {}\n\n{}\n", part.heading, part.total);
        if part.lines.is_empty() {
            continue;
        }
        let rows = part.lines.iter().map(|line| {
            let standing = line.standing.as_ref();
            let due = standing.map_or_else(
                || text(&line.due),
                |standing| format!("{}<br>{}", text(&line.due), text(standing)),
            );
            [
                line.finding.number.to_string(),
                text(&line.finding.title),
                words::severity(line.finding.severity).words.to_owned(),
                text(&line.effort),
                text(&line.owner),
                due,
            ]
        });
        table(
            out,
            [
                "No.",
                "Finding",
                "Severity",
                "Effort",
                "Owner",
                "Due or until",
            ],
            rows,
        );
    }
}

pub(super) fn profile(out: &mut String, report: &Report) {
    line!(out, "\n## Production profile\n");
    line!(out, "{}\n", plain(&plan::profile_sentence(&report.profile)));
    if !report.profile.known.is_empty() {
        let rows = report.profile.known.iter();
        table(
            out,
            ["Value", ""],
            rows.map(|(name, value)| [text(name), text(value)]),
        );
    }
    if let Some(sentence) = plan::assumptions(&report.profile) {
        line!(out, "\n**Assumptions.** {}", plain(&sentence));
    }
}

pub(super) fn critical(out: &mut String, report: &Report) {
    line!(out, "\n## Critical surfaces\n");
    line!(out, "{}", plan::critical_sentence(&report.critical));
    if report.critical.is_empty() {
        return;
    }
    line!(out);
    let rows = plan::critical_rows(&report.critical);
    let cells = rows.iter().take(LISTED).map(|row| {
        [
            code_cell(&row.path),
            row.place.clone(),
            text(&row.surfaces),
            text(&row.signs),
            text(&row.readers),
        ]
    });
    table(
        out,
        ["File", "Place", "Touches", "Recognised by", "Read by"],
        cells,
    );
    more(out, rows.len());
}
