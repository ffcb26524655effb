//! Stop signals.

use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that stop the program: SIGINT (Ctrl-C), and SIGTERM from a supervisor. Once this exists, they do not end the
/// process any more, which would leave a private database running.
pub(super) struct StopSignals {
    interrupted: Signal,
    terminated: Signal,
}

impl StopSignals {
    /// Starts to listen.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self { interrupted: signal(SignalKind::interrupt())?, terminated: signal(SignalKind::terminate())? })
    }

    /// Waits for the next one; one that came in the meantime counts.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
    }
}
