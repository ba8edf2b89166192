//! [`Report`] → Markdown in GitHub's dialect, meant to be read raw as well as rendered.

mod escape;
mod findings;
mod items;
mod judged;

use std::fmt::Write as _;

use self::escape::{code, code_cell, plain, prose, text};
use super::document::{End, Gap, Report, Scope, Signature, Who};
use super::shown::Shown;
use super::words;
use crate::support::number::{count, grouped};

/// How many rows a list of files has before it is cut; the JSON form always holds all.
const FILES_LISTED: usize = 200;

/// Prints a report as Markdown.
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    front(&mut out, report);
    summary(&mut out, report);
    signed(&mut out, report.signature.as_ref());
    judged::plan(&mut out, report);
    scope(&mut out, &report.scope);
    judged::critical(&mut out, report);
    judged::profile(&mut out, report);
    findings::findings(&mut out, report);
    items::items(&mut out, report);
    items::waivers(&mut out, report);
    items::comments(&mut out, report);
    items::hints(&mut out, report);
    production(&mut out, report);
    out
}

/// Appends a line.
macro_rules! line {
    ($out:expr) => { $out.push('\n') };
    ($out:expr, $($arg:tt)*) => {{
        // Writing to a string cannot fail.
        let _ = writeln!($out, $($arg)*);
    }};
}
use line;

fn front(out: &mut String, report: &Report) {
    let label = words::verdict(report.verdict());
    line!(out, "# Sign-off report: {}\n", text(&report.title));
    line!(
        out,
        "> **{} {}**  ",
        label.shape,
        label.words.to_uppercase()
    );
    line!(out, "> {}\n", words::verdict_sentence(report.verdict()));
    let mut facts = Vec::new();
    if let Some(repository) = &report.repository {
        facts.push(("Repository", code_cell(repository)));
    }
    facts.push(("Change", code_cell(&report.scope.change)));
    facts.push(("Base", end(&report.scope.base)));
    facts.push(("Head", end(&report.scope.head)));
    let people: Vec<String> = report
        .reviewers
        .iter()
        .map(|reviewer| {
            format!(
                "{} ({} decided, {})",
                person(&reviewer.who),
                count(reviewer.items, "item"),
                count(reviewer.findings, "finding")
            )
        })
        .collect();
    facts.push(("Reviewed by", people.join("<br>")));
    facts.push((
        "Signed",
        report.signature.as_ref().map_or_else(
            || "not signed".to_owned(),
            |signature| words::moment(signature.signed_at),
        ),
    ));
    facts.push(("Report made", words::moment(report.generated_at)));
    facts.push(("Review", code_cell(&report.review)));
    table(out, ["", ""], facts.into_iter().map(|(k, v)| [bold(k), v]));
}

fn bold(text: &str) -> String {
    format!("**{text}**")
}

fn person(who: &Who) -> String {
    if who.email.is_blank() {
        text(&who.name)
    } else {
        format!("{}, {}", text(&who.name), text(&who.email))
    }
}

fn end(end: &End) -> String {
    match &end.commit {
        Some(commit) => format!("{} ({})", code_cell(commit), text(&end.label)),
        None => text(&end.label),
    }
}

fn signed(out: &mut String, signature: Option<&Signature>) {
    line!(out, "\n## Signature\n");
    let Some(signature) = signature else {
        line!(out, "**Draft: not signed.** {}", words::UNSIGNED);
        return;
    };
    let not_after = signature.not_after.map_or_else(
        || "no date set".to_owned(),
        |date| format!("{}, after which this sign-off lapses", words::day(date)),
    );
    let rows = [
        ("Printed name", text(&signature.printed_name)),
        ("Role", text(&signature.role)),
        ("Organisation", text(&signature.organisation)),
        ("Signs as", code_cell(&signature.principal)),
        ("Key fingerprint", code_cell(&signature.fingerprint)),
        ("Signed", words::moment(signature.signed_at)),
        ("Holds until", not_after),
    ];
    table(out, ["", ""], rows.into_iter().map(|(k, v)| [bold(k), v]));
    if !signature.meaning.is_empty() {
        line!(out, "\n{}", prose(&signature.meaning, "> "));
    }
    if !signature.statement.is_empty() {
        line!(
            out,
            "\n**Statement of the signer**\n\n{}",
            prose(&signature.statement, "")
        );
    }
}

fn summary(out: &mut String, report: &Report) {
    line!(out, "\n## Summary\n");
    line!(out, "- **Items:** {}", words::decided(report));
    line!(out, "- **Findings:** {}", words::findings(report));
    line!(out, "- **Read:** {}", words::read(&report.scope));
    line!(out, "- **Not read:** {}", words::not_read(&report.scope));
    conditions(out, report);
    if !report.findings.is_empty() {
        line!(out, "\n### Findings by severity\n");
        let rows = report.summary.tally.iter().map(|row| {
            let label = words::severity(row.severity);
            [
                format!("{} {}", label.shape, label.words),
                row.now.to_string(),
                row.later.to_string(),
                row.accepted.to_string(),
            ]
        });
        table(out, ["Severity", "Now", "Can wait", "Accepted risk"], rows);
    }
    line!(out, "\n### Items by outcome\n");
    let rows = report.summary.outcomes.iter().map(|(outcome, count)| {
        let label = words::outcome(*outcome);
        [format!("{} {}", label.shape, label.words), grouped(*count)]
    });
    table(out, ["Outcome", "Items"], rows);
}

