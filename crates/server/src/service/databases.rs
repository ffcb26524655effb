//! The connection pools of the service, and the ports of the API on them.

use super::database_source::DatabaseSource;
use super::replica::Primary;
use crate::settings::Settings;
use crate::telemetry::{MeteredRecorder, Metrics};
use annotation_statistics_api::{ApiState, Ports};
use annotation_statistics_storage::{
    Database, PackingFailures, PostgresAnnotationRequestFinder, PostgresAnnotationRequestRegistry,
    PostgresStatementRepository, PostgresStatisticsExporter, PostgresStatisticsRecorder, PostgresStatisticsRepository,
    PostgresSummaryRepository, PostgresTaxonomyRepository, ReplicaLag,
};
use std::io;
use std::num::NonZeroU32;
use std::sync::Arc;

/// A connection pool for each kind of work, so that none waits for another.
pub(super) struct Databases {
    reads: Database,
    writes: Database,
    exports: Database,
    primary: Option<Primary>,
    registry: PostgresAnnotationRequestRegistry,
    staged_above: usize,
    max_page_bytes: usize,
    max_searched: NonZeroU32,
}

impl Databases {
    pub(super) fn open(settings: &Settings, database_source: &DatabaseSource) -> io::Result<Self> {
        let writes = settings.open_writes(database_source.url())?;
        let registry = PostgresAnnotationRequestRegistry::new(writes.clone());
        Ok(Self {
            reads: settings.open_reads(database_source.read_url())?,
            writes,
            registry: registry.with_max_page(settings.max_page_bytes()).with_packing(settings.writes.packing()),
            staged_above: settings.writes.staged_above,
            exports: settings.open_exports(database_source.read_url())?,
            primary: Primary::open(settings, database_source)?,
            max_page_bytes: settings.max_page_bytes(),
            max_searched: settings.api.max_searched,
        })
    }

    /// By the names that they have in the metrics, with that of the nonces.
    pub(super) fn pools(&self, nonces: Option<Database>) -> Vec<(&'static str, Database)> {
        let Self { reads, writes, exports, primary, .. } = self;
        let mut pools = vec![("read", reads.clone()), ("write", writes.clone()), ("export", exports.clone())];
        pools.extend(nonces.map(|nonces| ("nonce", nonces)));
        pools.extend(primary.iter().flat_map(Primary::pools));
        pools
    }

    /// How often the gaps of deleted tasks could not be closed.
    pub(super) fn packing_failures(&self) -> PackingFailures {
        self.registry.packing_failures()
    }

    /// The repository that requests read from.
    pub(super) fn repository(&self) -> PostgresStatisticsRepository {
        PostgresStatisticsRepository::new(self.reads.clone()).with_max_page(self.max_page_bytes)
    }

    pub(super) fn ports(&self, metrics: &Metrics) -> Ports {
        let recorder = PostgresStatisticsRecorder::new(self.writes.clone()).staging_above(self.staged_above);
        let summaries = PostgresSummaryRepository::new(self.reads.clone()).with_max_summary(self.max_page_bytes);
        let compared = self.primary.as_ref().map_or_else(|| self.exports.clone(), Primary::exports);
        Ports {
            repository: Arc::new(self.repository()),
            summaries: Arc::new(summaries),
            exporter: Arc::new(PostgresStatisticsExporter::new(self.exports.clone())),
            recorder: Arc::new(MeteredRecorder::new(recorder, metrics.clone())),
            registry: Arc::new(self.registry.clone()),
            taxonomies: Arc::new(PostgresTaxonomyRepository::new(self.writes.clone(), compared.clone())),
            statements: Arc::new(PostgresStatementRepository::new(self.writes.clone(), compared)),
            finder: Arc::new(PostgresAnnotationRequestFinder::new(self.reads.clone(), self.max_searched)),
        }
    }

    /// Adds the primary, which is queried where the replica is behind.
    pub(super) fn with_primary(&self, state: ApiState) -> ApiState {
        self.primary.iter().fold(state, |state, primary| primary.add_to(state))
    }

    /// The lag of the replica, where there is one.
    pub(super) fn lag(&self) -> Option<ReplicaLag> {
        self.primary.as_ref().map(|primary| primary.lag_of(self.reads.clone()))
    }
}
