//! The durable form: one append-only file per writer. Written, synced, then acknowledged.
//!
//! A review's folder, `reviews/<review-id>/` under the data folder:
//!
//! | name | what |
//! |---|---|
//! | `<writer>.log` | one line per record, of one device of one person; only grows |
//! | `lock` | held by the one process that may write; says who |
//! | `quarantine/` | torn tails, set aside before they were cut off |
//! | `drafts/` | half-written text |
//! | `checklists/<digest>.toml` | the questions as they were when the review began |
//! | `hints/` | what was taken from other tools' reports |
//! | `source/` | content that is in no repository |
//!
//! Owns the record form, opening, recovery, appending and following. Refuses to decide what a review comes to: that is
//! [`crate::review::fold`].

mod contents;
pub mod drafts;
mod kept;
mod lane;
mod lock;
mod record;
mod store;
mod wire;
mod withhold;
mod writer;

#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;

use crate::model::ReviewId;

pub use kept::{keep_checklist, kept_checklist};
pub use lane::{LogCheck, verify_log};
pub use store::{Store, Summary};
pub use withhold::without_internal_comments;
pub use writer::{Access, AppendError, Journal};

/// Why a review could not be found or opened.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// No review has this id.
    #[error("no review {wanted:?} in {}; `countersign list` shows what there is", folder.display())]
    NoReview {
        /// The id, or its beginning, as asked for.
        wanted: String,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// Several reviews have an id that begins like this.
    #[error(
        "{prefix:?} fits several reviews ({}); give more of the id",
        list(candidates)
    )]
    Ambiguous {
        /// As asked for.
        prefix: String,
        /// The ids it fits.
        candidates: Vec<ReviewId>,
    },
    /// The file that holds the device's id holds something else.
    #[error(
        "{} does not hold a device id; remove it, and this device counts as a new one",
        path.display()
    )]
    Device {
        /// The file.
        path: PathBuf,
    },
    /// The disk refused.
    #[error("cannot {doing} {}: {source}; {next}", path.display())]
    Io {
        /// A verb.
        doing: &'static str,
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
        /// What to do.
        next: &'static str,
    },
    /// The log is not what it was when it was read.
    #[error("{} has changed since it was read; open the review again", path.display())]
    Changed {
        /// The log.
        path: PathBuf,
    },
    /// The first records could not be saved.
    #[error(transparent)]
    Append(#[from] AppendError),
}

fn list(ids: &[ReviewId]) -> String {
    let names: Vec<_> = ids.iter().map(ReviewId::as_str).collect();
    names.join(", ")
}
