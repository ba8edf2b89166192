//! Items, waivers and comments in Markdown.

use std::fmt::Write as _;

use super::escape::{code, prose, text};
use super::findings::evidence;
use super::{line, person};
use crate::report::document::{About, Decision, HintTally, ItemEntry, Remark, Report};
use crate::report::words;
use crate::support::number::grouped;

pub(super) fn items(out: &mut String, report: &Report) {
    line!(out, "\n## Items\n\n{}", words::decided(report));
    for section in &report.checklists {
        line!(out, "\n### {}\n", text(&section.title));
        if let Some(source) = &section.source {
            line!(
                out,
                "{}, version {}",
                code(&source.id),
                text(&source.version)
            );
        }
        for category in &section.categories {
            line!(out, "\n#### {}\n", text(&category.title));
            for entry in &category.items {
                item(out, entry);
            }
        }
    }
}

fn item(out: &mut String, item: &ItemEntry) {
    let label = words::outcome(item.outcome);
    line!(
        out,
        "- **{} {}: {}** ({}){}",
        label.shape,
        label.words,
        text(&item.title),
        code(&item.id),
        if item.ask.is_blank() { "" } else { "  " }
    );
    if !item.ask.is_blank() {
        line!(out, "  *{}*", text(&item.ask));
    }
    if let Some(other) = &item.answered_with {
        line!(out, "  - Asked once for several lists, as {}.", code(other));
    }
    for (number, title) in &item.findings {
        line!(out, "  - Finding {number}: {}", text(title));
    }
    for figure in &item.figures {
        line!(out, "  - Figure: {}", text(figure));
    }
    if item.decisions.is_empty() {
        line!(out, "  - Nobody has decided.");
    }
    for one in &item.decisions {
        decision(out, one);
    }
    if let Some(hints) = &item.hints {
        tally(out, hints);
    }
}

fn tally(out: &mut String, hints: &HintTally) {
    let Some(sentence) = words::tally(hints) else {
        return;
    };
    line!(out, "  - {sentence}");
    for one in &hints.dismissed {
        line!(
            out,
            "    - Dismissed by {} on {}: {} ({}):",
            text(&one.by.name),
            words::moment(one.at),
            code(&one.place),
            code(&one.rule)
        );
        line!(out, "{}", prose(&one.reason, "      "));
    }
    for one in &hints.confirmed {
        let number = one.finding.unwrap_or_default();
        line!(
            out,
            "    - Led to finding {number}: {} ({})",
            code(&one.place),
            code(&one.rule)
        );
    }
}

pub(super) fn hints(out: &mut String, report: &Report) {
    let Some(hints) = &report.hints else { return };
    line!(
        out,
        "\n## Hints\n\n{}\n\n{}",
        words::hints(hints),
        words::HINTS
    );
    for (tool, count) in &hints.tools {
        line!(out, "\nAmong them {} of {}.", grouped(*count), text(tool));
    }
    if !hints.problems.is_empty() {
        line!(out, "\n**{}**\n", words::HINT_PROBLEMS);
        for problem in &hints.problems {
            line!(out, "- {}", text(problem));
        }
    }
}

fn decision(out: &mut String, decision: &Decision) {
    let carried = decision
        .waived
        .as_ref()
        .map_or_else(String::new, |(by, until)| {
            format!(
                "; {} carries the risk until {}",
                text(by),
                words::day(*until)
            )
        });
    line!(
        out,
        "  - {} by {} on {}{carried}{}",
        words::decision(decision.verdict).words,
        text(&decision.by.name),
        words::moment(decision.at),
        if decision.reason.is_empty() { "" } else { ":" }
    );
    if !decision.reason.is_empty() {
        line!(out, "{}", prose(&decision.reason, "    "));
    }
    if let Some(reference) = &decision.reference {
        line!(out, "    - Rests on: {}", text(reference));
    }
}

pub(super) fn waivers(out: &mut String, report: &Report) {
    line!(out, "\n## Waivers\n");
    if report.waivers.is_empty() {
        line!(out, "{}", words::NO_WAIVERS);
        return;
    }
    for waiver in &report.waivers {
        line!(
            out,
            "- **{}** ({}): {} carries the risk until **{}**{}; recorded by {} on {}",
            text(&waiver.item.title),
            code(&waiver.item.id),
            text(&waiver.carried_by),
            words::day(waiver.until),
            if waiver.lapsed { " (lapsed)" } else { "" },
            text(&waiver.by.name),
            words::moment(waiver.at)
        );
        if !waiver.reason.is_empty() {
            line!(out, "\n{}\n", prose(&waiver.reason, "  "));
        }
    }
}

pub(super) fn comments(out: &mut String, report: &Report) {
    if report.comments.is_empty() {
        return;
    }
    line!(out, "\n## Comments");
    for remark in &report.comments {
        comment(out, remark);
    }
}

fn comment(out: &mut String, remark: &Remark) {
    let about = match &remark.about {
        About::Review => "the review".to_owned(),
        About::Item(item) => format!("{} ({})", text(&item.title), code(&item.id)),
        About::File(path) => code(path),
        About::Lines(place) => code(&place.place),
    };
    line!(out, "\n### On {}\n", about);
    line!(
        out,
        "{}, {}\n",
        person(&remark.by),
        words::moment(remark.at)
    );
    line!(out, "{}", prose(&remark.text, ""));
    if let About::Lines(place) = &remark.about {
        line!(out);
        evidence(out, place, "");
    }
}
