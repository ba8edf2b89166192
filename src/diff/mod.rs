//! Patch text → change set, word-level changes, pairing of rows, anchors. Pure: bytes in, values out.
//!
//! Nothing here opens a file or a repository; where bytes come from is the business of [`crate::git`].

pub mod anchor;
pub mod digest;
pub mod fold;
pub mod locate;
pub mod moved;
pub mod pairing;
pub mod patch;
pub mod words;

pub use anchor::{AnchorError, anchor};
pub use digest::{hunk_digest, rowless_digest};
pub use fold::fold_reason;
pub use locate::{Located, locate};
pub use moved::{MovedLines, Moves, is_blank_change};
pub use pairing::partner;
pub use patch::{ParsedPatch, PatchFile, parse_patch};
pub use words::{WordChanges, word_changes};
