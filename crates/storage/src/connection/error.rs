//! Errors of connections to Postgres, in texts that are safe to log.

use crate::Congestion;
use diesel::ConnectionError;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use std::time::Duration;

/// Why work in the database was not done.
///
/// Its texts never hold the host, the user or the password: they may be logged as they are.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DatabaseError {
    /// Backpressure: so much work waits already that more would time out in the queue.
    #[error("the queue for a database session is full: {0}")]
    QueueFull(Congestion),
    /// The caller uses its whole share of the connections, and so much more of its work waits that this would time out.
    #[error(
        "the caller has all the database sessions that one may have: it sends too many requests at once, or raise {0}"
    )]
    ShareTaken(&'static str),
    /// No connection came free in time.
    #[error("no database session came free within {limit:?} ({setting}): {congestion}")]
    QueueTimeout {
        /// That time.
        limit: Duration,
        /// The setting that has it.
        setting: &'static str,
        /// Why no connection came free.
        congestion: Congestion,
    },
    /// The pool had no live connection to give.
    #[error("no session could be opened in time (database.connect_timeout is {0:?}): is the database up?")]
    NoConnection(Duration),
    /// The work was not done in time; it is cut off by the server's own limits.
    #[error("the database did not respond within {0:?} ({1})")]
    DeadlineMissed(Duration, &'static str),
    /// The check that the connection is alive did not respond in time; the work was not begun, and never will be.
    #[error("the database did not respond within {0:?} ({1})")]
    NotBegun(Duration, &'static str),
    /// Opening a connection failed.
    #[error("no session could be opened: {0}")]
    Connecting(&'static str),
    /// The connection was lost while it was in use.
    #[error("the database connection was lost")]
    ConnectionLost,
    /// The database has its rows on several nodes, and lost the connection to one of them. Its own is in use still.
    #[error("the database lost the connection to one of its nodes")]
    NodeLost,
    /// A prepared statement no longer fits the schema.
    #[error("a prepared statement no longer fits the schema")]
    StalePlan,
    /// The database refused the work.
    #[error("the database refused: {0}")]
    Refused(String),
    /// The database takes no changes.
    #[error("the database is read-only: it is a replica, or default_transaction_read_only is set")]
    ReadOnly,
    /// Others held a lock for too long.
    #[error("the database refused: {0}")]
    LockTimeout(String),
    /// A statement took too long.
    #[error("the database refused: {0}")]
    StatementTimeout(String),
    /// The database has no room left.
    #[error("the database refused: {0}")]
    DiskFull(String),
    /// A row could not be read into the types of the domain, or breaks a rule of the schema.
    #[error("{0}")]
    Corrupt(String),
    /// A unique constraint was hit.
    #[error("the unique constraint {0} was hit")]
    Duplicate(String),
    /// The connection was opened before others of its generation were lost.
    #[error("the session is of an earlier generation")]
    Outdated,
    /// Another attempt to open a connection has just failed.
    #[error("it is too early to open a session again")]
    TooEarly,
    /// The program is stopping.
    #[error("the work was cut off because the program is stopping")]
    Stopping,
}

impl DatabaseError {
    /// Every reason that [`reason`](Self::reason) gives.
    pub const REASONS: [&str; 14] = [
        "queue_full",
        "share_taken",
        "queue_timeout",
        "deadline",
        "no_session",
        "connection_lost",
        "stale_plan",
        "read_only",
        "lock_timeout",
        "statement_timeout",
        "disk_full",
        "refused",
        "corrupt",
        "stopping",
    ];

    /// The label that metrics count it by: what kept the work waiting, where that is known.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::QueueFull(Congestion::Busy { .. }) => "queue_full",
            Self::ShareTaken(_) => "share_taken",
            Self::QueueTimeout { congestion: Congestion::Busy { .. }, .. } => "queue_timeout",
            Self::QueueFull(Congestion::Standstill { .. })
            | Self::QueueTimeout { congestion: Congestion::Standstill { .. }, .. }
            | Self::DeadlineMissed(..)
            | Self::NotBegun(..) => "deadline",
            Self::QueueFull(Congestion::Unreachable(_))
            | Self::QueueTimeout { congestion: Congestion::Unreachable(_), .. }
            | Self::NoConnection(_)
            | Self::Connecting(_)
            | Self::TooEarly => "no_session",
            Self::ConnectionLost | Self::NodeLost | Self::Outdated => "connection_lost",
            Self::StalePlan => "stale_plan",
            Self::ReadOnly => "read_only",
            Self::LockTimeout(_) => "lock_timeout",
            Self::StatementTimeout(_) => "statement_timeout",
            Self::DiskFull(_) => "disk_full",
            Self::Refused(_) | Self::Duplicate(_) => "refused",
            Self::Corrupt(_) => "corrupt",
            Self::Stopping => "stopping",
        }
    }

    /// Replaces libpq's text, which contains host and user, by one of ours.
    pub(super) fn connecting(error: &ConnectionError) -> Self {
        let text = error.to_string();
        let known = [
            ("password authentication failed", "the password was refused"),
            ("no password supplied", "the server wants a password"),
            ("pg_hba.conf", "the server does not let this host or user in (pg_hba.conf)"),
            ("too many clients", "the server has no connection left (max_connections)"),
            ("remaining connection slots", "the server has no connection left (max_connections)"),
            ("Connection refused", "nothing listens at that address"),
            ("No such file or directory", "nothing listens at that socket"),
            ("could not translate host name", "the host name is unknown"),
            ("timeout expired", "the server did not respond in time"),
            ("starting up", "the server is starting up"),
            ("not yet accepting connections", "the server is starting up"),
            ("recovery mode", "the server is starting up"),
            ("not currently accepting connections", "the database takes no connections (ALLOW_CONNECTIONS)"),
            ("shutting down", "the server is shutting down"),
            ("does not support SSL", "the server does not encrypt"),
            ("root certificate file", "the certificates of the authorities cannot be read"),
            ("does not match host name", "the server's certificate is for another name"),
            ("certificate verify failed", "the server's certificate has expired, or no trusted authority issued it"),
            ("certificate", "the server's certificate was refused"),
            ("SSL", "the encrypted connection could not be made"),
            ("invalid", "the database URL is not valid"),
            ("does not exist", "the database or the role does not exist"),
        ];
        let found = known.iter().find(|(sign, _)| text.contains(sign));
        Self::Connecting(found.map_or("the server cannot be reached", |(_, words)| words))
    }

    /// By the message of Postgres, as diesel does not pass the SQLSTATE on.
    fn refused(message: String) -> Self {
        let is_about = |words: &str| message.contains(words);
        if is_about("due to lock timeout") {
            Self::LockTimeout(message)
        } else if is_about("due to statement timeout") {
            Self::StatementTimeout(message)
        } else if is_about("No space left on device") {
            Self::DiskFull(message)
        } else {
            Self::Refused(message)
        }
    }

    /// Whether a transaction may be committed although its COMMIT returned this.
    pub(crate) fn leaves_commit_open(&self) -> bool {
        self.is_retryable() || matches!(self, Self::NodeLost)
    }

    /// Whether the same read on a new connection may well succeed.
    pub(crate) fn is_retryable(&self) -> bool {
        matches!(self, Self::ConnectionLost | Self::StalePlan)
    }
}

impl From<DieselError> for DatabaseError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "diesel's list of errors is open")]
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(_, report) if is_of_a_node(report.message()) => Self::NodeLost,
            DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _,
            ) => Self::ConnectionLost,
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, report) => {
                Self::Duplicate(report.constraint_name().unwrap_or("?").to_owned())
            }
            // By a rule of the schema, which it would break again.
            DieselError::DatabaseError(
                DatabaseErrorKind::CheckViolation | DatabaseErrorKind::NotNullViolation,
                report,
            ) => Self::Corrupt(format!("the database refused a row: {}", report.message())),
            DieselError::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _) => Self::ReadOnly,
            DieselError::DatabaseError(_, report) => match report.message() {
                range if range.contains("out of range") || range.contains("field overflow") => {
                    Self::Corrupt(format!("the database refused a number: {range}"))
                }
                "cached plan must not change result type" => Self::StalePlan,
                gone if gone.contains("terminating connection") || gone.contains("server closed the connection") => {
                    Self::ConnectionLost
                }
                other => Self::refused(other.to_owned()),
            },
            DieselError::RollbackErrorOnCommit { commit_error, .. } => Self::from(*commit_error),
            DieselError::DeserializationError(what) => Self::Corrupt(what.to_string()),
            other => Self::Refused(other.to_string()),
        }
    }
}

