//! The part of the shutdown after the last request: what runs in the background is stopped.

use super::database_source::DatabaseSource;
use super::error::ApplicationError;
use crate::telemetry::TraceExport;
use annotation_statistics_storage::PostgresKeys;
use std::io;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

/// What runs until the end: spans that wait for the collector, the thread of the keys, the private database.
pub(super) struct BackgroundShutdown {
    pub(super) traces: Option<TraceExport>,
    pub(super) keys: Option<PostgresKeys>,
    pub(super) database_source: DatabaseSource,
}

impl BackgroundShutdown {
    /// Stops traces and keys before the deadline, and the private database within a timeout of its own. Without a deadline,
    /// and after another stop signal, it waits for none of them: the private database ends by itself.
    ///
    /// # Errors
    /// When the private database does not stop.
    pub(super) async fn run(
        self,
        deadline: Option<Instant>,
        mut stop_signal: impl AsyncFnMut(),
    ) -> Result<(), ApplicationError> {
        let Self { traces, keys, database_source } = self;
        let Some(deadline) = deadline else { return in_background(|| database_source.leave()).await };
        let others = in_background(move || {
            traces.into_iter().for_each(TraceExport::stop);
            keys.iter().for_each(PostgresKeys::stop);
            Ok(())
        });
        tokio::select! {
            // Nothing is lost by it but spans and the time of a key's last use.
            _late = timeout_at(deadline, others) => {}
            () = stop_signal() => return in_background(|| database_source.leave()).await,
        }
        tokio::select! {
            stopped = in_background(|| database_source.stop()) => stopped,
            // It was signalled to stop already.
            () = stop_signal() => Ok(()),
        }
    }
}

async fn in_background(
    stop: impl FnOnce() -> Result<(), embedded_postgres::Error> + Send + 'static,
) -> Result<(), ApplicationError> {
    spawn_blocking(stop).await.map_err(io::Error::other)?.map_err(ApplicationError::from)
}
