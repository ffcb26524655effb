//! Transactions: one that distinguishes a failure from an unknown outcome, and one that reads from a single snapshot.

use crate::DatabaseError;
use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::pg::PgConnection;
use diesel::{Connection, QueryResult};
use std::time::Duration;

type Manager = <PgConnection as Connection>::TransactionManager;

/// How a transaction ended without being known to be committed.
pub(crate) enum TransactionError<T, E> {
    /// Before COMMIT: nothing is changed.
    Failed(E),
    /// COMMIT was sent and not confirmed: the transaction is committed, or not.
    CommitUnconfirmed {
        /// What was done if it is committed.
        done: T,
        /// The error that came instead of the confirmation.
        error: DatabaseError,
    },
}

impl<T, E: From<DatabaseError>> From<DatabaseError> for TransactionError<T, E> {
    fn from(error: DatabaseError) -> Self {
        Self::Failed(error.into())
    }
}

/// Begins a transaction, with a limit of its own for its waits for locks where there is one; all in one round trip.
pub(crate) fn begin(connection: &mut PgConnection, lock_wait: Option<Duration>) -> QueryResult<()> {
    match lock_wait {
        Some(wait) => {
            let begin = format!("BEGIN; SET LOCAL lock_timeout = {}", wait.as_millis());
            Manager::begin_transaction_sql(connection, &begin)
        }
        None => Manager::begin_transaction(connection),
    }
}

/// Does all of the work or nothing in the transaction that has begun, and ends it; except for
/// [`TransactionError::CommitUnconfirmed`].
pub(crate) fn finish_transaction<T, E: From<DatabaseError>>(
    connection: &mut PgConnection,
    work: impl FnOnce(&mut PgConnection) -> Result<T, E>,
) -> Result<T, TransactionError<T, E>> {
    match work(connection) {
        Ok(done) => match Manager::commit_transaction(connection) {
            Ok(()) => Ok(done),
            Err(error) => Err(TransactionError::CommitUnconfirmed { done, error: error.into() }),
        },
        Err(error) => {
            // Where the rollback fails, the server ends the transaction with the connection, which is not used again.
            let _ = Manager::rollback_transaction(connection);
            Err(TransactionError::Failed(error))
        }
    }
}

/// Runs a read-only transaction that sees one snapshot.
pub(crate) fn in_one_snapshot<T, E: From<diesel::result::Error>>(
    connection: &mut PgConnection,
    work: impl FnOnce(&mut PgConnection) -> Result<T, E>,
) -> Result<T, E> {
    connection.build_transaction().read_only().repeatable_read().run(work)
}

/// Sets a parameter until the end of the transaction.
pub(crate) fn set_local(connection: &mut PgConnection, name: &'static str, value: &str) -> QueryResult<()> {
    connection.batch_execute(&format!("SET LOCAL {name} = '{value}'"))
}
