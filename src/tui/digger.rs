//! Work over the whole change that a reader asked for and may give up again: searches, definitions, history. Each runs on a
//! thread of its own, so that files and colours never wait for it; a new search ends the one before.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::app::Happening;
use super::definitions::{HeadTree, define};
use super::effect::{Effect, SearchRequest};
use super::errand::{Errand, Wanted};
use super::lens_worker::Scene;
use super::message::Msg;
use super::search::{Hits, Needle};
use super::symbols;
use super::task::TaskId;
use super::worker::guarded;
use crate::git;
use crate::model::{FileDiff, LineNo, RepoPath, Side, SourceKind};
use crate::workbench::Desk;

/// How often a search tells what it has found so far.
const TELL: Duration = Duration::from_millis(150);

/// Starts such work.
pub struct Digger {
    review: Scene,
    tree: Arc<HeadTree>,
    repository: Option<PathBuf>,
    out: Sender<Happening>,
    /// Which search is wanted; others end.
    wanted: Arc<AtomicU64>,
    /// Which request the reader waits for.
    awaited: Wanted,
}

impl Digger {
    /// Works on a desk's change.
    pub fn new(desk: &Desk, out: Sender<Happening>) -> Self {
        Self {
            review: Scene {
                lens: None,
                change: Arc::clone(desk.change()),
                content: Arc::clone(desk.content()),
            },
            tree: Arc::new(HeadTree::new(desk.source().clone())),
            repository: desk.work_folder(),
            out,
            wanted: Arc::default(),
            awaited: Wanted::default(),
        }
    }

    /// Returns the change under review.
    pub fn review(&self) -> Scene {
        self.review.clone()
    }

    /// Takes a request in that the reader waits for.
    pub fn errand(&self, task: TaskId) -> Errand {
        self.awaited.begin(task, &self.out)
    }

    /// Gives a request up.
    pub fn give_up(&self, task: TaskId) {
        self.awaited.give_up(task);
    }

    fn run(&self, work: impl FnOnce(&Sender<Happening>) + Send + 'static) {
        let out = self.out.clone();
        let again = out.clone();
        let thread = std::thread::Builder::new().name("digger".to_owned());
        // Where no thread can be had the question stays without an answer; nothing else depends on it.
        let _ = thread.spawn(move || guarded(Box::new(move || work(&out)), &again));
    }

    /// Ends the search that runs.
    pub fn stop(&self) {
        self.wanted.fetch_add(1, Ordering::SeqCst);
    }

    /// Looks at the change, or at what a lens shows.
    pub fn look(&self, scene: Scene, effect: Effect) {
        match effect {
            Effect::SearchAll(pattern) => self.search(scene, pattern),
            Effect::Search(request) => self.search_on(scene, request),
            Effect::Blame {
                task,
                path,
                side,
                line,
            } => self.blame(task, &scene, path, (side, line)),
            _ => debug_assert!(false, "an effect that asks about no text"),
        }
    }

    /// Looks for text in every file.
    fn search(&self, scene: Scene, pattern: String) {
        let own = self.wanted.fetch_add(1, Ordering::SeqCst) + 1;
        let wanted = Arc::clone(&self.wanted);
        self.run(move |out| {
            let Some(needle) = Needle::new(&pattern) else {
                return;
            };
            let mut hits = Hits::default();
            let mut told = Instant::now();
            let tell = |hits: &Hits| {
                let hits = Arc::new(hits.clone());
                let pattern = pattern.clone();
                let msg = scene.marked(Msg::Hits { pattern, hits });
                out.send(Happening::Msg(msg)).is_ok()
            };
            for (at, file) in scene.change.files.iter().enumerate() {
                if wanted.load(Ordering::SeqCst) != own {
                    return;
                }
                hits.add(at, &scene.content.diff(file), &needle);
                if told.elapsed() > TELL {
                    told = Instant::now();
                    if !tell(&hits) {
                        return;
                    }
                }
            }
            hits.done = true;
            tell(&hits);
        });
    }

