//! The use cases shared by the screen and the verbs: open, act, export, sign, verify.
//!
//! One direction: a caller asks for an [`Act`]; it is checked against the change and the review, becomes an entry,
//! reaches the disk, and the fold gives the new state.

mod act;
mod ahead;
mod begin;
pub mod demo;
mod desk;
mod editor;
mod export;
mod foreign;
mod hints;
mod open;
mod resolve;
pub mod scan;
mod setting;
mod sign;
mod suggest;
mod verify;

pub use act::{Act, CommentSubject, FindingDraft, HunkRef, Place};
pub use ahead::Ahead;
pub use desk::{ActFailure, Desk, Snapshot};
pub use editor::{edit_profile, edit_text, open_at, work_file};
pub use export::{Format, export};
pub use foreign::{SarifFile, read_sarif};
pub use hints::{HintNews, HintScan, HintsFound};
pub use open::{History, OpenRequest, Overview, Which, history, overviews};
pub use setting::Setting;
pub use sign::{KeyChoice, Sentence, SignOrder, Signed, candidate_keys, meaning};
pub use suggest::{Fit, Suggestion, suggest};
pub use verify::{VerifyRequest, verify};
