//! What a reader's words for a range mean: which commits, and what to call them.

use git2::{Commit, ErrorCode, Oid, Repository};

use super::error::{GitError, visible};
use crate::model::{Endpoint, ObjectId, SourceKind};

/// Most branches that are compared with a name that does not exist.
const MAX_SUGGESTION_POOL: usize = 5_000;

/// Longest text, in bytes, that can name a reference: what file systems take as a name.
const MAX_REVISION: usize = 255;

/// Both ends of a change, found.
pub(super) struct Ends {
    pub(super) kind: SourceKind,
    pub(super) title: String,
    pub(super) base: Endpoint,
    pub(super) head: Endpoint,
    pub(super) notes: Vec<String>,
}

/// Finds the ends of `A..B`, `A...B`, one revision, or nothing.
pub(super) fn resolve(repo: &Repository, text: Option<&str>) -> Result<Ends, GitError> {
    let Some(text) = text else {
        return since_main(repo);
    };
    match split_range(text) {
        Some((a, "...", b)) => since_merge_base(repo, a, b),
        Some((a, _, b)) => range(repo, a, b),
        None => single(repo, text),
    }
}

/// Splits at the first `..` or `...` that is not inside braces; an end that is left out is HEAD.
fn split_range(text: &str) -> Option<(&str, &'static str, &str)> {
    let mut depth = 0_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'.' if depth == 0 && text[at..].starts_with("..") => {
                let dots = if text[at..].starts_with("...") {
                    "..."
                } else {
                    ".."
                };
                let (a, b) = (&text[..at], &text[at + dots.len()..]);
                return Some((or_head(a), dots, or_head(b)));
            }
            _ => {}
        }
    }
    None
}

fn or_head(end: &str) -> &str {
    if end.is_empty() { "HEAD" } else { end }
}

fn range(repo: &Repository, a: &str, b: &str) -> Result<Ends, GitError> {
    let base = commit(repo, a)?;
    let head = commit(repo, b)?;
    Ok(Ends {
        kind: SourceKind::Range,
        title: format!("{a}..{b}"),
        base: endpoint(a, &base),
        head: endpoint(b, &head),
        notes: Vec::new(),
    })
}

fn since_merge_base(repo: &Repository, a: &str, b: &str) -> Result<Ends, GitError> {
    let one = commit(repo, a)?;
    let head = commit(repo, b)?;
    let (base, notes) = merge_base(repo, (a, one.id()), (b, head.id()))?;
    Ok(Ends {
        kind: SourceKind::Range,
        title: format!("{a}…{b}"),
        base: endpoint(a, &base),
        head: endpoint(b, &head),
        notes,
    })
}

fn merge_base<'r>(
    repo: &'r Repository,
    (a, one): (&str, Oid),
    (b, two): (&str, Oid),
) -> Result<(Commit<'r>, Vec<String>), GitError> {
    let none = || GitError::NoCommonAncestor {
        a: visible(a),
        b: visible(b),
        shallow: repo.is_shallow(),
    };
    let bases = repo.merge_bases(one, two).map_err(|_| none())?;
    let first = *bases.first().ok_or_else(none)?;
    let base = repo
        .find_commit(first)
        .map_err(|error| GitError::object(format!("commit {first}"), &error))?;
    let mut notes = Vec::new();
    let grafts = repo.commondir().join("info/grafts");
    if grafts.metadata().is_ok_and(|found| found.len() > 0) {
        notes.push(
            "The repository rewrites its history with info/grafts, and the merge base follows that; name both ends to be \
             sure."
                .to_owned(),
        );
    }
    if bases.len() > 1 {
        notes.push(format!(
            "{} and {} have {} merge bases; the change is compared with {}.",
            visible(a),
            visible(b),
            bases.len(),
            short(first)
        ));
    }
    Ok((base, notes))
}

