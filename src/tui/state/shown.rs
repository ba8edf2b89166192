//! What was on the screen and is still to be recorded.

use std::collections::BTreeMap;

use crate::model::{DisplayedSpan, RepoPath};
use crate::review::RowSet;

/// What was on the screen and is not yet in the journal.
#[derive(Debug, Default)]
pub struct Shown {
    /// By file and hunk.
    pub rows: BTreeMap<(RepoPath, u32), RowSet>,
    /// What was handed over to be recorded, until the next news of the review says what became of it.
    pub sent: BTreeMap<(RepoPath, u32), RowSet>,
    /// Whether a wake-up was asked for to record it.
    pub waking: bool,
}

impl Shown {
    /// Adds what is on the screen; returns whether anything is new.
    pub fn add(
        &mut self,
        spans: Vec<DisplayedSpan>,
        known: &BTreeMap<(RepoPath, u32), RowSet>,
    ) -> bool {
        let mut grew = false;
        for span in spans {
            let key = (span.path, span.hunk);
            let covered =
                |set: Option<&RowSet>| set.is_some_and(|set| set.covers(span.first, span.last));
            if ![known, &self.rows, &self.sent]
                .iter()
                .any(|rows| covered(rows.get(&key)))
            {
                self.rows
                    .entry(key)
                    .or_default()
                    .insert(span.first, span.last);
                grew = true;
            }
        }
        grew
    }

    /// Takes everything, as spans for the journal.
    pub fn take(&mut self) -> Vec<DisplayedSpan> {
        let rows = std::mem::take(&mut self.rows);
        for (key, set) in &rows {
            let sent = self.sent.entry(key.clone()).or_default();
            for &(first, last) in set.ranges() {
                sent.insert(first, last);
            }
        }
        rows.into_iter()
            .flat_map(|((path, hunk), set)| {
                set.ranges()
                    .iter()
                    .map(|&(first, last)| DisplayedSpan {
                        path: path.clone(),
                        hunk,
                        first,
                        last,
                    })
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}
