//! What every layer may lean on: digests, the clock, foreign text made visible, numbers in words, files that
//! reach the disk.

pub mod clock;
pub mod decimal;
pub mod digest;
pub mod files;
pub mod number;
pub mod text;
