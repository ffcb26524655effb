//! An import that a signal stops, without doubt about what is recorded where that can be avoided.

use crate::cli::stop_signals::StopSignals;
use crate::terminal::remark;
use annotation_statistics_storage::CommitGate;
use std::pin::pin;
use std::time::Duration;
use tokio::time::timeout;

/// How signals stop an import.
pub(super) struct Cancellation {
    pub(super) signals: StopSignals,
    /// The gate that each recording passes before its COMMIT.
    pub(super) gate: CommitGate,
    /// The longest wait for the response to a COMMIT.
    pub(super) limit: Duration,
}

/// The outcome of work that a signal stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancelled {
    NothingDone,
    Unknown,
}

impl Cancellation {
    /// Records through the gate. A signal stops a recording before its COMMIT; after that, the response of the database is
    /// waited for, within the limit and until a second signal.
    pub(super) async fn record_unless_cancelled<T>(
        &mut self,
        recording: impl Future<Output = T>,
    ) -> Result<T, Cancelled> {
        self.unless_cancelled(recording, CommitGate::close).await
    }

    /// The same for a small change that does not pass the gate: its COMMIT may be sent at any time.
    pub(super) async fn change_unless_cancelled<T>(&mut self, change: impl Future<Output = T>) -> Result<T, Cancelled> {
        let close = |gate: &CommitGate| {
            gate.close();
            true
        };
        self.unless_cancelled(change, close).await
    }

    async fn unless_cancelled<T>(
        &mut self,
        work: impl Future<Output = T>,
        close: impl FnOnce(&CommitGate) -> bool,
    ) -> Result<T, Cancelled> {
        let mut work = pin!(work);
        tokio::select! {
            done = &mut work => return Ok(done),
            () = self.signals.next() => {}
        }
        if !close(&self.gate) {
            return Err(Cancelled::NothingDone);
        }
        remark("stopping: waiting for the response to COMMIT");
        tokio::select! {
            done = timeout(self.limit, work) => done.map_err(|_| Cancelled::Unknown),
            () = self.signals.next() => Err(Cancelled::Unknown),
        }
    }
}