/// As Citus reports a connection of its own, with the user and the address of the node. It has the SQLSTATE that a lost
/// connection to the database has.
fn is_of_a_node(message: &str) -> bool {
    ["connection to the remote node ", "failure on connection marked as essential"]
        .iter()
        .any(|sign| message.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_connection_is_reported_without_host_user_or_password() {
        let raw = r#"connection to server at "db.internal" (10.0.0.7), port 5432 failed: FATAL:  password authentication failed for user "canary""#;
        let reported = DatabaseError::connecting(&ConnectionError::BadConnection(raw.into())).to_string();
        assert_eq!(reported, "no session could be opened: the password was refused");
        let unknown = DatabaseError::connecting(&ConnectionError::BadConnection("canary".into())).to_string();
        assert_eq!(unknown, "no session could be opened: the server cannot be reached");
    }

    #[test]
    fn a_lost_node_is_no_lost_connection_and_is_reported_without_its_user_and_address() {
        let raw = "connection to the remote node canary@10.0.0.7:5432 failed with the following error: server closed the \
                   connection unexpectedly";
        let report = || Box::new(raw.to_owned());
        let node = DatabaseError::from(DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, report()));
        assert_eq!(node.to_string(), "the database lost the connection to one of its nodes");
        assert!(!node.is_retryable() && node.leaves_commit_open());
    }
}
