//! Effects → work off the screen's thread → messages.
//!
//! Four threads: the desk (owns the journal; every act is on disk before the screen hears of it), the loader (the file
//! the reader looks at, its colours, searches), the counter (every file once, for
//! coverage), and the search for hints (the reader's file first). The last two begin when there is something to read.

mod desk;
mod hints;
mod loader;

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::app::{FindKeys, Happening};
use super::counter::count;
use super::digger::Digger;
use super::effect::Effect;
use super::halt::{Halt, Pace};
use super::lens::LensId;
use super::lens_worker::Lenses;
use super::message::Msg;
use super::terminal::HINTS_THREAD;
use crate::hints::Order;
use crate::model::ChangeSet;
use crate::workbench::{Ahead, Desk, SignOrder};
use desk::{DeskJob, run_desk};
use hints::look_for_hints;
pub(super) use loader::{Loader, LoaderJob};

/// How often news of counting and of hints is told; each costs a frame.
const NEWS: Duration = Duration::from_millis(100);

/// How far threads that nobody waits for stand back.
const BEHIND_KEYS: i32 = 2;

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
                let mut loader = Loader::new(loader_change, loader_content, moves);
                loader.ahead = ahead;
                loader.run(&loader_inbox, &loader_out);
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
