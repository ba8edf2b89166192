//! Work that a reader waits for and may give up: it tells how far it is once it takes long, and ends soon after nobody
//! wants its answer any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::app::Happening;
use super::message::Msg;
use super::task::TaskId;

/// What takes no longer than this is answered without a word before.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often is told how far it is; each time costs a frame.
const TELL: Duration = Duration::from_millis(200);

/// Which request is waited for: the latest, until it is given up.
#[derive(Debug, Clone, Default)]
pub struct Wanted(Arc<AtomicU64>);

impl Wanted {
    /// Takes a request in; those before it are wanted no more.
    pub fn begin(&self, task: TaskId, out: &Sender<Happening>) -> Errand {
        self.0.store(task.0, Ordering::SeqCst);
        Errand {
            task,
            wanted: self.clone(),
            out: out.clone(),
            tell_at: Instant::now() + PATIENCE,
        }
    }

    /// Gives a request up, unless another has taken its place.
    pub fn give_up(&self, task: TaskId) {
        // What is waited for next has a higher number.
        let _ = self
            .0
            .compare_exchange(task.0, 0, Ordering::SeqCst, Ordering::SeqCst);
    }
}

/// One request under way.
#[derive(Debug)]
pub struct Errand {
    task: TaskId,
    wanted: Wanted,
    out: Sender<Happening>,
    tell_at: Instant,
}

impl Errand {
    /// Returns its number.
    pub fn task(&self) -> TaskId {
        self.task
    }

    /// Tells whether somebody waits for it.
    pub fn is_wanted(&self) -> bool {
        self.wanted.0.load(Ordering::SeqCst) == self.task.0
    }

    /// Tells how far it is where it has taken long, and returns whether to go on.
    pub fn goes_on(&mut self, done: usize, total: Option<usize>) -> bool {
        if !self.is_wanted() {
            return false;
        }
        if Instant::now() < self.tell_at {
            return true;
        }
        self.tell_at = Instant::now() + TELL;
        let task = self.task;
        self.send(Msg::Progress { task, done, total })
    }

    /// Answers, where the answer is still wanted.
    pub fn answer(self, msg: Msg) {
        if self.is_wanted() {
            self.send(msg);
        }
    }

    fn send(&self, msg: Msg) -> bool {
        self.out.send(Happening::Msg(msg)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn what_is_given_up_stops_and_answers_nothing_and_a_newer_request_takes_its_place() {
        let (out, inbox) = channel();
        let wanted = Wanted::default();
        let mut first = wanted.begin(TaskId(1), &out);
        assert!(first.goes_on(5, None));
        let mut second = wanted.begin(TaskId(2), &out);
        assert!(!first.goes_on(6, None) && second.goes_on(1, None));
        first.answer(Msg::Wake);
        wanted.give_up(TaskId(1));
        assert!(second.is_wanted(), "an older request gives up itself alone");
        wanted.give_up(TaskId(2));
        assert!(!second.goes_on(2, None));
        second.answer(Msg::Wake);
        assert!(inbox.try_recv().is_err());
    }

    #[test]
    fn what_takes_long_is_told() {
        let (out, inbox) = channel();
        let mut errand = Wanted::default().begin(TaskId(7), &out);
        assert!(errand.goes_on(1, Some(9)));
        assert!(inbox.try_recv().is_err(), "it has not taken long");
        errand.tell_at = Instant::now();
        assert!(errand.goes_on(4, Some(9)));
        let told = inbox.try_recv();
        let progress = matches!(
            told,
            Ok(Happening::Msg(Msg::Progress {
                task: TaskId(7),
                done: 4,
                total: Some(9)
            }))
        );
        assert!(progress);
    }
}
