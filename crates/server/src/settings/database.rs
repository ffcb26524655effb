//! Settings of the database, and of writes to it.

use super::values::{Secret, Time, non_empty};
use annotation_statistics_storage::DatabaseTls;
use serde::Deserialize;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

/// `[database]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct DatabaseSettings {
    pub url: Secret,
    pub read_url: Secret,
    pub embedded: bool,
    pub tls: DatabaseTlsMode,
    pub tls_authorities_file: PathBuf,
    pub embedded_dir: PathBuf,
    pub embedded_start_timeout: Time,
    pub embedded_stop_timeout: Time,
    pub pool_size: NonZeroU32,
    pub primary_sessions: NonZeroU32,
    pub queue_per_session: u32,
    pub max_per_key: u32,
    pub batch_reads: NonZeroU32,
    pub batch_rows: u64,
    pub batch_wait: Time,
    pub queue_wait: Time,
    pub deadline: Time,
    pub connect_timeout: Time,
    pub reconnect_interval: Time,
    pub reconnect_max_interval: Time,
    pub statement_timeout: Time,
    pub lock_timeout: Time,
    pub idle_in_transaction_timeout: Time,
    pub tcp_user_timeout: Time,
    pub keepalive_interval: Time,
    pub overdue_after: Time,
    pub migrate: bool,
    pub migration_timeout: Time,
    pub migration_lock_timeout: Time,
    pub migration_retry_interval: Time,
    pub retry_interval: Time,
}

/// `[writes]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct WriteSettings {
    pub pool_size: NonZeroU32,
    pub queue_per_session: u32,
    pub max_per_key: u32,
    pub queue_wait: Time,
    pub start_timeout: Time,
    pub deadline: Time,
    pub statement_timeout: Time,
}

/// How strictly the certificate of the database is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DatabaseTlsMode {
    /// As the URL says (`sslmode`).
    AsUrl,
    /// Chain and host name.
    VerifyFull,
}

impl DatabaseSettings {
    /// How connections are encrypted.
    pub(super) fn connection_tls(&self) -> DatabaseTls {
        match self.tls {
            DatabaseTlsMode::AsUrl => DatabaseTls::AsUrl,
            DatabaseTlsMode::VerifyFull => {
                DatabaseTls::VerifyFull { authorities: non_empty(&self.tls_authorities_file).map(Path::to_path_buf) }
            }
        }
    }
}
