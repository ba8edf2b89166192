//! Which removed row goes with which added row, so that both can show what changed inside the line.

use crate::model::{Hunk, RowKind, Run};

/// Returns the row (0-based in the hunk) that a removed or added row is compared with: removed rows pair with the added
/// rows that follow them directly, index by index. `None` for context and for rows without a counterpart. Takes time in
/// the number of runs, not of rows.
pub fn partner(hunk: &Hunk, row: u32) -> Option<u32> {
    let mut first = 0;
    for (index, run) in hunk.runs.iter().enumerate() {
        if row - first >= run.len {
            first += run.len;
            continue;
        }
        let within = row - first;
        return match run.kind {
            RowKind::Context => None,
            RowKind::Removed => follower(&hunk.runs, index)
                .filter(|next| within < next.len)
                .map(|_| first + run.len + within),
            RowKind::Added => leader(&hunk.runs, index)
                .filter(|previous| within < previous.len)
                .map(|previous| first - previous.len + within),
        };
    }
    None
}

fn follower(runs: &[Run], index: usize) -> Option<&Run> {
    runs.get(index + 1).filter(|run| run.kind == RowKind::Added)
}

fn leader(runs: &[Run], index: usize) -> Option<&Run> {
    let previous = &runs[index.checked_sub(1)?];
    (previous.kind == RowKind::Removed).then_some(previous)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Digest;

    fn hunk(parts: &[(RowKind, u32)]) -> Hunk {
        let runs = parts
            .iter()
            .map(|&(kind, len)| Run {
                kind,
                old: 1,
                new: 1,
                len,
            })
            .collect();
        Hunk {
            heading: String::new(),
            runs,
            digest: Digest([0; 32]),
        }
    }

    #[test]
    fn removed_rows_pair_with_the_added_rows_that_follow() {
        let hunk = hunk(&[
            (RowKind::Context, 2),
            (RowKind::Removed, 3),
            (RowKind::Added, 2),
            (RowKind::Context, 1),
            (RowKind::Added, 1),
        ]);
        let partners: Vec<_> = (0..hunk.rows()).map(|row| partner(&hunk, row)).collect();
        assert_eq!(
            partners,
            [
                None,
                None,
                Some(5),
                Some(6),
                None,
                Some(2),
                Some(3),
                None,
                None
            ]
        );
        assert_eq!(partner(&hunk, 9), None);
        assert_eq!(partner(&hunk, u32::MAX), None);
    }
}
