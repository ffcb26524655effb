//! How many tasks there are of each kind.

use serde::Serialize;

/// How many tasks there are of each kind. `added` + `changed` + `unchanged` are those of the later state, `removed` +
/// `changed` + `unchanged` those of the earlier one, and `delivered` - `reopened` is by how many the complete pool has grown.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TaskCounts {
    /// Only in the later state.
    pub added: u64,
    /// Only in the earlier state.
    pub removed: u64,
    /// In both, and not the same.
    pub changed: u64,
    /// In both, and the same.
    pub unchanged: u64,
    /// In the complete pool, and not before.
    pub delivered: u64,
    /// In the complete pool before, and not any more.
    pub reopened: u64,
    /// In the complete pool in both, with other counts.
    pub reworked: u64,
}
