//! `checklist new`, `checklist import`, `checklist export`: lists of one's own, and the client's copy.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};

use super::Call;
use crate::checklist::import::{Imported, Kind, import};
use crate::checklist::{self, show};
use crate::cli::exit::Exit;
use crate::cli::print;
use crate::model::Profile;
use crate::profile;
use crate::report::{questions_html, questions_markdown};
use crate::support::files::write_atomic;

/// Writes the commented template.
pub fn new(call: &Call, name: &str, out: Option<&Path>) -> anyhow::Result<Exit> {
    let id = name.strip_suffix(".toml").unwrap_or(name);
    check_id(id)?;
    let file = target(call, id, out)?;
    write_new(&file, &checklist::template(id))?;
    say(call, &file, id, &[], 1);
    Ok(Exit::Ok)
}

/// Makes a list of a Markdown or CSV file.
pub fn bring_in(
    call: &Call,
    file: &Path,
    id: Option<&str>,
    out: Option<&Path>,
) -> anyhow::Result<Exit> {
    let ending = file
        .extension()
        .and_then(|end| end.to_str())
        .unwrap_or_default();
    let kind = match ending.to_ascii_lowercase().as_str() {
        "md" | "markdown" => Kind::Markdown,
        "csv" | "tsv" => Kind::Csv,
        _ => bail!(
            "{} ends neither in .md nor in .csv; name a Markdown task list or a CSV file",
            file.display()
        ),
    };
    let text = checklist::read_source(file)?;
    let stem = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().to_lowercase());
    let derived = stem.unwrap_or_default().replace([' ', '_', '.'], "-");
    let id = id.map_or(derived, str::to_owned);
    check_id(&id).with_context(|| "name the list with --id")?;
    let mistakes = match import(&text, kind, &id) {
        Ok(Imported {
            source,
            items,
            notes,
        }) => {
            let target = target(call, &id, out)?;
            write_new(&target, &source)?;
            say(call, &target, &id, &notes, items);
            return Ok(Exit::Ok);
        }
        Err(mistakes) => mistakes,
    };
    if call.json {
        let lines: Vec<_> = mistakes
            .iter()
            .map(|one| serde_json::json!({ "line": one.line, "message": one.message, "remedy": one.remedy }))
            .collect();
        print::json(&serde_json::json!({ "file": file.display().to_string(), "mistakes": lines }));
    } else {
        print::lines(&show::lint_text(&file.display().to_string(), &mistakes));
    }
    Ok(Exit::BadInput)
}

/// Prints the client's copy of the questions.
pub fn hand_out(
    call: &Call,
    name: &str,
    format: &str,
    out: Option<&Path>,
    numbers: Option<&Path>,
) -> anyhow::Result<Exit> {
    let folders = [call.setting()?.folders.checklists()];
    let list = checklist::load(name, &folders)?;
    let profile = match numbers {
        Some(file) => profile::load(file)?.1,
        None => Profile::default(),
    };
    let list = &checklist::filled(&[list], &profile)[0];
    let text = match format {
        "md" | "markdown" => questions_markdown(list),
        "html" => questions_html(list)?,
        other => bail!("{other:?} is no format for questions; they are md and html"),
    };
    match out {
        Some(file) => {
            write_atomic(file, text.as_bytes()).map_err(|error| unwritable(file, &error))?;
            if call.json {
                print::json(
                    &serde_json::json!({ "checklist": list.id.as_str(), "file": file.display().to_string() }),
                );
            } else {
                print::line(&format!("Wrote {}.", file.display()));
            }
        }
        None if call.json => print::json(&serde_json::json!({
            "checklist": list.id.as_str(), "format": format, "questions": text,
        })),
        None => print::document(&text),
    }
    Ok(Exit::Ok)
}

fn check_id(id: &str) -> anyhow::Result<()> {
    if !checklist::is_id(id) {
        bail!(
            "{id:?} is no id of a list; use lower-case letters, digits and single hyphens, at most 40"
        );
    }
    if checklist::builtin()
        .iter()
        .any(|list| list.id.as_str() == id)
    {
        bail!(
            "{id} is a built-in checklist and would never be found under that id; give yours another"
        );
    }
    Ok(())
}

fn target(call: &Call, id: &str, out: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(file) = out {
        return Ok(file.to_owned());
    }
    let folder = call.setting()?.folders.checklists();
    std::fs::create_dir_all(&folder).with_context(|| {
        format!(
            "the folder {} cannot be made; name a file with --out",
            folder.display()
        )
    })?;
    Ok(folder.join(format!("{id}.toml")))
}

fn write_new(file: &Path, text: &str) -> anyhow::Result<()> {
    if file.exists() {
        bail!(
            "{} is there already and stays as it is; name another file with --out",
            file.display()
        );
    }
    write_atomic(file, text.as_bytes()).map_err(|error| unwritable(file, &error))
}

fn unwritable(file: &Path, error: &std::io::Error) -> anyhow::Error {
    anyhow!(
        "{} cannot be written: {error}; name a file in a folder that exists and is yours",
        file.display()
    )
}

fn say(call: &Call, file: &Path, id: &str, notes: &[String], items: usize) {
    for note in notes {
        print::note(note);
    }
    let file = file.display();
    if call.json {
        print::json(
            &serde_json::json!({ "checklist": id, "file": file.to_string(), "items": items }),
        );
        return;
    }
    let questions = crate::support::number::count(items as u64, "question");
    print::line(&format!(
        "Wrote {file} ({questions}). `countersign checklist lint {file}` checks it, `countersign review --checklist {id}` uses it from your checklists folder."
    ));
}
