//! Background work that a reader may stop and take up again where it was.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Whether some work behind the screen goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// It does, or is done already.
    #[default]
    Goes,
    /// The reader stopped it.
    Halted,
}

/// The switch between a reader and some work; clones are the same switch.
#[derive(Debug, Clone, Default)]
pub struct Halt(Arc<(Mutex<Pace>, Condvar)>);

impl Halt {
    /// Stops the work at its next step, or lets it go on.
    pub fn set(&self, counting: Pace) {
        let (state, changed) = &*self.0;
        *state.lock().unwrap_or_else(PoisonError::into_inner) = counting;
        changed.notify_all();
    }

    /// Returns at once while the work goes on, and otherwise when it may go on.
    pub fn step(&self) {
        let (state, changed) = &*self.0;
        let mut counting = state.lock().unwrap_or_else(PoisonError::into_inner);
        while *counting == Pace::Halted {
            counting = changed
                .wait(counting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn work_that_is_halted_waits_until_it_may_go_on() {
        let halt = Halt::default();
        halt.step();
        halt.set(Pace::Halted);
        let (out, inbox) = channel();
        let (begun, begins) = channel();
        let own = halt.clone();
        let worker = std::thread::spawn(move || {
            begun.send(()).unwrap();
            own.step();
            out.send(()).unwrap();
        });
        begins.recv().unwrap();
        assert!(inbox.try_recv().is_err(), "it waits");
        halt.set(Pace::Goes);
        assert!(inbox.recv().is_ok());
        worker.join().unwrap();
    }
}
