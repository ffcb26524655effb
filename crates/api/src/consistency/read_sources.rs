//! Reads from the nearest database, and from the primary where the replica lags behind. See ADR 53.

use crate::ApiState;
use annotation_statistics_domain::{
    ExportError, RepositoryError, StatisticsExporter, StatisticsRepository, SummaryRepository,
};
use std::sync::Arc;

/// A port, and that of the primary where the port is one of a replica.
pub(crate) struct ReadSources<'a, Port: ?Sized> {
    nearest: &'a Arc<Port>,
    primary: Option<&'a Arc<Port>>,
}

/// The port to read from.
pub(crate) struct Source<'a, Port: ?Sized> {
    pub(crate) port: &'a Arc<Port>,
    /// Whether its result is final, whatever state the client requires.
    pub(crate) is_authoritative: bool,
}

impl<'a, Port: ?Sized> ReadSources<'a, Port> {
    /// This port, whose results are final.
    pub(crate) fn only(port: &'a Arc<Port>) -> Self {
        Self { nearest: port, primary: None }
    }

    /// Reads from the nearest port. What is unknown there, or older than the state that the client requires, is read from the
    /// primary, whose result is final. If the primary is unavailable, the read fails rather than go back in time.
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

/// The replica is at an earlier state than the client requires.
#[derive(Debug, thiserror::Error)]
#[error("the client knows a later state")]
pub(crate) struct ReplicaBehind;

/// An error that a lagging replica may cause.
pub(crate) trait MayBeBehind {
    /// Whether the primary may succeed instead.
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
