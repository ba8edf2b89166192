//! `read`.

use anyhow::Context as _;

use super::{Call, done};
use crate::cli::args::ReadArgs;
use crate::cli::exit::Exit;
use crate::cli::wire;
use crate::model::RepoPath;
use crate::workbench::{Act, Desk, HunkRef};

/// Marks hunks as read, or takes the marks back.
pub fn run(call: &Call, args: &ReadArgs) -> anyhow::Result<Exit> {
    let mut desk = call.desk()?;
    desk.count_all();
    let hunks = match &args.path {
        Some(text) => named(&desk, text)?,
        None => all(&desk),
    };
    let before = desk.coverage().read;
    let act = if args.unread {
        Act::MarkUnread(hunks)
    } else {
        Act::MarkRead(hunks)
    };
    desk.act(&act)?;
    let coverage = desk.coverage();
    let changed = coverage.read.abs_diff(before);
    let text = match (changed, args.unread) {
        (0, _) => "Nothing to mark: it was so already.".to_owned(),
        (1, false) => "Marked 1 hunk as read.".to_owned(),
        (n, false) => format!("Marked {n} hunks as read."),
        (n, true) => format!("Took {n} marks back."),
    };
    call.say(&wire::Done {
        coverage: Some((&coverage).into()),
        ..done(
            &desk,
            format!("{text} {} of {} are.", coverage.read, coverage.hunks),
        )
    });
    Ok(Exit::Ok)
}

fn all(desk: &Desk) -> Vec<HunkRef> {
    desk.change()
        .files
        .iter()
        .flat_map(|file| hunks_of(desk, &file.path))
        .collect()
}

fn hunks_of(desk: &Desk, path: &RepoPath) -> Vec<HunkRef> {
    let count = desk.coverage_of(path).map_or(0, |file| file.hunks);
    (1..=count)
        .map(|hunk| HunkRef {
            path: path.clone(),
            hunk,
        })
        .collect()
}

/// A file's name may end in a colon and a number, so the whole text is tried first.
fn named(desk: &Desk, text: &str) -> anyhow::Result<Vec<HunkRef>> {
    // What is quoted reads as no path with a number behind it.
    let whole = RepoPath::parse(text).ok();
    if let Some(path) = whole.filter(|path| desk.change().file(path).is_some()) {
        return Ok(hunks_of(desk, &path));
    }
    let (path, hunk) = text
        .rsplit_once(':')
        .and_then(|(path, hunk)| Some((RepoPath::parse(path).ok()?, hunk.parse().ok()?)))
        .filter(|(path, _): &(RepoPath, u32)| desk.change().file(path).is_some())
        .with_context(|| {
            format!("{text:?} is neither a file of this change nor PATH:HUNK of one; `countersign export` lists the files")
        })?;
    Ok(vec![HunkRef { path, hunk }])
}
