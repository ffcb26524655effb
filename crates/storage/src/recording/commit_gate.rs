//! Graceful shutdown of a recording: decides between a COMMIT and a stop.

use crate::DatabaseError;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const CLOSED: u8 = 1;
const COMMITTING: u8 = 2;

/// What every COMMIT of a recorder passes. Once it is closed no COMMIT is sent, and the caller that closes it knows
/// whether one is in flight. For one recording at a time.
#[derive(Debug, Clone, Default)]
pub struct CommitGate(Arc<AtomicU8>);

impl CommitGate {
    /// Lets no COMMIT through from now on. Returns whether one is in flight: its outcome is known when its recording ends.
    pub fn close(&self) -> bool {
        self.0.fetch_or(CLOSED, Ordering::AcqRel) & COMMITTING != 0
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.0.load(Ordering::Acquire) & CLOSED != 0
    }

    pub(super) fn enter(&self) -> Result<(), DatabaseError> {
        if self.0.fetch_or(COMMITTING, Ordering::AcqRel) & CLOSED == 0 {
            return Ok(());
        }
        self.leave();
        Err(DatabaseError::Stopping)
    }

    pub(super) fn leave(&self) {
        self.0.fetch_and(!COMMITTING, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_that_is_closed_lets_no_commit_through() {
        let gate = CommitGate::default();
        assert!(gate.enter().is_ok());
        gate.leave();
        assert!(!gate.close(), "none is on its way");
        assert!(matches!(gate.enter(), Err(DatabaseError::Stopping)));
        assert!(!gate.close(), "one that was refused is not on its way");
    }

    #[test]
    fn closing_a_gate_reports_a_commit_on_its_way() {
        let gate = CommitGate::default();
        assert!(gate.enter().is_ok());
        assert!(gate.close());
        gate.leave();
        assert!(gate.is_closed());
        assert!(!gate.close());
    }
}
