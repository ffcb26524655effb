//! The connection pool: a bounded queue in front of it (backpressure), whose work is next, and how long work may wait.

mod batched_reads;
mod callers;
mod connection_manager;
mod counted_error;
mod database;
mod fair_queue;
mod fair_threads;
mod limits;
mod read_only;
mod recent_work;
mod status;
mod wait_budget;
mod work;
mod writes;

pub use callers::{Caller, Callers};
pub use database::Database;
pub use limits::{BatchLimits, DatabaseLimits, LimitNames};
pub use status::DatabaseStatus;

pub(crate) use batched_reads::BatchedRead;
pub(crate) use counted_error::{CORRUPT, CountedError, reason_of};
pub(crate) use read_only::check_writable;
