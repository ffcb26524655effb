//! What is stopped when nobody is served any more.

use super::database_source::DatabaseSource;
use super::error::ApplicationError;
use crate::telemetry::TraceExport;
use annotation_statistics_storage::PostgresKeys;
use std::io;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

/// What goes on until the end: spans that wait for the collector, the thread of the keys, the private database.
pub(super) struct BackgroundShutdown {
    pub(super) traces: Option<TraceExport>,
    pub(super) keys: Option<PostgresKeys>,
    pub(super) home: DatabaseSource,
}

impl BackgroundShutdown {
    /// Stops spans and keys until then, and the private database within its own time. Without a time, and once told, it
    /// waits for none of them: the private database ends by itself.
    ///
    /// # Errors
    /// When the private database does not stop.
    pub(super) async fn run(self, until: Option<Instant>, mut told: impl AsyncFnMut()) -> Result<(), ApplicationError> {
        let Self { traces, keys, home } = self;
        let Some(until) = until else { return in_background(|| home.leave()).await };
        let others = in_background(move || {
            traces.into_iter().for_each(TraceExport::stop);
            keys.iter().for_each(PostgresKeys::stop);
            Ok(())
        });
        tokio::select! {
            // Either has nothing to lose but spans and the time of a last use.
            _late = timeout_at(until, others) => {}
            () = told() => return in_background(|| home.leave()).await,
        }
        tokio::select! {
            stopped = in_background(|| home.stop()) => stopped,
            // It has heard that it is to stop.
            () = told() => Ok(()),
        }
    }
}

async fn in_background(
    stop: impl FnOnce() -> Result<(), embedded_postgres::Error> + Send + 'static,
) -> Result<(), ApplicationError> {
    spawn_blocking(stop).await.map_err(io::Error::other)?.map_err(ApplicationError::from)
}
