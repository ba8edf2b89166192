//! The work behind lenses: each is opened and read on a thread of its own, which ends when the lens is left.

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::app::Happening;
use super::errand::Errand;
use super::lens::{LensId, LensOf, Twins};
use super::message::Msg;
use super::worker::{Loader, LoaderJob, guarded};
use crate::git::{self, Content, OpenedSource};
use crate::model::{ChangeSet, Digest, FileDiff};

/// What a code pane is of: the change, or what a lens shows.
#[derive(Clone)]
pub struct Scene {
    /// The lens; none for the change.
    pub lens: Option<LensId>,
    /// The files.
    pub change: Arc<ChangeSet>,
    /// Their text.
    pub content: Arc<dyn Content>,
}

impl Scene {
    /// Marks a message as being of this scene.
    pub fn marked(&self, msg: Msg) -> Msg {
        match self.lens {
            Some(lens) => Msg::Through(lens, Box::new(msg)),
            None => msg,
        }
    }
}

struct Open {
    jobs: Sender<LoaderJob>,
    scene: Arc<OnceLock<Scene>>,
}

/// The lenses that are open.
pub struct Lenses {
    open: Mutex<HashMap<LensId, Open>>,
    review: OpenedSource,
    out: Sender<Happening>,
}

impl Lenses {
    /// Opens nothing yet.
    pub fn new(review: OpenedSource, out: Sender<Happening>) -> Self {
        Self {
            open: Mutex::default(),
            review,
            out,
        }
    }

    fn open_ones(&self) -> MutexGuard<'_, HashMap<LensId, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a lens.
    pub fn open(&self, mut errand: Errand, id: LensId, of: LensOf) {
        let (jobs, inbox) = channel();
        let scene = Arc::new(OnceLock::new());
        let known = Open {
            jobs,
            scene: Arc::clone(&scene),
        };
        self.open_ones().insert(id, known);
        let (review, out) = (self.review.clone(), self.out.clone());
        let again = self.out.clone();
        let work = move || {
            let task = errand.task();
            let opened = scene_of(&review, id, &of, &mut errand);
            let answer = |opened| Msg::LensOpened {
                task,
                lens: id,
                opened,
            };
            match opened {
                Ok(own) => {
                    let _ = scene.set(own.clone());
                    errand.answer(answer(Ok((Box::new(of), Arc::clone(&own.change)))));
                    Loader::through(own, review).run(&inbox, &out);
                }
                Err(reason) => errand.answer(answer(Err(reason))),
            }
        };
        let thread = std::thread::Builder::new().name("lens".to_owned());
        // Where no thread can be had the lens does not open; nothing else depends on it.
        let _ = thread.spawn(move || guarded(Box::new(work), &again));
    }

    /// Ends the work for a lens.
    pub fn close(&self, id: LensId) {
        self.open_ones().remove(&id);
    }

    /// Asks a lens for something.
    pub fn ask(&self, id: LensId, job: LoaderJob) {
        if let Some(open) = self.open_ones().get(&id) {
            // A thread that has ended was reported by its panic.
            let _ = open.jobs.send(job);
        }
    }

    /// Returns what a lens shows.
    pub fn scene(&self, id: LensId) -> Option<Scene> {
        self.open_ones().get(&id)?.scene.get().cloned()
    }
}

/// Opens what a lens shows. Reads commits and blobs of the repository, and nothing else; soon ends where nobody waits for it
/// any more.
fn scene_of(
    review: &OpenedSource,
    id: LensId,
    of: &LensOf,
    errand: &mut Errand,
) -> Result<Scene, String> {
    let (change, content) = match of {
        LensOf::Commit(commit) => {
            let repository = review.repository.as_ref().ok_or("there is no repository")?;
            let mut goes_on = |done, total| errand.goes_on(done, Some(total));
            let opened = git::open_commit(&commit.commit, repository, &mut goes_on);
            let opened = opened.map_err(|error| match error {
                git::GitError::Empty { .. } => {
                    format!(
                        "Commit {} changes no file against its first parent.",
                        commit.id
                    )
                }
                error => error.to_string(),
            })?;
            (opened.change, opened.content)
        }
        LensOf::File(path, _) => {
            git::still_file(review, path).map_err(|error| error.to_string())?
        }
    };
    Ok(Scene {
        lens: Some(id),
        change,
        content,
    })
}

/// Finds the hunks of a file that are hunks of the whole change: the same rows, and no others like them there.
pub fn twins(seen: &FileDiff, whole: &FileDiff) -> Twins {
    let mut numbers: BTreeMap<Digest, Option<u32>> = BTreeMap::new();
    for (hunk, number) in whole.hunks.iter().zip(1..) {
        numbers
            .entry(hunk.digest)
            .and_modify(|known| *known = None)
            .or_insert(Some(number));
    }
    let of = |digest: &Digest| numbers.get(digest).copied().flatten();
    seen.hunks.iter().map(|hunk| of(&hunk.digest)).collect()
}
