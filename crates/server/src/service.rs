//! The service: composed, listening, and stopped gracefully.

pub(crate) mod access;
pub(crate) mod admin;
pub(crate) mod application;
pub(crate) mod database_source;
pub(crate) mod databases;
pub(crate) mod graceful_shutdown;
pub(crate) mod listeners;
pub(crate) mod master_key_file;
pub(crate) mod observers;
pub(crate) mod open_files;
pub(crate) mod public;
pub(crate) mod replica;
pub(crate) mod schema;
pub(crate) mod shared_connections;
pub(crate) mod shutdown;
pub(crate) mod stop_signal;
