//! Settings of the database, and of writes to it.

use super::data_folder::data_folder;
use super::error::SettingsError;
use super::values::{Secret, Time, non_empty};
use annotation_statistics_storage::{DatabaseTls, PackingLimits};
use serde::Deserialize;
use std::num::{NonZeroU32, NonZeroU64};
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
    pub silent_host_pause: Time,
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
    pub staged_above: usize,
    pub packing_min_gaps: NonZeroU64,
    pub packing_tasks_per_gap: NonZeroU64,
    pub packing_step: NonZeroU32,
}

impl WriteSettings {
    /// The most tasks in memory, and in one transaction that others wait for.
    const MOST_TASKS: usize = 10_000;

    /// When the gaps of deleted tasks are closed, and in which steps.
    pub(crate) fn packing(&self) -> PackingLimits {
        PackingLimits {
            min_removed: self.packing_min_gaps.get(),
            tasks_per_removed: self.packing_tasks_per_gap.get(),
            step: self.packing_step.get(),
        }
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let step = usize::try_from(self.packing_step.get()).unwrap_or(usize::MAX);
        for (key, tasks) in [("writes.staged_above", self.staged_above), ("writes.packing_step", step)] {
            if tasks > Self::MOST_TASKS {
                return Err(SettingsError::Unusable { key, why: format!("the most is {}", Self::MOST_TASKS) });
            }
        }
        Ok(())
    }
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
    /// The folder of the private cluster.
    pub(crate) fn cluster_folder(&self) -> Result<PathBuf, SettingsError> {
        let named = non_empty(&self.embedded_dir).map(Path::to_path_buf);
        named.or_else(|| Some(data_folder()?.join("postgres"))).ok_or_else(|| SettingsError::Unusable {
            key: "database.embedded_dir",
            why: "it is empty, and this user has no home folder: name a folder".into(),
        })
    }

    /// Whether no setting names that folder.
    pub(crate) fn has_default_folder(&self) -> bool {
        non_empty(&self.embedded_dir).is_none()
    }

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
