//! What people said of hints: dismissed, taken back, confirmed. The newest word of each person on each hint counts.

use std::collections::BTreeMap;

use super::Who;
use crate::model::{Digest, FindingId, HintRef};

/// One person's newest word on one hint.
type Word<'a> = Option<(usize, &'a HintRef, &'a str)>;

/// All remarks on hints, taken in in order.
#[derive(Default)]
pub(super) struct HintRemarks<'a> {
    words: BTreeMap<(Digest, Who), Word<'a>>,
    confirmed: Vec<(usize, &'a HintRef, &'a FindingId)>,
}

impl<'a> HintRemarks<'a> {
    pub(super) fn dismiss(&mut self, index: usize, who: Who, hint: &'a HintRef, reason: &'a str) {
        self.words
            .insert((hint.fingerprint, who), Some((index, hint, reason)));
    }

    /// Takes a dismissal back; tells whether there was one of this person's.
    pub(super) fn restore(&mut self, who: Who, fingerprint: Digest) -> bool {
        self.words
            .get_mut(&(fingerprint, who))
            .is_some_and(|word| word.take().is_some())
    }

    pub(super) fn confirm(&mut self, index: usize, hint: &'a HintRef, finding: &'a FindingId) {
        let known = self
            .confirmed
            .iter()
            .any(|(_, other, of)| other.fingerprint == hint.fingerprint && *of == finding);
        if !known {
            self.confirmed.push((index, hint, finding));
        }
    }

    /// Returns the dismissals that stand.
    pub(super) fn dismissed(&self) -> impl Iterator<Item = (Who, usize, &'a HintRef, &'a str)> {
        self.words
            .iter()
            .filter_map(|((_, who), word)| word.map(|(index, hint, why)| (*who, index, hint, why)))
    }

    /// Returns every confirmation, in order.
    pub(super) fn confirmed(&self) -> &[(usize, &'a HintRef, &'a FindingId)] {
        &self.confirmed
    }
}
