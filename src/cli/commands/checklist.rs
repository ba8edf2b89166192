//! `checklist`: list, show, lint, sources, schema.

use anyhow::Context as _;
use serde::Serialize;

use super::{Call, questions};
use crate::checklist::{self, Origin, show};
use crate::cli::args::{ChecklistArgs, ChecklistCommand};
use crate::cli::exit::Exit;
use crate::cli::print;
use crate::model::{Checklist, Item, ItemId};
use crate::workbench;

/// Columns of running text.
const WIDTH: usize = 96;

/// Runs a verb on checklists.
pub fn run(call: &Call, args: &ChecklistArgs) -> anyhow::Result<Exit> {
    match &args.command {
        ChecklistCommand::List => list(call),
        ChecklistCommand::Show { checklist, item } => show_one(call, checklist, item.as_deref()),
        ChecklistCommand::Lint { file } => lint(call, file),
        ChecklistCommand::New { name, out } => questions::new(call, name, out.as_deref()),
        ChecklistCommand::Import { file, id, out } => {
            questions::bring_in(call, file, id.as_deref(), out.as_deref())
        }
        ChecklistCommand::Export {
            checklist,
            format,
            out,
            profile,
        } => questions::hand_out(call, checklist, format, out.as_deref(), profile.as_deref()),
        ChecklistCommand::Suggest { range } => suggest(call, range.as_deref()),
        ChecklistCommand::Sources { checklist } => sources(call, checklist),
        ChecklistCommand::Schema => {
            print::json(&checklist::json_schema());
            Ok(Exit::Ok)
        }
    }
}

fn list(call: &Call) -> anyhow::Result<Exit> {
    let folders = [call.setting()?.folders.checklists()];
    let all = checklist::available(&folders);
    if call.json {
        let lines: Vec<_> = all
            .iter()
            .map(|one| match &one.checklist {
                Ok(list) => serde_json::json!({
                    "id": one.id.as_str(), "origin": origin(&one.origin), "title": list.title, "version": list.version,
                    "items": list.items.len(), "categories": list.categories.len(),
                }),
                Err(error) => serde_json::json!({
                    "id": one.id.as_str(), "origin": origin(&one.origin), "error": error.to_string(),
                }),
            })
            .collect();
        print::json(&serde_json::json!({ "checklists": lines }));
        return Ok(Exit::Ok);
    }
    for one in &all {
        let from = origin(&one.origin);
        match &one.checklist {
            Ok(list) => print::line(&format!("{}  ({from})", show::summary_line(list))),
            Err(error) => print::line(&format!("{}  ({from}) cannot be used: {error}", one.id)),
        }
    }
    Ok(Exit::Ok)
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::BuiltIn => "built in".to_owned(),
        Origin::File(path) => path.display().to_string(),
    }
}

fn show_one(call: &Call, name: &str, item: Option<&str>) -> anyhow::Result<Exit> {
    let folders = [call.setting()?.folders.checklists()];
    let list = checklist::load(name, &folders)?;
    let Some(id) = item else {
        if call.json {
            print::json(&object(&list));
        } else {
            print::lines(&show::text(&list, WIDTH));
        }
        return Ok(Exit::Ok);
    };
    let item = list
        .items
        .iter()
        .find(|item| item.id.as_str() == id)
        .with_context(|| {
            let names: Vec<&str> = list.items.iter().map(|item| item.id.as_str()).collect();
            format!(
                "{} has no item {id:?}; its items are {}",
                list.id,
                names.join(", ")
            )
        })?;
    if call.json {
        print::json(&item_object(item));
    } else {
        print::lines(&show::item_text(&list, item, WIDTH));
    }
    Ok(Exit::Ok)
}

fn lint(call: &Call, file: &std::path::Path) -> anyhow::Result<Exit> {
    let source = checklist::read_source(file)?;
    let folders = [call.setting()?.folders.checklists()];
    let known: Vec<Checklist> = checklist::available(&folders)
        .into_iter()
        .filter_map(|one| one.checklist.ok())
        .collect();
    let mistakes = checklist::lint_among(&source, &known);
    if call.json {
        let lines: Vec<_> = mistakes
            .iter()
            .map(|mistake| {
                serde_json::json!({
                    "line": mistake.line, "column": mistake.column, "message": mistake.message, "remedy": mistake.remedy,
                })
            })
            .collect();
        print::json(&serde_json::json!({ "file": file.display().to_string(), "mistakes": lines }));
    } else if mistakes.is_empty() {
        print::line(&format!("{}: no mistakes.", file.display()));
    } else {
        print::lines(&show::lint_text(&file.display().to_string(), &mistakes));
    }
    Ok(if mistakes.is_empty() {
        Exit::Ok
    } else {
        Exit::BadInput
    })
}

