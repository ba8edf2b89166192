//! A set of row numbers as sorted, disjoint, inclusive ranges.

/// Rows, 0-based; grows only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowSet {
    ranges: Vec<(u32, u32)>,
}

impl RowSet {
    /// Adds the rows from `first` to `last`, both included; nothing where `last` is before `first`.
    pub fn insert(&mut self, first: u32, last: u32) {
        if last < first {
            return;
        }
        let (mut low, mut high) = (first, last);
        // Ranges that overlap or touch the new one become one with it.
        let start = self
            .ranges
            .partition_point(|&(_, end)| end.saturating_add(1) < low);
        let mut stop = start;
        while let Some(&(a, b)) = self.ranges.get(stop) {
            if a > high.saturating_add(1) {
                break;
            }
            low = low.min(a);
            high = high.max(b);
            stop += 1;
        }
        self.ranges.splice(start..stop, [(low, high)]);
    }

    /// Returns how many rows are in the set.
    pub fn len(&self) -> u64 {
        self.ranges.iter().map(|&(a, b)| u64::from(b - a) + 1).sum()
    }

    /// Tells whether the set holds nothing.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Tells whether all rows from `first` to `last` are in the set.
    pub fn covers(&self, first: u32, last: u32) -> bool {
        self.ranges.iter().any(|&(a, b)| a <= first && last <= b)
    }

    /// Returns the ranges, ascending.
    pub fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_row_set_is_a_set_in_any_order_of_insertion(spans in prop::collection::vec((0u32..60, 0u32..8), 0..20)) {
            let mut set = RowSet::default();
            let mut reverse = RowSet::default();
            let mut model = BTreeSet::new();
            for &(first, len) in &spans {
                set.insert(first, first + len);
                model.extend(first..=first + len);
            }
            for &(first, len) in spans.iter().rev() {
                reverse.insert(first, first + len);
            }
            prop_assert_eq!(set.len(), model.len() as u64);
            prop_assert_eq!(&set, &reverse);
            for pair in set.ranges().windows(2) {
                prop_assert!(pair[0].1 + 1 < pair[1].0);
            }
        }
    }
}
