//! Opens a connection, and sets its limits.

use crate::{SessionError, SessionSettings};
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;

impl SessionSettings {
    pub(super) fn connect(&self, conninfo: &str) -> Result<PgConnection, SessionError> {
        let mut connection = PgConnection::establish(conninfo).map_err(|error| SessionError::connecting(&error))?;
        connection.batch_execute(&self.limits()).map_err(SessionError::from)?;
        Ok(connection)
    }

    /// The limits, and two words to the planner. Reads ask for few rows by their keys, but for more than a few ids the
    /// planner rather reads a whole table, which takes ten times as long once it is large. And nothing is compiled: where
    /// a table has no index to walk, reading it seems to cost so much then that two rows take half a second of compiling.
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
