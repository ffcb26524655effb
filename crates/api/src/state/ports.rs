//! The ports of the domain that the interface is given.

use annotation_statistics_domain::{
    AnnotationRequestRegistry, StatisticsExporter, StatisticsRecorder, StatisticsRepository, SummaryRepository,
};
use std::sync::Arc;

/// The ports that the interface stands on.
#[derive(Clone)]
pub struct Ports {
    /// Answers what was annotated.
    pub repository: Arc<dyn StatisticsRepository>,
    /// Answers it added up.
    pub summaries: Arc<dyn SummaryRepository>,
    /// Hands over all of it.
    pub exporter: Arc<dyn StatisticsExporter>,
    /// Records what was annotated.
    pub recorder: Arc<dyn StatisticsRecorder>,
    /// Keeps the annotation requests.
    pub registry: Arc<dyn AnnotationRequestRegistry>,
}

/// Ports that answer what the last finished change left, where the others may be behind (a replica).
#[derive(Clone)]
pub struct PrimaryPorts {
    /// Answers what was annotated.
    pub repository: Arc<dyn StatisticsRepository>,
    /// Answers it added up.
    pub summaries: Arc<dyn SummaryRepository>,
    /// Hands over all of it.
    pub exporter: Arc<dyn StatisticsExporter>,
}
