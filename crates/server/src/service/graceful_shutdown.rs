//! Graceful shutdown: make clients close, let in-flight requests finish, then stop (ADR 37).

use crate::settings::ServerSettings;
use actix_web::dev::{Server, ServerHandle};
use annotation_statistics_api::ShutdownSignal;
use std::io;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

/// The phases between the stop signal and the end: drain, close idle connections, wait for in-flight requests.
pub(super) struct GracefulShutdown {
    signal: ShutdownSignal,
    drain_time: Duration,
    shutdown_timeout: Duration,
    is_inherited: bool,
    /// Cancelled when idle connections are to be closed.
    close_idle: CancellationToken,
}

impl GracefulShutdown {
    /// `is_inherited`: the socket for clients was handed over, and stays open without this process.
    pub(super) fn new(settings: &ServerSettings, signal: ShutdownSignal, is_inherited: bool) -> Self {
        Self {
            signal,
            drain_time: settings.drain_time.get(),
            shutdown_timeout: settings.shutdown_timeout.get(),
            is_inherited,
            close_idle: CancellationToken::new(),
        }
    }

    /// The token that connections watch: idle ones are closed once it is cancelled.
    pub(super) fn close_idle(&self) -> CancellationToken {
        self.close_idle.clone()
    }

    /// Serves until the stop signal, then shuts down gracefully. Returns the deadline for everything else; `None` after a
    /// second signal, when nothing is waited for.
    pub(super) async fn serve(
        &self,
        server: Server,
        mut stop_signal: impl AsyncFnMut(),
    ) -> io::Result<Option<Instant>> {
        let handle = server.handle();
        let mut deadline = None;
        let stopping = async {
            stop_signal().await;
            tracing::info!("stopping: requests in flight may finish");
            tokio::select! {
                () = self.drain_clients(&handle) => {}
                () = stop_signal() => return,
            }
            let end = Instant::now() + self.shutdown_timeout;
            deadline = Some(end);
            // Not awaited: the server counts in whole seconds, and a second signal must still be handled.
            let _finished = handle.stop(true);
            tokio::select! {
                () = sleep_until(end) => {}
                () = stop_signal() => deadline = None,
            }
        };
        tokio::select! {
            ended = server => ended?,
            () = stopping => tracing::warn!("stopping at once: requests in flight are cut off"),
        }
        Ok(deadline)
    }

    /// Makes clients close (`Connection: close`), which they have `server.drain_time` to do. No request is cut off. On
    /// a socket that was handed over, other processes accept new connections at once; on one of our own, new clients are
    /// served until the end.
    async fn drain_clients(&self, server: &ServerHandle) {
        self.signal.begin();
        if self.is_inherited {
            server.pause().await;
            tracing::info!("new clients are left to the other processes with this socket");
        }
        sleep(self.drain_time).await;
        self.close_idle.cancel();
    }
}
