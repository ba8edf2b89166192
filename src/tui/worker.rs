//! Effects → work off the screen's thread → messages.
//!
//! Four threads: the desk (owns the journal; every act is on disk before the screen hears of it), the loader (the file
//! the reader looks at, its colours, searches), the counter (every file once, for
//! coverage), and the search for hints (the reader's file first). The last two begin when there is something to read.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::app::{FindKeys, Happening};
use super::counter::{FileFacts, count};
use super::digger::Digger;
use super::effect::Effect;
use super::halt::{Halt, Pace};
use super::lens::LensId;
use super::lens_worker::{Lenses, Scene, twins};
use super::message::{BracketMatch, Msg, Notice};
use super::state::ViewChoice;
use super::terminal::HINTS_THREAD;
use crate::config::ScreenChoice;
use crate::diff::Moves;
use crate::git::{Content, OpenedSource};
use crate::hints::Order;
use crate::model::{ChangeSet, DisplayedSpan, FileDiff, LineNo, RepoPath, Side};
use crate::syntax::{Limits, Parsed, Plain, Span, detect, matching_line, outline, parse, spans};
use crate::workbench::{Act, ActFailure, Ahead, Desk, HintNews, HintScan, SignOrder};

/// How often a reader without the lock looks for news.
const FOLLOW: Duration = Duration::from_millis(500);

/// How far threads that nobody waits for stand back.
const BEHIND_KEYS: i32 = 2;

enum DeskJob {
    Act(Vec<Act>),
    Show(Vec<DisplayedSpan>),
    SaveDraft { name: String, text: String },
    DropDraft(String),
    Remember(ViewChoice),
    Facts(FileFacts),
    Sign(Box<SignOrder>, Sender<Result<String, String>>),
    Stop(Sender<()>),
}

/// What the thread of a code pane is asked for.
pub(super) enum LoaderJob {
    Load(RepoPath),
    Outline(RepoPath),
    Moves(RepoPath),
    Colour {
        path: RepoPath,
        side: Side,
        first: LineNo,
        last: LineNo,
    },
    Bracket {
        path: RepoPath,
        side: Side,
        line: LineNo,
    },
}

impl LoaderJob {
    /// Reads an effect on a code pane; returns any other.
    fn of(effect: Effect) -> Result<Self, Box<Effect>> {
        Ok(match effect {
            Effect::Load(path) => Self::Load(path),
            Effect::Outline(path) => Self::Outline(path),
            Effect::Moves(path) => Self::Moves(path),
            Effect::Colour {
                path,
                side,
                first,
                last,
            } => Self::Colour {
                path,
                side,
                first,
                last,
            },
            Effect::Bracket { path, side, line } => Self::Bracket { path, side, line },
            other => return Err(Box::new(other)),
        })
    }
}

/// The threads behind the screen.
pub struct Workers {
    desk: Sender<DeskJob>,
    loader: Sender<LoaderJob>,
    /// What waits until the reader has something to read.
    waiting: Vec<Sender<()>>,
    change: Arc<ChangeSet>,
    order: Order,
    digger: Digger,
    lenses: Lenses,
    /// Holds the counter.
    halt: Halt,
}

