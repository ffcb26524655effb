//! The primary of a read replica: queried for what the replica does not have, and compared with it.

use super::database_source::DatabaseSource;
use crate::settings::Settings;
use crate::telemetry::Metrics;
use annotation_statistics_api::{ApiState, PrimaryPorts};
use annotation_statistics_storage::{
    Database, PostgresStatisticsExporter, PostgresStatisticsRepository, PostgresSummaryRepository, ReplicaLag,
};
use std::io;
use std::sync::Arc;

/// The connection pools of the primary for reads; small, so that requests for unknown ids take little of it.
pub(super) struct Primary {
    reads: Database,
    exports: Database,
    max_page_bytes: usize,
}

impl Primary {
    /// `None` where there is no replica.
    pub(super) fn open(settings: &Settings, database_source: &DatabaseSource) -> io::Result<Option<Self>> {
        if !database_source.has_replica() {
            return Ok(None);
        }
        let (reads, exports) = settings.open_primary(database_source)?;
        Ok(Some(Self { reads, exports, max_page_bytes: settings.max_page_bytes() }))
    }

    /// By the names that they have in the metrics.
    pub(super) fn pools(&self) -> [(&'static str, Database); 2] {
        [("primary_read", self.reads.clone()), ("primary_export", self.exports.clone())]
    }

    /// For reads of all tasks that must not miss a finished change.
    pub(super) fn exports(&self) -> Database {
        self.exports.clone()
    }

    /// Adds the primary to the ports of the API.
    pub(super) fn add_to(&self, state: ApiState) -> ApiState {
        let repository = PostgresStatisticsRepository::new(self.reads.clone()).with_max_page(self.max_page_bytes);
        let summaries = PostgresSummaryRepository::new(self.reads.clone()).with_max_summary(self.max_page_bytes);
        state.with_primary(PrimaryPorts {
            repository: Arc::new(repository),
            summaries: Arc::new(summaries),
            exporter: Arc::new(PostgresStatisticsExporter::new(self.exports.clone())),
        })
    }

    /// Measures how far the replica of this pool is behind.
    pub(super) fn lag_of(&self, replica: Database) -> ReplicaLag {
        ReplicaLag::new(self.reads.clone(), replica)
    }
}

/// Reports how far the replica is behind, where both can be queried.
pub(super) async fn report_lag(lag: &ReplicaLag, metrics: &Metrics) {
    match lag.measure().await {
        Ok(lag) => metrics.replica_is_behind(lag),
        Err(error) => tracing::debug!(fault = %error, "the lag of the replica cannot be measured"),
    }
}
