//! How long a replica has been behind its primary.

use crate::{Database, DatabaseError};
use diesel::pg::PgConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The position in the WAL: what a primary has written, what a replica has replayed.
const POSITION: &str = "\
SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, \
'0/0')::bigint AS position";

/// So many positions of the primary are remembered; with more, the lag is less exact.
const REMEMBERED: usize = 1024;

#[derive(QueryableByName)]
struct Position {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    position: i64,
}

/// Compares a replica with its primary, each time that it measures.
///
/// Neither clocks nor timestamps of transactions are compared: a replica of an idle primary is not behind. What counts
/// is when this program saw the primary at a position which the replica has still not reached.
pub struct ReplicaLag {
    primary: Database,
    replica: Database,
    ahead: Mutex<Ahead>,
}

impl ReplicaLag {
    /// Of the database of `replica` behind that of `primary`; they may be the same one.
    pub fn new(primary: Database, replica: Database) -> Self {
        Self { primary, replica, ahead: Mutex::default() }
    }

    /// For how long the replica has been behind, as far as earlier measurements show.
    ///
    /// # Errors
    /// When one of them cannot be reached.
    pub async fn measure(&self) -> Result<Duration, DatabaseError> {
        // In this order: what is written between the two queries does not count as lag.
        let written = self.primary.read(position).await;
        let measured_at = Instant::now();
        let replayed = self.replica.read(position).await?;
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(written) = written {
            ahead.saw(written, measured_at);
        }
        let lag = ahead.lag_of(replayed, measured_at);
        written.map(|_| lag)
    }
}

fn position(connection: &mut PgConnection) -> Result<i64, DatabaseError> {
    let row: Position = sql_query(POSITION).get_result(connection)?;
    Ok(row.position)
}

/// Positions of the primary that the replica has not reached, and when each was first seen.
#[derive(Debug, Default)]
struct Ahead(VecDeque<(i64, Instant)>);

impl Ahead {
    fn saw(&mut self, written: i64, at: Instant) {
        // A replica was promoted that had not received everything: positions begin again below the last ones.
        self.0.retain(|(before, _)| *before <= written);
        if self.0.back().is_some_and(|(last, _)| *last == written) {
            return;
        }
        if self.0.len() == REMEMBERED {
            self.0.pop_back();
        }
        self.0.push_back((written, at));
    }

    fn lag_of(&mut self, replayed: i64, now: Instant) -> Duration {
        while self.0.front().is_some_and(|(written, _)| *written <= replayed) {
            self.0.pop_front();
        }
        self.0.front().map_or(Duration::ZERO, |(_, since)| now.saturating_duration_since(*since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each step: seconds, where the primary is, where the replica is, and the lag in seconds.
    fn lags(steps: &[(u64, i64, i64, u64)]) {
        let (mut ahead, begin) = (Ahead::default(), Instant::now());
        for (second, written, replayed, lag) in steps {
            let now = begin + Duration::from_secs(*second);
            ahead.saw(*written, now);
            assert_eq!(ahead.lag_of(*replayed, now), Duration::from_secs(*lag), "second {second}");
        }
    }

    #[test]
    fn a_replica_that_has_all_is_not_behind_however_long_nothing_was_written() {
        lags(&[(0, 100, 100, 0), (3_600, 100, 100, 0), (3_605, 101, 101, 0)]);
    }

    #[test]
    fn the_lag_is_the_time_since_the_first_position_that_is_not_reached() {
        lags(&[(0, 100, 100, 0), (5, 110, 100, 0), (10, 120, 100, 5), (15, 120, 109, 10), (20, 120, 110, 10)]);
        lags(&[(0, 100, 90, 0), (5, 100, 90, 5), (10, 100, 100, 0), (15, 130, 125, 0)]);
    }

    #[test]
    fn what_a_lost_primary_had_alone_is_not_waited_for() {
        lags(&[(0, 200, 100, 0), (5, 200, 100, 5), (10, 150, 150, 0), (15, 160, 160, 0)]);
    }

    #[test]
    fn a_replica_that_stands_still_for_long_takes_no_more_memory() {
        let (mut ahead, now) = (Ahead::default(), Instant::now());
        for position in 0..5_000 {
            ahead.saw(position, now + Duration::from_secs(position.unsigned_abs()));
        }
        assert_eq!(ahead.0.len(), REMEMBERED);
        assert_eq!(ahead.lag_of(-1, now + Duration::from_secs(5_000)), Duration::from_secs(5_000));
        assert_eq!(ahead.lag_of(4_999, now), Duration::ZERO);
    }
}
