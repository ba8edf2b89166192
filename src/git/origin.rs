//! Who wrote a line, and the commits of a range: what the object database says, with the AI assistants that commits name.

use std::path::Path;

use git2::{BlameOptions, Commit, Oid, Repository, Sort};
use jiff::tz::{Offset, TimeZone};

use super::error::{GitError, visible};
use super::repository;
use crate::model::{ObjectId, RepoPath};

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
    /// The author; foreign text.
    pub author: String,
    /// The day in the author's time zone.
    pub date: String,
    /// The message's first line; foreign text.
    pub summary: String,
    /// The AI assistant that it names; foreign text.
    pub assistant: Option<String>,
}

/// Finds the commit that a line of a file came from, as of a commit. Reads history, runs nothing.
pub fn line_origin(
    repository: &Path,
    commit: &ObjectId,
    path: &RepoPath,
    line: u32,
) -> Result<LineOrigin, GitError> {
    let repo = repository::open_at(repository)?;
    let head = object(commit)?;
    let what = || format!("history of \u{201c}{}\u{201d}", visible(&path.quoted()));
    let mut options = BlameOptions::new();
    options
        .newest_commit(head)
        .min_line(line as usize)
        .max_line(line as usize);
    let name = path.to_string();
    let blame = repo
        .blame_file(Path::new(&name), Some(&mut options))
        .map_err(|error| GitError::object(what(), &error))?;
    let hunk = blame
        .get_line(line as usize)
        .ok_or_else(|| GitError::Object {
            what: what(),
            reason: format!("it has no line {line}"),
        })?;
    let commit = find(&repo, hunk.final_commit_id())?;
    let facts = facts(&commit);
    Ok(LineOrigin {
        author: facts.author,
        date: facts.date,
        commit: facts.id,
        summary: facts.summary,
        assistant: facts.assistant,
    })
}

/// Lists the commits that lead from one commit to another, newest first.
pub fn commits_between(
    repository: &Path,
    base: Option<&ObjectId>,
    head: &ObjectId,
) -> Result<Vec<CommitFacts>, GitError> {
    let repo = repository::open_at(repository)?;
    let walk = || -> Result<Vec<Oid>, git2::Error> {
        let mut walk = repo.revwalk()?;
        walk.set_sorting(Sort::TOPOLOGICAL)?;
        walk.push(Oid::from_str(&head.to_string())?)?;
        if let Some(base) = base {
            walk.hide(Oid::from_str(&base.to_string())?)?;
        }
        walk.take(LISTED).collect()
    };
    let ids =
        walk().map_err(|error| GitError::object("commits of the range".to_owned(), &error))?;
    ids.into_iter()
        .map(|id| find(&repo, id).map(|commit| facts(&commit)))
        .collect()
}

fn object(id: &ObjectId) -> Result<Oid, GitError> {
    Oid::from_str(&id.to_string())
        .map_err(|error| GitError::object(format!("commit {}", visible(&id.to_string())), &error))
}

fn find(repo: &Repository, id: Oid) -> Result<Commit<'_>, GitError> {
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
