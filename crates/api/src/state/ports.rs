//! The ports of the domain that the interface is given.

use annotation_statistics_domain::{
    AnnotationRequestFinder, AnnotationRequestRegistry, StatementRepository, StatisticsExporter, StatisticsRecorder,
    StatisticsRepository, SummaryRepository, TaxonomyRepository,
};
use std::sync::Arc;

/// The ports that the interface calls.
#[derive(Clone)]
pub struct Ports {
    /// Finds pages of statistics.
    pub repository: Arc<dyn StatisticsRepository>,
    /// Finds totals.
    pub summaries: Arc<dyn SummaryRepository>,
    /// Exports all statistics of annotation requests.
    pub exporter: Arc<dyn StatisticsExporter>,
    /// Records statistics.
    pub recorder: Arc<dyn StatisticsRecorder>,
    /// Keeps the annotation requests.
    pub registry: Arc<dyn AnnotationRequestRegistry>,
    /// Finds annotation requests, campaigns and tasks.
    pub finder: Arc<dyn AnnotationRequestFinder>,
    /// Keeps what was agreed on for annotation requests.
    pub taxonomies: Arc<dyn TaxonomyRepository>,
    /// Keeps statements.
    pub statements: Arc<dyn StatementRepository>,
}

/// The ports of the primary, which see every finished change, where the others read from a replica that may lag behind.
#[derive(Clone)]
pub struct PrimaryPorts {
    /// Finds pages of statistics.
    pub repository: Arc<dyn StatisticsRepository>,
    /// Finds totals.
    pub summaries: Arc<dyn SummaryRepository>,
    /// Exports all statistics of annotation requests.
    pub exporter: Arc<dyn StatisticsExporter>,
}
