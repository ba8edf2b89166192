//! Folders: which files they hold, and a folder outside git as a source where everything is new.

use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use ignore::WalkBuilder;

use super::beneath::Root;
use super::error::{GitError, shown, visible};
use super::worktree::DiskContent;
use super::{Draft, OpenedSource};
use crate::model::{
    BlobId, Digest, Endpoint, FileChange, FileSide, FileStatus, Problem, RepoPath, SourceKind,
};

/// Which ignore rules count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// `.gitignore` inside the folder, and nothing else.
    OfFolder,
    /// As git: `.gitignore`, `info/exclude`, the reader's own excludes.
    OfRepository,
}

/// What a walk found.
pub(super) struct Walked {
    /// Files and symlinks.
    pub(super) files: Vec<RepoPath>,
    /// What could not be read, or was left out.
    pub(super) problems: Vec<Problem>,
}

/// Lists the files of a folder, hidden ones included, following no link. Other repositories (of a folder outside git: only
/// their own files) are left out; those for which `is_known` holds, without a word.
pub(super) fn walk(root: &Path, rules: Rules, is_known: &dyn Fn(&RepoPath) -> bool) -> Walked {
    let nested: Arc<Mutex<Vec<RepoPath>>> = Arc::default();
    let walker = builder(root, rules, Arc::clone(&nested)).build();
    let mut walked = Walked {
        files: Vec::new(),
        problems: Vec::new(),
    };
    let (mut others, mut ignores) = (0_u32, false);
    for entry in walker {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                walked.problems.push(Problem {
                    path: None,
                    message: format!("{}; check its permissions", visible(&error.to_string())),
                });
                continue;
            }
        };
        let Some(path) = relative(root, entry.path()) else {
            continue;
        };
        match entry.file_type() {
            Some(kind) if kind.is_file() || kind.is_symlink() => {
                ignores |= entry.file_name() == ".gitignore";
                walked.files.push(path);
            }
            Some(kind) if kind.is_dir() => {}
            _ => others += 1,
        }
    }
    walked.left_out(ignores && rules == Rules::OfFolder, others);
    for path in nested.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        if !is_known(path) {
            walked.problems.push(Problem {
                path: Some(path.clone()),
                message: match rules {
                    Rules::OfFolder => format!("{path}, a repository's own files, was left out"),
                    Rules::OfRepository => {
                        format!("{path} is a repository of its own and was left out")
                    }
                },
            });
        }
    }
    walked
}

impl Walked {
    /// Says what was left out: nothing is, without a word in the report.
    fn left_out(&mut self, ignored: bool, others: u32) {
        let mut say = |message: String| {
            self.problems.push(Problem {
                path: None,
                message,
            });
        };
        if ignored {
            say("files that a .gitignore in the folder names were left out".to_owned());
        }
        if others > 0 {
            let what = if others == 1 {
                "an entry that is no file (a pipe, socket or device) was".to_owned()
            } else {
                format!("{others} entries that are no files (pipes, sockets or devices) were")
            };
            say(format!("{what} left out"));
        }
    }
}

fn builder(root: &Path, rules: Rules, nested: Arc<Mutex<Vec<RepoPath>>>) -> WalkBuilder {
    let mut builder = WalkBuilder::new(root);
    let as_git = rules == Rules::OfRepository;
    builder
        .hidden(false)
        .parents(false)
        .ignore(false)
        .git_ignore(true)
        .git_global(as_git)
        .git_exclude(as_git)
        .require_git(false)
        .follow_links(false);
    let top = root.to_owned();
    builder.filter_entry(move |entry| {
        let set_aside = |path: RepoPath| {
            nested
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(path);
        };
        if entry.file_name() == ".git" {
            if !as_git && let Some(path) = relative(&top, entry.path()) {
                set_aside(path);
            }
            return false;
        }
        let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let inner = as_git
            && folder
            && entry.depth() > 0
            && entry.path().join(".git").symlink_metadata().is_ok();
        if inner && let Some(path) = relative(&top, entry.path()) {
            set_aside(path);
        }
        !inner
    });
    builder
}

fn relative(root: &Path, path: &Path) -> Option<RepoPath> {
    let path = path.strip_prefix(root).ok()?;
    let bytes = path.as_os_str().as_bytes();
    (!bytes.is_empty()).then(|| RepoPath::new(bytes))
}

/// Opens a folder outside git: everything in it is new.
pub(super) fn open(path: &Path) -> Result<OpenedSource, GitError> {
    let path = path
        .canonicalize()
        .map_err(|error| GitError::read(path, error))?;
    let root = Root::open(&path).map_err(|error| GitError::read(&path, error))?;
    let mut walked = walk(&path, Rules::OfFolder, &|_| false);
    walked.files.sort();
    let mut files = Vec::new();
    let mut places: HashMap<Digest, RepoPath> = HashMap::new();
    for file in walked.files {
        match root.read(&file) {
            Ok(Some(found)) => {
                places.entry(found.digest).or_insert_with(|| file.clone());
                files.push(added(
                    file,
                    FileSide {
                        mode: found.mode,
                        blob: BlobId::Sha256(found.digest),
                        size: Some(found.size),
                    },
                ));
            }
            Ok(None) => {}
            Err(error) => walked.problems.push(Problem {
                message: format!(
                    "{file} cannot be read ({error}) and was left out; check its permissions"
                ),
                path: Some(file),
            }),
        }
    }
    let name = path.file_name().map_or_else(
        || shown(&path),
        |name| String::from_utf8_lossy(name.as_bytes()).into_owned(),
    );
    let draft = Draft {
        kind: SourceKind::Folder,
        title: format!("folder {name}"),
        base: Endpoint::named("nothing"),
        head: Endpoint::named(name),
        files,
        problems: walked.problems,
        repository: None,
        notes: Vec::new(),
        patch: None,
    };
    draft.finish(Arc::new(DiskContent::new(None, root, places)))
}

fn added(path: RepoPath, side: FileSide) -> FileChange {
    FileChange {
        path,
        old_path: None,
        status: FileStatus::Added,
        old: None,
        new: Some(side),
    }
}
