//! Characters that are drawn as one and that not every terminal joins: emoji sequences, letters with several marks. A
//! terminal that does not join them takes other columns than counted, so that after them nothing is where it is thought
//! to be.

use unicode_width::UnicodeWidthChar;

use crate::support::text::width;

/// The fewest bytes of a symbol of several characters that may be drawn otherwise than it is counted.
const SHORTEST: usize = 4;

/// How many columns a symbol may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// Where it is joined.
    pub joined: usize,
    /// Where each of its characters is drawn by itself.
    pub apart: usize,
}

impl Columns {
    /// Returns the columns of a symbol; `None` for one that every terminal draws alike.
    pub fn disputed(symbol: &str) -> Option<Self> {
        if symbol.len() < SHORTEST || symbol.chars().nth(1).is_none() {
            return None;
        }
        let apart = symbol.chars().filter_map(UnicodeWidthChar::width).sum();
        let joined = width(symbol).max(1);
        Some(Self { joined, apart })
    }

    /// Returns how many columns after its own a symbol may be drawn over.
    pub fn beyond(self) -> usize {
        self.apart.saturating_sub(self.joined)
    }
}
