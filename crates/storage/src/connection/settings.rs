//! Where a database is, and the limits of every connection to it.

use std::path::PathBuf;
use std::time::Duration;

/// How connections are opened, and for how long they may wait.
#[derive(Clone)]
pub struct SessionSettings {
    /// Where the database is: a libpq URI or key=value string. Holds a password: never printed.
    pub url: String,
    /// Whether connections are encrypted, and who may vouch for the database.
    pub tls: DatabaseTls,
    /// What `pg_stat_activity` shows.
    pub application_name: String,
    /// The longest time that opening a connection may take; libpq rounds it up to whole seconds, at least two.
    pub connect_timeout: Duration,
    /// The time after which a connection that could not be opened is tried again. It doubles with each attempt that fails.
    pub reconnect_interval: Duration,
    /// The longest of these times.
    pub reconnect_max_interval: Duration,
    /// The longest time that one statement may take; zero for no limit.
    pub statement_timeout: Duration,
    /// The longest wait for a lock; zero for no limit.
    pub lock_timeout: Duration,
    /// The longest time that a transaction may wait for its client; zero for no limit.
    pub idle_in_transaction_timeout: Duration,
    /// The longest time that sent data may stay unacknowledged by the server's host.
    pub tcp_user_timeout: Duration,
    /// After how long without a word the server's host is asked whether it is there, and again; libpq rounds it up to whole
    /// seconds. Where it has not answered for `tcp_user_timeout`, the connection is lost.
    pub keepalive_interval: Duration,
    /// After how long without an answer it is looked whether a connection is still served; one that is not is cut. One that is
    /// without an answer for so much longer than `statement_timeout` is cut in any case.
    pub overdue_after: Duration,
}

/// Whether connections are encrypted, and who may vouch for the database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DatabaseTls {
    /// As the address says (`sslmode`). Without a word there, libpq encrypts where the server can, and asks nobody who the
    /// server is.
    #[default]
    AsUrl,
    /// Encrypted, and only with a server whose certificate has its name and is vouched for. Wins over what the address
    /// says. A Unix socket is not encrypted.
    VerifyFull {
        /// The certificates of those who may vouch, PEM. `None`: where libpq looks for them, `~/.postgresql/root.crt`.
        authorities: Option<PathBuf>,
    },
}
