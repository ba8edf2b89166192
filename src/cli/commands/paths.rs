//! `paths`.

use super::Call;
use crate::cli::exit::Exit;
use crate::cli::print;

/// Prints where things are kept.
pub fn run(call: &Call) -> anyhow::Result<Exit> {
    let folders = call.setting()?.folders;
    let lines = [
        ("data", folders.data.clone()),
        ("reviews", folders.data.join("reviews")),
        ("config", folders.config.join("config.toml")),
        ("checklists", folders.checklists()),
        ("themes", folders.themes()),
    ];
    if call.json {
        let object: serde_json::Map<_, _> = lines
            .iter()
            .map(|(name, path)| ((*name).to_owned(), path.display().to_string().into()))
            .collect();
        print::json(&object);
        return Ok(Exit::Ok);
    }
    for (name, path) in lines {
        print::line(&format!("{name:<11} {}", path.display()));
    }
    Ok(Exit::Ok)
}
