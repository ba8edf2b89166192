//! Who had seen what: the causal past of every entry, from the writers' own chains and the heads they had seen.
//!
//! One vector clock per entry, shared between entries while nothing new is seen, so that a hundred thousand entries of
//! one writer cost one clock.

use std::collections::HashMap;
use std::rc::Rc;

use crate::model::{Entry, EntryId, WriterId};

/// The causal pasts of a list of entries, by their places in it.
pub(super) struct Pasts {
    places: Vec<Place>,
}

struct Place {
    /// The writer, as a number.
    writer: usize,
    seq: u64,
    /// The highest `seq` seen of each writer; the entry's own writer is left to `seq`.
    seen: Rc<Vec<u64>>,
}

impl Pasts {
    /// Computes the pasts of entries that are sorted by clock. A head that is not among the entries before its observer
    /// says nothing.
    pub(super) fn of(entries: &[&Entry]) -> Self {
        let mut numbers: HashMap<&WriterId, usize> = HashMap::new();
        for entry in entries {
            let next = numbers.len();
            numbers.entry(&entry.writer).or_insert(next);
        }
        let nothing = Rc::new(vec![0; numbers.len()]);
        let mut current = vec![nothing; numbers.len()];
        let mut index_of: HashMap<EntryId, usize> = HashMap::with_capacity(entries.len());
        let mut places: Vec<Place> = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let writer = numbers[&entry.writer];
            let seen = &mut current[writer];
            for head in entry.seen.values() {
                if let Some(place) = index_of.get(head).map(|&at| &places[at])
                    && seen[place.writer] < place.seq
                {
                    merge(Rc::make_mut(seen).as_mut_slice(), place);
                }
            }
            places.push(Place {
                writer,
                seq: entry.seq,
                seen: Rc::clone(seen),
            });
            index_of.insert(entry.id, index);
        }
        Self { places }
    }

    /// Tells whether one entry is in the causal past of another.
    pub(super) fn has_seen(&self, later: usize, earlier: usize) -> bool {
        let (later, earlier) = (&self.places[later], &self.places[earlier]);
        if later.writer == earlier.writer {
            earlier.seq < later.seq
        } else {
            later.seen[earlier.writer] >= earlier.seq
        }
    }

    /// Returns the number of an entry's writer.
    pub(super) fn writer(&self, index: usize) -> usize {
        self.places[index].writer
    }
}

fn merge(seen: &mut [u64], place: &Place) {
    for (mine, theirs) in seen.iter_mut().zip(place.seen.iter()) {
        *mine = (*mine).max(*theirs);
    }
    seen[place.writer] = seen[place.writer].max(place.seq);
}
