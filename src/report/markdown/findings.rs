//! The three parts of the findings in Markdown.

use std::fmt::Write as _;

use super::escape::{code, fenced, prose, text};
use super::{line, person};
use crate::report::document::{Evidence, FindingEntry, Report};
use crate::report::words;

pub(super) fn findings(out: &mut String, report: &Report) {
    line!(out, "\n## Findings");
    for (part, findings) in words::parts(&report.findings) {
        line!(out, "\n### {}\n", part.heading);
        if findings.is_empty() {
            line!(out, "{}", part.none);
            continue;
        }
        line!(out, "{}", part.about);
        for finding in findings {
            entry(out, finding);
        }
    }
}

fn entry(out: &mut String, finding: &FindingEntry) {
    let label = words::severity(finding.severity);
    line!(out, "\n#### {}. {}\n", finding.number, text(&finding.title));
    line!(
        out,
        "**{} {}** · {} ({}){} · {}\n",
        label.shape,
        label.words,
        text(&finding.item.title),
        code(&finding.item.id),
        category(finding),
        code(&finding.id)
    );
    for (name, value) in words::particulars(finding) {
        line!(out, "- **{name}:** {}", text(&value));
    }
    line!(out, "- **Found by:** {}", found(finding));
    if !finding.note.is_empty() {
        line!(out, "\n{}", prose(&finding.note, ""));
    }
    for place in &finding.evidence {
        line!(out);
        evidence(out, place, "");
    }
    if !finding.mitigation.is_empty() {
        line!(
            out,
            "\n**Mitigation**\n\n{}",
            prose(&finding.mitigation, "")
        );
    }
}

fn category(finding: &FindingEntry) -> String {
    if finding.item.category.is_blank() {
        String::new()
    } else {
        format!(" · {}", text(&finding.item.category))
    }
}

fn found(finding: &FindingEntry) -> String {
    let mut by = format!("{} on {}", person(&finding.by), words::moment(finding.at));
    if let Some((who, at)) = &finding.edited {
        // Writing to a string cannot fail.
        let _ = write!(
            by,
            "; last edited by {} on {}",
            person(who),
            words::moment(*at)
        );
    }
    by
}

/// Prints a place with its lines, each after `indent`.
pub(super) fn evidence(out: &mut String, place: &Evidence, indent: &str) {
    line!(out, "{indent}{}\n", code(&place.place));
    if !place.lines.is_empty() {
        let width = place.lines.last().map_or(1, |l| l.number.to_string().len());
        let lines: Vec<String> = place
            .lines
            .iter()
            .map(|l| format!("{:width$} | {}{}", l.number, l.text, words::cut(l.cut)))
            .collect();
        out.push_str(&fenced(&lines, indent));
    }
    if let Some(omitted) = words::omitted(place) {
        line!(out, "\n{indent}*{omitted}*");
    }
}
