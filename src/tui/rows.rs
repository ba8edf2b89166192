//! How rows of a file become rows of the screen: where numbers end and text begins, and how lines wrap. Shared by `update`
//! (what is visible) and `view` (what is drawn), so that both mean the same rows.

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation as _;

use super::document::{Columns, DocRow, Document};
use crate::model::Row;
use crate::support::text::{pieces, width};

/// The most bytes one column of text takes: a character of four, with eight marks of as many on it.
pub const BYTES_PER_COLUMN: usize = 36;

/// Where the parts of a row are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Columns of a line number.
    pub digits: usize,
    /// Columns before the text, in each column of code.
    pub gutter: u16,
    /// The column of code, or the right one of two.
    pub main: Rect,
    /// The left one of two.
    pub left: Option<Rect>,
}

impl Geometry {
    /// Lays the columns of a pane out.
    pub fn new(document: &Document, pane: Rect) -> Self {
        let diff = &document.diff;
        let last = diff.hunks.last().map_or(0, |hunk| {
            let (old, new) = (hunk.old_span(), hunk.new_span());
            (old.0 + old.1).max(new.0 + new.1)
        });
        let highest = last.max(diff.new.line_count());
        let least = if pane.width >= 90 { 4 } else { 3 };
        let digits = highest.to_string().len().max(least);
        match document.columns {
            Columns::Unified => Self {
                digits,
                gutter: (digits * 2 + 4) as u16,
                main: pane,
                left: None,
            },
            Columns::Split => {
                let half = pane.width.saturating_sub(1) / 2;
                let main = Rect {
                    x: pane.x + half + 1,
                    width: pane.width.saturating_sub(half + 1),
                    ..pane
                };
                Self {
                    digits,
                    gutter: (digits + 3) as u16,
                    main,
                    left: Some(Rect {
                        width: half,
                        ..pane
                    }),
                }
            }
        }
    }

    /// Returns the columns there are for text, in the narrowest column of code.
    pub fn text_columns(&self) -> usize {
        let narrowest = self
            .left
            .map_or(self.main.width, |left| left.width.min(self.main.width));
        usize::from(narrowest.saturating_sub(self.gutter)).max(1)
    }
}

/// Returns the columns at which the rows of a wrapped line begin, at most `most` of them; the first is 0.
pub fn breaks(line: &[u8], tab: usize, columns: usize, most: usize) -> Vec<usize> {
    let line = &line[..line
        .len()
        .min((columns + 1) * (most + 1) * BYTES_PER_COLUMN)];
    let mut starts = vec![0];
    let (mut column, mut start) = (0, 0);
    for piece in pieces(line, tab) {
        if piece.text.len() == piece.width && piece.text.is_ascii() {
            // Plain letters fill rows without a look at each.
            let end = column + piece.width;
            while end > start + columns && starts.len() < most {
                start += columns;
                starts.push(start);
            }
            column = end;
            continue;
        }
        for grapheme in piece.text.graphemes(true) {
            let wide = width(grapheme);
            if column + wide > start + columns {
                start = column;
                starts.push(start);
            }
            column += wide;
            if starts.len() >= most {
                return starts;
            }
        }
    }
    starts
}

/// How tall rows are on the screen.
#[derive(Debug, Clone, Copy)]
pub struct Measure<'a> {
    /// The file.
    pub document: &'a Document,
    /// Its columns.
    pub geometry: Geometry,
    /// Columns between tab stops.
    pub tab: usize,
    /// Whether lines wrap.
    pub wrap: bool,
}

impl Measure<'_> {
    /// Returns how many rows of the screen a row takes; at least 1, and never more than the pane has.
    pub fn height(&self, index: u32) -> u32 {
        if !self.wrap {
            return 1;
        }
        match self.document.row(index) {
            Some(DocRow::Line { .. }) => {
                let tallest = self
                    .document
                    .lines(index)
                    .map(|row| self.breaks(row).len())
                    .max();
                tallest.unwrap_or(1) as u32
            }
            _ => 1,
        }
    }

    /// Returns where the rows of a line begin.
    pub fn breaks(&self, row: Row) -> Vec<usize> {
        if !self.wrap {
            return vec![0];
        }
        let most = usize::from(self.geometry.main.height.max(1));
        let line = self.document.diff.line_of(row);
        breaks(line, self.tab, self.geometry.text_columns(), most)
    }

    /// Returns the last row that is wholly in the pane when `top` is the first; `top` where not even that one is.
    pub fn last_from(&self, top: u32) -> u32 {
        let height = u32::from(self.geometry.main.height);
        let end = self.document.len() - 1;
        if !self.wrap {
            return (top + height.max(1) - 1).min(end);
        }
        let mut used = self.height(top);
        let mut last = top;
        while last < end {
            used += self.height(last + 1);
            if used > height {
                break;
            }
            last += 1;
        }
        last
    }

    /// Returns the first row from which a row, and `margin` rows of the screen below it, are wholly in the pane.
    pub fn first_for(&self, row: u32, margin: u32) -> u32 {
        let height = u32::from(self.geometry.main.height).max(1);
        if !self.wrap {
            return row.saturating_sub(height - 1 - margin.min(height - 1));
        }
        let mut used = self.height(row) + margin;
        let mut first = row;
        while first > 0 {
            used += self.height(first - 1);
            if used > height {
                break;
            }
            first -= 1;
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_wide_letter_is_never_cut_in_two() {
        assert_eq!(breaks("abc漢字de".as_bytes(), 4, 4, 9), [0, 3, 7]);
        assert_eq!(breaks(b"abcdefgh", 4, 4, 9), [0, 4]);
        assert_eq!(breaks(b"abcdefghi", 4, 4, 9), [0, 4, 8]);
        assert_eq!(breaks(b"", 4, 4, 9), [0]);
        assert_eq!(breaks(&b"x".repeat(5_000_000), 4, 10, 3), [0, 10, 20]);
    }

    proptest! {
        #[test]
        fn rows_of_a_wrapped_line_are_no_wider_than_the_pane(line in "[ab漢é\t]{0,60}", columns in 2usize..20) {
            let starts = breaks(line.as_bytes(), 4, columns, 99);
            let total: usize = pieces(line.as_bytes(), 4).iter().map(|piece| piece.width).sum();
            prop_assert!(starts.windows(2).all(|pair| pair[0] < pair[1] && pair[1] - pair[0] <= columns));
            prop_assert!(total - starts.last().unwrap() <= columns);
        }
    }
}
