//! Who the user is, by their own git configuration, and who wrote the commits under review.

use std::path::Path;

use git2::{Config, Sort};

use super::error::GitError;
use super::{commits, repository};
use crate::model::{ObjectId, Person};

/// How many commits of a range one person wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authorship {
    /// Commits in the range.
    pub commits: u64,
    /// Those whose author has the address.
    pub by_person: u64,
}

/// Returns the name and address of the user's own configuration (system, XDG and home); never a repository's, which
/// belongs to whoever made it.
pub fn global_identity() -> Option<Person> {
    let config = Config::open_default().ok()?.snapshot().ok()?;
    let get = |key| {
        let value = config.get_str(key).ok()?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    Some(Person {
        name: get("user.name")?,
        email: get("user.email")?,
    })
}

/// Counts the commits reachable from `head` and not from `base`, and those of them whose author has an address (compared
/// without regard to case).
pub fn authored_by(
    repository: &Path,
    base: Option<&ObjectId>,
    head: &ObjectId,
    email: &str,
) -> Result<Authorship, GitError> {
    let repo = repository::open_at(repository)?;
    let failed = |error: git2::Error| GitError::object("the commits of the range", &error);
    let mut walk = repo.revwalk().map_err(failed)?;
    walk.set_sorting(Sort::NONE).map_err(failed)?;
    walk.push(commits::find_commit(&repo, head)?.id())
        .map_err(failed)?;
    if let Some(base) = base {
        walk.hide(commits::find_commit(&repo, base)?.id())
            .map_err(failed)?;
    }
    let mut count = Authorship {
        commits: 0,
        by_person: 0,
    };
    for id in walk {
        let commit = id.and_then(|id| repo.find_commit(id)).map_err(failed)?;
        let author = commit.author();
        let address = String::from_utf8_lossy(author.email_bytes());
        count.commits += 1;
        count.by_person += u64::from(address.to_lowercase() == email.to_lowercase());
    }
    Ok(count)
}
