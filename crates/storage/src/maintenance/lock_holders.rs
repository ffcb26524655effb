//! Who holds the locks that a connection waits for.

use crate::{ConnectionSettings, DatabaseError};
use diesel::pg::PgConnection;
use diesel::sql_types::{Double, Integer, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Who holds the locks that the connection `$1` waits for. Not their statements, which may contain confidential values.
const HOLDERS_SQL: &str = "\
SELECT pid, application_name, state, extract(epoch FROM clock_timestamp() - xact_start)::double precision AS seconds \
FROM pg_stat_activity WHERE pid = ANY(pg_blocking_pids($1)) ORDER BY pid";

const OWN_PID_SQL: &str = "SELECT pg_backend_pid() AS pid";

#[derive(Debug, QueryableByName)]
struct Pid {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

/// A connection that holds a lock.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
pub(super) struct LockHolder {
    #[diesel(sql_type = Integer)]
    pid: i32,
    #[diesel(sql_type = Nullable<Text>)]
    application_name: Option<String>,
    /// Only visible to some roles, as is the time.
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<String>,
    #[diesel(sql_type = Nullable<Double>)]
    seconds: Option<f64>,
}

impl fmt::Display for LockHolder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.application_name.as_deref().filter(|name| !name.is_empty()).unwrap_or("without a name");
        write!(formatter, "pid {} ({name}, {}", self.pid, self.state.as_deref().unwrap_or("of another role"))?;
        if let Some(seconds) = self.seconds {
            write!(formatter, ", in a transaction for {seconds:.1} s")?;
        }
        formatter.write_str(")")
    }
}

/// Watches from a connection of its own, as one that waits can send no query.
pub(super) struct LockWatch {
    connection: PgConnection,
    pid: i32,
    interval: Duration,
}

impl LockWatch {
    /// Watches what `watched` waits for, once each interval.
    pub(super) fn open(
        settings: &ConnectionSettings,
        watched: &mut PgConnection,
        interval: Duration,
    ) -> Result<Self, DatabaseError> {
        let Pid { pid } = sql_query(OWN_PID_SQL).get_result(watched)?;
        Ok(Self { connection: settings.open()?, pid, interval })
    }

    /// Does the work, and returns whom it waited for last.
    pub(super) fn during<T>(&mut self, work: impl FnOnce() -> T) -> (T, Vec<LockHolder>) {
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            let watching = scope.spawn(|| self.holders_until(&is_done));
            let done = work();
            is_done.store(true, Ordering::Release);
            watching.thread().unpark();
            (done, watching.join().unwrap_or_default())
        })
    }

    fn holders_until(&mut self, is_done: &AtomicBool) -> Vec<LockHolder> {
        let mut last = Vec::new();
        while !is_done.load(Ordering::Acquire) {
            // An error here is no reason to stop what waits.
            let holders = sql_query(HOLDERS_SQL).bind::<Integer, _>(self.pid).load(&mut self.connection);
            last = holders.ok().filter(|holders: &Vec<LockHolder>| !holders.is_empty()).unwrap_or(last);
            thread::park_timeout(self.interval);
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_described_by_what_is_known_of_it() {
        let known = LockHolder {
            pid: 7,
            application_name: Some("report".into()),
            state: Some("idle in transaction".into()),
            seconds: Some(3.04),
        };
        assert_eq!(known.to_string(), "pid 7 (report, idle in transaction, in a transaction for 3.0 s)");
        let unknown = LockHolder { pid: 7, application_name: Some(String::new()), state: None, seconds: None };
        assert_eq!(unknown.to_string(), "pid 7 (without a name, of another role)");
    }
}
