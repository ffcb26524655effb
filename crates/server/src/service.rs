//! The service: assembled from its parts, started, and shut down gracefully.

mod access_keys;
mod admin_listener;
mod application;
mod background_shutdown;
mod database_source;
mod databases;
mod error;
mod graceful_shutdown;
mod master_key_file;
mod observers;
mod pools;
mod replica;
mod schema;
mod sockets;

pub use application::Application;
pub use database_source::DatabaseSource;
pub use error::ApplicationError;
pub(crate) use master_key_file::MasterKeyFile;
pub(crate) use schema::prepare_schema;
