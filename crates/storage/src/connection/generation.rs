//! Which connections share the fate of one that was lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts how often the connections of a pool were lost. Cloning shares the count.
#[derive(Debug, Clone, Default)]
pub(crate) struct Generation(Arc<AtomicU64>);

impl Generation {
    /// That of connections which are opened now.
    pub(crate) fn current(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// Whatever ended a connection, a restart or a migration, ended those as old as it too. Only the first to notice says
    /// so: the connections opened since are good.
    pub(crate) fn outdate(&self, seen: u64) {
        let _ = self.0.compare_exchange(seen, seen.wrapping_add(1), Ordering::AcqRel, Ordering::Acquire);
    }
}