impl Workers {
    /// Starts the threads on an open desk. What is not needed for the first hunk waits for [`Workers::begin`].
    pub fn start(
        desk: Desk,
        ahead: Option<Ahead>,
        find_keys: FindKeys,
        out: &Sender<Happening>,
    ) -> std::io::Result<Self> {
        let change = Arc::clone(desk.change());
        let content = Arc::clone(desk.content());
        let scan = desk.hint_scan();
        let digger = Digger::new(&desk, out.clone());
        let lenses = Lenses::new(desk.source().clone(), out.clone());
        let (desk_jobs, desk_inbox) = channel();
        let (loader_jobs, loader_inbox) = channel();
        let spawn = |name: &str, work: Box<dyn FnOnce() + Send>| {
            let out = out.clone();
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || guarded(work, &out))
                .map(drop)
        };
        let desk_out = out.clone();
        spawn(
            "desk",
            Box::new(move || run_desk(desk, &desk_inbox, &desk_out)),
        )?;
        let loader_out = out.clone();
        let moves = Arc::new(OnceLock::new());
        let count_moves = Arc::clone(&moves);
        let (loader_change, loader_content) = (Arc::clone(&change), Arc::clone(&content));
        spawn(
            "loader",
            Box::new(move || {
                let loader = Loader::new(loader_change, loader_content, moves);
                Loader { ahead, ..loader }.run(&loader_inbox, &loader_out);
            }),
        )?;
        let mut waiting = Vec::new();
        let mut spawn_later = |name: &str, behind: i32, work: Box<dyn FnOnce() + Send>| {
            let (begin, begun) = channel();
            waiting.push(begin);
            let work = move || {
                if begun.recv().is_ok() {
                    // What the reader does comes first where cores are few; without this it is only slower.
                    let _ = rustix::process::nice(behind);
                    work();
                }
            };
            spawn(name, Box::new(work))
        };
        let order = scan.order();
        let hints_out = out.clone();
        spawn_later(
            HINTS_THREAD,
            BEHIND_KEYS,
            Box::new(move || look_for_hints(scan, &hints_out)),
        )?;
        let (facts_out, count_out) = (desk_jobs.clone(), out.clone());
        let halt = Halt::default();
        let (counted, counter_halt) = (Arc::clone(&change), halt.clone());
        spawn_later(
            "counter",
            BEHIND_KEYS,
            Box::new(move || {
                let moves = count(&counted, content.as_ref(), |facts| {
                    counter_halt.step();
                    facts_out.send(DeskJob::Facts(facts)).is_ok()
                });
                let _ = count_moves.set(moves);
                let _ = count_out.send(Happening::Msg(Msg::MovesKnown));
            }),
        )?;
        let keys_out = out.clone();
        spawn_later(
            "keys",
            0,
            Box::new(move || drop(keys_out.send(Happening::Msg(Msg::KeysFound(find_keys()))))),
        )?;
        Ok(Self {
            desk: desk_jobs,
            loader: loader_jobs,
            waiting,
            change,
            order,
            digger,
            lenses,
            halt,
        })
    }

    /// Begins what waits until the reader has something to read: counting, hints, keys to sign with.
    pub fn begin(&mut self) {
        for thread in self.waiting.drain(..) {
            // It is there: it waits for nothing but this.
            let _ = thread.send(());
        }
    }

    /// Hands an effect over that needs no terminal; returns it where it does.
    pub fn take(&self, effect: Effect) -> Option<Effect> {
        if let Effect::Load(path) = &effect
            && let Ok(index) = self
                .change
                .files
                .binary_search_by(|file| file.path.cmp(path))
        {
            self.order.prefer(index);
        }
        // A thread that has ended was reported by its panic; the effect is lost with it.
        let effect = match LoaderJob::of(effect) {
            Ok(job) => {
                drop(self.loader.send(job));
                return None;
            }
            Err(effect) => *effect,
        };
        match effect {
            Effect::Act(acts) => drop(self.desk.send(DeskJob::Act(acts))),
            Effect::Show(spans) => drop(self.desk.send(DeskJob::Show(spans))),
            Effect::SaveDraft { name, text } => {
                drop(self.desk.send(DeskJob::SaveDraft { name, text }));
            }
            Effect::DropDraft(name) => drop(self.desk.send(DeskJob::DropDraft(name))),
            Effect::Remember(choice) => drop(self.desk.send(DeskJob::Remember(choice))),
            Effect::Count(pace) => self.halt.set(pace),
            Effect::LookForHints(Pace::Halted) => self.order.pause(),
            Effect::LookForHints(Pace::Goes) => self.order.go_on(),
            Effect::StopSearch => self.digger.stop(),
            Effect::Symbols(first) => self.digger.symbols(first),
            Effect::GiveUp(task) => self.digger.give_up(task),
            Effect::Commits(task) => self.digger.commits(task),
            Effect::Define { task, names, near } => self.digger.define(task, names, near),
            Effect::OpenLens { task, lens, of } => {
                self.lenses.open(self.digger.errand(task), lens, *of);
            }
            Effect::CloseLens(lens) => self.lenses.close(lens),
            Effect::Through(lens, effect) => self.take_through(lens, *effect),
            Effect::SearchAll(_) | Effect::Search(_) | Effect::Blame { .. } => {
                self.digger.look(self.digger.review(), effect);
            }
            Effect::Load(_)
            | Effect::Outline(_)
            | Effect::Moves(_)
            | Effect::Bracket { .. }
            | Effect::Colour { .. }
            | Effect::EditText(_)
            | Effect::EditFile { .. }
            | Effect::Copy(_)
            | Effect::Sign(_)
            | Effect::WakeIn(_)
            | Effect::Redraw
            | Effect::Suspend
            | Effect::Quit => return Some(effect),
        }
        None
    }

    /// Hands an effect over to what a lens shows.
    fn take_through(&self, lens: LensId, effect: Effect) {
        match LoaderJob::of(effect) {
            Ok(job) => self.lenses.ask(lens, job),
            Err(effect) => {
                if let Some(scene) = self.lenses.scene(lens) {
                    self.digger.look(scene, *effect);
                }
            }
        }
    }

    /// Signs, with the terminal lent to `ssh-keygen`; blocks until it is done.
    pub fn sign(&self, order: SignOrder) -> Result<String, String> {
        let (answer, outcome) = channel();
        let gone = || "the journal's thread has ended; leave and open the review again".to_owned();
        self.desk
            .send(DeskJob::Sign(Box::new(order), answer))
            .map_err(|_| gone())?;
        outcome.recv().map_err(|_| gone())?
    }

    /// Waits until everything handed over is on disk.
    pub fn finish(&self) {
        self.order.clear();
        let (answer, done) = channel();
        if self.desk.send(DeskJob::Stop(answer)).is_ok() {
            let _ = done.recv_timeout(Duration::from_secs(20));
        }
    }
}

