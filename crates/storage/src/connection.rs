//! One connection to Postgres: its settings and limits, its transactions and errors, and the watchdog that cuts it when a
//! response does not come. Knows nothing of the pool.

mod board;
mod congestion;
mod conninfo;
mod error;
mod establish;
mod generation;
mod prepared_statement;
mod probe;
mod reconnection;
mod settings;
mod silent_hosts;
mod socket;
mod transaction;
mod watchdog;

pub use congestion::Congestion;
pub use error::DatabaseError;
pub use settings::{ConnectionSettings, DatabaseTls, TableScans};

pub(crate) use generation::Generation;
pub(crate) use prepared_statement::{parts, prepared_statement};
pub(crate) use transaction::{TransactionError, begin, finish_transaction, in_one_snapshot, set_local};
pub(crate) use watchdog::Watchdog;
