//! Writes: begun once, on a connection that was found good, or never.

use crate::connection::{TransactionError, begin, finish_transaction};
use crate::pool::connection_manager::ConnectionManager;
use crate::pool::counted_error::CountedError;
use crate::pool::wait_budget::WaitBudget;
use crate::{Database, DatabaseError};
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::time::timeout;

impl Database {
    /// Runs a write, once: the stream that it reads cannot be read again. So its connection is checked first; when that
    /// takes too long the write is never begun, which the claim decides between the two threads (ADR 14).
    pub(crate) async fn write<T: Send + 'static, E: CountedError + Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.write_after(Opening::Check, work).await
    }

    /// The same for work in one transaction, all of it or nothing. Its BEGIN is the check of the connection.
    pub(crate) async fn transact<T: Send + 'static, E: CountedError + Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, TransactionError<T, E>> {
        self.write_after(Opening::Begin, |connection| finish_transaction(connection, work)).await
    }

    async fn write_after<T: Send + 'static, E: CountedError + Send + 'static>(
        &self,
        opening: Opening,
        work: impl FnOnce(&mut PgConnection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let claim = Claim::default();
        let (write_claim, entered) = (claim.clone(), Instant::now());
        let mut done = pin!(self.admit(self.limits.deadline, move |database, mut wait| {
            let live = database.live_connection(&mut wait, opening, database.lock_wait_after(entered.elapsed()));
            let mut connection = live.map_err(|error| database.tally.refuse(error))?;
            if !write_claim.take() {
                // It may have begun a transaction, which the server ends with it.
                connection.discard();
                return Err(DatabaseError::Stopping.into());
            }
            let done = connection.run(work);
            database.tally.failed(done.as_ref().err().and_then(CountedError::reason));
            done
        }));
        let limit = self.limits.start_timeout;
        let done = match timeout(limit, &mut done).await {
            Ok(done) => done,
            Err(_) if claim.take() => Err(DatabaseError::NotBegun(limit, self.limits.names.start_timeout)),
            Err(_) => done.await,
        };
        done.map_err(|error| self.tally.refuse(error))?
    }

    /// How long a transaction may wait for a lock that has waited for its connection.
    fn lock_wait_after(&self, waited: Duration) -> Option<Duration> {
        let left = self.limits.start_timeout.saturating_sub(waited);
        // Zero would be no limit.
        self.limits.locks_share_start.then(|| left.max(Duration::from_millis(1)))
    }

    fn live_connection(
        &self,
        wait: &mut WaitBudget,
        opening: Opening,
        lock_wait: Option<Duration>,
    ) -> Result<r2d2::PooledConnection<ConnectionManager>, DatabaseError> {
        let seen = self.generation.current();
        let mut connection = self.connection(wait)?;
        match connection.run(|connection| opening.send(connection, lock_wait)) {
            Ok(()) => return Ok(connection),
            Err(error) if error.is_retryable() => self.generation.outdate(seen),
            Err(error) => return Err(error),
        }
        drop(connection);
        let mut connection = self.connection(wait)?;
        if let Opening::Begin = opening {
            connection.run(|connection| opening.send(connection, lock_wait))?;
        }
        Ok(connection)
    }
}

/// What is sent first on the connection of a write, which also finds out whether that is still good.
#[derive(Clone, Copy)]
enum Opening {
    Check,
    Begin,
}

impl Opening {
    fn send(self, connection: &mut PgConnection, lock_wait: Option<Duration>) -> Result<(), DatabaseError> {
        let sent = match self {
            Self::Check => connection.batch_execute("SELECT"),
            Self::Begin => begin(connection, lock_wait),
        };
        sent.map_err(DatabaseError::from)
    }
}

/// The claim on the start of a write, taken once: by the thread that begins it, or by the caller that gives up on it.
#[derive(Clone, Default)]
struct Claim(Arc<AtomicBool>);

impl Claim {
    fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}
