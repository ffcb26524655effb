//! A database that is read and written as one that is sharded.

use super::database::TestDatabase;
use crate::Implementation;
use annotation_statistics_domain::{
    AnnotationRequestFinder, AnnotationRequestRegistry, StatementRepository, StatisticsExporter, StatisticsRecorder,
    StatisticsRepository, SummaryRepository, TaxonomyRepository,
};
use std::sync::Arc;

/// A database whose requests are each read and written by itself, as where they are sharded.
pub struct AsIfSharded(TestDatabase);

impl Implementation for AsIfSharded {
    fn empty() -> Self {
        Self(TestDatabase::new())
    }

    fn repository(&self) -> Arc<dyn StatisticsRepository> {
        Arc::new(self.0.repository().as_if_sharded())
    }

    fn recorder(&self) -> Arc<dyn StatisticsRecorder> {
        Arc::new(self.0.recorder().as_if_sharded())
    }

    fn registry(&self) -> Arc<dyn AnnotationRequestRegistry> {
        Arc::new(self.0.registry().as_if_sharded())
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