/// A thread that panics has given the terminal back and told why; the program then ends in order, with all acts that
/// were shown as saved on disk.
pub(super) fn guarded(work: Box<dyn FnOnce() + Send>, out: &Sender<Happening>) {
    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err() {
        let _ = out.send(Happening::Msg(Msg::Terminate));
    }
}

fn run_desk(mut desk: Desk, inbox: &Receiver<DeskJob>, out: &Sender<Happening>) {
    let send = |msg| out.send(Happening::Msg(msg)).is_ok();
    let mut backlog: VecDeque<DeskJob> = VecDeque::new();
    let mut told = Instant::now();
    loop {
        let job = match backlog.pop_front() {
            Some(job) => job,
            None if desk.is_read_only() => match inbox.recv_timeout(FOLLOW) {
                Ok(job) => job,
                Err(RecvTimeoutError::Timeout) => {
                    if desk.follow() && !send(Msg::Snapshot(Arc::new(desk.snapshot()))) {
                        return;
                    }
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            },
            None => match inbox.recv() {
                Ok(job) => job,
                Err(_) => return,
            },
        };
        backlog.extend(inbox.try_iter());
        let alive = match job {
            DeskJob::Act(acts) => carry_out(&mut desk, acts, out),
            DeskJob::Show(spans) => show(&mut desk, spans, out),
            DeskJob::SaveDraft { name, text } => {
                // Only the newest text of a draft is worth the disk.
                let newer = backlog.iter().any(
                    |job| matches!(job, DeskJob::SaveDraft { name: other, .. } if *other == name),
                );
                newer
                    || match desk.save_draft(&name, &text) {
                        Ok(()) => true,
                        Err(reason) => send(Msg::Notice(Notice::bad(format!(
                            "What you are writing is not kept on disk: {reason}"
                        )))),
                    }
            }
            DeskJob::DropDraft(name) => {
                desk.drop_draft(&name);
                true
            }
            DeskJob::Remember(choice) => {
                let kept = ScreenChoice {
                    split: choice.split,
                    wrap: choice.wrap,
                    list_folded: choice.list_folded,
                    files_flat: choice.files_flat,
                };
                match desk.remember(kept) {
                    Ok(()) => true,
                    Err(reason) => send(Msg::Notice(Notice::warn(format!(
                        "How you want the code shown is not kept for next time: {reason}"
                    )))),
                }
            }
            DeskJob::Facts(facts) => {
                desk.add_facts(facts);
                let more = backlog.iter().any(|job| matches!(job, DeskJob::Facts(_)));
                if more || (!desk.is_counted() && told.elapsed() < NEWS) {
                    continue;
                }
                told = Instant::now();
                send(Msg::Snapshot(Arc::new(desk.snapshot())))
            }
            DeskJob::Sign(order, answer) => {
                let outcome = desk
                    .sign_interactively(&order)
                    .map_err(|error| format!("{error:#}"));
                let _ = answer.send(outcome);
                send(Msg::Snapshot(Arc::new(desk.snapshot())))
            }
            DeskJob::Stop(answer) => {
                let _ = answer.send(());
                return;
            }
        };
        if !alive {
            return;
        }
    }
}

/// Carries acts out in order. What was refused is said; what could not be written comes back with all that follow it.
fn carry_out(desk: &mut Desk, acts: Vec<Act>, out: &Sender<Happening>) -> bool {
    let send = |msg| out.send(Happening::Msg(msg)).is_ok();
    if let Err(error) = desk.keep() {
        let reason = ActFailure::not_begun(error).into_reason();
        return send(Msg::NotSaved { acts, reason });
    }
    let mut rest = acts.into_iter();
    let mut refused = None;
    while let Some(act) = rest.next() {
        match desk.act(&act) {
            Ok(()) => {}
            // What follows stands on its own: acts that were kept in memory come before the one just asked for.
            Err(ActFailure::Refused(reason)) => refused = Some(reason),
            Err(ActFailure::NotSaved(reason)) => {
                let acts = std::iter::once(act).chain(rest).collect();
                return send(Msg::Snapshot(Arc::new(desk.snapshot())))
                    && send(Msg::NotSaved { acts, reason });
            }
        }
    }
    send(Msg::Snapshot(Arc::new(desk.snapshot()))) && send(refused.map_or(Msg::Saved, Msg::Refused))
}

/// Records what was displayed. Where the disk does not take it, the rows count as not displayed; nothing is claimed.
fn show(desk: &mut Desk, spans: Vec<DisplayedSpan>, out: &Sender<Happening>) -> bool {
    let send = |msg| out.send(Happening::Msg(msg)).is_ok();
    match desk.act(&Act::Displayed(spans)) {
        Ok(()) => send(Msg::Snapshot(Arc::new(desk.snapshot()))),
        Err(ActFailure::Refused(reason) | ActFailure::NotSaved(reason)) => send(Msg::Notice(
            Notice::bad(format!("What was displayed is not recorded: {reason}")),
        )),
    }
}

/// How often news of counting and of hints is told; each costs a frame.
const NEWS: Duration = Duration::from_millis(100);

/// Looks for hints and tells of them. A fault in it is told and costs the hints, never the session.
fn look_for_hints(scan: HintScan, out: &Sender<Happening>) {
    let send = |msg| drop(out.send(Happening::Msg(msg)));
    // One core is left to the reader's keys.
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get().max(2) - 1);
    let mut waiting: Option<HintNews> = None;
    let mut told = Instant::now();
    let search = std::panic::AssertUnwindSafe(|| {
        scan.run(threads, |news| {
            let mut fresh = waiting.take().map_or_else(Vec::new, |news| news.fresh);
            fresh.extend(news.fresh);
            let news = HintNews { fresh, ..news };
            if told.elapsed() >= NEWS || news.done == 0 {
                told = Instant::now();
                send(Msg::HintNews(news));
            } else {
                waiting = Some(news);
            }
        })
    });
    send(match std::panic::catch_unwind(search) {
        Ok(found) => Msg::HintsFound(Arc::new(found)),
        Err(_) => Msg::HintsFailed(
            "The search for hints ended early by a fault of its own; the review goes on without the rest of them."
                .to_owned(),
        ),
    });
}

