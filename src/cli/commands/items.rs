//! `items`.

use super::Call;
use crate::cli::exit::Exit;
use crate::cli::wire::ItemLine;
use crate::cli::{print, wire};
use crate::model::{Category, Checklist};
use crate::support::text::width;

/// Prints the items and what each came to.
pub fn run(call: &Call) -> anyhow::Result<Exit> {
    let desk = call.desk()?;
    let snapshot = desk.snapshot();
    let items = wire::items(desk.checklists(), &snapshot);
    if call.json {
        print::json(&serde_json::json!({ "review": desk.id().to_string(), "items": items }));
        return Ok(Exit::Ok);
    }
    let widest = |text: fn(&ItemLine) -> &str| items.iter().map(|item| width(text(item))).max();
    let wide =
        [widest(|item| &item.id), widest(|item| item.verdict)].map(Option::unwrap_or_default);
    for list in desk.checklists().iter() {
        for category in &list.categories {
            let inside = |item: &&ItemLine| {
                item.checklist == list.id.as_str() && item.category == category.id
            };
            if !items.iter().any(|item| inside(&item)) {
                continue;
            }
            print::line(&heading(desk.checklists(), list, category));
            for item in items.iter().filter(inside) {
                print_item(item, wide);
            }
        }
    }
    Ok(Exit::Ok)
}

/// The category, with its checklist where there are several.
fn heading(all: &[Checklist], list: &Checklist, category: &Category) -> String {
    if all.len() > 1 {
        format!("{} · {}", list.title, category.title)
    } else {
        category.title.clone()
    }
}

fn print_item(item: &ItemLine, [id, verdict]: [usize; 2]) {
    print::line(&format!(
        "  {:<id$}  {:<verdict$}  {}",
        item.id, item.verdict, item.title
    ));
    let under = |text: String| print::line(&format!("  {:<id$}  {text}", ""));
    if let Some(reason) = &item.proposed {
        under(format!("proposed as not applicable: {reason}"));
    }
    if !item.waits_for.is_empty() {
        under(format!("waits for {}", item.waits_for.join(", ")));
    }
    if !item.answers.is_empty() {
        under(format!("answers {} too", item.answers.join(", ")));
    }
    let Some(by) = &item.by else { return };
    let others = match item.decisions {
        0 | 1 => String::new(),
        several => format!(" (the most severe of {several} decisions)"),
    };
    let until = item
        .until
        .as_ref()
        .map_or_else(String::new, |until| format!(", until {until}"));
    let why = item
        .reason
        .as_ref()
        .map_or_else(String::new, |why| format!(": {why}"));
    print::line(&format!("  {:<id$}  by {by}{until}{others}{why}", ""));
}