    /// Looks for the nearest other file that holds a text.
    fn search_on(&self, scene: Scene, request: SearchRequest) {
        let mut errand = self.errand(request.task);
        self.run(move |_| {
            let SearchRequest {
                task,
                pattern,
                order,
                direction,
            } = request;
            let needle = Needle::new(&pattern);
            let total = order.len();
            let mut found = None;
            for (path, done) in order.into_iter().zip(0..) {
                if !errand.goes_on(done, Some(total)) {
                    return;
                }
                let file = scene.change.file(&path);
                let holds = |file| {
                    let diff = scene.content.diff(file);
                    needle
                        .as_ref()
                        .is_some_and(|needle| has_match(&diff, needle))
                };
                if file.is_some_and(holds) {
                    found = Some(path);
                    break;
                }
            }
            errand.answer(Msg::Found {
                task,
                path: found,
                pattern,
                direction,
            });
        });
    }

    /// Lists the functions and types of every file of the change.
    pub fn symbols(&self, first: usize) {
        let scene = self.review();
        self.run(move |out| symbols::list(&scene.change, scene.content.as_ref(), first, out));
    }

    /// Looks for the definitions of names that stand in a file.
    pub fn define(&self, task: TaskId, names: Vec<String>, near: RepoPath) {
        let mut errand = self.errand(task);
        let tree = Arc::clone(&self.tree);
        self.run(move |_| {
            if let Some(definitions) = define(&tree, &names, &near, &mut errand) {
                errand.answer(Msg::Defined { task, definitions });
            }
        });
    }

    /// Asks git who wrote a line.
    fn blame(&self, task: TaskId, scene: &Scene, path: RepoPath, (side, line): (Side, LineNo)) {
        let end = match side {
            Side::Old => &scene.change.base,
            Side::New => &scene.change.head,
        };
        let named = match (side, scene.change.file(&path)) {
            (Side::Old, Some(file)) => file.old_path.clone().unwrap_or(path),
            _ => path,
        };
        let (repository, commit) = (self.repository.clone(), end.commit.clone());
        let mut errand = self.errand(task);
        self.run(move |_| {
            let origin = match (repository, commit) {
                (Some(repository), Some(commit)) => {
                    let goes_on = |seen| errand.goes_on(seen, None);
                    git::line_origin(&repository, &commit, &named, line.0, goes_on)
                        .map_err(|error| error.to_string())
                }
                _ => Err(
                    "This side of the change is no commit, so nobody is named for its lines yet."
                        .to_owned(),
                ),
            };
            if let Some(origin) = origin.transpose() {
                let origin = origin.map(Box::new);
                errand.answer(Msg::Blamed { task, origin });
            }
        });
    }

    /// Lists the commits of the range.
    pub fn commits(&self, task: TaskId) {
        let change = Arc::clone(&self.review.change);
        let repository = self.repository.clone();
        let mut errand = self.errand(task);
        self.run(move |_| {
            let commits = match (repository, &change.head.commit) {
                (Some(repository), Some(head)) => {
                    let goes_on = |seen| errand.goes_on(seen, None);
                    git::commits_between(&repository, change.base.commit.as_ref(), head, goes_on)
                        .map_err(|error| error.to_string())
                }
                _ => Err(no_commits(change.kind).to_owned()),
            };
            errand.answer(Msg::Commits { task, commits });
        });
    }
}

/// Says why a change has no commits to choose from.
fn no_commits(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Staged => "The index is no commit yet, so there are no commits to choose from.",
        SourceKind::Worktree => {
            "What is reviewed is not committed yet, so there are no commits to choose from."
        }
        SourceKind::Patch => "A patch holds no commits to choose from; its range in git does.",
        SourceKind::Folder => "A folder holds no commits to choose from.",
        SourceKind::Range | SourceKind::Commit | SourceKind::Tree => {
            "The repository of this change is not here, so its commits are not known."
        }
    }
}

fn has_match(diff: &FileDiff, needle: &Needle) -> bool {
    let mut runs = diff.hunks.iter().flat_map(|hunk| &hunk.runs);
    runs.any(|run| needle.first_in(diff, run, 0).is_some())
}
