//! The commits of a range, and what a commit says of itself, with the AI assistants that it names.

use std::path::Path;

use git2::{Commit, Oid, Repository, Sort};
use jiff::tz::{Offset, TimeZone};

use super::error::{GitError, visible};
use super::repository;
use crate::model::ObjectId;

/// Most commits of a range that are listed.
const LISTED: usize = 1_000;
/// Longest message that is read for trailers, in bytes.
const MESSAGE: usize = 64 << 10;

/// Who wrote a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOrigin {
    /// The author; foreign text.
    pub author: String,
    /// The day in the author's time zone.
    pub date: String,
    /// The commit's first digits.
    pub commit: String,
    /// The message's first line; foreign text.
    pub summary: String,
    /// The AI assistant that the commit names, as it names it; foreign text.
    pub assistant: Option<String>,
}

/// A commit of the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitFacts {
    /// Its first digits.
    pub id: String,
    /// All of its digits.
    pub commit: ObjectId,
    /// How many commits it follows: none for a root, several for a merge.
    pub parents: usize,
    /// The author; foreign text.
    pub author: String,
    /// The day in the author's time zone.
    pub date: String,
    /// The message's first line; foreign text.
    pub summary: String,
    /// The AI assistant that it names; foreign text.
    pub assistant: Option<String>,
}

/// Lists the commits that lead from one commit to another, newest first. `goes_on` hears how many commits were looked at
/// and says whether to go on; what is given up lists nothing.
pub fn commits_between(
    repository: &Path,
    base: Option<&ObjectId>,
    head: &ObjectId,
    mut goes_on: impl FnMut(usize) -> bool,
) -> Result<Vec<CommitFacts>, GitError> {
    let repo = repository::open_at(repository)?;
    let (mut seen, mut wanted) = (0, true);
    let mut walk = || -> Result<Vec<Oid>, git2::Error> {
        let mut walk = repo.revwalk()?;
        walk.set_sorting(Sort::TOPOLOGICAL)?;
        walk.push(Oid::from_str(&head.to_string())?)?;
        if let Some(base) = base {
            walk.hide(Oid::from_str(&base.to_string())?)?;
        }
        // Every commit on the way is shown here first; what is hidden leads no further.
        let mut given_up = |_: Oid| {
            seen += 1;
            wanted = wanted && goes_on(seen);
            !wanted
        };
        walk.with_hide_callback(&mut given_up)?
            .take(LISTED)
            .collect()
    };
    let ids =
        walk().map_err(|error| GitError::object("commits of the range".to_owned(), &error))?;
    if !wanted {
        return Ok(Vec::new());
    }
    ids.into_iter()
        .map(|id| find(&repo, id).map(|commit| facts(&commit)))
        .collect()
}

/// Returns what a commit says of the lines it brought.
pub(super) fn origin_of(commit: &Commit<'_>) -> LineOrigin {
    let facts = facts(commit);
    LineOrigin {
        author: facts.author,
        date: facts.date,
        commit: facts.id,
        summary: facts.summary,
        assistant: facts.assistant,
    }
}

pub(super) fn object(id: &ObjectId) -> Result<Oid, GitError> {
    Oid::from_str(&id.to_string())
        .map_err(|error| GitError::object(format!("commit {}", visible(&id.to_string())), &error))
}

pub(super) fn find(repo: &Repository, id: Oid) -> Result<Commit<'_>, GitError> {
    repo.find_commit(id)
        .map_err(|error| GitError::object(format!("commit {id}"), &error))
}

fn facts(commit: &Commit<'_>) -> CommitFacts {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let author = commit.author();
    let message = commit.message_bytes();
    let message = text(&message[..message.len().min(MESSAGE)]);
    let signature = format!(
        "{} <{}>",
        text(author.name_bytes()),
        text(author.email_bytes())
    );
    CommitFacts {
        id: commit.id().to_string()[..8].to_owned(),
        commit: ObjectId::new(commit.id().to_string()),
        parents: commit.parent_count(),
        author: text(author.name_bytes()),
        date: day(author.when()),
        summary: message.lines().next().unwrap_or_default().to_owned(),
        assistant: assistant(&signature, &message),
    }
}

fn day(when: git2::Time) -> String {
    let zone = Offset::from_seconds(when.offset_minutes() * 60).unwrap_or(Offset::UTC);
    jiff::Timestamp::from_second(when.seconds()).map_or_else(
        |_| "unknown day".to_owned(),
        |time| time.to_zoned(TimeZone::fixed(zone)).date().to_string(),
    )
}

/// Names of assistants, in lower case, as they stand in trailers and addresses.
const ASSISTANTS: &[&str] = &[
    "claude",
    "anthropic",
    "copilot",
    "chatgpt",
    "openai",
    "codex",
    "gpt-",
    "gemini",
    "cursor",
    "devin",
    "aider",
    "windsurf",
    "amazon q",
    "jules",
    "codeium",
    "tabnine",
    "qwen",
    "deepseek",
    "opencode",
];

/// Trailers that say who helped.
const TRAILERS: &[&str] = &[
    "co-authored-by:",
    "assisted-by:",
    "generated-by:",
    "generated with",
    "ai-assisted:",
    "ai-assistant:",
    "ai-model:",
];

/// Returns the assistant that a commit names: in a trailer, or as its author.
fn assistant(author: &str, message: &str) -> Option<String> {
    let names = |text: &str| {
        let lower = text.to_lowercase();
        ASSISTANTS.iter().any(|name| lower.contains(name))
    };
    let trailer = message.lines().find_map(|line| {
        let line = line.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        let lower = line.to_lowercase();
        let trailer = TRAILERS
            .iter()
            .find(|trailer| lower.starts_with(**trailer))?;
        let value = line.get(trailer.len()..)?.trim();
        let says = trailer.starts_with("ai-") || names(value);
        says.then(|| value.to_owned())
    });
    trailer.or_else(|| names(author).then(|| author.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assistants_are_found_in_trailers_and_as_authors_only() {
        let found = |message| assistant("Ada <ada@example.com>", message);
        assert_eq!(
            found("Add orders\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n").as_deref(),
            Some("Claude <noreply@anthropic.com>")
        );
        assert_eq!(found("Fix the cursor of the editor\n"), None);
        assert_eq!(found("x\n\nCo-authored-by: Bo <bo@example.com>\n"), None);
        assert!(found("x\n\n\u{1f916} Generated with Codex\n").is_some());
        assert!(assistant("Devin AI <devin@example.com>", "x").is_some());
    }
}
