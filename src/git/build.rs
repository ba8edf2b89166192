//! Writes a small repository from files in memory: branches, commits, a clean work tree.
//!
//! The outcome depends on the specification alone: authors and times are part of it, and neither the user's git
//! configuration nor their templates, hooks or attributes take part. It knows nothing of what the files are for.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use git2::build::CheckoutBuilder;
use git2::{ErrorCode, Oid, Repository, RepositoryInitOptions, Signature, Time};

/// A branch to write.
#[derive(Debug, Clone)]
pub struct BranchSpec<'a> {
    /// Its short name (`main`, `agent/orders`).
    pub name: &'a str,
    /// The branch it starts from, written before it; nothing for a root.
    pub from: Option<&'a str>,
    /// Its own commits, oldest first.
    pub commits: Vec<CommitSpec<'a>>,
}

/// A commit to write; author and committer are the same person at the same time.
#[derive(Debug, Clone)]
pub struct CommitSpec<'a> {
    /// The author's name.
    pub author: &'a str,
    /// The author's mail address.
    pub email: &'a str,
    /// When, in seconds since the epoch.
    pub seconds: i64,
    /// The author's clock, in minutes east of UTC.
    pub offset_minutes: i32,
    /// The whole message, ending with a line break.
    pub message: &'a str,
    /// What differs from the commit before.
    pub changes: Vec<FileChange<'a>>,
}

/// A difference from one commit to the next; the last one named for a path counts.
#[derive(Debug, Clone, Copy)]
pub enum FileChange<'a> {
    /// Adds or replaces an ordinary file.
    Put {
        /// Where, with `/` between the parts.
        path: &'a str,
        /// All of its bytes.
        bytes: &'a [u8],
    },
    /// Removes a file.
    Remove {
        /// Where.
        path: &'a str,
    },
}

/// Why a repository was not written or read.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The folder is in use.
    #[error("{0} already holds something; name an empty or a new folder")]
    NotEmpty(PathBuf),
    /// The specification contradicts itself.
    #[error("the repository cannot be written: {0}")]
    Specification(String),
    /// The disk refused.
    #[error(
        "cannot write {path}: {source}; check its permissions and the space left, or name another folder"
    )]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Git refused.
    #[error("git cannot write or read {path}: {}", .source.message())]
    Git {
        /// Which repository.
        path: PathBuf,
        /// What it said.
        source: git2::Error,
    },
}

/// The commits that branches point at, by short name, in hexadecimal.
pub type Tips = BTreeMap<String, String>;

/// Writes a repository with these branches into a new or empty folder, with one of them checked out.
///
/// It is written aside and moved into place when it is whole, so that a stopped build leaves nothing that looks like
/// a repository. Returns where the branches point.
pub fn build_repository(
    folder: &Path,
    branches: &[BranchSpec<'_>],
    checked_out: &str,
) -> Result<Tips, BuildError> {
    if !is_vacant(folder).map_err(|source| io_error(folder, source))? {
        return Err(BuildError::NotEmpty(folder.to_owned()));
    }
    // An empty folder stays the folder it is: somebody may stand in it, and beside it may be another disk.
    let there = folder.exists();
    let aside = match folder.parent() {
        _ if there => folder,
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    fs::create_dir_all(aside).map_err(|source| io_error(aside, source))?;
    let scratch = tempfile::Builder::new()
        .prefix(".countersign-build-")
        .tempdir_in(aside)
        .map_err(|source| io_error(aside, source))?;
    // Inside the scratch folder, which is private to its owner: the repository itself gets the usual permissions.
    let place = scratch.path().join("repository");
    let tips = write_repository(&place, branches, checked_out)?;
    let moved = if there {
        move_contents(&place, folder)
    } else {
        fs::rename(&place, folder)
    };
    moved.map_err(|source| io_error(folder, source))?;
    Ok(tips)
}

/// Moves everything in one folder into another, `.git` last.
fn move_contents(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        if name != ".git" {
            fs::rename(from.join(&name), to.join(&name))?;
        }
    }
    fs::rename(from.join(".git"), to.join(".git"))
}

/// Returns where the local branches of the repository in exactly this folder point; nothing if there is no repository.
pub fn branch_tips(folder: &Path) -> Result<Option<Tips>, BuildError> {
    let refuse = |source| git_error(folder, source);
    let repository = match Repository::open(folder) {
        Ok(repository) => repository,
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
        Err(error) => return Err(refuse(error)),
    };
    let mut tips = Tips::new();
    for reference in repository.references_glob("refs/heads/*").map_err(refuse)? {
        let reference = reference.map_err(refuse)?;
        let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
        if let (Some(name), Some(target)) = (name.strip_prefix("refs/heads/"), reference.target()) {
            tips.insert(name.to_owned(), target.to_string());
        }
    }
    Ok(Some(tips))
}

/// Whether nothing stands in this place, or an empty folder.
pub fn is_vacant(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(error),
    }
}

