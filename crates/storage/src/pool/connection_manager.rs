//! How the pool opens connections, and which of them it gives out again.

use crate::DatabaseError;
use crate::connection::{Generation, Watchdog};
use diesel::pg::PgConnection;
use std::time::Instant;

/// A connection, and whether it may be used again.
pub(super) struct ManagedConnection {
    pub(super) connection: PgConnection,
    generation: u64,
    failed: bool,
}

impl ManagedConnection {
    /// Runs work on the connection; after any failure the connection is not used again.
    pub(super) fn run<T, E>(&mut self, work: impl FnOnce(&mut PgConnection) -> Result<T, E>) -> Result<T, E> {
        // Set before, cleared after: a panic of the work counts as a failure too.
        self.failed = true;
        let done = work(&mut self.connection)?;
        self.failed = false;
        Ok(done)
    }

    /// It is used again although its work failed: for a reason that is not its own.
    pub(super) fn keep(&mut self) {
        self.failed = false;
    }

    /// It is not used again.
    pub(super) fn discard(&mut self) {
        self.failed = true;
    }
}

/// Opens connections for the pool, and knows which are still good without a query.
pub(super) struct ConnectionManager {
    watchdog: Watchdog,
    /// Connections of an earlier generation are not used: one of them was found lost or stale.
    generation: Generation,
}

impl ConnectionManager {
    pub(super) fn new(watchdog: Watchdog, generation: Generation) -> Self {
        Self { watchdog, generation }
    }
}

impl r2d2::ManageConnection for ConnectionManager {
    type Connection = ManagedConnection;
    type Error = DatabaseError;

    fn connect(&self) -> Result<ManagedConnection, DatabaseError> {
        let (generation, reconnection) = (self.generation.current(), self.watchdog.reconnection());
        let attempt = reconnection.attempt(Instant::now()).ok_or(DatabaseError::TooEarly)?;
        match self.watchdog.open(generation) {
            Ok(connection) => {
                reconnection.succeeded();
                Ok(ManagedConnection { connection, generation, failed: false })
            }
            Err(error) => {
                reconnection.failed(attempt, Instant::now(), rand::random());
                Err(error)
            }
        }
    }

    fn is_valid(&self, connection: &mut ManagedConnection) -> Result<(), DatabaseError> {
        if self.has_broken(connection) { Err(DatabaseError::Outdated) } else { Ok(()) }
    }

    fn has_broken(&self, connection: &mut ManagedConnection) -> bool {
        connection.failed || connection.generation != self.generation.current()
    }
}
