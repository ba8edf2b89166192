//! A patch as a source, and the whole files around its hunks where a repository holds them.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use git2::{ObjectType, Oid, Repository};

use super::content::{Content, ContentError, MAX_FILE_BYTES};
use super::error::{GitError, shown, visible};
use super::repository::{self, blob_id};
use super::{Draft, OpenedSource};
use crate::diff::{PatchFile, parse_patch};
use crate::model::{
    BlobId, DiffBody, Endpoint, FileChange, FileDiff, FileSide, FileStatus, FileText, LineNo,
    Problem, RowKind, SourceKind,
};

/// Shortest abbreviated blob id that is looked up.
const MIN_ABBREVIATION: usize = 7;

/// Opens a patch file.
pub(super) fn open_file(path: &Path, cwd: &Path) -> Result<OpenedSource, GitError> {
    let file = std::fs::File::open(path).map_err(|error| GitError::read(path, error))?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| GitError::read(path, error))?;
    let name = path
        .file_name()
        .map_or_else(|| shown(path), |name| name.to_string_lossy().into_owned());
    open_bytes(Arc::from(bytes), &name, cwd)
}

/// Opens a patch that was read already. A repository at `cwd` is only asked for the files the patch names by blob id.
pub(super) fn open_bytes(
    bytes: Arc<[u8]>,
    name: &str,
    cwd: &Path,
) -> Result<OpenedSource, GitError> {
    let (mut files, problems) = parse(&bytes, name)?;
    let repo = repository::discover(cwd).ok();
    let adopted = repo.as_ref().map_or(0, |repo| adopt_from(repo, &mut files));
    let home = repo
        .filter(|_| adopted > 0)
        .map(|repo| repository::home(&repo));
    source(bytes, name, files, problems, home)
}

/// Reads a patch; one without files is an error.
pub(super) fn parse(bytes: &[u8], name: &str) -> Result<(Vec<PatchFile>, Vec<Problem>), GitError> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(GitError::Read {
            path: visible(name),
            reason: "a patch may have at most 256 MiB; review the commits or the folder instead"
                .to_owned(),
        });
    }
    let parsed = parse_patch(bytes);
    if parsed.files.is_empty() {
        return Err(GitError::EmptyPatch {
            name: visible(name),
            problem: parsed.problems.first().map(|first| first.message.clone()),
        });
    }
    Ok((parsed.files, parsed.problems))
}

/// Makes a source of a patch's files.
pub(super) fn source(
    bytes: Arc<[u8]>,
    name: &str,
    files: Vec<PatchFile>,
    problems: Vec<Problem>,
    repository: Option<std::path::PathBuf>,
) -> Result<OpenedSource, GitError> {
    let changes = files.iter().map(|file| file.change.clone()).collect();
    let draft = Draft {
        kind: SourceKind::Patch,
        title: name.to_owned(),
        base: Endpoint::named("before the patch"),
        head: Endpoint::named("after the patch"),
        files: changes,
        problems,
        repository,
        notes: Vec::new(),
        patch: Some(bytes),
    };
    draft.finish(Arc::new(PatchContent::new(files)))
}

/// What a patch holds, ready made.
struct PatchContent {
    diffs: HashMap<crate::model::RepoPath, FileDiff>,
    texts: HashMap<BlobId, Arc<[u8]>>,
}

impl PatchContent {
    fn new(files: Vec<PatchFile>) -> Self {
        let mut content = Self {
            diffs: HashMap::with_capacity(files.len()),
            texts: HashMap::new(),
        };
        for file in files {
            let sides = [
                (&file.change.old, &file.diff.old),
                (&file.change.new, &file.diff.new),
            ];
            for (side, text) in sides {
                if let Some(side) = side
                    && text.is_whole()
                    && file.diff.body == DiffBody::Text
                {
                    let bytes = Arc::clone(text.bytes());
                    content.texts.insert(side.blob.clone(), bytes);
                }
            }
            content.diffs.insert(file.change.path, file.diff);
        }
        content
    }
}

