//! `export`.

use anyhow::{anyhow, bail};

use super::Call;
use crate::cli::args::ExportArgs;
use crate::cli::exit::Exit;
use crate::cli::print;
use crate::support::files::write_atomic;
use crate::workbench::{Format, export};

/// Writes the report.
pub fn run(call: &Call, args: &ExportArgs) -> anyhow::Result<Exit> {
    let format = match args.format.as_str() {
        "md" | "markdown" => Format::Markdown,
        "html" => Format::Html,
        "json" => Format::Json,
        other => bail!("{other:?} is no report format; they are md, html and json"),
    };
    let text = export(&mut call.desk()?, format)?;
    match &args.out {
        None => print::document(&text),
        Some(file) => {
            write_atomic(file, text.as_bytes()).map_err(|error| {
                anyhow!(
                    "the report cannot be written to {}: {error}; name a file in a folder that exists and is yours, or \
                     leave --out away to print it",
                    file.display()
                )
            })?;
            print::line(&format!("Wrote {}.", file.display()));
        }
    }
    Ok(Exit::Ok)
}
