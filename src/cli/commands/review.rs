//! `review`, and the program without a verb.

use std::io::{IsTerminal as _, Read as _};

use anyhow::{Context as _, bail};

use super::Call;
use crate::cli::args::ReviewArgs;
use crate::cli::exit::Exit;
use crate::cli::{Wanted, print};
use crate::model::SourceSpec;
use crate::profile;
use crate::workbench::{Desk, OpenRequest, Setting, Which, read_sarif};

/// The most a patch on standard input may have: 1 GiB.
const PATCH_LIMIT: u64 = 1 << 30;

/// Opens a change on the screen, or prints its review's id.
pub fn run(call: &Call, args: ReviewArgs) -> anyhow::Result<Wanted> {
    let setting = call.setting()?;
    let headless = args.headless;
    let brought = read_sarif(&args.hints)?;
    let mut desk = match &call.review {
        Some(id) => {
            if named_source(&args) {
                bail!(
                    "--review {id} opens a review that exists; leave the source away, or leave --review away"
                );
            }
            Desk::resume(&setting, &Which::Named(id.clone()))?
        }
        None if headless => Desk::open(&setting, &request(args)?)?,
        None => Desk::open_at_once(&setting, &request(args)?)?,
    };
    if let Some(told) = desk.bring_in(&brought)? {
        print::note(&told);
    }
    open(call, setting, desk, headless)
}

/// Shows an open review on the screen where there is one.
pub fn open(call: &Call, setting: Setting, desk: Desk, headless: bool) -> anyhow::Result<Wanted> {
    if headless {
        for note in desk.notes().iter().chain(&desk.gaps()) {
            print::note(note);
        }
        if call.json {
            print::json(
                &serde_json::json!({ "review": desk.id().to_string(), "folder": desk.folder().display().to_string() }),
            );
        } else {
            print::line(desk.id().as_str());
        }
        return Ok(Wanted::Done(Exit::Ok));
    }
    need_terminal()?;
    Ok(Wanted::Workbench(Box::new(desk), setting))
}

/// The program without a verb: the list of reviews, or the one that `--review` names.
pub fn start(setting: Setting, review: Option<&str>) -> anyhow::Result<Wanted> {
    need_terminal()?;
    Ok(match review {
        Some(id) => {
            let desk = Desk::resume(&setting, &Which::Named(id.to_owned()))?;
            Wanted::Workbench(Box::new(desk), setting)
        }
        None => Wanted::Start(setting),
    })
}

fn need_terminal() -> anyhow::Result<()> {
    if print::is_terminal() && crossterm::terminal::size().is_ok() {
        return Ok(());
    }
    bail!(
        "there is no terminal to draw on; `countersign review --headless` opens a review without one, and every act \
         has a verb (countersign --help)"
    )
}

fn named_source(args: &ReviewArgs) -> bool {
    args.range.is_some()
        || args.staged
        || args.worktree
        || args.patch.is_some()
        || args.tree.is_some()
        || args.path.is_some()
        || !args.checklist.is_empty()
}

fn request(args: ReviewArgs) -> anyhow::Result<OpenRequest> {
    let ReviewArgs {
        range,
        staged,
        worktree,
        patch,
        tree,
        path,
        checklist,
        title,
        hints: _,
        profile,
        headless: _,
    } = args;
    let profile = profile.map(|file| profile::load(&file)).transpose()?;
    let spec = source_spec(range, staged, worktree, patch, tree, path)?;
    Ok(OpenRequest {
        spec,
        checklists: checklist,
        title,
        profile: profile.map(|(source, _)| source),
    })
}

/// Returns the source that the options name.
pub fn source_spec(
    range: Option<String>,
    staged: bool,
    worktree: bool,
    patch: Option<std::path::PathBuf>,
    tree: Option<String>,
    path: Option<std::path::PathBuf>,
) -> anyhow::Result<SourceSpec> {
    Ok(if staged {
        SourceSpec::Staged
    } else if worktree {
        SourceSpec::Worktree
    } else if let Some(file) = patch {
        if file.as_os_str() == "-" {
            SourceSpec::PatchBytes(read_patch()?)
        } else {
            SourceSpec::PatchFile(file)
        }
    } else if let Some(revision) = tree {
        SourceSpec::Tree(Some(revision))
    } else if let Some(folder) = path {
        SourceSpec::Folder(folder)
    } else {
        SourceSpec::Revisions(range)
    })
}

fn read_patch() -> anyhow::Result<Vec<u8>> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        bail!(
            "--patch - reads a patch from standard input, which is this terminal; pipe one in: git diff A...B | countersign review --patch -"
        );
    }
    let mut bytes = Vec::new();
    stdin
        .lock()
        .take(PATCH_LIMIT + 1)
        .read_to_end(&mut bytes)
        .context("standard input cannot be read")?;
    if bytes.len() as u64 > PATCH_LIMIT {
        bail!("the patch has more than 1 GiB; review it in parts (git diff A...B -- FOLDER)");
    }
    Ok(bytes)
}
