//! The reason that an error of work is counted by.

use crate::DatabaseError;
use crate::connection::TransactionError;
use annotation_statistics_domain::BoxError;

/// An error of work in the database: one of the connection, or a refusal that is no failure of the database.
pub(crate) trait CountedError: From<DatabaseError> {
    /// The reason to count by; `None` where the database did not fail.
    fn reason(&self) -> Option<&'static str>;
}

impl CountedError for DatabaseError {
    fn reason(&self) -> Option<&'static str> {
        Some(Self::reason(self))
    }
}

impl<T, E: CountedError> CountedError for TransactionError<T, E> {
    fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Failed(error) => error.reason(),
            Self::CommitUnconfirmed { error, .. } => Some(error.reason()),
        }
    }
}

/// The reason of a cause that was boxed for a port.
pub(crate) fn reason_of(cause: &BoxError) -> Option<&'static str> {
    cause.downcast_ref().map(DatabaseError::reason)
}

/// The reason of [`DatabaseError::Corrupt`], for which each port has an error of its own.
pub(crate) const CORRUPT: &str = "corrupt";