/// A parsed side of a file, or why there is none.
type Tree = Arc<Result<Parsed, Plain>>;

/// The reader's file and its colours.
pub(super) struct Loader {
    change: Arc<ChangeSet>,
    content: Arc<dyn Content>,
    recent: VecDeque<(RepoPath, Arc<FileDiff>)>,
    parsed: VecDeque<(RepoPath, Side, Tree)>,
    /// What was moved in the change, once every file was looked at.
    moves: Arc<OnceLock<Moves>>,
    /// What is looked at in place of the change, and the change itself.
    lens: Option<(Scene, OpenedSource)>,
    /// The file that was read ahead, until it is asked for.
    ahead: Option<Ahead>,
}

impl Loader {
    /// Reads what a lens shows, and holds it against the change under review.
    pub(super) fn through(scene: Scene, review: OpenedSource) -> Self {
        let (change, content) = (Arc::clone(&scene.change), Arc::clone(&scene.content));
        Self {
            lens: Some((scene, review)),
            ..Self::new(change, content, Arc::default())
        }
    }

    fn new(change: Arc<ChangeSet>, content: Arc<dyn Content>, moves: Arc<OnceLock<Moves>>) -> Self {
        Self {
            change,
            content,
            recent: VecDeque::new(),
            parsed: VecDeque::new(),
            moves,
            lens: None,
            ahead: None,
        }
    }

