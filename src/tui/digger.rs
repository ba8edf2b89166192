//! Work over the whole change that a reader asked for and may give up again: searches, definitions, history. Each runs on a
//! thread of its own, so that files and colours never wait for it; a new search ends the one before.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::app::Happening;
use super::message::Msg;
use super::search::{Hits, Needle};
use super::worker::guarded;
use crate::git::{self, Content};
use crate::model::{ChangeSet, FileChange, LineNo, RepoPath, Side};
use crate::syntax::{Limits, Symbol, detect, outline, parse};
use crate::workbench::Desk;

/// How often a search tells what it has found so far.
const TELL: Duration = Duration::from_millis(150);

/// Starts such work.
pub struct Digger {
    change: Arc<ChangeSet>,
    content: Arc<dyn Content>,
    repository: Option<PathBuf>,
    out: Sender<Happening>,
    /// Which search is wanted; others end.
    wanted: Arc<AtomicU64>,
}

impl Digger {
    /// Works on a desk's change.
    pub fn new(desk: &Desk, out: Sender<Happening>) -> Self {
        Self {
            change: Arc::clone(desk.change()),
            content: Arc::clone(desk.content()),
            repository: desk.work_folder(),
            out,
            wanted: Arc::default(),
        }
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

    /// Looks for text in every file of the change.
    pub fn search(&self, pattern: String) {
        let own = self.wanted.fetch_add(1, Ordering::SeqCst) + 1;
        let wanted = Arc::clone(&self.wanted);
        let (change, content) = (Arc::clone(&self.change), Arc::clone(&self.content));
        self.run(move |out| {
            let Some(needle) = Needle::new(&pattern) else {
                return;
            };
            let mut hits = Hits::default();
            let mut told = Instant::now();
            let tell = |hits: &Hits| {
                let hits = Arc::new(hits.clone());
                let pattern = pattern.clone();
                out.send(Happening::Msg(Msg::Hits { pattern, hits }))
                    .is_ok()
            };
            for (at, file) in change.files.iter().enumerate() {
                if wanted.load(Ordering::SeqCst) != own {
                    return;
                }
                hits.add(at, &content.diff(file), &needle);
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

    /// Looks for the definitions of names in the files of the change.
    pub fn define(&self, names: Vec<String>) {
        let (change, content) = (Arc::clone(&self.change), Arc::clone(&self.content));
        self.run(move |out| {
            let found = change
                .files
                .iter()
                .enumerate()
                .flat_map(|(at, file)| {
                    let symbols = symbols(file, content.as_ref(), &names);
                    symbols.into_iter().map(move |symbol| (at, symbol))
                })
                .collect();
            let _ = out.send(Happening::Msg(Msg::Defined(found)));
        });
    }

    /// Asks git who wrote a line.
    pub fn blame(&self, path: RepoPath, side: Side, line: LineNo) {
        let end = match side {
            Side::Old => &self.change.base,
            Side::New => &self.change.head,
        };
        let named = match (side, self.change.file(&path)) {
            (Side::Old, Some(file)) => file.old_path.clone().unwrap_or(path),
            _ => path,
        };
        let (repository, commit) = (self.repository.clone(), end.commit.clone());
        self.run(move |out| {
            let origin = match (repository, commit) {
                (Some(repository), Some(commit)) => {
                    git::line_origin(&repository, &commit, &named, line.0)
                        .map_err(|error| error.to_string())
                }
                _ => Err(
                    "This side of the change is no commit, so nobody is named for its lines yet."
                        .to_owned(),
                ),
            };
            let _ = out.send(Happening::Msg(Msg::Blamed(origin)));
        });
    }

    /// Lists the commits of the range.
    pub fn commits(&self) {
        let (base, head) = (
            self.change.base.commit.clone(),
            self.change.head.commit.clone(),
        );
        let repository = self.repository.clone();
        self.run(move |out| {
            let commits = match (repository, head) {
                (Some(repository), Some(head)) => {
                    git::commits_between(&repository, base.as_ref(), &head)
                        .map_err(|error| error.to_string())
                }
                _ => Err(
                    "The change does not end in a commit, so there is no list of commits."
                        .to_owned(),
                ),
            };
            let _ = out.send(Happening::Msg(Msg::Commits(commits)));
        });
    }
}

/// Returns the functions and types of some names in a file after the change.
fn symbols(file: &FileChange, content: &dyn Content, names: &[String]) -> Vec<Symbol> {
    let Some(language) = detect(&file.path, b"") else {
        return Vec::new();
    };
    let diff = content.diff(file);
    // Most files mention none of the names and are not parsed.
    let mentioned =
        |name: &String| memchr::memmem::find(diff.new.bytes(), name.as_bytes()).is_some();
    if !names.iter().any(mentioned) {
        return Vec::new();
    }
    let Ok(parsed) = parse(language, &diff.new, Limits::default()) else {
        return Vec::new();
    };
    let mut symbols = outline(&parsed, &diff.new).symbols;
    symbols.retain(|symbol| names.contains(&symbol.name));
    symbols
}
