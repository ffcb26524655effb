//! The ports: what the interface needs, and adapters implement. A contract suite holds each implementation to its
//! obligations.

mod annotation_request_finder;
mod annotation_request_registry;
mod statement_repository;
mod statistics_exporter;
mod statistics_recorder;
mod statistics_repository;
mod summary_repository;
mod taxonomy_repository;

pub use annotation_request_finder::AnnotationRequestFinder;
pub use annotation_request_registry::{
    AnnotationRequest, AnnotationRequestRegistry, CountingRuleConflict, DeletedRequest, FoundTask, NamedTasks,
    NewAnnotationRequest, PreconditionFailed, RegistryError,
};
pub use statement_repository::{CreatedStatement, NewStatement, StatementError, StatementRepository};
pub use statistics_exporter::{ExportError, ExportTarget, StatisticsExporter};
pub use statistics_recorder::{Place, RecordError, Recorded, RecordedTask, StatisticsRecorder, TaskStream};
pub use statistics_repository::{
    BoxError, RepositoryError, RequestState, StatisticsPage, StatisticsRepository, Whitelist, WhitelistedPage,
};
pub use summary_repository::SummaryRepository;
pub use taxonomy_repository::{KeptTaxonomy, TaxonomyFilling, TaxonomyRepository};

#[cfg(feature = "mock")]
pub use annotation_request_finder::MockAnnotationRequestFinder;
#[cfg(feature = "mock")]
pub use annotation_request_registry::MockAnnotationRequestRegistry;
#[cfg(feature = "mock")]
pub use statement_repository::MockStatementRepository;
#[cfg(feature = "mock")]
pub use statistics_exporter::MockStatisticsExporter;
#[cfg(feature = "mock")]
pub use statistics_recorder::MockStatisticsRecorder;
#[cfg(feature = "mock")]
pub use statistics_repository::MockStatisticsRepository;
#[cfg(feature = "mock")]
pub use summary_repository::MockSummaryRepository;
#[cfg(feature = "mock")]
pub use taxonomy_repository::MockTaxonomyRepository;
