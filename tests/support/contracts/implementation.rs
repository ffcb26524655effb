//! What the contract suites need of whatever they hold to the contracts.

use annotation_statistics_domain::{
    AnnotationRequestFinder, AnnotationRequestRegistry, StatementRepository, StatisticsExporter, StatisticsRecorder,
    StatisticsRepository, SummaryRepository, TaxonomyRepository,
};
use std::sync::Arc;
use std::time::Duration;

/// The ports over the same data.
///
/// To hold another implementation to the contracts, implement this and add one line to each suite.
pub trait Implementation: Send + Sync + Sized {
    /// Within this it must be known that the data is cut off, on a machine that has other things to do too.
    const TIME_LIMIT: Duration = Duration::from_secs(20);

    /// One with nothing recorded.
    fn empty() -> Self;

    /// The port that reads.
    fn repository(&self) -> Arc<dyn StatisticsRepository>;

    /// The port that records.
    fn recorder(&self) -> Arc<dyn StatisticsRecorder>;

    /// The port that keeps the requests.
    fn registry(&self) -> Arc<dyn AnnotationRequestRegistry>;

    /// The port that responses sums.
    fn summaries(&self) -> Arc<dyn SummaryRepository>;

    /// The port that finds requests, campaigns and tasks.
    fn finder(&self) -> Arc<dyn AnnotationRequestFinder>;

    /// The port that keeps the taxonomies.
    fn taxonomies(&self) -> Arc<dyn TaxonomyRepository>;

    /// The port that keeps the statements.
    fn statements(&self) -> Arc<dyn StatementRepository>;

    /// The port that hands over everything.
    fn exporter(&self) -> Arc<dyn StatisticsExporter>;

    /// Takes the data out of reach.
    fn cut_off(&self);

    /// Brings the data back into reach.
    fn reconnect(&self);
}
