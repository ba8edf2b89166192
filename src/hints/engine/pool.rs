//! Files in parallel: the reader's file first, results as they come, workers replaced when a rule does not come back.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::read::{parse_text, scan_text};
use super::watch::{Shared, Watch};
use super::{Provider, Scanned};
use crate::hints::rule::Registry;
use crate::hints::words::Words;

/// How often the clock of the workers is set.
const TICK: Duration = Duration::from_millis(20);
/// How long one match of a rule may take before its worker is given up.
const STUCK: Duration = Duration::from_secs(4);
/// Stack of a worker, in bytes: trees of hostile files are deep.
const STACK: usize = 64 << 20;

/// The files that wait, the next one first; clones are the same files.
#[derive(Debug, Clone)]
pub struct Order(Arc<(Mutex<Waiting>, Condvar)>);

#[derive(Debug)]
struct Waiting {
    files: VecDeque<usize>,
    /// Whether none is handed out for now.
    paused: bool,
}

impl Order {
    /// Begins with all of `count` files in their order.
    pub fn all(count: usize) -> Self {
        let waiting = Waiting {
            files: (0..count).collect(),
            paused: false,
        };
        Self(Arc::new((Mutex::new(waiting), Condvar::new())))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a file first, if it still waits.
    pub fn prefer(&self, index: usize) {
        let files = &mut self.waiting().files;
        if let Some(at) = files.iter().position(|&other| other == index) {
            files.remove(at);
            files.push_front(index);
        }
    }

    /// Forgets all that waits.
    pub fn clear(&self) {
        self.waiting().files.clear();
        self.go_on();
    }

    /// Hands no further file out until [`Order::go_on`]; what is being looked at is finished.
    pub fn pause(&self) {
        self.waiting().paused = true;
    }

    /// Hands files out again.
    pub fn go_on(&self) {
        self.waiting().paused = false;
        self.0.1.notify_all();
    }

    /// Returns the next file, where there is one; waits for it while nothing is handed out.
    fn next(&self) -> Option<usize> {
        let mut waiting = self.waiting();
        while waiting.paused {
            let woken = self.0.1.wait(waiting);
            waiting = woken.unwrap_or_else(PoisonError::into_inner);
        }
        waiting.files.pop_front()
    }

    fn put_back(&self, index: usize) {
        self.waiting().files.push_front(index);
    }
}

struct Crew {
    provider: Arc<dyn Provider>,
    registry: Arc<Registry>,
    words: Arc<Words>,
    order: Order,
    shared: Arc<Shared>,
    out: Sender<(usize, Scanned)>,
}

/// A worker, seen from outside.
struct Worker {
    watch: Arc<Watch>,
    at: Arc<Mutex<Option<usize>>>,
    last: Option<(u32, u64)>,
    since: Instant,
    is_lost: bool,
}

/// Scans all files of a provider on `threads` threads and hands each file's result over as it comes.
pub fn run(
    provider: &Arc<dyn Provider>,
    registry: &Arc<Registry>,
    words: Words,
    order: &Order,
    threads: usize,
    mut on_file: impl FnMut(Scanned),
) {
    let (out, results) = channel();
    let crew = Arc::new(Crew {
        provider: Arc::clone(provider),
        registry: Arc::clone(registry),
        words: Arc::new(words),
        order: order.clone(),
        shared: Arc::new(Shared::default()),
        out,
    });
    let mut workers: Vec<Worker> = (0..threads.max(1)).map(|id| start(&crew, id)).collect();
    let mut busy = workers.len();
    let began = Instant::now();
    let mut gone: Vec<bool> = vec![false; workers.len()];
    while busy > 0 {
        crew.shared.tick(began.elapsed().as_millis() as u64);
        match next(&results) {
            Some((id, scanned)) if !workers[id].is_lost => {
                if scanned.index == usize::MAX {
                    gone[id] = true;
                    busy -= 1;
                } else {
                    on_file(scanned);
                }
            }
            Some(_) => {}
            None => {
                for id in 0..workers.len() {
                    if gone[id] || workers[id].is_lost || !workers[id].is_stuck() {
                        continue;
                    }
                    workers[id].is_lost = true;
                    on_file(give_up(&crew, &workers[id]));
                    let fresh = start(&crew, workers.len());
                    workers.push(fresh);
                    gone.push(false);
                }
            }
        }
    }
}

/// Parses all files of a provider on `threads` threads and runs no rule, for benchmarks; returns how many bytes.
pub fn parse_alone(
    provider: &Arc<dyn Provider>,
    registry: &Arc<Registry>,
    threads: usize,
) -> usize {
    let order = Order::all(provider.count());
    let total = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some(index) = order.next() {
                    if let Ok(Some(input)) = provider.load(index) {
                        let bytes = parse_text(&input, registry);
                        total.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
                    }
                }
            });
        }
    });
    total.into_inner()
}