fn single(repo: &Repository, text: &str) -> Result<Ends, GitError> {
    let head = commit(repo, text)?;
    let parents = recorded_parents(&head);
    let mut notes = Vec::new();
    let base = match parents.first() {
        None => Endpoint::named("empty tree"),
        Some(&parent) => {
            let parent = repo.find_commit(parent).map_err(|error| {
                if repo.is_shallow() && error.code() == ErrorCode::NotFound {
                    let revision = visible(text);
                    return GitError::ShallowParent { revision };
                }
                GitError::object(format!("commit {parent}"), &error)
            })?;
            endpoint(&format!("{text}^"), &parent)
        }
    };
    if parents.len() > 1 {
        notes.push(format!(
            "{} is a merge of {} commits; it is compared with its first parent.",
            visible(text),
            parents.len()
        ));
    }
    Ok(Ends {
        kind: SourceKind::Commit,
        title: titled(text, head.id()),
        base,
        head: endpoint(text, &head),
        notes,
    })
}

/// Returns the parents that the commit's own bytes name: neither a graft nor the edge of a shallow clone changes them.
fn recorded_parents(commit: &Commit<'_>) -> Vec<Oid> {
    commit
        .raw_header_bytes()
        .split(|&byte| byte == b'\n')
        .filter_map(|line| line.strip_prefix(b"parent "))
        .filter_map(|id| Oid::from_str(std::str::from_utf8(id).ok()?.trim()).ok())
        .collect()
}

/// Returns `text (1a2b3c4d)`, or the text alone where it is an id already.
fn titled(text: &str, id: Oid) -> String {
    let full = id.to_string();
    if text.len() >= 7 && full.starts_with(text) {
        text.to_owned()
    } else {
        format!("{text} ({})", short(id))
    }
}

fn short(id: Oid) -> String {
    id.to_string()[..8].to_owned()
}

/// Finds what HEAD has on top of its upstream or the main branch.
fn since_main(repo: &Repository) -> Result<Ends, GitError> {
    let head = head_commit(repo)?.ok_or(GitError::Unborn)?;
    let name = head_name(repo, head.id());
    let candidates = main_candidates(repo);
    if candidates.is_empty() {
        let head = visible(&name);
        return Err(GitError::NoMainBranch { head });
    }
    let mut unrelated = None;
    for (label, tip) in &candidates {
        match merge_base(repo, (label, *tip), (&name, head.id())) {
            Ok((base, _)) if base.id() == head.id() => {}
            Ok((base, notes)) => {
                return Ok(Ends {
                    kind: SourceKind::Range,
                    title: format!("{label}…{name}"),
                    base: endpoint(label, &base),
                    head: endpoint(&name, &head),
                    notes,
                });
            }
            Err(error) => unrelated = unrelated.or(Some(error)),
        }
    }
    let tried: Vec<String> = candidates.iter().map(|(label, _)| visible(label)).collect();
    Err(unrelated.unwrap_or(GitError::NothingAhead {
        head: visible(&name),
        tried: tried.join(" or "),
    }))
}

/// Returns the branches HEAD may have come from, best first: its upstream, then the main branch by its usual names.
fn main_candidates(repo: &Repository) -> Vec<(String, Oid)> {
    let own = repo
        .head()
        .ok()
        .and_then(|head| head.name().ok().map(str::to_owned));
    let upstream = own
        .as_deref()
        .and_then(|name| repo.branch_upstream_name(name).ok())
        .and_then(|name| name.as_str().ok().map(str::to_owned));
    let usual = [
        "refs/remotes/origin/HEAD",
        "refs/heads/main",
        "refs/heads/master",
        "refs/remotes/origin/main",
        "refs/remotes/origin/master",
    ];
    let names = upstream
        .into_iter()
        .chain(usual.into_iter().map(str::to_owned))
        .filter(|name| own.as_ref() != Some(name));
    let mut found: Vec<(String, Oid)> = Vec::new();
    for name in names {
        let Ok(reference) = repo.find_reference(&name).and_then(|r| r.resolve()) else {
            continue;
        };
        let Ok(commit) = reference.peel_to_commit() else {
            continue;
        };
        // `origin/HEAD` is called by the branch it stands for.
        let label = short_name(reference.name().unwrap_or(&name));
        if !found.iter().any(|(known, _)| *known == label) {
            found.push((label, commit.id()));
        }
    }
    found
}

