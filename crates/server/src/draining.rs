//! How the service lets its clients go before it stops.

use crate::settings::ServerSettings;
use actix_web::dev::ServerHandle;
use annotation_statistics_api::Drain;
use std::time::Duration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// What happens between the wish to stop and the stop.
pub(crate) struct Draining {
    drain: Drain,
    time: Duration,
    is_inherited: bool,
    /// Cancelled when idle clients are to go.
    let_go: CancellationToken,
}

impl Draining {
    /// A socket for clients that was handed over stays open without this process.
    pub(crate) fn new(settings: &ServerSettings, drain: Drain, is_inherited: bool) -> Self {
        Self { drain, time: settings.drain_time.get(), is_inherited, let_go: CancellationToken::new() }
    }

    /// What connections are to watch: idle clients are let go once it is cancelled.
    pub(crate) fn let_go(&self) -> CancellationToken {
        self.let_go.clone()
    }

    /// Tells everybody to go, and gives them the time for it. Nobody is cut off: a request that is on its way is
    /// answered. A socket that others have, too, is left to them at once; on one of our own, new clients are served as
    /// long as they come.
    pub(crate) async fn run(&self, server: &ServerHandle) {
        self.drain.begin();
        if self.is_inherited {
            server.pause().await;
            tracing::info!("new clients are left to whoever has the socket, too");
        }
        sleep(self.time).await;
        self.let_go.cancel();
    }
}
