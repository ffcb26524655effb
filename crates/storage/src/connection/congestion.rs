//! Why there is no connection for more work: what an operator sees of backpressure.

use std::fmt;
use std::time::Duration;

/// What more work would wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Congestion {
    /// The connections are served, and there is more work than they can do.
    Busy {
        /// The setting of their number.
        pool_size: &'static str,
    },
    /// The database responds to no connection.
    Standstill {
        /// Connections that wait for it.
        connections: usize,
        /// How long ago the last response was, or the first of them began to wait.
        since: Duration,
    },
    /// No connection can be opened.
    Unreachable(&'static str),
}

impl fmt::Display for Congestion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { pool_size } => write!(formatter, "raise {pool_size} or add servers"),
            Self::Standstill { connections, since } => {
                write!(
                    formatter,
                    "the database does not respond: {connections} sessions wait, and none had a response for {since:.1?}"
                )
            }
            Self::Unreachable(why) => write!(formatter, "no session can be opened: {why}"),
        }
    }
}
