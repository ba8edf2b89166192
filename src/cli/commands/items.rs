//! `items`.

use super::Call;
use crate::cli::exit::Exit;
use crate::cli::{print, wire};

/// Prints the items and what each came to.
pub fn run(call: &Call) -> anyhow::Result<Exit> {
    let desk = call.desk()?;
    let snapshot = desk.snapshot();
    let items = wire::items(desk.checklists(), &snapshot);
    if call.json {
        print::json(&items);
        return Ok(Exit::Ok);
    }
    let mut category = None;
    for item in &items {
        if category != Some((&item.checklist, &item.category)) {
            print::line(&format!("{}/{}", item.checklist, item.category));
            category = Some((&item.checklist, &item.category));
        }
        let who = item
            .by
            .as_ref()
            .map_or_else(String::new, |by| format!("  {by}"));
        let why = item
            .reason
            .as_ref()
            .map_or_else(String::new, |why| format!(": {why}"));
        print::line(&format!(
            "  {:<24} {:<14} {}{who}{why}",
            item.id, item.verdict, item.title
        ));
    }
    Ok(Exit::Ok)
}
