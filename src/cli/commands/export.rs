//! `export`.

use anyhow::{anyhow, bail};

use super::{Call, done};
use crate::cli::args::ExportArgs;
use crate::cli::exit::Exit;
use crate::cli::{print, wire};
use crate::support::files::write_atomic;
use crate::workbench::{Format, export};

/// Writes the report.
pub fn run(call: &Call, args: &ExportArgs) -> anyhow::Result<Exit> {
    let format = match args.format.as_deref() {
        None if call.json => Format::Json,
        None | Some("md" | "markdown") => Format::Markdown,
        Some("html") => Format::Html,
        Some("json") => Format::Json,
        Some(other) => bail!("{other:?} is no report format; they are md, html and json"),
    };
    let mut desk = call.desk()?;
    let text = export(&mut desk, format)?;
    match &args.out {
        None if call.json && format != Format::Json => {
            print::json(&serde_json::json!({
                "review": desk.id().to_string(), "format": format.media_type(), "report": text,
            }));
        }
        None => print::document(&text),
        Some(file) => {
            write_atomic(file, text.as_bytes()).map_err(|error| {
                anyhow!(
                    "the report cannot be written to {}: {error}; name a file in a folder that exists and is yours, or \
                     leave --out away to print it",
                    file.display()
                )
            })?;
            let file = file.display().to_string();
            call.say(&wire::Done {
                file: Some(file.clone()),
                ..done(&desk, format!("Wrote {file}."))
            });
        }
    }
    Ok(Exit::Ok)
}
