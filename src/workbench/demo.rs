//! The demo: a small repository to try a review on, written from files built into the program.
//!
//! It owns what the history of the demo looks like; `assets/demo/NOTES.md` says what is to be found in it. It never
//! touches a folder that holds anything but the demo.

use std::path::{Path, PathBuf};

use crate::git::build::{self, BranchSpec, BuildError, CommitSpec, FileChange};

/// The branch the change starts from.
pub const BASE_BRANCH: &str = "main";
/// The branch with the change to review.
pub const HEAD_BRANCH: &str = "agent/orders";
/// The commit [`BASE_BRANCH`] points at in every demo this version writes.
pub const BASE_COMMIT: &str = "f91c0d4cc400c2693ecb4f26d55ca589379a3427";
/// The commit [`HEAD_BRANCH`] points at in every demo this version writes.
pub const HEAD_COMMIT: &str = "2c3001491d76b126f4fc6990c6395d6140b6c93d";

/// A demo on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    /// The folder of the repository, checked out on [`HEAD_BRANCH`] when it was written.
    pub repository: PathBuf,
    /// What to review in it (`main...agent/orders`).
    pub range: String,
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The folder holds something that is not the demo.
    #[error(
        "{0} holds something other than the demo; name an empty or a new folder, or remove it first"
    )]
    Occupied(PathBuf),
    /// The folder holds the demo with other commits: written by another version, or worked on since.
    #[error("{0} holds a demo that differs from this version's; remove it, or name another folder")]
    Differs(PathBuf),
    /// It could not be looked at.
    #[error("cannot look into {path}: {source}; check its permissions, or name another folder")]
    Unreadable {
        /// Which folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It could not be written or read.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// Writes the demo into a new or empty folder, or returns the one that is there already.
pub fn build(folder: &Path) -> Result<Demo, DemoError> {
    let demo = Demo {
        repository: folder.to_owned(),
        range: format!("{BASE_BRANCH}...{HEAD_BRANCH}"),
    };
    let unreadable = |source| DemoError::Unreadable {
        path: folder.to_owned(),
        source,
    };
    if build::is_vacant(folder).map_err(unreadable)? {
        build::build_repository(folder, &[base_branch(), head_branch()], HEAD_BRANCH)?;
        return Ok(demo);
    }
    if !folder.is_dir() {
        return Err(DemoError::Occupied(folder.to_owned()));
    }
    let Some(tips) = build::branch_tips(folder)? else {
        return Err(DemoError::Occupied(folder.to_owned()));
    };
    let tip = |branch: &str| tips.get(branch).map(String::as_str);
    match (tip(BASE_BRANCH), tip(HEAD_BRANCH)) {
        (Some(BASE_COMMIT), Some(HEAD_COMMIT)) => Ok(demo),
        (_, None) | (None, Some(_)) => Err(DemoError::Occupied(folder.to_owned())),
        (Some(_), Some(_)) => Err(DemoError::Differs(folder.to_owned())),
    }
}

/// Names a file of the demo: its path in the repository, and the asset with its bytes.
macro_rules! put {
    ($side:literal, $path:literal) => {
        put!($side, $path, $path)
    };
    ($side:literal, $path:literal, $asset:literal) => {
        FileChange::Put {
            path: $path,
            bytes: include_bytes!(concat!("../../assets/demo/", $side, "/", $asset)),
        }
    };
}

fn by_mara(
    seconds: i64,
    message: &'static str,
    changes: Vec<FileChange<'static>>,
) -> CommitSpec<'static> {
    let (author, email) = ("Mara Lindqvist", "mara@shop.example");
    CommitSpec {
        author,
        email,
        seconds,
        offset_minutes: 60,
        message,
        changes,
    }
}

fn by_jonas(
    seconds: i64,
    message: &'static str,
    changes: Vec<FileChange<'static>>,
) -> CommitSpec<'static> {
    let (author, email) = ("Jonas Weber", "jonas@shop.example");
    CommitSpec {
        author,
        email,
        seconds,
        offset_minutes: 120,
        message,
        changes,
    }
}

