//! One report, in several formats.