fn suggest(call: &Call, range: Option<&str>) -> anyhow::Result<Exit> {
    let suggestion = workbench::suggest(&call.setting()?, range)?;
    if call.json {
        let lists: Vec<_> = suggestion
            .lists
            .iter()
            .map(|fit| {
                let out: Vec<_> = fit
                    .out
                    .iter()
                    .map(|(id, why)| serde_json::json!({ "item": id.as_str(), "why": why }))
                    .collect();
                let matched: Vec<_> = fit
                    .matched
                    .iter()
                    .map(|(id, path)| serde_json::json!({ "item": id.as_str(), "file": path }))
                    .collect();
                serde_json::json!({
                    "checklist": fit.id.as_str(), "items": fit.items, "fit": fit.items - fit.out.len(),
                    "by_asking": fit.by_asking, "matched": matched, "not_applicable": out,
                })
            })
            .collect();
        print::json(&serde_json::json!({
            "change": suggestion.change, "files": suggestion.files, "kinds": suggestion.kinds,
            "questions": suggestion.questions, "shared": suggestion.shared, "checklists": lists,
        }));
        return Ok(Exit::Ok);
    }
    let kinds: Vec<String> = suggestion
        .kinds
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    print::line(&format!(
        "{}: {} ({})",
        suggestion.change,
        crate::support::number::count(suggestion.files as u64, "file"),
        kinds.join(", ")
    ));
    for fit in &suggestion.lists {
        print::line("");
        print::line(&format!(
            "{}: {} of {} items can apply, {} of them answered by asking",
            fit.id,
            fit.items - fit.out.len(),
            fit.items,
            fit.by_asking
        ));
        for (id, path) in &fit.matched {
            print::line(&format!("  fits  {id}: {path}"));
        }
        for (id, why) in &fit.out {
            print::line(&format!("  ?     {id}: {why}"));
        }
    }
    print::line("");
    print::line(&format!(
        "All lists together ask {} questions; {} more are asked once with another list's. `countersign review --checklist \
         ID` repeats; nothing is decided by this: in the review, proposals wait for you.",
        suggestion.questions, suggestion.shared
    ));
    Ok(Exit::Ok)
}

fn sources(call: &Call, name: &str) -> anyhow::Result<Exit> {
    let folders = [call.setting()?.folders.checklists()];
    let list = checklist::load(name, &folders)?;
    let file = checklist::sources_of(&list.id).with_context(|| {
        format!(
            "{} comes with no list of what its sources recommend; the built-in checklists do (`countersign checklist list`)",
            list.id
        )
    })?;
    if call.json {
        let recommendations: Vec<_> = file
            .recommendations
            .iter()
            .map(|one| {
                serde_json::json!({
                    "id": one.id, "text": one.text, "items": one.items, "as": one.answer.name(),
                })
            })
            .collect();
        print::json(&serde_json::json!({
            "checklist": list.id.as_str(), "source": file.source, "recommendations": recommendations,
        }));
    } else {
        print::lines(&show::sources_text(list.id.as_str(), &file, WIDTH));
    }
    Ok(Exit::Ok)
}

#[derive(Serialize)]
struct ItemObject<'a> {
    id: &'a str,
    category: &'a str,
    title: &'a str,
    ask: &'a str,
    generated: &'a str,
    failure: &'a str,
    signals: &'a [String],
    mitigations: &'a [String],
    severity: &'static str,
    cwe: &'a [u32],
    sources: &'a [String],
    good: &'a str,
    stage: Option<&'a str>,
    answered_by: Vec<&'static str>,
    evidence: &'static str,
    depends_on: Vec<&'a str>,
    same_as: Vec<&'a str>,
    figures: &'a [String],
}

fn item_object(item: &Item) -> ItemObject<'_> {
    ItemObject {
        id: item.id.as_str(),
        category: &item.category,
        title: &item.title,
        ask: &item.ask,
        generated: &item.generated,
        failure: &item.failure,
        signals: &item.signals,
        mitigations: &item.mitigations,
        severity: item.severity.name(),
        cwe: &item.cwe,
        sources: &item.sources,
        good: &item.good,
        stage: item.stage.as_deref(),
        answered_by: item.answered_by.iter().map(|place| place.name()).collect(),
        evidence: item.evidence.name(),
        depends_on: item.depends_on.iter().map(ItemId::as_str).collect(),
        same_as: item.same_as.iter().map(ItemId::as_str).collect(),
        figures: &item.figures,
    }
}

fn object(list: &Checklist) -> serde_json::Value {
    serde_json::json!({
        "id": list.id.as_str(),
        "version": list.version,
        "title": list.title,
        "description": list.description,
        "sha256": list.digest.to_string(),
        "stages": list.stages.iter().map(|stage| stage.id.as_str()).collect::<Vec<_>>(),
        "items": list.items.iter().map(item_object).collect::<Vec<_>>(),
    })
}
