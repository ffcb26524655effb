//! Where a database is, and the limits of every connection to it.

use std::path::PathBuf;
use std::time::Duration;

/// How connections are opened, and for how long they may wait.
#[derive(Clone)]
pub struct ConnectionSettings {
    /// Where the database is: a libpq URI or key=value string. Holds a password: never printed.
    pub url: String,
    /// Whether connections are encrypted, and which authorities vouch for the database.
    pub tls: DatabaseTls,
    /// What `pg_stat_activity` shows.
    pub application_name: String,
    /// Whether the planner may read a whole table where it expects that to be cheaper than an index.
    pub table_scans: TableScans,
    /// The longest time that opening a connection may take; libpq rounds it up to whole seconds, at least two.
    pub connect_timeout: Duration,
    /// The pause after an attempt to open a connection that failed. It doubles with each further failure.
    pub reconnect_interval: Duration,
    /// The longest of these pauses.
    pub reconnect_max_interval: Duration,
    /// The longest time that one statement may take; zero for no limit.
    pub statement_timeout: Duration,
    /// The longest wait for a lock; zero for no limit.
    pub lock_timeout: Duration,
    /// The longest time that a transaction may wait for its client; zero for no limit.
    pub idle_in_transaction_timeout: Duration,
    /// The longest time that sent data may stay unacknowledged by the server's host.
    pub tcp_user_timeout: Duration,
    /// After how long without traffic TCP keepalives are sent, and how often; libpq rounds it up to whole seconds. A
    /// host that has not acknowledged any for `tcp_user_timeout` is lost.
    pub keepalive_interval: Duration,
    /// After how long without a response the watchdog checks whether a connection is still served; one that is not is
    /// cut. One without a response for so much longer than `statement_timeout` is cut in any case.
    pub overdue_after: Duration,
    /// For how long a host that accepts a connection and gives no response is passed over, where the URL names several.
    pub silent_host_pause: Duration,
}

/// Whether statements may read whole tables (`enable_seqscan`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableScans {
    /// As the planner decides.
    #[default]
    Allowed,
    /// Only where there is no index. For reads of few rows by key: for more than a few ids the planner prefers to read the
    /// whole table, which takes ten times as long once that is large (ADR 12).
    Avoided,
}

/// Whether connections are encrypted, and which authorities vouch for the database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DatabaseTls {
    /// As the URL says (`sslmode`). Where it says nothing, libpq encrypts if the server can, and does not verify the
    /// server.
    #[default]
    AsUrl,
    /// Encrypted, and only with a server whose certificate is valid for its name. Wins over the URL. A Unix socket is
    /// not encrypted.
    VerifyFull {
        /// The certificates of the authorities, PEM. `None`: where libpq looks for them, `~/.postgresql/root.crt`.
        authorities: Option<PathBuf>,
    },
}
