//! The wish to stop.

use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that tell the program to stop: Ctrl-C, and SIGTERM from a supervisor. Once this is made they are heard
/// here only, so that none of them ends the program and leaves a private database behind.
pub(super) struct StopSignals {
    interrupted: Signal,
    terminated: Signal,
}

impl StopSignals {
    /// Starts to listen.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self { interrupted: signal(SignalKind::interrupt())?, terminated: signal(SignalKind::terminate())? })
    }

    /// Waits for the next one; one that came while nobody waited counts.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
    }
}
