//! How the service lets its clients go before it stops.

use crate::settings::ServerSettings;
use actix_web::dev::{Server, ServerHandle};
use annotation_statistics_api::Drain;
use std::io;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

/// What happens between the wish to stop and the stop.
pub(super) struct GracefulShutdown {
    drain: Drain,
    time: Duration,
    shutdown_timeout: Duration,
    is_inherited: bool,
    /// Cancelled when idle clients are to go.
    close_idle: CancellationToken,
}

impl GracefulShutdown {
    /// A socket for clients that was handed over stays open without this process.
    pub(super) fn new(settings: &ServerSettings, drain: Drain, is_inherited: bool) -> Self {
        Self {
            drain,
            time: settings.drain_time.get(),
            shutdown_timeout: settings.shutdown_timeout.get(),
            is_inherited,
            close_idle: CancellationToken::new(),
        }
    }

    /// What connections are to watch: idle clients are let go once it is cancelled.
    pub(super) fn close_idle(&self) -> CancellationToken {
        self.close_idle.clone()
    }

    /// Serves until told to stop, lets the clients go, and has the requests under way finish. Returns by when all else must
    /// have ended; `None` when it was told a second time, and nothing is to be waited for.
    pub(super) async fn serve(&self, server: Server, mut told: impl AsyncFnMut()) -> io::Result<Option<Instant>> {
        let handle = server.handle();
        let mut until = None;
        let told_to_go = async {
            told().await;
            tracing::info!("stopping: requests under way may finish");
            tokio::select! {
                () = self.run(&handle) => {}
                () = told() => return,
            }
            let end = Instant::now() + self.shutdown_timeout;
            until = Some(end);
            // The server hears nothing more while it waits for them, and counts in whole seconds.
            let _finished = handle.stop(true);
            tokio::select! {
                () = sleep_until(end) => {}
                () = told() => until = None,
            }
        };
        tokio::select! {
            ended = server => ended?,
            () = told_to_go => tracing::warn!("stopping at once: requests under way are cut off"),
        }
        Ok(until)
    }

    /// Tells everybody to go, and gives them the time for it. Nobody is cut off: a request that is on its way is
    /// answered. A socket that others have, too, is left to them at once; on one of our own, new clients are served as
    /// long as they come.
    async fn run(&self, server: &ServerHandle) {
        self.drain.begin();
        if self.is_inherited {
            server.pause().await;
            tracing::info!("new clients are left to whoever has the socket, too");
        }
        sleep(self.time).await;
        self.close_idle.cancel();
    }
}
