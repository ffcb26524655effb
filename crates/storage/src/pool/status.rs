//! What a pool of connections is doing, in numbers for an operator.

use crate::DatabaseError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What a [`Database`](crate::Database) is doing now, and what it has done since it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseStatus {
    /// The most connections there may be.
    pub max_connections: u32,
    /// Connections that are open.
    pub connections: u32,
    /// Open connections that are not in use.
    pub idle_connections: u32,
    /// The most work that may wait for a connection.
    pub max_waiting: u64,
    /// Work that waits for a connection.
    pub waiting: u64,
    /// Work that has begun so far.
    pub started: u64,
    /// How long all of that work waited to begin.
    pub waited: Duration,
    /// Reads that were run once more on a new connection.
    pub retries: u64,
    /// Attempts to open a connection that failed.
    pub connect_failures: u64,
    /// Connections that were cut, as they got no response.
    pub connections_cut: u64,
    /// Work that was not done: each reason there is, and how often.
    pub refusals: [(&'static str, u64); DatabaseError::REASONS.len()],
}

/// Counts while the work goes on.
#[derive(Debug, Default)]
pub(super) struct DatabaseTally {
    in_flight: AtomicU64,
    started: AtomicU64,
    waited_micros: AtomicU64,
    retries: AtomicU64,
    connect_failures: AtomicU64,
    refusals: [AtomicU64; DatabaseError::REASONS.len()],
}

impl DatabaseTally {
    /// Work begins after this wait, and is in flight until the returned guard is dropped.
    pub(super) fn start(&self, waited: Duration) -> InFlight<'_> {
        self.join(waited);
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(&self.in_flight)
    }

    /// Work begins after this wait together with other work, which has been counted as in flight.
    pub(super) fn join(&self, waited: Duration) {
        let micros = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
        self.waited_micros.fetch_add(micros, Ordering::Relaxed);
        self.started.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn retry(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn fail_to_connect(&self) {
        self.connect_failures.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an error by its reason, and returns it.
    pub(super) fn refuse(&self, error: DatabaseError) -> DatabaseError {
        self.failed(Some(error.reason()));
        error
    }

    /// Counts a failure for this reason; nothing for `None`, where the database did not fail.
    pub(super) fn failed(&self, reason: Option<&'static str>) {
        let mut counts = DatabaseError::REASONS.iter().zip(&self.refusals);
        if let Some((_, count)) = counts.find(|(name, _)| Some(**name) == reason) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The numbers now, for a pool in this `state` in which `admitted` work is in flight or waits.
    pub(super) fn status(
        &self,
        state: &r2d2::State,
        max_connections: u32,
        max_waiting: u64,
        admitted: u64,
    ) -> DatabaseStatus {
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let mut refusals = DatabaseError::REASONS.map(|reason| (reason, 0));
        for (refusal, number) in refusals.iter_mut().zip(&self.refusals) {
            refusal.1 = count(number);
        }
        DatabaseStatus {
            max_connections,
            connections: state.connections,
            idle_connections: state.idle_connections,
            max_waiting,
            waiting: admitted.saturating_sub(count(&self.in_flight)),
            started: count(&self.started),
            waited: Duration::from_micros(count(&self.waited_micros)),
            retries: count(&self.retries),
            connect_failures: count(&self.connect_failures),
            connections_cut: 0,
            refusals,
        }
    }
}

/// Work in flight, however it ends.
pub(super) struct InFlight<'a>(&'a AtomicU64);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Congestion;

    const IDLE: fn() -> r2d2::State = || r2d2::Pool::builder().build_unchecked(Unconnected).state();

    #[derive(Debug)]
    struct Unconnected;

    impl r2d2::ManageConnection for Unconnected {
        type Connection = ();
        type Error = std::io::Error;

        fn connect(&self) -> Result<(), Self::Error> {
            Err(std::io::Error::other("not connected"))
        }

        fn is_valid(&self, (): &mut ()) -> Result<(), Self::Error> {
            Ok(())
        }

        fn has_broken(&self, (): &mut ()) -> bool {
            false
        }
    }

    #[test]
    fn what_waits_is_what_was_admitted_and_does_not_run() {
        let tally = DatabaseTally::default();
        let first = tally.start(Duration::from_millis(3));
        let second = tally.start(Duration::from_millis(4));
        assert_eq!(tally.status(&IDLE(), 2, 10, 7).waiting, 5);
        drop((first, second));
        let status = tally.status(&IDLE(), 2, 10, 0);
        assert_eq!((status.waiting, status.started, status.waited), (0, 2, Duration::from_millis(7)));
    }

    #[test]
    fn every_error_is_counted_under_a_reason_that_is_listed() {
        let tally = DatabaseTally::default();
        let errors = [
            DatabaseError::QueueFull(Congestion::Busy { pool_size: "" }),
            DatabaseError::ShareTaken(""),
            DatabaseError::QueueTimeout {
                limit: Duration::ZERO,
                setting: "",
                congestion: Congestion::Busy { pool_size: "" },
            },
            DatabaseError::NoConnection(Duration::ZERO),
            DatabaseError::DeadlineMissed(Duration::ZERO, ""),
            DatabaseError::NotBegun(Duration::ZERO, ""),
            DatabaseError::Connecting(""),
            DatabaseError::ConnectionLost,
            DatabaseError::StalePlan,
            DatabaseError::ReadOnly,
            DatabaseError::LockTimeout(String::new()),
            DatabaseError::StatementTimeout(String::new()),
            DatabaseError::DiskFull(String::new()),
            DatabaseError::Refused(String::new()),
            DatabaseError::Corrupt(String::new()),
            DatabaseError::Duplicate(String::new()),
            DatabaseError::Outdated,
            DatabaseError::TooEarly,
            DatabaseError::Stopping,
        ];
        let number = u64::try_from(errors.len()).unwrap();
        for error in errors {
            tally.refuse(error);
        }
        let refusals = tally.status(&IDLE(), 1, 1, 0).refusals;
        assert_eq!(refusals.iter().map(|(_, count)| count).sum::<u64>(), number);
        assert!(refusals.iter().all(|(_, count)| *count > 0), "{refusals:?}");
    }
}