fn conditions(out: &mut String, report: &Report) {
    let conditions = words::conditions(report);
    if conditions.is_empty() {
        return;
    }
    line!(
        out,
        "\n### {}\n",
        words::conditions_heading(report.verdict())
    );
    for condition in conditions {
        let finding = condition
            .title
            .map_or_else(String::new, |title| format!(": {}", text(title)));
        let owner = condition
            .owner
            .map_or_else(String::new, |owner| format!(" ({})", text(owner)));
        let lead = plain(&condition.lead);
        line!(out, "- **{lead}**{finding}{owner}");
    }
}

fn scope(out: &mut String, scope: &Scope) {
    line!(out, "\n## Scope\n");
    line!(
        out,
        "{}. {}\n",
        words::source(scope.kind),
        words::size(scope)
    );
    let id = |id: &Option<Shown>| id.as_ref().map_or_else(|| "none".to_owned(), code_cell);
    let ends = [("Base", &scope.base), ("Head", &scope.head)]
        .map(|(name, end)| [bold(name), text(&end.label), id(&end.commit), id(&end.tree)]);
    table(out, ["End", "Named", "Commit", "Tree"], ends);

    line!(out, "\n### What was read\n");
    line!(out, "{}\n", words::read(scope));
    let rows =
        words::coverage(scope).map(|row| row.map(|cell| cell.unwrap_or_else(|| "–".to_owned())));
    table(
        out,
        ["", "In the change", "Displayed", "Read", "Not read"],
        rows,
    );
    line!(out, "\n{}", words::READING);

    line!(out, "\n### What was not read\n");
    line!(out, "{}", words::not_read(scope));
    if !scope.unread.is_empty() {
        line!(out);
        let rows = scope.unread.iter().take(FILES_LISTED).map(|file| {
            [
                code_cell(&file.path),
                words::unread_hunks(file),
                grouped(file.lines),
            ]
        });
        table(
            out,
            ["File", "Hunks not read", "Changed lines not read"],
            rows,
        );
        more(out, scope.unread.len());
    }
    if !scope.unopened.is_empty() {
        line!(out, "\n**Never opened**\n");
        for path in scope.unopened.iter().take(FILES_LISTED) {
            line!(out, "- {}", code(path));
        }
        more(out, scope.unopened.len());
    }
    gaps(out, words::UNSHOWN, &scope.unshown);
    gaps(out, words::PROBLEMS, &scope.problems);
}

fn gaps(out: &mut String, heading: &str, gaps: &[Gap]) {
    if gaps.is_empty() {
        return;
    }
    line!(out, "\n**{heading}**\n");
    for gap in gaps.iter().take(FILES_LISTED) {
        match &gap.path {
            Some(path) => line!(out, "- {}: {}", code(path), text(&gap.why)),
            None => line!(out, "- {}", text(&gap.why)),
        }
    }
    more(out, gaps.len());
}

fn more(out: &mut String, all: usize) {
    if let Some(rest) = words::more(all, FILES_LISTED) {
        line!(out, "\n{rest}");
    }
}

fn production(out: &mut String, report: &Report) {
    let made = &report.production;
    line!(out, "\n## About this document\n");
    for sentence in words::assurances(report) {
        line!(out, "- {}", plain(sentence));
    }
    line!(
        out,
        "\nMade by {} {} on {} from {}.{}",
        text(&made.tool),
        text(&made.version),
        words::moment(report.generated_at),
        count(made.entries, "recorded act"),
        words::unknown(made.unknown)
    );
    if !made.parameters.is_blank() {
        line!(
            out,
            "Differences were computed with {}.",
            code(&made.parameters)
        );
    }
    line!(out, "\n### SHA-256 digests\n");
    let rows = words::digests(report)
        .into_iter()
        .map(|(what, name, digest)| [what.to_owned(), text(&name), format!("`{digest}`")]);
    table(out, ["What", "Name", "SHA-256"], rows);
    if made.earlier.is_empty() {
        return;
    }
    line!(out, "\n### Signatures recorded before this report\n");
    for earlier in &made.earlier {
        let withdrawn = earlier
            .withdrawn
            .as_ref()
            .map_or_else(String::new, |why| format!("; **withdrawn**: {}", text(why)));
        line!(
            out,
            "- {} by {} ({}) on {}, record `{}`{withdrawn}",
            words::verdict(Some(earlier.verdict)).words,
            code(&earlier.principal),
            code(&earlier.fingerprint),
            words::moment(earlier.at),
            earlier.record
        );
    }
}

/// Prints a table with columns aligned for a reader of the source, as far as cells are short.
fn table<const N: usize>(
    out: &mut String,
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) {
    const WIDEST: usize = 48;
    let rows: Vec<[String; N]> = rows.into_iter().collect();
    let mut widths = head.map(|cell| cell.chars().count().max(3));
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count().min(WIDEST));
        }
    }
    let mut print = |cells: [&str; N]| {
        for (cell, width) in cells.into_iter().zip(widths) {
            let _ = write!(out, "| {cell:width$} ");
        }
        out.push_str("|\n");
    };
    print(head);
    let rules = widths.map(|width| "-".repeat(width));
    print(rules.each_ref().map(String::as_str));
    for row in &rows {
        print(row.each_ref().map(String::as_str));
    }
}
