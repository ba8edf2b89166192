//! What a person makes, edits and withdraws: findings and comments. Nobody but the author changes them.

use std::collections::BTreeMap;

use super::Who;

/// Things of one kind, by author and id: two persons who draw the same id have two things.
pub(super) struct Authored<'a, I, T>(BTreeMap<(Who, &'a I), Made<'a, T>>);

/// One thing.
pub(super) struct Made<'a, T> {
    /// Whose.
    pub who: Who,
    /// The entry that made it.
    pub index: usize,
    /// As it was made.
    pub first: &'a T,
    /// As it was edited last.
    pub newest: &'a T,
    /// The last edit.
    pub edited: Option<usize>,
    withdrawn: bool,
}

impl<I, T> Default for Authored<'_, I, T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'a, I: Ord, T> Authored<'a, I, T> {
    /// Takes in a new thing; tells whether that had an effect: an id is used once.
    pub(super) fn add(&mut self, index: usize, who: Who, id: &'a I, thing: &'a T) -> bool {
        let mut is_new = false;
        self.0.entry((who, id)).or_insert_with(|| {
            is_new = true;
            Made {
                who,
                index,
                first: thing,
                newest: thing,
                edited: None,
                withdrawn: false,
            }
        });
        is_new
    }

    /// Takes in an edit that comes after all taken in before; tells whether it is the author's.
    pub(super) fn edit(&mut self, index: usize, who: Who, id: &'a I, thing: &'a T) -> bool {
        let made = self.0.get_mut(&(who, id));
        made.map(|made| {
            made.newest = thing;
            made.edited = Some(index);
        })
        .is_some()
    }

    /// Takes in a withdrawal; tells whether it is the author's.
    pub(super) fn withdraw(&mut self, who: Who, id: &'a I) -> bool {
        let made = self.0.get_mut(&(who, id));
        made.map(|made| made.withdrawn = true).is_some()
    }

    /// Returns what is not withdrawn, in the order it was made.
    pub(super) fn standing(&self) -> impl Iterator<Item = &Made<'a, T>> {
        let mut standing: Vec<_> = self.0.values().filter(|made| !made.withdrawn).collect();
        standing.sort_by_key(|made| made.index);
        standing.into_iter()
    }
}