fn next(results: &Receiver<(usize, Scanned)>) -> Option<(usize, Scanned)> {
    results.recv_timeout(TICK).ok()
}

/// Bans the rule a lost worker is in and puts its file back; the thread itself cannot be ended.
fn give_up(crew: &Crew, worker: &Worker) -> Scanned {
    let mut told = Scanned {
        index: usize::MAX,
        ..Scanned::default()
    };
    let index = *worker.at.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((rule, _)) = worker.watch.running()
        && crew.shared.ban(rule)
    {
        let path = index
            .map(|index| crew.provider.path(index).to_string())
            .unwrap_or_default();
        told.problems.push(format!(
            "rule {} did not come back within {} s ({path}) and is stopped for the rest of this scan; the other rules go on",
            crew.registry.rules()[rule as usize].id,
            STUCK.as_secs(),
        ));
    }
    if let Some(index) = index {
        crew.order.put_back(index);
    }
    told
}

impl Worker {
    /// Tells whether it has been in the same match for too long.
    fn is_stuck(&mut self) -> bool {
        let now = self.watch.running();
        if now.is_none() || now != self.last {
            self.last = now;
            self.since = Instant::now();
            return false;
        }
        self.since.elapsed() > STUCK
    }
}

fn start(crew: &Arc<Crew>, id: usize) -> Worker {
    let watch = Arc::new(Watch::new(Arc::clone(&crew.shared)));
    let at = Arc::new(Mutex::new(None));
    let (own_crew, own_watch, own_at) = (Arc::clone(crew), Arc::clone(&watch), Arc::clone(&at));
    let spawned = std::thread::Builder::new()
        .name(format!("hints-{id}"))
        .stack_size(STACK)
        .spawn(move || work(&own_crew, id, &own_watch, &own_at));
    if spawned.is_err() {
        // Without another thread the work is done here.
        work(crew, id, &watch, &at);
    }
    Worker {
        watch,
        at,
        last: None,
        since: Instant::now(),
        is_lost: false,
    }
}

fn work(crew: &Crew, id: usize, watch: &Watch, at: &Mutex<Option<usize>>) {
    while let Some(index) = crew.order.next() {
        *at.lock().unwrap_or_else(PoisonError::into_inner) = Some(index);
        let scanned =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| one(crew, index, watch)));
        let scanned = scanned.unwrap_or_else(|_| Scanned {
            index,
            problems: vec![format!(
                "{} could not be read for hints: the reader panicked",
                crew.provider.path(index)
            )],
            ..Scanned::default()
        });
        if crew.out.send((id, scanned)).is_err() {
            return;
        }
    }
    drop(crew.out.send((
        id,
        Scanned {
            index: usize::MAX,
            ..Scanned::default()
        },
    )));
}

fn one(crew: &Crew, index: usize, watch: &Watch) -> Scanned {
    match crew.provider.load(index) {
        Ok(Some(input)) => scan_text(index, &input, &crew.registry, &crew.words, watch),
        Ok(None) => Scanned {
            index,
            ..Scanned::default()
        },
        Err(problem) => Scanned {
            index,
            problems: vec![problem],
            ..Scanned::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_handed_out_while_it_is_paused_and_what_waits_is_not_lost() {
        let order = Order::all(2);
        assert_eq!(order.next(), Some(0));
        order.pause();
        let (out, handed) = channel();
        let own = order.clone();
        let (begun, begins) = channel();
        let worker = std::thread::spawn(move || {
            begun.send(()).unwrap();
            out.send(own.next()).unwrap();
        });
        begins.recv().unwrap();
        assert!(handed.try_recv().is_err(), "it waits");
        order.go_on();
        assert_eq!(handed.recv(), Ok(Some(1)));
        worker.join().unwrap();
        // One who leaves waits for nobody.
        order.pause();
        order.clear();
        assert_eq!(order.next(), None);
    }
}
