//! Opens a connection, and sets its limits.

use crate::{ConnectionSettings, DatabaseError, TableScans};
use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;

impl ConnectionSettings {
    pub(super) fn connect(&self, conninfo: &str) -> Result<PgConnection, DatabaseError> {
        let mut connection = PgConnection::establish(conninfo).map_err(|error| DatabaseError::connecting(&error))?;
        connection.batch_execute(&self.limits()).map_err(DatabaseError::from)?;
        Ok(connection)
    }

    /// The time limits, and how statements are planned. None is compiled (`jit`): all of them are short, and where table
    /// scans are avoided, a table without a fitting index seems so expensive that selecting two rows took half a second of
    /// compiling. Those that read by key have one connection with each node of a cluster and not one with each shard: more are
    /// opened again each time, which takes longer than short statements. An import is faster with more. In one database, that
    /// setting is a name without a meaning.
    fn limits(&self) -> String {
        let scans = match self.table_scans {
            TableScans::Allowed => "on",
            TableScans::Avoided => "off; SET citus.max_adaptive_executor_pool_size = 1",
        };
        format!(
            "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}; \
             SET enable_seqscan = {scans}; SET jit = off",
            self.statement_timeout.as_millis(),
            self.lock_timeout.as_millis(),
            self.idle_in_transaction_timeout.as_millis(),
        )
    }
}
