//! How a file is to be laid out: how much around the hunks, in how many columns, what is folded.

use std::collections::BTreeMap;

/// How much unchanged text stands around the hunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContextLevel {
    /// As the difference was computed: three lines.
    Hunks,
    /// Ten more on either side.
    More,
    /// The whole file.
    Whole,
}

impl ContextLevel {
    /// Returns the level after this one, going round.
    pub fn next(self) -> Self {
        match self {
            Self::Hunks => Self::More,
            Self::More => Self::Whole,
            Self::Whole => Self::Hunks,
        }
    }

    fn extra(self) -> u32 {
        match self {
            Self::Hunks => 0,
            Self::More => 10,
            Self::Whole => u32::MAX,
        }
    }
}

/// Whether both versions stand in one column or in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Columns {
    /// One: removed lines above the added ones.
    #[default]
    Unified,
    /// Two: before on the left, after on the right.
    Split,
}

/// How a file is to be laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How much unchanged text stands around every hunk.
    pub level: ContextLevel,
    /// One column or two.
    pub columns: Columns,
    /// Lines shown besides, by gap (the one above hunk N has number N): below what is above the gap, and above what is
    /// below it.
    pub revealed: BTreeMap<usize, (u32, u32)>,
    /// Why the file is one line until it is opened.
    pub folded: Option<String>,
    /// Whether hunks that change nothing but blanks are their headings only.
    pub blanks_folded: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            level: ContextLevel::Hunks,
            columns: Columns::Unified,
            revealed: BTreeMap::new(),
            folded: None,
            blanks_folded: false,
        }
    }
}

impl Plan {
    /// Returns how many lines of a gap are shown below what is above it, and above what is below it. The text before the
    /// first hunk has nothing above it (`follows` is false); the text after the last one has nothing below it.
    pub(super) fn shown_of_gap(
        &self,
        number: usize,
        gap: u32,
        known: bool,
        follows: bool,
    ) -> (u32, u32) {
        if !known {
            return (0, 0);
        }
        let extra = self.level.extra();
        let (down, up) = self.revealed.get(&number).copied().unwrap_or((0, 0));
        let after = if follows { extra } else { 0 };
        let after = after.saturating_add(down).min(gap);
        let before = extra.saturating_add(up).min(gap - after);
        (after, before)
    }
}
