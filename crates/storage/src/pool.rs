//! The connection pool: who waits for connections, how long, and whose work is next.

pub(crate) mod callers;
pub(crate) mod congestion;
pub(crate) mod connection_wait;
pub(crate) mod counted_error;
pub(crate) mod database;
pub(crate) mod fair_queue;
pub(crate) mod fair_threads;
pub(crate) mod limits;
pub(crate) mod recent_work;
pub(crate) mod status;
