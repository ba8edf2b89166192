//! Sections → files: texts of both sides, hunks over them, and one file per path.

use std::collections::BTreeMap;

use super::PatchFile;
use super::hunk::RawHunk;
use super::section::{Happened, Section};
use crate::diff::digest::{hunk_digest, rowless_digest};
use crate::model::{
    BlobId, DiffBody, Digest, FileChange, FileDiff, FileSide, FileStatus, FileText, Hunk, LineNo,
    Mode, ObjectId, Problem, RepoPath, Run, Side,
};
use crate::support::digest::{Hasher, sha256};

const SUBPROJECT: &[u8] = b"Subproject commit ";

/// Makes one file per path, sorted.
pub(super) fn assemble(sections: Vec<Section<'_>>, problems: &mut Vec<Problem>) -> Vec<PatchFile> {
    let mut by_path: BTreeMap<RepoPath, Section<'_>> = BTreeMap::new();
    for section in sections {
        let Some(path) = section.path.clone() else {
            continue;
        };
        let Some(first) = by_path.get_mut(&path) else {
            by_path.insert(path, section);
            continue;
        };
        if let Some(line) = merge(first, section) {
            problems.push(Problem {
                message: format!(
                    "line {line} of the patch: {path} is changed a second time, by a patch on top of the first; only the \
                     first is shown: make one patch of the whole range with `git diff A B`"
                ),
                path: Some(path),
            });
        }
    }
    by_path
        .into_iter()
        .map(|(path, section)| build(path, section, problems))
        .collect()
}

/// Merges a deletion and an addition of one path (a type change) into one section; returns the second's line where it
/// cannot be merged.
fn merge<'a>(first: &mut Section<'a>, second: Section<'a>) -> Option<usize> {
    let line = second.line;
    let (deleted, added) = match (first.happened, second.happened) {
        (Happened::Deleted, Happened::Added) => (std::mem::take(first), second),
        (Happened::Added, Happened::Deleted) => (second, std::mem::take(first)),
        _ => return Some(line),
    };
    *first = Section {
        line: deleted.line.min(added.line),
        git: added.git,
        path: added.path,
        old_path: None,
        happened: Happened::Modified,
        old_mode: deleted.old_mode.or(Some(Mode::Regular)),
        new_mode: added.new_mode.or(Some(Mode::Regular)),
        old_id: deleted.old_id,
        new_id: added.new_id,
        hunks: join(deleted.hunks, added.hunks),
        binary: added.binary.or(deleted.binary),
        has_side_names: added.has_side_names,
        raw: added.raw,
    };
    None
}

/// Joins the only hunk of a deletion and the only one of an addition: all old lines go, all new ones come.
fn join<'a>(deleted: Vec<RawHunk<'a>>, added: Vec<RawHunk<'a>>) -> Vec<RawHunk<'a>> {
    let mut joined = RawHunk::default();
    let mut next = 1;
    for hunk in deleted {
        next = hunk.ends().0;
        joined.runs.extend(&hunk.runs);
        joined.old.extend(hunk.old);
        joined.old_range = hunk.old_range;
    }
    for hunk in added {
        let placed = hunk.runs.iter().map(|&run| Run { old: next, ..run });
        joined.runs.extend(placed);
        joined.new.extend(hunk.new);
        joined.new_range = hunk.new_range;
    }
    if joined.runs.is_empty() {
        Vec::new()
    } else {
        vec![joined]
    }
}

fn build(path: RepoPath, mut section: Section<'_>, problems: &mut Vec<Problem>) -> PatchFile {
    drop_disordered(&path, &mut section, problems);
    let status = status_of(&section);
    let whole = |gone| section.happened == gone;
    let old_text = text_of(&section.hunks, Side::Old, whole(Happened::Deleted));
    let new_text = text_of(&section.hunks, Side::New, whole(Happened::Added));
    let old =
        (section.happened != Happened::Added).then(|| side_of(&section, Side::Old, &old_text));
    let new =
        (section.happened != Happened::Deleted).then(|| side_of(&section, Side::New, &new_text));
    let change = FileChange {
        old_path: section.old_path.clone().filter(|old| *old != path),
        path,
        status,
        old,
        new,
    };
    let diff = diff_of(&change, section.hunks, section.binary, old_text, new_text);
    PatchFile {
        change,
        diff,
        named: (section.old_id, section.new_id),
    }
}

/// Leaves out hunks that do not follow the one before.
fn drop_disordered(path: &RepoPath, section: &mut Section<'_>, problems: &mut Vec<Problem>) {
    let (mut old_next, mut new_next) = (1, 1);
    let line = section.line;
    section.hunks.retain(|hunk| {
        let (old, new) = hunk.starts();
        if old < old_next || new < new_next {
            problems.push(Problem {
                path: Some(path.clone()),
                message: format!(
                    "line {line} of the patch: the hunk at old line {old}, new line {new} of {path} overlaps the one \
                     before it and was left out; make the patch again"
                ),
            });
            return false;
        }
        (old_next, new_next) = hunk.ends();
        true
    });
}

