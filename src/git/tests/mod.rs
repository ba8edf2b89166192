//! Sources, against real repositories made by the git program with a clean environment.

mod committed;
mod history;
mod hostile;
mod kept;
mod uncommitted;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::*;
use crate::model::{DiffBody, FileChange, FileDiff, FileStatus, RepoPath, RowKind};

/// A folder that goes when the test ends, with a repository in `repo`.
struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    /// A repository with no commit, on branch `main`.
    fn new() -> Self {
        let sandbox = Self::empty();
        std::fs::create_dir(sandbox.path("repo")).expect("create");
        sandbox.git(&["init", "-q", "-b", "main"]);
        sandbox
    }

    fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn repo(&self) -> PathBuf {
        self.path("repo")
    }

    fn git(&self, args: &[&str]) -> String {
        git_in(&self.repo(), args)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.repo().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("create");
        std::fs::write(path, bytes).expect("write");
    }

    /// Commits everything and returns the id.
    fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn open(&self, range: &str) -> OpenedSource {
        self.try_open(range).expect("opens")
    }

    fn try_open(&self, range: &str) -> Result<OpenedSource, GitError> {
        let spec = SourceSpec::Revisions((!range.is_empty()).then(|| range.to_owned()));
        super::open(&spec, &self.repo())
    }

    fn error(&self, range: &str) -> String {
        self.try_open(range).expect_err("refused").to_string()
    }

    fn open_spec(&self, spec: &SourceSpec) -> OpenedSource {
        super::open(spec, &self.repo()).expect("opens")
    }
}

#[expect(clippy::disallowed_methods, reason = "tests run stock git")]
fn git_in(folder: &Path, args: &[&str]) -> String {
    let output = clean(Command::new("git"))
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("git runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}: {error}");
    String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_owned()
}

fn clean(mut command: Command) -> Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "An Author")
        .env("GIT_AUTHOR_EMAIL", "author@example.org")
        .env("GIT_COMMITTER_NAME", "A Committer")
        .env("GIT_COMMITTER_EMAIL", "committer@example.org")
        .env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z");
    command
}

/// Each file as `LETTER path` or `LETTER old > path`.
fn summary(source: &OpenedSource) -> Vec<String> {
    let line = |file: &FileChange| match &file.old_path {
        Some(old) => format!("{} {old} > {}", file.status.letter(), file.path),
        None => format!("{} {}", file.status.letter(), file.path),
    };
    source.change.files.iter().map(line).collect()
}

fn file<'a>(source: &'a OpenedSource, path: &str) -> &'a FileChange {
    let found = source.change.file(&RepoPath::from(path));
    found.unwrap_or_else(|| panic!("{path} in {:?}", summary(source)))
}

fn diff(source: &OpenedSource, path: &str) -> FileDiff {
    source.content.diff(file(source, path))
}

/// The rows of all hunks as a patch prints them, endings included.
fn rows(diff: &FileDiff) -> String {
    let mut out = String::new();
    for hunk in &diff.hunks {
        for index in 0..hunk.rows() {
            let row = hunk.row(index).expect("in the hunk");
            let (sign, raw) = match row.kind {
                RowKind::Context => (' ', row.new.and_then(|line| diff.new.raw_line(line))),
                RowKind::Added => ('+', row.new.and_then(|line| diff.new.raw_line(line))),
                RowKind::Removed => ('-', row.old.and_then(|line| diff.old.raw_line(line))),
            };
            out.push(sign);
            out.push_str(&String::from_utf8_lossy(raw.expect("a line")));
        }
    }
    out
}

fn numbered(count: u32) -> String {
    let lines: Vec<String> = (1..=count).map(|n| format!("line {n}\n")).collect();
    lines.concat()
}
