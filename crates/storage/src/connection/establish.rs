//! Opens a connection, and sets its limits.

use crate::{ConnectionSettings, DatabaseError};
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;

impl ConnectionSettings {
    pub(super) fn connect(&self, conninfo: &str) -> Result<PgConnection, DatabaseError> {
        let mut connection = PgConnection::establish(conninfo).map_err(|error| DatabaseError::connecting(&error))?;
        connection.batch_execute(&self.limits()).map_err(DatabaseError::from)?;
        Ok(connection)
    }

    /// The time limits, and two planner settings. Reads select few rows by key, but for more than a few ids the planner
    /// prefers a sequential scan, which takes ten times as long once the table is large. And JIT stays off: without
    /// sequential scans a table without an index seems so expensive that selecting two rows takes half a second of
    /// compiling.
    fn limits(&self) -> String {
        format!(
            "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}; \
             SET enable_seqscan = off; SET jit = off",
            self.statement_timeout.as_millis(),
            self.lock_timeout.as_millis(),
            self.idle_in_transaction_timeout.as_millis(),
        )
    }
}