fn base_branch() -> BranchSpec<'static> {
    let commits = vec![
        by_mara(
            1_772_442_000,
            "Start the order service\n\nTables, sessions and bearer tokens; one health endpoint.\n",
            service_files(),
        ),
        by_mara(
            1_772_532_900,
            "Place and list orders\n\nStock is taken by a conditional update, so that two orders cannot take the same piece.\n",
            vec![
                put!("base", "shop/main.py"),
                put!("base", "shop/mailer.py"),
                put!("base", "shop/orders.py"),
                put!("base", "tests/conftest.py"),
                put!("base", "tests/test_orders.py"),
            ],
        ),
        by_mara(
            1_772_703_720,
            "Tell customers where their parcels are\n\nA small worker listens to the warehouse and writes to customers.\n",
            vec![
                put!("base", "README.md"),
                put!("base", "worker/package.json"),
                put!("base", "worker/src/notify.ts"),
                put!("base", "worker/src/server.ts"),
                put!("base", "worker/tsconfig.json"),
            ],
        ),
    ];
    BranchSpec {
        name: BASE_BRANCH,
        from: None,
        commits,
    }
}

/// The files of the first commit: all that stands before there are orders.
fn service_files() -> Vec<FileChange<'static>> {
    vec![
        // Kept under another name, or it would take effect in the repository that holds it.
        put!("base", ".gitignore", "gitignore"),
        put!("base", "Dockerfile"),
        put!("base", "compose.yaml"),
        put!("base", "migrations/0001_products_and_orders.sql"),
        put!("base", "pyproject.toml"),
        put!("base", "shop/__init__.py"),
        put!("base", "shop/auth.py"),
        put!("base", "shop/config.py"),
        put!("base", "shop/db.py"),
        FileChange::Put {
            path: "shop/main.py",
            bytes: FIRST_MAIN,
        },
        put!("base", "shop/models.py"),
    ]
}

/// The application before it had orders.
const FIRST_MAIN: &[u8] = br#""""The HTTP application."""

from fastapi import FastAPI

app = FastAPI(title="shop-orders")


@app.get("/health")
def health() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}
"#;

