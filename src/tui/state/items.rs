//! The items of all checklists, as the list has them: which is selected, which still waits.

use super::State;
use crate::model::{Item, ItemId};
use crate::review::{CriticalHunk, Proposal};

impl State {
    /// Returns the selected item.
    pub fn selected(&self) -> &Item {
        let (list, item) = self.items[self.item];
        &self.subject.checklists[list].items[item]
    }

    /// Returns an item by its position in the flat list.
    pub fn item_at(&self, index: usize) -> &Item {
        let (list, item) = self.items[index];
        &self.subject.checklists[list].items[item]
    }

    /// Returns the first undecided item at or after a position, going round.
    pub fn next_undecided(&self, from: usize) -> Option<usize> {
        let count = self.items.len();
        let open = |index: &usize| {
            let id = &self.item_at(*index).id;
            !self.snapshot.review.outcome(id).is_decided()
        };
        let waits = |index: &usize| {
            let id = &self.item_at(*index).id;
            matches!(self.snapshot.proposals.get(id), Some(Proposal::Waits(_)))
        };
        let round = || (0..count).map(|step| (from + step) % count).filter(open);
        // What waits for another item comes when nothing else is left.
        round()
            .find(|index| !waits(index))
            .or_else(|| round().next())
    }

    /// Returns the hunks of critical surfaces in the file of the code pane, by number.
    pub fn critical_here(&self) -> impl Iterator<Item = &CriticalHunk> {
        let path = self.file().map(|file| &file.path);
        let hunks = self.snapshot.critical.iter();
        hunks.filter(move |hunk| Some(&hunk.mark.path) == path)
    }

    /// Returns how many items are decided.
    pub fn decided(&self) -> usize {
        (0..self.items.len())
            .filter(|index| {
                self.snapshot
                    .review
                    .outcome(&self.item_at(*index).id)
                    .is_decided()
            })
            .count()
    }

    /// Returns an item of any checklist by id.
    pub fn item_named(&self, id: &ItemId) -> Option<usize> {
        (0..self.items.len()).find(|index| &self.item_at(*index).id == id)
    }
}
