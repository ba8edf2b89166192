//! `profile edit`, `profile show`, `profile check`: the model of production, of a review or in a file.

use std::path::Path;

use anyhow::{Context as _, anyhow, bail};

use super::{Call, done};
use crate::checklist::show::lint_text;
use crate::checklist::{Mistake, figures};
use crate::cli::args::{ProfileArgs, ProfileCommand};
use crate::cli::exit::Exit;
use crate::cli::{print, wire};
use crate::model::{PROFILE_KEYS, Profile};
use crate::profile;
use crate::support::files::write_atomic;
use crate::workbench::{Act, Desk, edit_profile};

/// Runs a verb on profiles.
pub fn run(call: &Call, args: &ProfileArgs) -> anyhow::Result<Exit> {
    let file = args.profile.as_deref();
    match &args.command {
        ProfileCommand::Edit => edit(call, file),
        ProfileCommand::Show => show(call, file),
        ProfileCommand::Check { file } => check(call, file),
    }
}

/// Lets the user's editor change a profile, until it is free of mistakes or left as it was.
fn edit(call: &Call, file: Option<&Path>) -> anyhow::Result<Exit> {
    let mut desk = match file {
        Some(_) => None,
        None => Some(call.desk()?),
    };
    let before = match (file, &desk) {
        (Some(file), _) if file.exists() => profile::read_source(file)?,
        (_, Some(desk)) => recorded(desk).unwrap_or_else(profile::template),
        _ => profile::template(),
    };
    let after = edit_profile(&before).map_err(|reason| anyhow!(reason))?;
    let mistakes = profile::check(&after);
    if !mistakes.is_empty() {
        let kept = keep_rejected(call, &after)?;
        print::lines(&lint_text("the profile", &mistakes));
        bail!(
            "nothing was set; what you wrote is kept in {kept}: correct it there, then \
             `countersign review --profile {kept}` sets it"
        );
    }
    if after == before && (file.is_none_or(Path::exists)) {
        return Ok(said(call, desk.as_ref(), "The profile is as it was.", file));
    }
    match (file, &mut desk) {
        (None, Some(desk)) => {
            desk.act(&Act::SetProfile { source: after })?;
            Ok(said(call, Some(desk), "The review's profile is set.", None))
        }
        (Some(file), _) => {
            write_atomic(file, after.as_bytes()).with_context(|| {
                format!(
                    "the profile cannot be written to {}; name a folder that is yours",
                    file.display()
                )
            })?;
            let text = format!("Wrote {}.", file.display());
            Ok(said(call, None, &text, Some(file)))
        }
        (None, None) => bail!("there is neither a file nor a review to edit a profile of"),
    }
}

/// Keeps what was typed, so that a mistake costs nobody their text.
fn keep_rejected(call: &Call, text: &str) -> anyhow::Result<String> {
    let file = call.setting()?.folders.data.join("profile-rejected.toml");
    write_atomic(&file, text.as_bytes())
        .with_context(|| format!("what you wrote cannot be kept in {}", file.display()))?;
    Ok(file.display().to_string())
}

fn said(call: &Call, desk: Option<&Desk>, text: &str, file: Option<&Path>) -> Exit {
    match desk {
        Some(desk) => call.say(&wire::Done {
            file: file.map(|file| file.display().to_string()),
            ..done(desk, text.to_owned())
        }),
        None if call.json => print::json(&serde_json::json!({
            "file": file.map(|file| file.display().to_string()), "text": text,
        })),
        None => print::line(text),
    }
    Exit::Ok
}

fn recorded(desk: &Desk) -> Option<String> {
    desk.review()
        .profile
        .as_ref()
        .map(|state| state.source.clone())
}

/// Prints a profile: what is known, what is not, and what follows from it.
fn show(call: &Call, file: Option<&Path>) -> anyhow::Result<Exit> {
    let (profile, from) = if let Some(file) = file {
        (profile::load(file)?.1, file.display().to_string())
    } else {
        let desk = call.desk()?;
        let from = format!("review {}", desk.id());
        (Profile::clone(desk.profile()), from)
    };
    if call.json {
        print::json(&object(&profile, &from));
        return Ok(Exit::Ok);
    }
    if profile.is_empty() {
        print::line(&format!(
            "{from} has no production profile; `countersign profile edit` sets one, `countersign review --profile FILE` \
             takes one from a file."
        ));
        return Ok(Exit::Ok);
    }
    print::line(&format!("Production profile of {from}"));
    let rows: Vec<[String; 3]> = PROFILE_KEYS
        .iter()
        .map(|key| {
            let missing = if key.name == "critical" {
                "nothing more"
            } else {
                "unknown"
            };
            let value = profile.with_unit(key).unwrap_or_else(|| missing.to_owned());
            [key.name.to_owned(), value, key.meaning.to_owned()]
        })
        .collect();
    print::table("  ", &rows);
    for table in &profile.tables {
        let growth = table.growth_per_year;
        let growth = growth.map_or("growth unknown".to_owned(), |growth| {
            format!("{growth} % a year")
        });
        let rows = crate::support::number::count(table.rows, "row");
        print::line(&format!("  table {}: {rows}, {growth}", table.name));
    }
    print::line("What follows from it:");
    for sentence in figures::all(&profile) {
        print::line(&format!("  · {sentence}"));
    }
    Ok(Exit::Ok)
}

fn object(profile: &Profile, from: &str) -> serde_json::Value {
    let values: serde_json::Map<String, serde_json::Value> = PROFILE_KEYS
        .iter()
        .map(|key| (key.name.to_owned(), profile.with_unit(key).into()))
        .collect();
    let tables: Vec<_> = profile
        .tables
        .iter()
        .map(|table| {
            serde_json::json!({
                "name": table.name, "rows": table.rows, "growth_per_year": table.growth_per_year,
            })
        })
        .collect();
    serde_json::json!({
        "from": from,
        "values": values,
        "unknown": profile.unknown().map(|key| key.name).collect::<Vec<_>>(),
        "tables": tables,
        "figures": figures::all(profile),
    })
}

/// Prints every mistake of a file.
fn check(call: &Call, file: &Path) -> anyhow::Result<Exit> {
    let source = profile::read_source(file)?;
    let mistakes = profile::check(&source);
    let name = file.display().to_string();
    if call.json {
        let lines: Vec<_> = mistakes
            .iter()
            .map(|Mistake { line, column, message, remedy }| {
                serde_json::json!({ "line": line, "column": column, "message": message, "remedy": remedy })
            })
            .collect();
        print::json(&serde_json::json!({ "file": name, "mistakes": lines }));
    } else if mistakes.is_empty() {
        let profile = profile::parse(&source, &name)?;
        let unknown: Vec<&str> = profile.unknown().map(|key| key.name).collect();
        let rest = match unknown.as_slice() {
            [] => "every value is known".to_owned(),
            names => format!("unknown: {}", names.join(", ")),
        };
        print::line(&format!("{name}: no mistakes; {rest}."));
    } else {
        print::lines(&lint_text(&name, &mistakes));
    }
    Ok(if mistakes.is_empty() {
        Exit::Ok
    } else {
        Exit::BadInput
    })
}
