//! The use cases shared by the screen and the verbs: open, act, export, sign, verify.
//!
//! One direction: a caller asks for an [`Act`]; it is checked against the change and the review, becomes an entry,
//! reaches the disk, and the fold gives the new state.

mod act;
pub mod demo;

pub use act::{Act, CommentSubject, FindingDraft, HunkRef, Place};