fn short_name(reference: &str) -> String {
    reference
        .strip_prefix("refs/heads/")
        .or_else(|| reference.strip_prefix("refs/remotes/"))
        .or_else(|| reference.strip_prefix("refs/tags/"))
        .unwrap_or(reference)
        .to_owned()
}

/// Returns HEAD's commit; `None` where HEAD is unborn.
pub(super) fn head_commit(repo: &Repository) -> Result<Option<Commit<'_>>, GitError> {
    match repo.head() {
        Ok(head) => head
            .peel_to_commit()
            .map(Some)
            .map_err(|error| GitError::object("the commit of HEAD", &error)),
        Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
            Ok(None)
        }
        Err(error) => Err(GitError::object("HEAD", &error)),
    }
}

/// Returns HEAD as an end, and what HEAD is called; the empty tree where HEAD is unborn.
pub(super) fn head_end(repo: &Repository) -> Result<(Endpoint, String), GitError> {
    Ok(match head_commit(repo)? {
        Some(commit) => (endpoint("HEAD", &commit), head_name(repo, commit.id())),
        None => (Endpoint::named("empty tree"), "an unborn branch".to_owned()),
    })
}

/// Returns the branch HEAD is on, or the short id of its commit.
fn head_name(repo: &Repository, id: Oid) -> String {
    let head = repo.head().ok();
    head.filter(git2::Reference::is_branch)
        .and_then(|head| head.name().ok().map(short_name))
        .unwrap_or_else(|| short(id))
}

/// Finds a commit by what the reader calls it. What looks like an option is a name like any other.
pub(super) fn commit<'r>(repo: &'r Repository, text: &str) -> Result<Commit<'r>, GitError> {
    let found = repo.revparse_single(text).map_err(|error| {
        if text == "HEAD" && head_commit(repo).is_ok_and(|head| head.is_none()) {
            return GitError::Unborn;
        }
        match error.code() {
            // A name of one to three letters that is no ref is tried as a commit id and found too short for one; no ref has
            // a name that no file can have.
            code if matches!(code, ErrorCode::NotFound | ErrorCode::InvalidSpec)
                || !(4..=MAX_REVISION).contains(&text.len()) =>
            {
                GitError::UnknownRevision {
                    revision: visible(text),
                    similar: similar(repo, text),
                }
            }
            ErrorCode::Ambiguous => GitError::AmbiguousRevision {
                revision: visible(text),
            },
            _ => GitError::object(format!("revision {}", visible(text)), &error),
        }
    })?;
    found.peel_to_commit().map_err(|_| GitError::NotACommit {
        revision: visible(text),
    })
}

/// Returns up to three branch or tag names that resemble a name.
fn similar(repo: &Repository, text: &str) -> Vec<String> {
    let names: Vec<String> = repo
        .references()
        .into_iter()
        .flat_map(|references| {
            references
                .flatten()
                .take(MAX_SUGGESTION_POOL)
                .collect::<Vec<_>>()
        })
        .filter_map(|reference| reference.name().ok().map(short_name))
        .filter(|name| !name.ends_with("/HEAD"))
        .collect();
    let pool: Vec<&str> = names.iter().map(String::as_str).collect();
    let text: String = text.chars().take(100).collect();
    similar::get_close_matches(text.as_str(), &pool, 3, 0.6)
        .into_iter()
        .map(visible)
        .collect()
}

/// Makes an end of a commit.
pub(super) fn endpoint(label: &str, commit: &Commit<'_>) -> Endpoint {
    Endpoint {
        label: label.to_owned(),
        commit: Some(ObjectId::new(commit.id().to_string())),
        tree: Some(ObjectId::new(commit.tree_id().to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_split_outside_braces_and_an_empty_end_is_head() {
        assert_eq!(split_range("a..b"), Some(("a", "..", "b")));
        assert_eq!(split_range("a...b/c"), Some(("a", "...", "b/c")));
        assert_eq!(split_range("a.."), Some(("a", "..", "HEAD")));
        assert_eq!(split_range("...b"), Some(("HEAD", "...", "b")));
        assert_eq!(split_range("HEAD^{/fix..it}"), None);
        assert_eq!(split_range("v1.2"), None);
    }
}
