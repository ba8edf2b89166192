//! Sources of change. The only caller of git2; runs nothing of the repository under review.

pub mod build;
