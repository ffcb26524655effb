//! What can be set about imports.

use crate::{Settings, Time};
use annotation_statistics_storage::{DatabaseLimits, LimitNames, SessionSettings};
use serde::Deserialize;

/// `[import]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct ImportSettings {
    pub start_timeout: Time,
    pub deadline: Time,
    pub lock_timeout: Time,
    pub stop_timeout: Time,
}

impl Settings {
    /// The session that records files in the database at `url`.
    pub fn import_session(&self, url: String) -> SessionSettings {
        SessionSettings {
            application_name: "annotation-statistics import".into(),
            connect_timeout: self.import.start_timeout.get(),
            statement_timeout: self.import.deadline.get(),
            lock_timeout: self.import.lock_timeout.get(),
            idle_in_transaction_timeout: self.import.deadline.get(),
            ..self.read_sessions(url)
        }
    }

    /// The session that counts everything in the database at `url`, for as long as importing may take.
    pub fn verification_session(&self, url: String) -> SessionSettings {
        SessionSettings { application_name: "annotation-statistics verify".into(), ..self.import_session(url) }
    }

    /// One file at a time, for as long as a file may take.
    pub fn import_limits(&self) -> DatabaseLimits {
        let start_timeout = self.import.start_timeout.get();
        DatabaseLimits {
            pool_size: 1,
            queue_per_session: 0,
            queue_wait: start_timeout,
            start_timeout,
            deadline: self.import.deadline.get(),
            names: LimitNames {
                // There is one, for one file at a time: only waiting longer helps.
                pool_size: "import.start_timeout",
                queue_wait: "import.start_timeout",
                start_timeout: "import.start_timeout",
                deadline: "import.deadline",
            },
        }
    }
}
