//! Counting: every file of the change once, on all cores, in batches, for coverage and for what was moved.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diff::Moves;
use crate::git::Content;
use crate::model::{ChangeSet, FileChange, RepoPath};
use crate::review::HunkFacts;

/// What was counted of some files.
pub type FileFacts = Vec<(RepoPath, Vec<HunkFacts>)>;

/// Files that are handed over at once.
const BATCH: usize = 64;

/// Counts every file, and notes what could have been moved. Ends early where `tell` says that nobody listens.
pub fn count(
    change: &ChangeSet,
    content: &dyn Content,
    tell: impl Fn(FileFacts) -> bool + Send + Sync,
) -> Moves {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let share = || {
        let mut moves = Moves::default();
        loop {
            let first = next.fetch_add(BATCH, Ordering::Relaxed);
            let Some(files) = change.files.get(first..) else {
                return moves;
            };
            let files = &files[..files.len().min(BATCH)];
            if files.is_empty() || !tell(count_batch(files, first, content, &mut moves)) {
                return moves;
            }
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(share)).collect();
        let mut moves = share();
        for other in others {
            match other.join() {
                Ok(part) => moves.join(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        moves
    })
}

fn count_batch(
    files: &[FileChange],
    first: usize,
    content: &dyn Content,
    moves: &mut Moves,
) -> FileFacts {
    files
        .iter()
        .zip(first as u32..)
        .map(|(file, at)| {
            let diff = content.diff(file);
            moves.add(at, &diff);
            (file.path.clone(), HunkFacts::of(&diff))
        })
        .collect()
}