fn status_of(section: &Section<'_>) -> FileStatus {
    match section.happened {
        Happened::Added => FileStatus::Added,
        Happened::Deleted => FileStatus::Deleted,
        Happened::Renamed => FileStatus::Renamed,
        Happened::Copied => FileStatus::Copied,
        Happened::Modified => modified_status(section),
    }
}

fn modified_status(section: &Section<'_>) -> FileStatus {
    let (old, new) = (section.old_mode, section.new_mode);
    if kind_of(old) != kind_of(new) {
        FileStatus::TypeChanged
    } else if old != new && section.hunks.is_empty() && section.binary.is_none() {
        FileStatus::ModeChanged
    } else {
        FileStatus::Modified
    }
}

/// Returns what a mode is apart from permission: regular, symlink, submodule.
fn kind_of(mode: Option<Mode>) -> Mode {
    match mode {
        None | Some(Mode::Regular | Mode::Executable) => Mode::Regular,
        Some(Mode::Symlink) => Mode::Symlink,
        Some(Mode::Submodule) => Mode::Submodule,
    }
}

fn text_of(hunks: &[RawHunk<'_>], side: Side, whole: bool) -> FileText {
    let lines = hunks.iter().flat_map(|hunk| match side {
        Side::Old => &hunk.old,
        Side::New => &hunk.new,
    });
    let text = FileText::known(lines.map(|(line, bytes)| (LineNo(*line), bytes.as_ref())));
    if whole {
        FileText::whole(text.bytes().clone())
    } else {
        text
    }
}

fn side_of(section: &Section<'_>, side: Side, text: &FileText) -> FileSide {
    let (mode, id) = match side {
        Side::Old => (section.old_mode.or(section.new_mode), &section.old_id),
        Side::New => (section.new_mode.or(section.old_mode), &section.new_id),
    };
    let full = id.clone().filter(|id| matches!(id.len(), 40 | 64));
    let commit = (mode == Some(Mode::Submodule))
        .then(|| subproject(text))
        .flatten();
    let has_rows = section.hunks.iter().any(|hunk| !hunk.runs.is_empty());
    let blob = match commit.or(full) {
        Some(id) => BlobId::Git(ObjectId::new(id)),
        None if text.is_whole() && section.binary.is_none() => BlobId::Sha256(sha256(text.bytes())),
        None if has_rows => BlobId::Sha256(known_digest(text)),
        None => BlobId::Sha256(sha256(section.raw)),
    };
    let size = (text.is_whole() && section.binary.is_none()).then(|| text.bytes().len() as u64);
    FileSide {
        mode: mode.unwrap_or(Mode::Regular),
        blob,
        size,
    }
}

/// Names a text of which some lines are known: SHA-256 over the numbers and bytes of those lines.
fn known_digest(text: &FileText) -> Digest {
    let mut hasher = Hasher::default();
    for line in text.line_numbers() {
        hasher.update(&line.0.to_be_bytes());
        hasher.update(text.raw_line(line).unwrap_or_default());
    }
    hasher.finish()
}

/// Returns the commit that a submodule's only line names.
fn subproject(text: &FileText) -> Option<String> {
    let line = text.line(LineNo(1))?.strip_prefix(SUBPROJECT)?;
    let digits: String = line
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .map(|&byte| char::from(byte))
        .collect();
    (!digits.is_empty()).then_some(digits)
}

fn diff_of(
    change: &FileChange,
    hunks: Vec<RawHunk<'_>>,
    binary: Option<super::section::Binary>,
    old: FileText,
    new: FileText,
) -> FileDiff {
    let rowless = |body| FileDiff::without_rows(body, rowless_digest(change));
    let sides = [&change.old, &change.new];
    if let Some(binary) = binary {
        return rowless(DiffBody::Binary {
            old_size: change.old.as_ref().and(binary.old_size),
            new_size: change.new.as_ref().and(binary.new_size),
        });
    }
    if sides.iter().all(|side| {
        side.as_ref()
            .is_none_or(|side| side.mode == Mode::Submodule)
    }) {
        return rowless(DiffBody::Submodule {
            old: subproject(&old),
            new: subproject(&new),
        });
    }
    let hunks: Vec<Hunk> = hunks
        .into_iter()
        .filter(|hunk| !hunk.runs.is_empty())
        .map(|hunk| Hunk {
            digest: hunk_digest(&hunk.runs, &old, &new),
            heading: hunk.heading,
            runs: hunk.runs,
        })
        .collect();
    if hunks.is_empty() {
        return rowless(DiffBody::Unchanged);
    }
    FileDiff {
        body: DiffBody::Text,
        old,
        new,
        hunks,
    }
}
