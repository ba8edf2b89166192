//! `list`.

use serde::Serialize;

use super::Call;
use crate::cli::exit::Exit;
use crate::cli::print;
use crate::support::clock::stamp;
use crate::workbench::{Overview, overviews};

#[derive(Serialize)]
struct Line {
    review: String,
    title: String,
    repository: Option<String>,
    change: Option<String>,
    base: Option<String>,
    head: Option<String>,
    decided: Option<usize>,
    items: Option<usize>,
    last: Option<String>,
    here: bool,
    problems: Vec<String>,
}

/// Prints all reviews, the last touched first.
pub fn run(call: &Call) -> anyhow::Result<Exit> {
    let all = overviews(&call.setting()?)?;
    let lines: Vec<Line> = all.iter().map(line).collect();
    if call.json {
        print::json(&serde_json::json!({ "reviews": lines }));
        return Ok(Exit::Ok);
    }
    if all.is_empty() {
        print::line(
            "No reviews yet. `countersign review` begins one, `countersign demo` shows one.",
        );
    }
    let widest = |text: fn(&Line) -> &str| lines.iter().map(|line| text(line).len()).max();
    let id = widest(|line| &line.review).unwrap_or_default();
    let last = widest(|line| line.last.as_deref().unwrap_or_default()).unwrap_or_default();
    for line in &lines {
        let progress = match (line.decided, line.items) {
            (Some(decided), Some(items)) => format!("{decided}/{items}"),
            _ => "?".to_owned(),
        };
        let here = if line.here { "*" } else { " " };
        print::line(&format!(
            "{here} {:<id$}  {progress:>7}  {:<last$}  {}",
            line.review,
            line.last.as_deref().unwrap_or_default(),
            line.title
        ));
        for problem in &line.problems {
            print::line(&format!("    {problem}"));
        }
    }
    Ok(Exit::Ok)
}

fn line(overview: &Overview) -> Line {
    let Overview {
        summary,
        progress,
        here,
    } = overview;
    let revision = summary.revision.as_ref();
    Line {
        review: summary.id.to_string(),
        title: summary.title.clone(),
        repository: summary.repository.clone(),
        change: revision.map(|revision| revision.title.clone()),
        base: revision.map(|revision| revision.base.id()),
        head: revision.map(|revision| revision.head.id()),
        decided: progress.map(|(decided, _)| decided),
        items: progress.map(|(_, items)| items),
        last: summary.last.map(stamp),
        here: *here,
        problems: summary.problems.clone(),
    }
}
