//! How much work there may be, and the names of the settings of these limits.

use crate::Callers;
use crate::pool::fair_queue::QueueLimits;
use std::time::Duration;

/// How much work may be in flight and wait, and how long it may take.
#[derive(Debug, Clone, Copy)]
pub struct DatabaseLimits {
    /// Connections, and so the most work done at the same time.
    pub pool_size: u32,
    /// The most work that may wait for a connection, for each connection.
    pub queue_per_session: u32,
    /// The longest wait for a connection that others use. Work that is likely to wait that long is not admitted.
    pub queue_wait: Duration,
    /// The longest time until a write has begun, the waits included; and for a read that comes before one.
    pub start_timeout: Duration,
    /// Whether the wait of a write for locks is part of `start_timeout` too (ADR 66). If not, it is limited by the
    /// `lock_timeout` of its connection alone.
    pub locks_share_start: bool,
    /// The longest time for all of the work, the wait in the queue included.
    pub deadline: Duration,
    /// How many reads are done together.
    pub batch: BatchLimits,
    /// Where these come from.
    pub names: LimitNames,
}

/// How many reads are done together, and how long one waits for that (ADR 63, ADR 70).
#[derive(Debug, Clone, Copy)]
pub struct BatchLimits {
    /// The most reads of a batch; one does each alone.
    pub reads: u32,
    /// The most rows of a batch of several reads. All of them wait for all of these rows.
    pub rows: u64,
    /// The longest wait of a read for the batch in flight, while a connection is free.
    pub wait: Duration,
}

impl BatchLimits {
    /// All work is done alone.
    pub const NONE: Self = Self { reads: 1, rows: 0, wait: Duration::MAX };
}

impl DatabaseLimits {
    /// The most work at the same time, of all and of one caller, and the most that waits.
    pub(super) fn queue(&self, callers: &Callers) -> QueueLimits {
        QueueLimits {
            connections: number(self.pool_size),
            per_caller: number(callers.share_of(self.pool_size)),
            places: number(self.pool_size.saturating_mul(self.queue_per_session)),
            batch: number(self.batch.reads),
            batch_rows: self.batch.rows,
        }
    }
}

fn number(of: u32) -> usize {
    usize::try_from(of).unwrap_or(usize::MAX)
}

/// The settings that the limits come from, for error messages.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each is the setting of the limit of its name")]
pub struct LimitNames {
    pub pool_size: &'static str,
    pub queue_wait: &'static str,
    pub start_timeout: &'static str,
    pub deadline: &'static str,
}