fn write_repository(
    place: &Path,
    branches: &[BranchSpec<'_>],
    checked_out: &str,
) -> Result<Tips, BuildError> {
    let refuse = |source| git_error(place, source);
    let repository = init(place).map_err(refuse)?;
    let mut written: BTreeMap<&str, (Oid, Files)> = BTreeMap::new();
    for branch in branches {
        let (mut tip, mut files) = match branch.from {
            None => (None, Files::new()),
            Some(from) => {
                let (tip, files) = written.get(from).ok_or_else(|| {
                    BuildError::Specification(format!(
                        "{} starts from {from}, which is not written yet",
                        branch.name
                    ))
                })?;
                (Some(*tip), files.clone())
            }
        };
        for commit in &branch.commits {
            apply(&repository, &mut files, &commit.changes)
                .map_err(|problem| problem.at(place, commit))?;
            tip = Some(write_commit(&repository, tip, &files, commit).map_err(refuse)?);
        }
        let tip = tip
            .ok_or_else(|| BuildError::Specification(format!("{} holds no commit", branch.name)))?;
        let name = format!("refs/heads/{}", branch.name);
        repository
            .reference(&name, tip, false, "written")
            .map_err(refuse)?;
        written.insert(branch.name, (tip, files));
    }
    let (tip, _) = written.get(checked_out).ok_or_else(|| {
        BuildError::Specification(format!(
            "{checked_out} is to be checked out and is not written"
        ))
    })?;
    check_out(&repository, checked_out, *tip).map_err(refuse)?;
    Ok(written
        .iter()
        .map(|(name, (tip, _))| ((*name).to_owned(), tip.to_string()))
        .collect())
}

/// All files of a commit: path and blob.
type Files = BTreeMap<String, Oid>;

enum ApplyProblem {
    Absent(String),
    Git(git2::Error),
}

impl ApplyProblem {
    fn at(self, place: &Path, commit: &CommitSpec<'_>) -> BuildError {
        match self {
            Self::Git(source) => git_error(place, source),
            Self::Absent(path) => {
                let subject = commit.message.lines().next().unwrap_or_default();
                BuildError::Specification(format!("{subject:?} removes {path}, which is not there"))
            }
        }
    }
}

/// Makes a repository that no setting of the user reaches: no templates (and so no hooks), no conversion of lines.
fn init(place: &Path) -> Result<Repository, git2::Error> {
    let mut options = RepositoryInitOptions::new();
    options
        .external_template(false)
        .no_reinit(true)
        .initial_head("main");
    let repository = Repository::init_opts(place, &options)?;
    let mut config = repository.config()?.open_level(git2::ConfigLevel::Local)?;
    config.set_bool("core.autocrlf", false)?;
    config.set_str("core.eol", "lf")?;
    // A log of references would carry the user's name and the present time.
    config.set_bool("core.logAllRefUpdates", false)?;
    Ok(repository)
}

fn apply(
    repository: &Repository,
    files: &mut Files,
    changes: &[FileChange<'_>],
) -> Result<(), ApplyProblem> {
    for change in changes {
        match *change {
            FileChange::Put { path, bytes } => {
                files.insert(
                    path.to_owned(),
                    repository.blob(bytes).map_err(ApplyProblem::Git)?,
                );
            }
            FileChange::Remove { path } => {
                files
                    .remove(path)
                    .ok_or_else(|| ApplyProblem::Absent(path.to_owned()))?;
            }
        }
    }
    Ok(())
}

fn write_commit(
    repository: &Repository,
    parent: Option<Oid>,
    files: &Files,
    spec: &CommitSpec<'_>,
) -> Result<Oid, git2::Error> {
    let files: Vec<(&str, Oid)> = files
        .iter()
        .map(|(path, blob)| (path.as_str(), *blob))
        .collect();
    let tree = repository.find_tree(write_tree(repository, &files)?)?;
    let time = Time::new(spec.seconds, spec.offset_minutes);
    let person = Signature::new(spec.author, spec.email, &time)?;
    let parent = parent.map(|id| repository.find_commit(id)).transpose()?;
    let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
    repository.commit(None, &person, &person, spec.message, &tree, &parents)
}

/// Writes the tree of these files, whose paths are relative to it.
fn write_tree(repository: &Repository, files: &[(&str, Oid)]) -> Result<Oid, git2::Error> {
    let mut builder = repository.treebuilder(None)?;
    let mut folders: BTreeMap<&str, Vec<(&str, Oid)>> = BTreeMap::new();
    for (path, blob) in files {
        match path.split_once('/') {
            None => {
                builder.insert(*path, *blob, i32::from(git2::FileMode::Blob))?;
            }
            Some((folder, rest)) => folders.entry(folder).or_default().push((rest, *blob)),
        }
    }
    for (folder, inside) in folders {
        let tree = write_tree(repository, &inside)?;
        builder.insert(folder, tree, i32::from(git2::FileMode::Tree))?;
    }
    builder.write()
}

fn check_out(repository: &Repository, branch: &str, tip: Oid) -> Result<(), git2::Error> {
    let commit = repository.find_object(tip, None)?;
    let mut options = CheckoutBuilder::new();
    options.force().disable_filters(true);
    repository.checkout_tree(&commit, Some(&mut options))?;
    repository.set_head(&format!("refs/heads/{branch}"))
}

fn io_error(path: &Path, source: io::Error) -> BuildError {
    BuildError::Io {
        path: path.to_owned(),
        source,
    }
}

fn git_error(path: &Path, source: git2::Error) -> BuildError {
    BuildError::Git {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests;