impl Content for PatchContent {
    fn read(&self, side: &FileSide) -> Result<Arc<[u8]>, ContentError> {
        if side.size == Some(0) {
            return Ok(Arc::default());
        }
        self.texts
            .get(&side.blob)
            .cloned()
            .ok_or(ContentError::Partial)
    }

    fn diff(&self, file: &FileChange) -> FileDiff {
        self.diffs.get(&file.path).cloned().unwrap_or_else(|| {
            let why = "The patch does not hold this file.".to_owned();
            FileDiff::without_rows(
                DiffBody::Unavailable(why),
                crate::diff::rowless_digest(file),
            )
        })
    }
}

/// Completes files whose old version a repository holds; returns how many.
fn adopt_from(repo: &Repository, files: &mut [PatchFile]) -> usize {
    let mut adopted = 0;
    for file in files {
        let Some(old) = named_blob(repo, file.named.0.as_deref()) else {
            continue;
        };
        adopted += usize::from(adopt(file, &old));
    }
    adopted
}

fn named_blob(repo: &Repository, id: Option<&str>) -> Option<Arc<[u8]>> {
    let id = id.filter(|id| (MIN_ABBREVIATION..=40).contains(&id.len()))?;
    let odb = repo.odb().ok()?;
    let oid = odb.exists_prefix(Oid::from_str(id).ok()?, id.len()).ok()?;
    let (size, kind) = odb.read_header(oid).ok()?;
    (kind == ObjectType::Blob && size as u64 <= MAX_FILE_BYTES).then_some(())?;
    odb.read(oid).ok().map(|object| Arc::from(object.data()))
}

/// Puts a file's whole old version behind its hunks, if every row fits, and the whole new one that follows from it. Tells
/// whether it did. The rows stay what they were; the ids become those of the whole versions.
pub(super) fn adopt(file: &mut PatchFile, old: &Arc<[u8]>) -> bool {
    let (Some(old_side), Some(new_side)) = (&mut file.change.old, &mut file.change.new) else {
        return false;
    };
    if file.diff.body != DiffBody::Text || file.change.status == FileStatus::TypeChanged {
        return false;
    }
    let text = FileText::whole(Arc::clone(old));
    let Some(new) = applied(&text, &file.diff) else {
        return false;
    };
    let (Ok(old_id), Ok(new_id)) = (
        Oid::hash_object(ObjectType::Blob, old),
        Oid::hash_object(ObjectType::Blob, &new),
    ) else {
        return false;
    };
    let named = file.named.1.as_deref();
    if named.is_some_and(|named| !new_id.to_string().starts_with(named)) {
        return false;
    }
    (old_side.blob, old_side.size) = (blob_id(old_id), Some(old.len() as u64));
    (new_side.blob, new_side.size) = (blob_id(new_id), Some(new.len() as u64));
    file.diff.old = text;
    file.diff.new = FileText::whole(Arc::from(new));
    true
}

/// Applies the rows to a whole old version; `None` where one does not fit.
fn applied(old: &FileText, diff: &FileDiff) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(old.bytes().len());
    let mut next = 1;
    for run in diff.hunks.iter().flat_map(|hunk| &hunk.runs) {
        while next < run.old {
            out.extend_from_slice(old.raw_line(LineNo(next))?);
            next += 1;
        }
        for index in 0..run.len {
            let row = run.row(index);
            if run.kind != RowKind::Added {
                let line = row.old?;
                (old.raw_line(line)? == diff.old.raw_line(line)?).then_some(())?;
                next += 1;
            }
            if run.kind != RowKind::Removed {
                out.extend_from_slice(diff.new.raw_line(row.new?)?);
            }
        }
    }
    while let Some(line) = old.raw_line(LineNo(next)) {
        out.extend_from_slice(line);
        next += 1;
    }
    Some(out)
}
