//! A database for one test, into which everything is recorded through a staging table.

use super::database::TestDatabase;
use crate::Implementation;
use annotation_statistics_domain::{
    AnnotationRequestFinder, AnnotationRequestRegistry, StatementRepository, StatisticsExporter, StatisticsRecorder,
    StatisticsRepository, SummaryRepository, TaxonomyRepository,
};
use std::sync::Arc;

/// A database whose recorder stages every write in a table, however small it is.
pub struct StagingDatabase(TestDatabase);

impl Implementation for StagingDatabase {
    fn empty() -> Self {
        Self(TestDatabase::new())
    }

    fn repository(&self) -> Arc<dyn StatisticsRepository> {
        Implementation::repository(&self.0)
    }

    fn recorder(&self) -> Arc<dyn StatisticsRecorder> {
        Arc::new(self.0.recorder().staging_above(0))
    }

    fn registry(&self) -> Arc<dyn AnnotationRequestRegistry> {
        Implementation::registry(&self.0)
    }

    fn summaries(&self) -> Arc<dyn SummaryRepository> {
        self.0.summaries()
    }

    fn finder(&self) -> Arc<dyn AnnotationRequestFinder> {
        self.0.finder()
    }

    fn taxonomies(&self) -> Arc<dyn TaxonomyRepository> {
        self.0.taxonomies()
    }

    fn statements(&self) -> Arc<dyn StatementRepository> {
        self.0.statements()
    }

    fn exporter(&self) -> Arc<dyn StatisticsExporter> {
        self.0.exporter()
    }

    fn cut_off(&self) {
        self.0.cut_off();
    }

    fn reconnect(&self) {
        self.0.reconnect();
    }
}
