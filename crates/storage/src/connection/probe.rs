//! Queries a database whether it still serves connections that wait for a response (ADR 51).

use crate::DatabaseError;
use crate::connection::board::{Backend, Waiting};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use std::time::{Duration, Instant};

/// The server process of this connection.
const BACKEND_SQL: &str = "\
SELECT pg_postmaster_start_time()::text AS server, pg_is_in_recovery() AS is_replica, pid, backend_start::text AS started \
FROM pg_stat_activity WHERE pid = pg_backend_pid()";

/// The server processes `$1` that there are, and which of them have waited for their client for `$2` milliseconds.
const BACKENDS_SQL: &str = "\
SELECT pid, backend_start::text AS started, \
coalesce(state LIKE 'idle%' AND clock_timestamp() - state_change >= $2 * interval '1 millisecond', false) AS is_idle \
FROM pg_stat_activity WHERE pid = ANY($1)";

#[derive(Debug, QueryableByName)]
struct ServedBy {
    #[diesel(sql_type = Text)]
    server: String,
    #[diesel(sql_type = Bool)]
    is_replica: bool,
    #[diesel(sql_type = Integer)]
    pid: i32,
    #[diesel(sql_type = Text)]
    started: String,
}

#[derive(Debug, QueryableByName)]
struct Activity {
    #[diesel(sql_type = Integer)]
    pid: i32,
    #[diesel(sql_type = Text)]
    started: String,
    #[diesel(sql_type = Bool)]
    is_idle: bool,
}

/// The server process of a connection.
pub(super) fn backend_of(connection: &mut PgConnection) -> Result<Backend, DatabaseError> {
    let ServedBy { server, is_replica, pid, started } = sql_query(BACKEND_SQL).get_result(connection)?;
    Ok(Backend { server, is_replica, pid, started })
}

/// A connection that checks others.
pub(super) struct Probe {
    pub(super) connection: PgConnection,
    pub(super) backend: Backend,
    /// When opening it began.
    pub(super) began: Instant,
}

impl Probe {
    /// Those of the connections that will get no response, and why. One whose server process is working is never among
    /// them, however long it takes.
    pub(super) fn lost(
        &mut self,
        connections: Vec<Waiting>,
        idle_for: Duration,
    ) -> Result<Vec<(&'static str, Waiting)>, DatabaseError> {
        let pids: Vec<i32> =
            connections.iter().filter_map(|connection| Some(connection.backend.as_ref()?.pid)).collect();
        let idle_for = i64::try_from(idle_for.as_millis()).unwrap_or(i64::MAX);
        let query = sql_query(BACKENDS_SQL).bind::<Array<Integer>, _>(pids).bind::<BigInt, _>(idle_for);
        let there: Vec<Activity> = query.load(&mut self.connection)?;
        let is_lost = |connection: Waiting| {
            let why = match &connection.backend {
                Some(backend) => why_lost(backend, &self.backend, &there),
                None => (connection.since < self.began).then_some("a session that was begun later is open"),
            };
            why.map(|why| (why, connection))
        };
        Ok(connections.into_iter().filter_map(is_lost).collect())
    }
}

/// Why `backend` gives no response, as seen by the server of `probe`.
fn why_lost(backend: &Backend, probe: &Backend, there: &[Activity]) -> Option<&'static str> {
    if backend.server == probe.server {
        let found = there.iter().find(|found| found.pid == backend.pid && found.started == backend.started);
        return match found {
            None => Some("its server process is gone"),
            Some(found) => found.is_idle.then_some("its response was lost, the server has sent it"),
        };
    }
    // There may be several replicas at one address, but only one primary.
    (!backend.is_replica && !probe.is_replica).then_some("its server is another one now")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backend(server: &str, is_replica: bool, pid: i32) -> Backend {
        Backend { server: server.into(), is_replica, pid, started: format!("start of {pid}") }
    }

    #[test]
    fn only_a_session_that_its_server_does_not_serve_any_more_is_lost() {
        let there = [
            Activity { pid: 1, started: "start of 1".into(), is_idle: false },
            Activity { pid: 2, started: "start of 2".into(), is_idle: true },
            Activity { pid: 3, started: "another start".into(), is_idle: false },
        ];
        let (primary, replica) = (backend("a", false, 9), backend("a", true, 9));
        for (connection, probe, lost) in [
            (backend("a", false, 1), &primary, None),
            (backend("a", false, 2), &primary, Some("its response was lost, the server has sent it")),
            (backend("a", false, 3), &primary, Some("its server process is gone")),
            (backend("a", false, 4), &primary, Some("its server process is gone")),
            (backend("b", false, 1), &primary, Some("its server is another one now")),
            (backend("b", true, 4), &replica, None),
            (backend("b", true, 4), &primary, None),
            (backend("b", false, 4), &replica, None),
        ] {
            assert_eq!(why_lost(&connection, probe, &there), lost, "{connection:?} {probe:?}");
        }
    }
}
