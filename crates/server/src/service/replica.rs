//! The primary behind a replica that answers reads: asked for what the replica has not got yet, and compared with it.

use super::database_source::DatabaseSource;
use crate::settings::Settings;
use crate::telemetry::Metrics;
use annotation_statistics_api::{ApiState, PrimaryPorts};
use annotation_statistics_storage::{
    Database, PostgresStatisticsExporter, PostgresStatisticsRepository, PostgresSummaryRepository, ReplicaLag,
};
use std::io;
use std::sync::Arc;

/// The pools of the primary for reads; few, so that whoever asks for what nobody knows takes little of it.
pub(super) struct Primary {
    reads: Database,
    exports: Database,
    max_page_bytes: usize,
}

impl Primary {
    /// `None` where all reads go to the database that is written to.
    pub(super) fn open(settings: &Settings, home: &DatabaseSource) -> io::Result<Option<Self>> {
        if !home.has_replica() {
            return Ok(None);
        }
        let (reads, exports) = settings.open_primary(home)?;
        Ok(Some(Self { reads, exports, max_page_bytes: settings.max_page_bytes() }))
    }

    /// By the names that they have in the metrics.
    pub(super) fn pools(&self) -> [(&'static str, Database); 2] {
        [("primary_read", self.reads.clone()), ("primary_export", self.exports.clone())]
    }

    /// Lets questions be asked of the primary, too.
    pub(super) fn add_to(&self, state: ApiState) -> ApiState {
        let repository = PostgresStatisticsRepository::new(self.reads.clone()).with_max_page(self.max_page_bytes);
        state.with_primary(PrimaryPorts {
            repository: Arc::new(repository),
            summaries: Arc::new(PostgresSummaryRepository::new(self.reads.clone())),
            exporter: Arc::new(PostgresStatisticsExporter::new(self.exports.clone())),
        })
    }

    /// Compares it with the replica of this pool.
    pub(super) fn lag_of(&self, replica: Database) -> ReplicaLag {
        ReplicaLag::new(self.reads.clone(), replica)
    }
}

/// Tells how far the replica is behind, as far as both can be asked.
pub(super) async fn report_lag(lag: &ReplicaLag, metrics: &Metrics) {
    match lag.measure().await {
        Ok(lag) => metrics.replica_is_behind(lag),
        Err(fault) => tracing::debug!(%fault, "it cannot be told how far the replica is behind"),
    }
}
