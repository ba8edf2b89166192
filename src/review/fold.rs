//! Entries → [`Review`].

use crate::model::{Entry, ReviewId};

use super::Review;

/// Folds.
pub fn fold(id: &ReviewId, entries: &[Entry]) -> Review {
    let _ = entries;
    Review {
        id: id.clone(),
        opened: None,
        revision: None,
        people: Default::default(),
        items: Default::default(),
        findings: Vec::new(),
        comments: Vec::new(),
        displayed: Default::default(),
        read: Default::default(),
        signoffs: Vec::new(),
        heads: Default::default(),
        entries: 0,
        unknown: Default::default(),
    }
}
