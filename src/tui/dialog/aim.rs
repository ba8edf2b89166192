//! What a press of the mouse on a dialog is on, as the last drawing had it.

use std::ops::Range;

use ratatui::layout::{Position, Rect};

/// What stands somewhere on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// An entry of a list, by its place among those shown.
    Entry(usize),
    /// A field of a form, by its name in code.
    Field(&'static str),
    /// An answer of a field, by its place.
    Answer(&'static str, usize),
    /// A place in the code that a field lists, by its place there.
    Place(&'static str, usize),
}

/// Where on a page a target stands: rows and columns of the page.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub rows: Range<usize>,
    pub columns: Range<usize>,
    pub target: Target,
}

/// What was drawn of a page: from which row on, and where.
#[derive(Debug, Clone, Default)]
pub(super) struct Drawn {
    pub area: Rect,
    pub top: usize,
    pub spots: Vec<Spot>,
}

impl Drawn {
    /// Returns what stands at a place of the screen: of several the smallest.
    pub fn at(&self, at: Position) -> Option<Target> {
        if !self.area.contains(at) {
            return None;
        }
        let row = self.top + usize::from(at.y - self.area.y);
        let column = usize::from(at.x - self.area.x);
        let here = |spot: &&Spot| spot.rows.contains(&row) && spot.columns.contains(&column);
        let size = |spot: &&Spot| (spot.rows.len(), spot.columns.len());
        let spots = self.spots.iter();
        Some(spots.filter(here).min_by_key(size)?.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_of_several_targets_is_meant_and_nothing_beside_the_page() {
        let spot = |rows, columns, target| Spot {
            rows,
            columns,
            target,
        };
        let drawn = Drawn {
            area: Rect::new(10, 5, 20, 4),
            top: 3,
            spots: vec![
                spot(4..6, 0..usize::MAX, Target::Field("severity")),
                spot(4..5, 8..12, Target::Answer("severity", 1)),
            ],
        };
        let at = |x, y| drawn.at(Position::new(x, y));
        assert_eq!(at(19, 6), Some(Target::Answer("severity", 1)));
        assert_eq!(at(11, 6), Some(Target::Field("severity")));
        assert_eq!(at(11, 5), None, "row 3 of the page");
        assert_eq!(at(9, 6), None, "beside it");
        assert_eq!(at(19, 9), None, "below it");
    }
}
