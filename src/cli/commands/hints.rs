//! `hints`, `dismiss`, `restore`.

use anyhow::bail;
use serde::Serialize;

use super::{Call, done};
use crate::cli::args::{DismissArgs, HintsArgs, RestoreArgs};
use crate::cli::exit::Exit;
use crate::cli::wire::hint_state;
use crate::cli::{print, wire};
use crate::model::{Hint, HintRef, ItemId};
use crate::review::Review;
use crate::workbench::{Act, Desk};

/// The fewest digits of a fingerprint that name a hint.
const FEWEST: usize = 4;

/// A hint of the review, as it is printed.
#[derive(Serialize)]
struct HintLine<'a> {
    fingerprint: String,
    rule: &'a str,
    tool: Option<&'a str>,
    items: Vec<&'a str>,
    path: String,
    line: u32,
    strength: &'static str,
    message: &'a str,
    why: &'a str,
    /// `open`, `folded`, `dismissed`, `confirmed`.
    state: &'static str,
    dismissed: Vec<DismissedLine<'a>>,
    findings: Vec<&'a str>,
}

#[derive(Serialize)]
struct DismissedLine<'a> {
    by: &'a str,
    reason: &'a str,
}

/// Lists the hints.
pub fn run(call: &Call, args: &HintsArgs) -> anyhow::Result<Exit> {
    let desk = call.desk()?;
    let asked = args.item.as_deref().map(ItemId::from);
    if let Some(id) = &asked
        && desk.item(id).is_none()
    {
        bail!(
            "no item is called {id:?}; `countersign items` lists them",
            id = id.as_str()
        );
    }
    let found = desk.hints();
    let wanted = |hint: &&Hint| {
        let item = asked.as_ref().is_none_or(|id| {
            let plain = id.as_str().rsplit('/').next().unwrap_or_default();
            hint.items
                .iter()
                .any(|own| own == id || own.as_str() == plain)
        });
        item && (args.all || hint_state(desk.review(), hint) != "folded")
    };
    let shown: Vec<&Hint> = found.hints.iter().filter(wanted).collect();
    if call.json {
        let lines: Vec<_> = shown.iter().map(|hint| line(desk.review(), hint)).collect();
        print::json(&serde_json::json!({
            "review": desk.id().to_string(),
            "hints": lines,
            "problems": found.told(),
        }));
        return Ok(Exit::Ok);
    }
    for hint in &shown {
        print_hint(&line(desk.review(), hint));
    }
    let folded = found
        .hints
        .iter()
        .filter(|hint| hint_state(desk.review(), hint) == "folded")
        .count();
    let noun = if shown.len() == 1 { "hint" } else { "hints" };
    let more = if folded > 0 && !args.all {
        format!(
            "; {folded} more folded, beyond the budget or on lines the change left alone (--all shows them)"
        )
    } else {
        String::new()
    };
    print::line(&format!(
        "{} {noun}{more}. Hints decide nothing.",
        shown.len()
    ));
    for problem in &found.told() {
        print::note(problem);
    }
    Ok(Exit::Ok)
}

fn print_hint(hint: &HintLine<'_>) {
    let tool = hint
        .tool
        .map_or_else(String::new, |tool| format!("[{tool}] "));
    print::line(&format!(
        "{} {}:{} {} {tool}{}",
        &hint.fingerprint[..12],
        hint.path,
        hint.line,
        hint.strength,
        hint.message
    ));
    print::line(&format!(
        "    {} · {} · {}",
        hint.state,
        hint.items.join(", "),
        hint.rule
    ));
    for one in &hint.dismissed {
        print::line(&format!("    dismissed by {}: {}", one.by, one.reason));
    }
    for finding in &hint.findings {
        print::line(&format!("    finding {finding}"));
    }
}

fn line<'a>(review: &'a Review, hint: &'a Hint) -> HintLine<'a> {
    let said = review.hints.get(&hint.fingerprint);
    HintLine {
        fingerprint: hint.fingerprint.to_string(),
        rule: hint.rule.as_str(),
        tool: hint.tool.as_deref(),
        items: hint.items.iter().map(ItemId::as_str).collect(),
        path: hint.path.quoted(),
        line: hint.line(),
        strength: hint.strength.name(),
        message: &hint.message,
        why: &hint.why,
        state: hint_state(review, hint),
        dismissed: said
            .into_iter()
            .flat_map(|said| said.dismissed.values())
            .map(|one| DismissedLine {
                by: &one.stamp.by.name,
                reason: &one.reason,
            })
            .collect(),
        findings: said
            .into_iter()
            .flat_map(|said| &said.confirmed)
            .map(|one| one.finding.as_str())
            .collect(),
    }
}

/// Dismisses a hint.
pub fn dismiss(call: &Call, args: &DismissArgs) -> anyhow::Result<Exit> {
    let mut desk = call.desk()?;
    let hint = find(&desk, &args.hint)?;
    let text = format!(
        "Dismissed {} at {}. No item is decided by that.",
        hint.rule,
        hint.place()
    );
    desk.act(&Act::DismissHint {
        hint,
        reason: args.reason.clone(),
    })?;
    call.say(&done(&desk, text));
    Ok(Exit::Ok)
}

/// Takes a dismissal back.
pub fn restore(call: &Call, args: &RestoreArgs) -> anyhow::Result<Exit> {
    let mut desk = call.desk()?;
    // A dismissal can be taken back though its rule or its code is gone.
    let own = dismissed(&desk, &args.hint);
    let hint = match own.as_slice() {
        [one] => one.clone(),
        _ => find(&desk, &args.hint)?,
    };
    desk.act(&Act::RestoreHint(hint.fingerprint))?;
    let text = format!(
        "Took your dismissal of {} at {} back.",
        hint.rule,
        hint.place()
    );
    call.say(&wire::Done {
        ..done(&desk, text)
    });
    Ok(Exit::Ok)
}

fn dismissed(desk: &Desk, asked: &str) -> Vec<HintRef> {
    let me = desk.person().key();
    desk.review()
        .hints
        .values()
        .filter_map(|said| said.dismissed.get(&me))
        .map(|one| one.hint.clone())
        .filter(|hint| is_named(hint, asked))
        .collect()
}

fn find(desk: &Desk, asked: &str) -> anyhow::Result<HintRef> {
    let found = desk.hints();
    let named: Vec<HintRef> = found
        .hints
        .iter()
        .map(Hint::reference)
        .filter(|hint| is_named(hint, asked))
        .collect();
    match named.as_slice() {
        [one] => Ok(one.clone()),
        [] => bail!(
            "no hint of this review is called {asked:?}; `countersign hints --all` lists them. A hint is named by at \
             least {FEWEST} digits of its fingerprint, or as RULE@PATH:LINE"
        ),
        several => bail!(
            "{asked:?} fits {} hints ({}); name one by its fingerprint",
            several.len(),
            several
                .iter()
                .take(4)
                .map(|hint| hint.fingerprint.short())
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

fn is_named(hint: &HintRef, asked: &str) -> bool {
    let is_prefix = asked.len() >= FEWEST
        && asked.bytes().all(|byte| byte.is_ascii_hexdigit())
        && hint
            .fingerprint
            .to_string()
            .starts_with(&asked.to_ascii_lowercase());
    is_prefix || asked == format!("{}@{}", hint.rule, hint.place())
}
