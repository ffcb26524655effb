//! The limits of statements that are made.

use std::num::NonZeroUsize;
use std::time::Duration;

/// The limits of statements that are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementSettings {
    /// The most statements that are made at the same time.
    pub max_concurrent: NonZeroUsize,
    /// The longest time that one may take.
    pub deadline: Duration,
}
