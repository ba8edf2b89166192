//! Who wrote a line: one line is followed back through history, commit by commit, until a commit that brought it. Can be
//! given up at any commit. Reads history, runs nothing, and takes no setting of the repository.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use git2::{Commit, DiffOptions, Oid, Patch, Repository};

use super::commits::small_blob;
use super::error::{GitError, visible};
use super::origin::{LineOrigin, find, object, origin_of};
use super::rename::{self, Aliases};
use super::{repository, tree};
use crate::model::{FileStatus, ObjectId, RepoPath};

/// A line in a version of a file.
struct Place {
    path: RepoPath,
    blob: Oid,
    line: u32,
}

/// Finds the commit that a line of a file came from, as of a commit. `goes_on` hears how many commits were looked at and
/// says whether to go on; `None` where it did not.
pub fn line_origin(
    repository: &Path,
    commit: &ObjectId,
    path: &RepoPath,
    line: u32,
    mut goes_on: impl FnMut(usize) -> bool,
) -> Result<Option<LineOrigin>, GitError> {
    let repo = repository::open_at(repository)?;
    let mut commit = find(&repo, object(commit)?)?;
    let blob = blob_at(&commit, path).ok_or_else(|| GitError::Object {
        what: format!("history of \u{201c}{}\u{201d}", visible(&path.quoted())),
        reason: format!("commit {} has no such file", commit.id()),
    })?;
    let mut place = Place {
        path: path.clone(),
        blob,
        line,
    };
    let mut seen = 0;
    while let Some((parent, before)) = step_back(&repo, &commit, &place)? {
        seen += 1;
        if !goes_on(seen) {
            return Ok(None);
        }
        (commit, place) = (parent, before);
    }
    Ok(Some(origin_of(&commit)))
}

/// Returns the parent that has the line, and where; `None` where the commit brought it. A parent that is not there (the
/// edge of a shallow clone) has nothing.
fn step_back<'r>(
    repo: &'r Repository,
    commit: &Commit<'r>,
    place: &Place,
) -> Result<Option<(Commit<'r>, Place)>, GitError> {
    let mut others = Vec::new();
    let mut parents = Vec::new();
    for parent in commit.parents() {
        match blob_at(&parent, &place.path) {
            Some(blob) if blob == place.blob => {
                let path = place.path.clone();
                return Ok(Some((parent, Place { path, ..*place })));
            }
            Some(blob) => others.push((parent, blob)),
            None => parents.push(parent),
        }
    }
    for (parent, blob) in others {
        if let Some(line) = line_before(repo, blob, place)? {
            let path = place.path.clone();
            return Ok(Some((parent, Place { path, blob, line })));
        }
    }
    for parent in parents {
        if let Some(before) = renamed_from(repo, commit, &parent, place)? {
            return Ok(Some((parent, before)));
        }
    }
    Ok(None)
}

fn blob_at(commit: &Commit<'_>, path: &RepoPath) -> Option<Oid> {
    let name = Path::new(OsStr::from_bytes(path.as_bytes()));
    let entry = commit.tree().ok()?.get_path(name).ok()?;
    (entry.kind() == Some(git2::ObjectType::Blob)).then(|| entry.id())
}

/// Looks for the file under another name before a commit that names it first.
fn renamed_from(
    repo: &Repository,
    commit: &Commit<'_>,
    parent: &Commit<'_>,
    place: &Place,
) -> Result<Option<Place>, GitError> {
    let pairs = tree::compare(repo, Some(parent.tree_id()), Some(commit.tree_id()))?;
    let (files, _) = rename::detect(tree::changes(pairs), &Aliases::new(), &|side, limit| {
        small_blob(repo, side, limit)
    });
    let renamed = files
        .into_iter()
        .find(|file| file.path == place.path && file.status == FileStatus::Renamed);
    let Some(path) = renamed.and_then(|file| file.old_path) else {
        return Ok(None);
    };
    let Some(blob) = blob_at(parent, &path) else {
        return Ok(None);
    };
    let line = line_before(repo, blob, place)?;
    Ok(line.map(|line| Place { path, blob, line }))
}

/// Returns the number that a line has in an earlier version; `None` where that has no such line.
fn line_before(repo: &Repository, earlier: Oid, place: &Place) -> Result<Option<u32>, GitError> {
    if earlier == place.blob {
        return Ok(Some(place.line));
    }
    let read = |id: Oid| {
        repo.find_blob(id)
            .map_err(|error| GitError::object(format!("blob {id}"), &error))
    };
    let (old, new) = (read(earlier)?, read(place.blob)?);
    let mut options = DiffOptions::new();
    options
        .context_lines(0)
        .interhunk_lines(0)
        .indent_heuristic(true)
        .force_text(true);
    let mut compared = || -> Result<Option<u32>, git2::Error> {
        let patch =
            Patch::from_buffers(old.content(), None, new.content(), None, Some(&mut options))?;
        let (mut line, number) = (i64::from(place.line), place.line);
        for index in 0..patch.num_hunks() {
            let (hunk, _) = patch.hunk(index)?;
            let (start, count) = (hunk.new_start(), hunk.new_lines());
            if (start..start + count).contains(&number) {
                return Ok(None);
            }
            // A hunk that adds nothing names the line before it.
            if number >= start + count.max(1) {
                line += i64::from(hunk.old_lines()) - i64::from(count);
            }
        }
        Ok(u32::try_from(line).ok())
    };
    compared().map_err(|error| {
        GitError::object(
            format!(
                "history of \u{201c}{}\u{201d}",
                visible(&place.path.quoted())
            ),
            &error,
        )
    })
}
