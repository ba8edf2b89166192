//! The state of a review: a pure fold over the set of its entries, and what follows from it.
//!
//! Order of arrival, duplicates, batching and wall clocks change nothing. One person's entry never changes another's
//! verdict; the outcome of an item is the most severe.

mod coverage;
mod fold;
mod gate;
mod rows;
mod selection;
mod state;
mod surface;

pub use coverage::{Coverage, FileCoverage, HunkFacts, coverage, coverage_after};
pub use fold::fold;
pub use gate::{Gate, gate};
pub use rows::RowSet;
pub use selection::{Kinds, Proposal, inapplicable, proposals};
pub use state::{
    CommentState, Confirmation, Dismissal, FindingState, HintState, ItemState, Outcome,
    ProfileState, Review, SignoffState, Stamp, VerdictState,
};
pub use surface::{CriticalHunk, Surface, Touch, touches};
