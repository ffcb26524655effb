//! Errors of the service.

use crate::connection::TlsError;
use crate::settings::SettingsError;
use annotation_statistics_storage::MigrationError;
use std::net::SocketAddr;

/// Why the service did not start, or did not shut down gracefully.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// A setting is invalid.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The private database failed.
    #[error(transparent)]
    Cluster(#[from] embedded_postgres::Error),
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The address cannot be bound.
    #[error("cannot listen on {address} ({setting}): {source}; is another program using it?")]
    Bind {
        /// The configured address.
        address: SocketAddr,
        /// The setting that has it.
        setting: &'static str,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The server failed.
    #[error("the server failed: {0}")]
    Server(#[from] std::io::Error),
}
