//! What can be set about exports.

use crate::{Settings, Time};
use annotation_statistics_storage::{DatabaseLimits, LimitNames, SessionSettings};
use serde::Deserialize;
use std::num::{NonZeroU32, NonZeroUsize};

/// `[export]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct ExportSettings {
    pub pool_size: NonZeroU32,
    pub queue_per_session: u32,
    pub max_per_key: u32,
    pub queue_wait: Time,
    pub deadline: Time,
    pub statement_timeout: Time,
    pub reader_timeout: Time,
    pub reader_grace: Time,
    pub reader_min_rate: NonZeroUsize,
}

impl Settings {
    /// The sessions that export from the database at `url`: they wait in a transaction while a reader is behind.
    pub fn export_sessions(&self, url: String) -> SessionSettings {
        SessionSettings {
            application_name: "annotation-statistics export".into(),
            statement_timeout: self.export.statement_timeout.get(),
            idle_in_transaction_timeout: self.export.deadline.get(),
            ..self.read_sessions(url)
        }
    }

    /// How much may be exported at the same time.
    pub fn export_limits(&self) -> DatabaseLimits {
        DatabaseLimits {
            pool_size: self.export.pool_size.get(),
            queue_per_session: self.export.queue_per_session,
            queue_wait: self.export.queue_wait.get(),
            deadline: self.export.deadline.get(),
            start_timeout: self.export.queue_wait.get() + self.database.deadline.get(),
            names: LimitNames {
                pool_size: "export.pool_size",
                queue_wait: "export.queue_wait",
                start_timeout: "export.queue_wait and database.deadline",
                deadline: "export.deadline",
            },
        }
    }
}
