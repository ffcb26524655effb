//! The service: assembled from its parts, started, and shut down gracefully.

mod access_keys;
mod admin_listener;
mod application;
mod background_shutdown;
mod database_schema;
mod database_source;
mod databases;
mod error;
mod graceful_shutdown;
mod master_key_file;
mod new_cluster;
mod observers;
mod replica;
mod served_cluster;
mod shared_pools;
mod signing_key;
mod sockets;

pub use application::Application;
pub(crate) use database_schema::prepare_schema;
pub use database_source::DatabaseSource;
pub use error::ApplicationError;
pub(crate) use master_key_file::MasterKeyFile;
pub(crate) use new_cluster::NewCluster;
