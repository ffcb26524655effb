//! Where a question is asked: close by, and of the primary where what is close by is behind.

use crate::ApiState;
use annotation_statistics_domain::{
    ExportError, RepositoryError, StatisticsExporter, StatisticsRepository, SummaryRepository,
};
use std::sync::Arc;

/// A port, and the same one of the primary where there is another.
pub(crate) struct ReadSources<'a, Port: ?Sized> {
    nearest: &'a Arc<Port>,
    primary: Option<&'a Arc<Port>>,
}

/// One of the ports.
pub(crate) struct Source<'a, Port: ?Sized> {
    pub(crate) port: &'a Arc<Port>,
    /// Whether its word is the last, whatever the client knows.
    pub(crate) is_authoritative: bool,
}

impl<'a, Port: ?Sized> ReadSources<'a, Port> {
    /// Asks close by. What is unknown there, or not yet in the state that the client knows, is asked of the primary, whose word
    /// is the last; where that cannot be asked, the question is not answered.
    pub(crate) async fn read<Found, Error: MayBeBehind>(
        &self,
        query: impl AsyncFn(Source<'a, Port>) -> Result<Found, Error>,
        is_reached: impl FnOnce(&Found) -> bool,
    ) -> Result<Found, Error> {
        let Some(primary) = self.primary else {
            return query(Source { port: self.nearest, is_authoritative: true }).await;
        };
        let found = query(Source { port: self.nearest, is_authoritative: false }).await;
        let is_behind = match &found {
            Ok(found) => !is_reached(found),
            Err(error) => error.may_be_behind(),
        };
        if is_behind { query(Source { port: primary, is_authoritative: true }).await } else { found }
    }
}

/// What was found is of an earlier state than the client knows.
#[derive(Debug, thiserror::Error)]
#[error("the client knows a later state")]
pub(crate) struct ReplicaBehind;

/// A fault that a source which is behind may have, and another one not.
pub(crate) trait MayBeBehind {
    /// Whether this is one.
    fn may_be_behind(&self) -> bool;
}

impl MayBeBehind for RepositoryError {
    fn may_be_behind(&self) -> bool {
        matches!(self, Self::UnknownAnnotationRequests(_))
    }
}

impl MayBeBehind for ExportError {
    fn may_be_behind(&self) -> bool {
        match self {
            Self::Repository(error) => error.may_be_behind(),
            Self::Target(error) => error.is::<ReplicaBehind>(),
        }
    }
}

impl ApiState {
    pub(crate) fn repositories(&self) -> ReadSources<'_, dyn StatisticsRepository> {
        let primary = self.primary.as_ref().map(|ports| &ports.repository);
        ReadSources { nearest: &self.ports.repository, primary }
    }

    pub(crate) fn summaries(&self) -> ReadSources<'_, dyn SummaryRepository> {
        let primary = self.primary.as_ref().map(|ports| &ports.summaries);
        ReadSources { nearest: &self.ports.summaries, primary }
    }

    pub(crate) fn exporters(&self) -> ReadSources<'_, dyn StatisticsExporter> {
        let primary = self.primary.as_ref().map(|ports| &ports.exporter);
        ReadSources { nearest: &self.ports.exporter, primary }
    }
}

#[cfg(test)]
#[path = "read_sources_tests.rs"]
mod tests;
