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

/// The production profile the demo's change is judged against.
pub const PROFILE: &str = include_str!("../../assets/demo/profile.toml");

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
mod tests;
