//! A file that a change leaves alone, as it is after the change: to be read beside it. Read from the object database by
//! its name, never from the disk.

use std::sync::Arc;

use super::commits::RepositoryContent;
use super::content::{Content, ContentError, is_binary};
use super::error::GitError;
use super::{OpenedSource, head_files, repository};
use crate::diff::rowless_digest;
use crate::model::{
    ChangeSet, DiffBody, Digest, FileChange, FileDiff, FileSide, FileStatus, FileText, RepoPath,
    SourceKind,
};

/// Texts that stand still: the same before and after, all of it context.
struct Still(RepositoryContent);

impl Content for Still {
    fn read(&self, side: &FileSide) -> Result<Arc<[u8]>, ContentError> {
        self.0.read(side)
    }

    fn digest(&self, side: &FileSide) -> Result<Digest, ContentError> {
        self.0.digest(side)
    }

    fn diff(&self, file: &FileChange) -> FileDiff {
        let rowless = |body| FileDiff::without_rows(body, rowless_digest(file));
        let Some(side) = &file.new else {
            return rowless(DiffBody::Unchanged);
        };
        match self.0.read(side) {
            Ok(bytes) if is_binary(&bytes) => {
                let size = Some(bytes.len() as u64);
                rowless(DiffBody::Binary {
                    old_size: size,
                    new_size: size,
                })
            }
            Ok(bytes) => {
                let text = FileText::whole(bytes);
                FileDiff {
                    body: DiffBody::Text,
                    old: text.clone(),
                    new: text,
                    hunks: Vec::new(),
                }
            }
            Err(error) => rowless(DiffBody::Unavailable(error.to_string())),
        }
    }
}

/// Returns the bytes of files that a change leaves alone; none where there is no repository.
pub fn still_content(source: &OpenedSource) -> Result<Arc<dyn Content>, GitError> {
    let path = source.repository.as_ref().ok_or_else(no_repository)?;
    let repo = repository::open_at(path)?;
    Ok(Arc::new(Still(RepositoryContent::new(repo))))
}

/// Opens one file of the tree after the change.
pub fn still_file(
    source: &OpenedSource,
    path: &RepoPath,
) -> Result<(Arc<ChangeSet>, Arc<dyn Content>), GitError> {
    let content = still_content(source)?;
    let what = || format!("file {}", super::error::visible(&path.quoted()));
    let side = head_files(source)
        .remove(path)
        .ok_or_else(|| GitError::Object {
            what: what(),
            reason: "the tree after the change has no such file".to_owned(),
        })?;
    let change = ChangeSet {
        kind: SourceKind::Tree,
        title: path.to_string(),
        base: source.revision.head.clone(),
        head: source.revision.head.clone(),
        object_format: source.change.object_format,
        files: vec![FileChange {
            path: path.clone(),
            old_path: None,
            status: FileStatus::Modified,
            old: Some(side.clone()),
            new: Some(side),
        }],
        problems: Vec::new(),
    };
    Ok((Arc::new(change), content))
}

fn no_repository() -> GitError {
    GitError::Object {
        what: "files beside the change".to_owned(),
        reason: "the change was not taken from a repository".to_owned(),
    }
}
