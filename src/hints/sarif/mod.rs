//! SARIF 2.1.0: our hints for other programs, and other programs' results as hints.
//!
//! Owns the exchanged form. A result that was read is as foreign as the code it speaks of: every text of it is made
//! visible and bounded here, before anything else sees it.

mod kept;
mod map;
mod read;
mod read_uri;
mod write;

#[cfg(test)]
mod tests;

pub use kept::{KeptError, load_kept, spell_kept};
pub use map::{SarifMap, load_map};
pub use read::{Import, ImportedPath, ImportedResult, LARGEST_SARIF, SarifError, read};
pub use write::write;
