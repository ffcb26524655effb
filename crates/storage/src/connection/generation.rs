//! Generations of connections: when one is lost, those that are as old are not used again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts how often the connections of a pool were lost. Cloning shares the count.
#[derive(Debug, Clone, Default)]
pub(crate) struct Generation(Arc<AtomicU64>);

impl Generation {
    /// The generation of connections that are opened now.
    pub(crate) fn current(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// Whatever ended a connection, a restart or a migration, ended all of its generation. A compare-and-swap, so that
    /// only the first to notice starts a new one: connections that were opened since are good (ADR 51).
    pub(crate) fn outdate(&self, seen: u64) {
        let _ = self.0.compare_exchange(seen, seen.wrapping_add(1), Ordering::AcqRel, Ordering::Acquire);
    }
}
