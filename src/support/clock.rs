//! The time, from outside: nothing else in the program asks the system for it.

use jiff::Timestamp;
use jiff::civil::Date;

/// A source of time.
pub trait Clock: Send + Sync {
    /// Returns the present moment, in UTC, at a resolution of one second or finer.
    fn now(&self) -> Timestamp;

    /// Returns the present day in UTC.
    fn today(&self) -> Date {
        self.now().to_zoned(jiff::tz::TimeZone::UTC).date()
    }
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still, for tests.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Returns a time as stored and printed: RFC 3339, UTC, whole seconds (`2026-11-21T06:30:00Z`).
pub fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
