//! Where a question is asked: close by, and of the primary where what is close by is behind.

use crate::ApiState;
use annotation_statistics_domain::{
    ExportError, RepositoryError, StatisticsExporter, StatisticsRepository, SummaryRepository,
};
use std::sync::Arc;

/// A port, and the same one of the primary where there is another.
pub(crate) struct Sources<'a, Port: ?Sized> {
    near: &'a Arc<Port>,
    primary: Option<&'a Arc<Port>>,
}

/// One of the ports.
pub(crate) struct Source<'a, Port: ?Sized> {
    pub(crate) port: &'a Arc<Port>,
    /// Whether its word is the last, whatever the client knows.
    pub(crate) is_last: bool,
}

impl<'a, Port: ?Sized> Sources<'a, Port> {
    /// Asks close by. What is unknown there, or not yet in the state that the client knows, is asked of the primary, whose word
    /// is the last; where that cannot be asked, the question is not answered.
    pub(crate) async fn ask<Answer, Fault: MayBeBehind>(
        &self,
        question: impl AsyncFn(Source<'a, Port>) -> Result<Answer, Fault>,
        is_reached: impl FnOnce(&Answer) -> bool,
    ) -> Result<Answer, Fault> {
        let Some(primary) = self.primary else { return question(Source { port: self.near, is_last: true }).await };
        let answer = question(Source { port: self.near, is_last: false }).await;
        let is_behind = match &answer {
            Ok(answer) => !is_reached(answer),
            Err(fault) => fault.may_be_behind(),
        };
        if is_behind { question(Source { port: primary, is_last: true }).await } else { answer }
    }
}

/// What was found is of an earlier state than the client knows.
#[derive(Debug, thiserror::Error)]
#[error("the client knows a later state")]
pub(crate) struct Behind;

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
            Self::Repository(fault) => fault.may_be_behind(),
            Self::Target(fault) => fault.is::<Behind>(),
        }
    }
}

impl ApiState {
    pub(crate) fn repositories(&self) -> Sources<'_, dyn StatisticsRepository> {
        let primary = self.primary.as_ref().map(|ports| &ports.repository);
        Sources { near: &self.ports.repository, primary }
    }

    pub(crate) fn summaries(&self) -> Sources<'_, dyn SummaryRepository> {
        let primary = self.primary.as_ref().map(|ports| &ports.summaries);
        Sources { near: &self.ports.summaries, primary }
    }

    pub(crate) fn exporters(&self) -> Sources<'_, dyn StatisticsExporter> {
        let primary = self.primary.as_ref().map(|ports| &ports.exporter);
        Sources { near: &self.ports.exporter, primary }
    }
}

#[cfg(test)]
#[path = "sources_tests.rs"]
mod tests;
