//! How far the clock of this machine is from that of the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The skew as it was last measured. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub struct ClockSkew(Arc<AtomicI64>);

impl ClockSkew {
    /// In seconds; more than 0 where this machine is ahead, 0 before the first measurement.
    #[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "it is shown to people")]
    pub fn seconds(&self) -> f64 {
        self.0.load(Ordering::Relaxed) as f64 / 1_000_000.0
    }
}

/// Measures the skew, and warns where it is too much.
pub(super) struct SkewWatch {
    skew: ClockSkew,
    limit: Duration,
    is_warned: bool,
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Measured {
    micros: i64,
    /// The skew may be so much less: half of the round trip.
    inexact: Duration,
}

/// This machine's clocks at one time.
pub(super) struct ClockReading {
    /// In microseconds since 1970.
    pub(super) micros: i64,
    pub(super) at: Instant,
}

impl ClockReading {
    pub(super) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { micros: micros(since), at: Instant::now() }
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

impl Measured {
    /// Assumes that the database reads its clock in the middle of the round trip.
    fn from(round_trip: Duration, ahead_micros: i64) -> Self {
        let inexact = round_trip / 2;
        Self { micros: micros(inexact).saturating_sub(ahead_micros), inexact }
    }

    fn is_more_than(self, limit: Duration) -> bool {
        Duration::from_micros(self.micros.unsigned_abs()).saturating_sub(self.inexact) > limit
    }
}

impl SkewWatch {
    pub(super) fn new(skew: ClockSkew, limit: Duration) -> Self {
        Self { skew, limit, is_warned: false }
    }

    /// Notes that the database's clock was ahead of `began` by so much, in microseconds, within a round trip that began
    /// then and has just ended.
    pub(super) fn note(&mut self, began: &ClockReading, ahead_micros: i64) {
        let measured = Measured::from(began.at.elapsed(), ahead_micros);
        self.skew.0.store(measured.micros, Ordering::Relaxed);
        self.log_change(measured);
    }

    /// Logs once each time that the skew becomes too large, or is small again.
    fn log_change(&mut self, measured: Measured) {
        let is_too_much = measured.is_more_than(self.limit);
        if is_too_much == self.is_warned {
            return;
        }
        self.is_warned = is_too_much;
        let (seconds, limit) = (self.skew.seconds(), self.limit);
        if is_too_much {
            tracing::warn!(target: "state",
                "the clock of this machine is {seconds:+.1} s from that of the database, more than {limit:?} (auth.max_clock_skew): \
                 signatures are judged by it; set both by NTP"
            );
        } else {
            tracing::info!(target: "state", "the clock of this machine is {seconds:+.1} s from that of the database, which is well");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_taken_to_read_its_clock_in_the_middle_of_the_round_trip() {
        let [trip, half] = [400, 200].map(Duration::from_micros);
        for (ahead, micros) in [(200, 0), (0, 200), (-1_000, 1_200), (1_000, -800)] {
            assert_eq!(Measured::from(trip, ahead), Measured { micros, inexact: half }, "{ahead}");
        }
    }

    #[test]
    fn a_skew_is_too_much_where_it_is_so_whenever_the_clock_was_read() {
        let limit = Duration::from_secs(5);
        for (millis, inexact, expected) in [
            (5_000, 0, false),
            (5_001, 0, true),
            (-5_001, 0, true),
            (6_000, 1_000, false),
            (-6_001, 1_000, true),
            (1_000, 2_000, false),
        ] {
            let measured = Measured { micros: millis * 1_000, inexact: Duration::from_millis(inexact) };
            assert_eq!(measured.is_more_than(limit), expected, "{measured:?}");
        }
    }
}
