//! The stored form of a copied source: `change.json`. Only this file knows its spelling.

use serde::{Deserialize, Serialize};

use crate::model::{
    BlobId, ChangeSet, Digest, Endpoint, FileChange, FileSide, FileStatus, Mode, ObjectFormat,
    ObjectId, Problem, RepoPath, SourceKind,
};

/// The format this program writes.
pub(super) const FORMAT: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireChange {
    pub(super) format: u32,
    kind: String,
    title: String,
    base: WireEnd,
    head: WireEnd,
    object_format: Option<String>,
    pub(super) notes: Vec<String>,
    problems: Vec<WireProblem>,
    pub(super) files: Vec<WireFile>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireEnd {
    label: String,
    commit: Option<String>,
    tree: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireProblem {
    path: Option<String>,
    message: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireFile {
    path: String,
    old_path: Option<String>,
    status: String,
    pub(super) old: Option<WireSide>,
    pub(super) new: Option<WireSide>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireSide {
    mode: String,
    /// `git:ID` or `sha256:DIGEST`.
    blob: String,
    size: Option<u64>,
    /// SHA-256 of the bytes: their name under `blobs/`, where they are kept.
    pub(super) content: Option<String>,
}

/// Spells a change; `content` gives the digest under which a version's bytes are kept.
pub(super) fn to_wire(
    change: &ChangeSet,
    notes: &[String],
    content: &dyn Fn(&FileSide) -> Option<Digest>,
) -> WireChange {
    let side = |side: &FileSide| WireSide {
        mode: side.mode.octal().to_owned(),
        blob: side.blob.to_string(),
        size: side.size,
        content: content(side).map(|digest| digest.to_string()),
    };
    WireChange {
        format: FORMAT,
        kind: change.kind.name().to_owned(),
        title: change.title.clone(),
        base: end_to_wire(&change.base),
        head: end_to_wire(&change.head),
        object_format: change.object_format.map(|format| match format {
            ObjectFormat::Sha1 => "sha1".to_owned(),
            ObjectFormat::Sha256 => "sha256".to_owned(),
        }),
        notes: notes.to_vec(),
        problems: change
            .problems
            .iter()
            .map(|problem| WireProblem {
                path: problem.path.as_ref().map(RepoPath::quoted),
                message: problem.message.clone(),
            })
            .collect(),
        files: change
            .files
            .iter()
            .map(|file| WireFile {
                path: file.path.quoted(),
                old_path: file.old_path.as_ref().map(RepoPath::quoted),
                status: status_name(file.status).to_owned(),
                old: file.old.as_ref().map(side),
                new: file.new.as_ref().map(side),
            })
            .collect(),
    }
}

/// Reads a change; the reason where it is not one.
pub(super) fn from_wire(wire: &WireChange) -> Result<ChangeSet, String> {
    let mut files = Vec::with_capacity(wire.files.len());
    for file in &wire.files {
        files.push(file_from_wire(file)?);
    }
    if !files.is_sorted_by(|a, b| a.path < b.path) {
        return Err("its files are not in order".to_owned());
    }
    let mut problems = Vec::new();
    for problem in &wire.problems {
        problems.push(Problem {
            path: problem.path.as_deref().map(path_from_wire).transpose()?,
            message: problem.message.clone(),
        });
    }
    Ok(ChangeSet {
        kind: SourceKind::from_name(&wire.kind).ok_or_else(|| unknown("kind", &wire.kind))?,
        title: wire.title.clone(),
        base: end_from_wire(&wire.base),
        head: end_from_wire(&wire.head),
        object_format: match wire.object_format.as_deref() {
            None => None,
            Some("sha1") => Some(ObjectFormat::Sha1),
            Some("sha256") => Some(ObjectFormat::Sha256),
            Some(other) => return Err(unknown("object format", other)),
        },
        files,
        problems,
    })
}

fn end_to_wire(end: &Endpoint) -> WireEnd {
    WireEnd {
        label: end.label.clone(),
        commit: end.commit.as_ref().map(ToString::to_string),
        tree: end.tree.as_ref().map(ToString::to_string),
    }
}

fn end_from_wire(end: &WireEnd) -> Endpoint {
    Endpoint {
        label: end.label.clone(),
        commit: end.commit.clone().map(ObjectId::new),
        tree: end.tree.clone().map(ObjectId::new),
    }
}

fn file_from_wire(file: &WireFile) -> Result<FileChange, String> {
    Ok(FileChange {
        path: path_from_wire(&file.path)?,
        old_path: file.old_path.as_deref().map(path_from_wire).transpose()?,
        status: STATUSES
            .into_iter()
            .find(|&status| status_name(status) == file.status)
            .ok_or_else(|| unknown("status", &file.status))?,
        old: file.old.as_ref().map(side_from_wire).transpose()?,
        new: file.new.as_ref().map(side_from_wire).transpose()?,
    })
}

pub(super) fn side_from_wire(side: &WireSide) -> Result<FileSide, String> {
    let bits = u32::from_str_radix(&side.mode, 8).map_err(|_| unknown("mode", &side.mode))?;
    let blob = match side.blob.split_once(':') {
        Some(("git", id)) => BlobId::Git(ObjectId::new(id)),
        Some(("sha256", digest)) => {
            BlobId::Sha256(digest.parse().map_err(|_| unknown("blob", &side.blob))?)
        }
        _ => return Err(unknown("blob", &side.blob)),
    };
    Ok(FileSide {
        mode: Mode::from_bits(bits),
        blob,
        size: side.size,
    })
}

fn path_from_wire(text: &str) -> Result<RepoPath, String> {
    RepoPath::parse(text).map_err(|error| error.to_string())
}

fn unknown(what: &str, text: &str) -> String {
    format!("unknown {what} {text:?}")
}

const STATUSES: [FileStatus; 7] = [
    FileStatus::Added,
    FileStatus::Deleted,
    FileStatus::Modified,
    FileStatus::Renamed,
    FileStatus::Copied,
    FileStatus::ModeChanged,
    FileStatus::TypeChanged,
];

fn status_name(status: FileStatus) -> &'static str {
    match status {
        FileStatus::Added => "added",
        FileStatus::Deleted => "deleted",
        FileStatus::Modified => "modified",
        FileStatus::Renamed => "renamed",
        FileStatus::Copied => "copied",
        FileStatus::ModeChanged => "mode-changed",
        FileStatus::TypeChanged => "type-changed",
    }
}
