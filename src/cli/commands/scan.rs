//! `scan`: hints without a review.

use anyhow::bail;
use serde::Serialize;

use super::Call;
use super::review::source_spec;
use crate::cli::args::ScanArgs;
use crate::cli::exit::Exit;
use crate::cli::print;
use crate::hints::{sarif, settle};
use crate::model::{Hint, Strength};
use crate::workbench::scan::{ScanOutcome, ScanRequest, scan};

/// A hint as it is printed. Lines and columns are 1-based, columns count characters, the end column is after the last. The
/// lines are those of what decides; `match` is all that was matched, the first line of a function, loop or class.
#[derive(Serialize)]
struct WireHint<'a> {
    rule: &'a str,
    items: Vec<&'a str>,
    path: String,
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    #[serde(rename = "match")]
    whole: [u32; 4],
    strength: &'a str,
    message: &'a str,
    why: &'a str,
    fingerprint: String,
    folded: bool,
}

/// Scans and prints.
pub fn run(call: &Call, args: ScanArgs) -> anyhow::Result<Exit> {
    let floor = strength(args.strength.as_deref(), "--strength")?;
    let fail_on = strength(args.fail_on.as_deref(), "--fail-on")?;
    let format = args
        .format
        .clone()
        .unwrap_or_else(|| if call.json { "json" } else { "text" }.to_owned());
    if !matches!(format.as_str(), "text" | "json" | "sarif") {
        bail!("--format takes text, json or sarif, not {format:?}");
    }
    let setting = call.setting()?;
    let own = setting.folders.rules();
    let mut rules = args.rules.clone();
    if own.is_dir() {
        rules.insert(0, own);
    }
    let spec = source_spec(
        args.range,
        args.staged,
        args.worktree,
        args.patch,
        args.tree,
        args.path,
    )?;
    let request = ScanRequest {
        spec,
        all_lines: args.all_lines,
        rules,
        every_rule: !args.rule.is_empty() || !args.item.is_empty(),
    };
    let mut outcome = scan(&request, &setting.cwd)?;
    check_names(&outcome, &args.item, &args.rule)?;
    outcome.hints.retain(|hint| {
        floor.is_none_or(|floor| hint.strength <= floor)
            && (args.item.is_empty()
                || hint
                    .items
                    .iter()
                    .any(|item| args.item.iter().any(|asked| asked == item.as_str())))
            && (args.rule.is_empty() || args.rule.iter().any(|asked| asked == hint.rule.as_str()))
    });
    if floor.is_some() || !args.item.is_empty() || !args.rule.is_empty() {
        // The budget is for what was asked for.
        for hint in &mut outcome.hints {
            hint.folded = false;
        }
        settle(&mut outcome.hints, outcome.added_lines);
    }
    let fails =
        fail_on.is_some_and(|floor| outcome.hints.iter().any(|hint| hint.strength <= floor));
    match format.as_str() {
        "sarif" => print::json(&sarif::write(
            &outcome.hints,
            &outcome.registry,
            &outcome.problems,
        )),
        "json" => print::json(&outcome.hints.iter().map(wire).collect::<Vec<_>>()),
        _ => text(&outcome, args.all),
    }
    for problem in &outcome.problems {
        print::note(problem);
    }
    Ok(if fails { Exit::No } else { Exit::Ok })
}

fn strength(text: Option<&str>, option: &str) -> anyhow::Result<Option<Strength>> {
    let Some(text) = text else { return Ok(None) };
    match Strength::from_name(text) {
        Some(strength) => Ok(Some(strength)),
        None => bail!("{option} takes A, B or C, not {text:?}"),
    }
}

fn check_names(outcome: &ScanOutcome, items: &[String], rules: &[String]) -> anyhow::Result<()> {
    for asked in rules {
        if outcome.registry.rule(asked).is_none() {
            bail!("no rule is called {asked:?}; `countersign rules list` names them");
        }
    }
    for asked in items {
        let is_known = outcome
            .registry
            .rules()
            .iter()
            .any(|rule| rule.items.iter().any(|item| item.as_str() == asked));
        if !is_known {
            bail!(
                "no rule helps with an item called {asked:?}; `countersign rules list` names the items"
            );
        }
    }
    Ok(())
}

fn wire(hint: &Hint) -> WireHint<'_> {
    let (focus, whole) = (hint.focus, hint.span);
    WireHint {
        rule: hint.rule.as_str(),
        items: hint
            .items
            .iter()
            .map(crate::model::ItemId::as_str)
            .collect(),
        path: hint.path.quoted(),
        start_line: focus.start_line,
        start_column: focus.start_column,
        end_line: focus.end_line,
        end_column: focus.end_column,
        whole: [
            whole.start_line,
            whole.start_column,
            whole.end_line,
            whole.end_column,
        ],
        strength: hint.strength.name(),
        message: &hint.message,
        why: &hint.why,
        fingerprint: hint.fingerprint.to_string(),
        folded: hint.folded,
    }
}

fn text(outcome: &ScanOutcome, all: bool) {
    let shown: Vec<&Hint> = outcome
        .hints
        .iter()
        .filter(|hint| all || !hint.folded)
        .collect();
    for hint in &shown {
        print::line(&format!(
            "{}:{}:{} {} {}",
            hint.path,
            hint.focus.start_line,
            hint.focus.start_column,
            hint.strength.name(),
            hint.message
        ));
        print::line(&format!("    {} ({})", hint.why, hint.rule));
    }
    let folded = outcome.hints.len() - shown.len();
    let last = format!(
        "{} in {} added {}",
        count(shown.len(), "hint"),
        outcome.added_lines,
        if outcome.added_lines == 1 {
            "line"
        } else {
            "lines"
        }
    );
    let rest = if folded > 0 {
        format!("; {folded} more beyond the budget of 10 per 1,000 lines (--all shows them)")
    } else {
        String::new()
    };
    print::line(&format!("{last}{rest}"));
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
