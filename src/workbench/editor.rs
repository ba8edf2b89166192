//! The reader's editor: `$VISUAL`, then `$EDITOR`, then `vi`, through the shell as git does it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use crate::model::RepoPath;

/// Lets the reader edit some prose; returns the new text without blanks at its end, or a sentence on why there is none.
pub fn edit_text(text: &str) -> Result<String, String> {
    Ok(edit(text, ".md")?.trim_end().to_owned())
}

/// Lets the reader edit a production profile; returns the new text, or a sentence on why there is none.
pub fn edit_profile(text: &str) -> Result<String, String> {
    edit(text, ".toml")
}

fn edit(text: &str, ending: &str) -> Result<String, String> {
    let file = tempfile::Builder::new()
        .prefix("countersign-")
        .suffix(ending)
        .tempfile()
        .map_err(|error| format!("cannot make a file for the editor: {error}"))?;
    std::fs::write(file.path(), text)
        .map_err(|error| format!("cannot write the editor's file: {error}"))?;
    let status = run(&[file.path().as_os_str()])?;
    if !status.success() {
        return Err(format!(
            "the editor ended with {status}; the text is unchanged"
        ));
    }
    let bytes = std::fs::read(file.path())
        .map_err(|error| format!("cannot read the editor's file: {error}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Opens a file at a line.
pub fn open_at(file: &Path, line: u32) -> Result<(), String> {
    let line = std::ffi::OsString::from(format!("+{line}"));
    let status = run(&[line.as_os_str(), file.as_os_str()])?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the editor ended with {status}"))
    }
}

/// Returns the file of a work tree that a path names, where it is a plain file inside it: links are not followed out.
pub fn work_file(folder: Option<&Path>, path: &RepoPath) -> Option<PathBuf> {
    let folder = folder?.canonicalize().ok()?;
    let name = std::str::from_utf8(path.as_bytes()).ok()?;
    let file = folder.join(name).canonicalize().ok()?;
    (file.starts_with(&folder) && file.is_file()).then_some(file)
}

fn run(arguments: &[&std::ffi::OsStr]) -> Result<ExitStatus, String> {
    let set = |name| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
    };
    let editor = set("VISUAL")
        .or_else(|| set("EDITOR"))
        .unwrap_or_else(|| "vi".to_owned());
    // The editor's own words may be quoted, so the shell splits them; the file comes as an argument, never as code.
    #[expect(
        clippy::disallowed_methods,
        reason = "the reader's own editor, named by the reader's environment"
    )]
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("{editor} \"$@\""))
        .arg(&editor)
        .args(arguments)
        .status()
        .map_err(|error| {
            format!("cannot run {editor:?}: {error}; set EDITOR to an editor that is installed")
        })
}
