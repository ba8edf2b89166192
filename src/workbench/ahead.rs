//! The first file of a change, read while the screen is still being taken over, so that the first frame shows it.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Desk;
use crate::model::{FileDiff, RepoPath};

/// A file on its way; clones wait for the same one.
#[derive(Clone)]
pub struct Ahead {
    path: RepoPath,
    slot: Arc<(Mutex<Slot>, Condvar)>,
}

enum Slot {
    OnItsWay,
    Here(Arc<FileDiff>),
    /// Its thread has ended without it.
    Lost,
}

impl Ahead {
    /// Begins to read the first file of a change; nothing where there is none, or no thread to be had.
    pub fn begin(desk: &Desk) -> Option<Self> {
        let source = desk.source();
        let file = source.change.files.first()?.clone();
        let ahead = Self {
            path: file.path.clone(),
            slot: Arc::new((Mutex::new(Slot::OnItsWay), Condvar::new())),
        };
        let (own, content) = (Filler(ahead.clone()), Arc::clone(&source.content));
        let thread = std::thread::Builder::new().name("ahead".to_owned());
        let spawned = thread.spawn(move || {
            let diff = Arc::new(content.diff(&file));
            own.0.fill(Slot::Here(diff));
        });
        spawned.is_ok().then_some(ahead)
    }

    /// Returns which file it is.
    pub fn path(&self) -> &RepoPath {
        &self.path
    }

    /// Returns the file, as soon as it is here or some time has passed; without an end where no time is given.
    pub fn wait(&self, patience: Option<Duration>) -> Option<Arc<FileDiff>> {
        let until = patience.map(|patience| Instant::now() + patience);
        let (slot, filled) = &*self.slot;
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match (&*slot, until) {
                (Slot::Here(diff), _) => return Some(Arc::clone(diff)),
                (Slot::Lost, _) => return None,
                (Slot::OnItsWay, None) => {
                    slot = filled.wait(slot).unwrap_or_else(PoisonError::into_inner);
                }
                (Slot::OnItsWay, Some(until)) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return None;
                    }
                    let woken = filled.wait_timeout(slot, left);
                    slot = woken.unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
    }

    fn fill(&self, with: Slot) {
        let (slot, filled) = &*self.slot;
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = with;
        filled.notify_all();
    }
}

/// Leaves nobody waiting, however its thread ends.
struct Filler(Ahead);

impl Drop for Filler {
    fn drop(&mut self) {
        let (slot, _) = &*self.0.slot;
        let waiting = matches!(
            &*slot.lock().unwrap_or_else(PoisonError::into_inner),
            Slot::OnItsWay
        );
        if waiting {
            self.0.fill(Slot::Lost);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DiffBody;
    use crate::support::digest::sha256;

    fn empty() -> Ahead {
        Ahead {
            path: RepoPath::from("a"),
            slot: Arc::new((Mutex::new(Slot::OnItsWay), Condvar::new())),
        }
    }

    #[test]
    fn a_file_on_its_way_is_waited_for_only_so_long_and_then_still_comes() {
        let ahead = empty();
        assert!(ahead.wait(Some(Duration::from_millis(1))).is_none());
        let own = Filler(ahead.clone());
        let diff = Arc::new(FileDiff::without_rows(DiffBody::Unchanged, sha256(b"")));
        let filler = std::thread::spawn(move || own.0.fill(Slot::Here(diff)));
        assert!(ahead.wait(None).is_some());
        filler.join().unwrap();
        assert!(ahead.wait(None).is_some(), "it stays for others who wait");
    }

    #[test]
    fn nobody_waits_for_a_thread_that_has_ended_without_the_file() {
        let ahead = empty();
        drop(Filler(ahead.clone()));
        assert!(ahead.wait(None).is_none());
    }
}
