//! The signs of hints, the same in the gutter and in the item's list. The sign alone tells them apart.

use super::board::{Board, Standing};
use super::theme::Role;
use crate::model::Strength;

/// The hint the cursor is on.
pub const CURRENT: &str = "▶";
/// A hint that waits.
pub const OPEN: &str = "●";
/// A hint that was looked at, is folded, or is a question.
pub const QUIET: &str = "○";
/// A hint that was dismissed.
pub const DISMISSED: &str = "✗";
/// A hint that led to a finding.
pub const CONFIRMED: &str = "⚑";

/// Returns a hint's sign and role.
pub fn of(board: &Board, at: usize) -> (&'static str, Role) {
    let hint = &board.hints[at];
    if board.current == Some(hint.fingerprint) {
        return (CURRENT, Role::Focus);
    }
    match board.standing[at] {
        Standing::Open if hint.strength == Strength::C => (QUIET, Role::Warn),
        Standing::Open => (OPEN, Role::Warn),
        Standing::Looked | Standing::Folded => (QUIET, Role::Dim),
        Standing::Dismissed | Standing::DismissedByOthers => (DISMISSED, Role::Dim),
        Standing::Confirmed => (CONFIRMED, Role::Bad),
    }
}

/// Returns how little a hint's sign says, for lines with several.
pub fn rank(board: &Board, at: usize) -> usize {
    let (sign, _) = of(board, at);
    [CURRENT, OPEN, CONFIRMED, QUIET, DISMISSED]
        .iter()
        .position(|known| *known == sign)
        .unwrap_or(usize::MAX)
}
