//! Settings of comparisons of sheets with what is recorded.

use annotation_statistics_api::ReconciliationSettings;
use serde::Deserialize;
use std::num::NonZeroUsize;

/// `[reconciliation]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct ReconciliationSection {
    pub max_body: usize,
    pub max_lines: u64,
    pub max_concurrent: NonZeroUsize,
}

impl ReconciliationSection {
    /// What the API needs of them.
    pub(super) fn settings(&self) -> ReconciliationSettings {
        let Self { max_body, max_lines, max_concurrent } = *self;
        ReconciliationSettings { max_body, max_lines, max_concurrent }
    }
}
