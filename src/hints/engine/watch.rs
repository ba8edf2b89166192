//! Rules that never come back: which rule a worker is in and since when, and which are banned for the rest of a scan.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Stands for "in no rule".
const NONE: u32 = u32::MAX;

/// What one worker is doing, readable from others. Entering and leaving a rule costs two stores and no clock.
#[derive(Debug)]
pub struct Watch {
    rule: AtomicU32,
    /// Grows with each rule that is entered: a rule that does not come back leaves it as it is.
    ticket: AtomicU64,
    shared: Arc<Shared>,
}

/// What all workers of a scan share.
#[derive(Debug, Default)]
pub struct Shared {
    /// Milliseconds since the scan began, as coarse as the one who waits for the workers ticks.
    clock: AtomicU64,
    any_banned: AtomicBool,
    banned: Mutex<BTreeSet<u32>>,
}

impl Shared {
    /// Stops a rule for the rest of the scan; tells whether it ran until now.
    pub fn ban(&self, rule: u32) -> bool {
        self.any_banned.store(true, Ordering::Release);
        self.banned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(rule)
    }

    /// Sets the clock, in milliseconds.
    pub fn tick(&self, now: u64) {
        self.clock.store(now, Ordering::Relaxed);
    }
}

impl Watch {
    /// Begins in no rule.
    pub fn new(shared: Arc<Shared>) -> Self {
        Self {
            rule: AtomicU32::new(NONE),
            ticket: AtomicU64::new(0),
            shared,
        }
    }

    /// Notes that a rule begins.
    pub fn enter(&self, rule: u32) {
        self.rule.store(rule, Ordering::Relaxed);
        self.ticket.fetch_add(1, Ordering::Release);
    }

    /// Notes that the rule came back.
    pub fn leave(&self) {
        self.rule.store(NONE, Ordering::Relaxed);
        self.ticket.fetch_add(1, Ordering::Release);
    }

    /// Returns the rule that runs, and a number that stays the same as long as it does.
    pub fn running(&self) -> Option<(u32, u64)> {
        let ticket = self.ticket.load(Ordering::Acquire);
        let rule = self.rule.load(Ordering::Relaxed);
        (rule != NONE).then_some((rule, ticket))
    }

    /// Returns the coarse clock, in milliseconds.
    pub fn now(&self) -> u64 {
        self.shared.clock.load(Ordering::Relaxed)
    }

    /// Tells whether a rule is not run any more.
    pub fn is_banned(&self, rule: u32) -> bool {
        self.shared.any_banned.load(Ordering::Acquire)
            && self
                .shared
                .banned
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .contains(&rule)
    }
}
