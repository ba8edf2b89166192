//! Sources, against real repositories.