fn head_branch() -> BranchSpec<'static> {
    let commits = vec![
        by_jonas(
            1_775_552_520,
            "Add coupons, payments and order management\n\n\
             Customers pay by card, redeem coupons and cancel orders; staff get a dashboard and an export.\n\
             The schema gains coupons, payments and a version per order.\n\n\
             Co-authored-by: Orders Agent <agent@example.com>\n",
            vec![
                put!("head", "migrations/0002_coupons_and_payments.sql"),
                put!("head", "shop/config.py"),
                put!("head", "shop/models.py"),
                put!("head", "shop/orders.py"),
                put!("head", "shop/payments.py"),
                FileChange::Remove {
                    path: "shop/mailer.py",
                },
            ],
        ),
        by_jonas(
            1_775_556_240,
            "Handle payment webhooks in the worker\n\n\
             Signed events of the payment provider settle orders and send receipts by mail and text message.\n\n\
             Co-authored-by: Orders Agent <agent@example.com>\n",
            vec![
                FileChange::Remove {
                    path: "worker/src/notify.ts",
                },
                put!("head", "worker/src/notifications.ts"),
                put!("head", "worker/src/server.ts"),
                put!("head", "static/parcel.png"),
            ],
        ),
        by_jonas(
            1_775_557_680,
            "Cover payments with tests\n\n\
             Charging, coupons, cancelling and failed refunds.\n\n\
             Co-authored-by: Orders Agent <agent@example.com>\n",
            vec![put!("head", "tests/test_payments.py")],
        ),
    ];
    BranchSpec {
        name: HEAD_BRANCH,
        from: Some(BASE_BRANCH),
        commits,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;

    /// Runs stock git in a folder, with no configuration but the repository's own.
    #[expect(
        clippy::disallowed_methods,
        reason = "stock git is the judge of the demo"
    )]
    fn git(folder: &Path, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("LC_ALL", "C")
            .current_dir(folder)
            .args(arguments)
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn built() -> (tempfile::TempDir, Demo) {
        let home = tempfile::tempdir().unwrap();
        let demo = build(&home.path().join("shop-orders")).unwrap();
        (home, demo)
    }

    #[test]
    fn the_demo_has_the_same_commits_everywhere_and_always() {
        let (_home, demo) = built();
        let ids = git(&demo.repository, &["rev-parse", BASE_BRANCH, HEAD_BRANCH]);
        assert_eq!(ids, format!("{BASE_COMMIT}\n{HEAD_COMMIT}\n"));
        let meeting = git(&demo.repository, &["merge-base", BASE_BRANCH, HEAD_BRANCH]);
        assert_eq!(meeting.trim(), BASE_COMMIT);
    }

    #[test]
    fn stock_git_finds_nothing_wrong_with_the_demo_and_a_clean_work_tree() {
        let (_home, demo) = built();
        git(&demo.repository, &["fsck", "--strict", "--no-dangling"]);
        assert_eq!(
            git(&demo.repository, &["status", "--porcelain", "--ignored"]),
            ""
        );
        assert_eq!(
            git(&demo.repository, &["branch", "--show-current"]).trim(),
            HEAD_BRANCH
        );
        assert!(
            !demo
                .repository
                .join(".git/hooks")
                .join("pre-commit.sample")
                .exists()
        );
    }

    #[test]
    fn the_history_is_three_commits_and_three_more_with_their_co_author() {
        let (_home, demo) = built();
        assert_eq!(
            git(&demo.repository, &["log", "--format=%h", "main"])
                .lines()
                .count(),
            3
        );
        let trailers = "--format=%(trailers:key=Co-authored-by,valueonly,separator=%x2C)";
        let log = git(&demo.repository, &["log", trailers, "main..agent/orders"]);
        assert_eq!(log, "Orders Agent <agent@example.com>\n".repeat(3));
    }

    #[test]
    fn the_change_holds_every_kind_of_file_change() {
        let (_home, demo) = built();
        let names = git(
            &demo.repository,
            &["diff", "-M", "--name-status", &demo.range],
        );
        let kinds: Vec<&str> = names.lines().map(|line| &line[..1]).collect();
        assert_eq!(kinds.len(), 10, "{names}");
        for (kind, count) in [("A", 4), ("D", 1), ("M", 4), ("R", 1)] {
            assert_eq!(
                kinds.iter().filter(|k| **k == kind).count(),
                count,
                "{kind} in {names}"
            );
        }
        let numbers = git(&demo.repository, &["diff", "-M", "--numstat", &demo.range]);
        assert!(numbers.contains("-\t-\tstatic/parcel.png"), "{numbers}");
        let added: u32 = numbers
            .lines()
            .filter_map(|line| line.split('\t').next()?.parse::<u32>().ok())
            .sum();
        assert!((450..=700).contains(&added), "{added} lines added");
    }

    #[test]
    fn a_demo_that_is_there_is_used_again_with_the_work_in_it() {
        let (_home, demo) = built();
        let note = demo.repository.join("mine.txt");
        fs::write(&note, "kept").unwrap();
        assert_eq!(build(&demo.repository).unwrap(), demo);
        assert_eq!(fs::read_to_string(note).unwrap(), "kept");
    }

    #[test]
    fn a_folder_with_anything_else_is_refused_and_left_alone() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("mine.txt"), "mine").unwrap();
        assert!(matches!(build(home.path()), Err(DemoError::Occupied(_))));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        assert!(matches!(
            build(&home.path().join("mine.txt")),
            Err(DemoError::Occupied(_))
        ));
        let other = home.path().join("other");
        fs::create_dir(&other).unwrap();
        git(&other, &["init", "--quiet"]);
        assert!(matches!(build(&other), Err(DemoError::Occupied(_))));
    }

    #[test]
    fn a_demo_that_was_worked_on_is_not_passed_off_as_the_demo() {
        let (_home, demo) = built();
        git(
            &demo.repository,
            &["update-ref", "refs/heads/agent/orders", "agent/orders~1"],
        );
        assert!(matches!(
            build(&demo.repository),
            Err(DemoError::Differs(_))
        ));
    }

    #[test]
    fn the_notes_name_places_that_are_there() {
        let (_home, demo) = built();
        let notes = include_str!("../../assets/demo/NOTES.md");
        let mut places = 0;
        for row in notes.lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let (path, text) = (cells[2].trim_matches('`'), cells[3].trim_matches('`'));
            let file = fs::read_to_string(demo.repository.join(path)).unwrap();
            let added = git(&demo.repository, &["diff", &demo.range, "--", path]);
            let in_diff = |line: &&str| line.starts_with('+') && line.contains(text);
            assert!(file.contains(text), "{path} lacks {text:?}");
            assert!(
                added.lines().any(|line| in_diff(&line)),
                "{path} does not add {text:?}"
            );
            places += 1;
        }
        assert!(places >= 24, "{places} places");
    }
}
