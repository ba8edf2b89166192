//! `rules list`, `rules show`, `rules test`, `rules tree`, `rules words`.

use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::Call;
use crate::cli::args::{RulesArgs, RulesCommand};
use crate::cli::exit::Exit;
use crate::cli::print;
use crate::hints::{self, Registry};

/// Runs a verb on rules.
pub fn run(call: &Call, args: &RulesArgs) -> anyhow::Result<Exit> {
    let own = call.setting()?.folders.rules();
    let mut folders = args.rules.clone();
    if own.is_dir() {
        folders.insert(0, own);
    }
    if let RulesCommand::Test { dir } = &args.command {
        folders.push(dir.clone());
    }
    let (registry, problems) = hints::load_with(&folders);
    for problem in &problems {
        print::note(&problem.to_string());
    }
    match &args.command {
        RulesCommand::List { item } => list(call, &registry, item.as_deref()),
        RulesCommand::Show { id } => show(&registry, id)?,
        RulesCommand::Test { dir } => {
            let report = hints::check_folder(dir, &Arc::new(registry))
                .with_context(|| format!("{} cannot be read", dir.display()))?;
            for failure in &report.failures {
                print::line(failure);
            }
            print::line(&format!(
                "{} cases of {} rules, {} failures, {} rule problems",
                report.cases,
                report.counts.len(),
                report.failures.len(),
                problems.len()
            ));
            return Ok(if report.failures.is_empty() && problems.is_empty() {
                Exit::Ok
            } else {
                Exit::No
            });
        }
        RulesCommand::Tree { file } => {
            let bytes = std::fs::read(file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            let path = crate::model::RepoPath::from(file.to_string_lossy().as_ref());
            match hints::tree_text(&path, &bytes) {
                Some(text) => print::lines(&text),
                None => bail!(
                    "{} is in no language that rules are written for",
                    file.display()
                ),
            }
        }
        RulesCommand::Words => print::lines(registry.words_text()),
    }
    Ok(Exit::Ok)
}

fn list(call: &Call, registry: &Registry, item: Option<&str>) {
    let rules = registry
        .rules()
        .iter()
        .filter(|rule| item.is_none_or(|item| rule.items.iter().any(|own| own.as_str() == item)));
    if call.json {
        let all: Vec<_> = rules
            .map(|rule| {
                serde_json::json!({
                    "id": rule.id.as_str(),
                    "items": rule.items.iter().map(crate::model::ItemId::as_str).collect::<Vec<_>>(),
                    "languages": rule.languages.iter().map(|language| language.name()).collect::<Vec<_>>(),
                    "strength": rule.strength.name(),
                    "message": rule.message,
                    "cwe": rule.cwe,
                })
            })
            .collect();
        return print::json(&serde_json::json!({ "rules": all }));
    }
    let rows: Vec<[String; 4]> = rules
        .map(|rule| {
            let languages: Vec<&str> = rule
                .languages
                .iter()
                .map(|language| language.name())
                .collect();
            let items: Vec<&str> = rule
                .items
                .iter()
                .map(crate::model::ItemId::as_str)
                .collect();
            [
                rule.strength.name().to_owned(),
                rule.id.to_string(),
                items.join(", "),
                languages.join(", "),
            ]
        })
        .collect();
    print::table("", &rows);
}

fn show(registry: &Registry, id: &str) -> anyhow::Result<()> {
    let Some(rule) = registry.rule(id) else {
        bail!("no rule is called {id:?}; `countersign rules list` names them");
    };
    print::lines(&hints::page(rule));
    Ok(())
}
