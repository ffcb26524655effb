//! How far the clock of this machine is from that of the database.

use crate::DatabaseError;
use diesel::pg::PgConnection;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The database's clock in microseconds since 1970, while the statement runs.
const CLOCK_SQL: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros";

#[derive(QueryableByName)]
struct ClockRow {
    #[diesel(sql_type = BigInt)]
    micros: i64,
}

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

impl Measured {
    fn is_more_than(self, limit: Duration) -> bool {
        Duration::from_micros(self.micros.unsigned_abs()).saturating_sub(self.inexact) > limit
    }
}

impl SkewWatch {
    pub(super) fn new(skew: ClockSkew, limit: Duration) -> Self {
        Self { skew, limit, is_warned: false }
    }

    pub(super) fn look(&mut self, connection: &mut PgConnection) -> Result<(), DatabaseError> {
        let measured = measure(connection)?;
        self.skew.0.store(measured.micros, Ordering::Relaxed);
        self.log_change(measured);
        Ok(())
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

/// Assumes that the database reads its clock in the middle of the round trip.
fn measure(connection: &mut PgConnection) -> Result<Measured, DatabaseError> {
    let (ours, began) = (SystemTime::now(), Instant::now());
    let ClockRow { micros: theirs } = sql_query(CLOCK_SQL).get_result(connection)?;
    let half = began.elapsed() / 2;
    let ours = ours.duration_since(UNIX_EPOCH).unwrap_or_default().saturating_add(half);
    let ours = i64::try_from(ours.as_micros()).unwrap_or(i64::MAX);
    Ok(Measured { micros: ours.saturating_sub(theirs), inexact: half })
}

#[cfg(test)]
mod tests {
    use super::*;

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
