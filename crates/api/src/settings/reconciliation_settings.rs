//! The limits of sheets that are compared with what is recorded.

use std::num::NonZeroUsize;

/// The limits of sheets that are compared with what is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReconciliationSettings {
    /// The largest sheet, in bytes; also how much of the memory of sheets one caller may hold.
    pub max_body: usize,
    /// The most values of a sheet.
    pub max_lines: u64,
    /// The most sheets that are compared at the same time.
    pub max_concurrent: NonZeroUsize,
}