    pub(super) fn run(mut self, inbox: &Receiver<LoaderJob>, out: &Sender<Happening>) {
        let mut backlog = VecDeque::new();
        loop {
            let job = match backlog.pop_front() {
                Some(job) => job,
                None => match inbox.recv() {
                    Ok(job) => job,
                    Err(_) => return,
                },
            };
            backlog.extend(inbox.try_iter());
            // The file asked for goes before colours of the one that was left.
            let awaited = backlog.iter().any(|job| matches!(job, LoaderJob::Load(_)));
            let msg = match job {
                LoaderJob::Load(path) => self.load(&path),
                LoaderJob::Outline(_) | LoaderJob::Moves(_) | LoaderJob::Colour { .. }
                    if awaited =>
                {
                    continue;
                }
                LoaderJob::Moves(path) => self.moved(path),
                LoaderJob::Outline(path) => self.outline(path),
                LoaderJob::Colour {
                    path,
                    side,
                    first,
                    last,
                } => self.colour(path, side, first, last),
                LoaderJob::Bracket { path, side, line } => Some(self.bracket(path, side, line)),
            };
            let seen = match &msg {
                Some(Msg::Loaded { path, diff }) => self.twins(path, diff),
                _ => None,
            };
            for msg in msg.into_iter().chain(seen) {
                if out.send(Happening::Msg(self.marked(msg))).is_err() {
                    return;
                }
            }
        }
    }

    fn marked(&self, msg: Msg) -> Msg {
        match &self.lens {
            Some((scene, _)) => scene.marked(msg),
            None => msg,
        }
    }

    /// Tells which hunks of a file seen through a lens are hunks of the change under review.
    fn twins(&self, path: &RepoPath, seen: &FileDiff) -> Option<Msg> {
        let (_, review) = self.lens.as_ref()?;
        let whole = review.content.diff(review.change.file(path)?);
        Some(Msg::Twins {
            path: path.clone(),
            twins: twins(seen, &whole),
        })
    }

    fn diff(&mut self, path: &RepoPath) -> Option<Arc<FileDiff>> {
        const KEPT: usize = 4;
        if let Some((_, diff)) = self.recent.iter().find(|(known, _)| known == path) {
            return Some(Arc::clone(diff));
        }
        let ahead = self.ahead.take().filter(|ahead| ahead.path() == path);
        let diff = match ahead.and_then(|ahead| ahead.wait(None)) {
            Some(diff) => diff,
            None => Arc::new(self.content.diff(self.change.file(path)?)),
        };
        self.recent.push_back((path.clone(), Arc::clone(&diff)));
        if self.recent.len() > KEPT {
            self.recent.pop_front();
        }
        Some(diff)
    }

