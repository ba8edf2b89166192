//! The screen: state, messages, effects, the action table, views. It asks for acts; it never edits a review.

pub mod dialog;
pub mod theme;
