//! One connection to Postgres: its parameters, limits, errors and watch.

pub(crate) mod board;
pub(crate) mod conninfo;
pub(crate) mod error;
pub(crate) mod generation;
pub(crate) mod lock_holders;
pub(crate) mod prepared_statement;
pub(crate) mod probe;
pub(crate) mod reconnection;
pub(crate) mod server_check;
pub(crate) mod session;
pub(crate) mod socket;
pub(crate) mod transaction;
pub(crate) mod watchdog;