    fn load(&mut self, path: &RepoPath) -> Option<Msg> {
        let diff = self.diff(path)?;
        Some(Msg::Loaded {
            path: path.clone(),
            diff,
        })
    }

    fn colour(&mut self, path: RepoPath, side: Side, first: LineNo, last: LineNo) -> Option<Msg> {
        let (diff, parsed) = self.tree(&path, side)?;
        let text = match side {
            Side::Old => &diff.old,
            Side::New => &diff.new,
        };
        let (lines, plain): (Vec<Vec<Span>>, _) = match parsed.as_ref() {
            Ok(parsed) => (spans(parsed, text, first..LineNo(last.0 + 1)), None),
            Err(reason) => (Vec::new(), Some(reason.to_string())),
        };
        Some(Msg::Coloured {
            path,
            side,
            first,
            lines,
            plain,
        })
    }

    fn outline(&mut self, path: RepoPath) -> Option<Msg> {
        let (diff, parsed) = self.tree(&path, Side::New)?;
        let parsed = parsed.as_ref().as_ref().ok()?;
        let outline = Arc::new(outline(parsed, &diff.new));
        Some(Msg::Outlined { path, outline })
    }

    fn bracket(&mut self, path: RepoPath, side: Side, line: LineNo) -> Msg {
        let tree = self.tree(&path, side);
        let found = match tree.as_ref().map(|(diff, tree)| (diff, tree.as_ref())) {
            Some((diff, Ok(parsed))) => {
                let text = match side {
                    Side::Old => &diff.old,
                    Side::New => &diff.new,
                };
                matching_line(parsed, text, line).map_or(BracketMatch::Nowhere, BracketMatch::Line)
            }
            Some((_, Err(_))) | None => BracketMatch::NotParsed,
        };
        Msg::Bracket {
            path,
            side,
            line,
            found,
        }
    }

    fn moved(&mut self, path: RepoPath) -> Option<Msg> {
        let diff = self.diff(&path)?;
        let lines = Arc::new(self.moves.get()?.of(&diff));
        (!lines.is_empty()).then_some(Msg::Moved { path, lines })
    }

    /// Returns a file with one of its sides parsed; nothing for text in no language known.
    fn tree(&mut self, path: &RepoPath, side: Side) -> Option<(Arc<FileDiff>, Tree)> {
        let diff = self.diff(path)?;
        let text = match side {
            Side::Old => &diff.old,
            Side::New => &diff.new,
        };
        let file = self.change.file(path)?;
        let named = match side {
            Side::Old => file.old_path.as_ref().unwrap_or(path),
            Side::New => path,
        };
        let first_line = text.line(LineNo(1)).unwrap_or_default();
        let language = detect(named, first_line)?;
        let parsed = self.parsed(path, side, || parse(language, text, Limits::default()));
        Some((diff, parsed))
    }

    /// Parses a side of a file once; the few last ones are kept.
    fn parsed(
        &mut self,
        path: &RepoPath,
        side: Side,
        parse: impl FnOnce() -> Result<Parsed, Plain>,
    ) -> Tree {
        const KEPT: usize = 4;
        let known = self
            .parsed
            .iter()
            .find(|(known, known_side, _)| known == path && *known_side == side);
        if let Some((_, _, parsed)) = known {
            return Arc::clone(parsed);
        }
        let parsed = Arc::new(parse());
        self.parsed
            .push_back((path.clone(), side, Arc::clone(&parsed)));
        if self.parsed.len() > KEPT {
            self.parsed.pop_front();
        }
        parsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_panics_ends_the_screen_in_order() {
        let (out, inbox) = channel();
        guarded(Box::new(|| {}), &out);
        assert!(inbox.try_recv().is_err());
        guarded(
            Box::new(|| std::panic::resume_unwind(Box::new("a fault"))),
            &out,
        );
        assert!(matches!(
            inbox.try_recv(),
            Ok(Happening::Msg(Msg::Terminate))
        ));
    }
}
