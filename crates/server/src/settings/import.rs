//! Settings of imports from the command line.

use super::values::Time;
use serde::Deserialize;

/// `[import]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct ImportSettings {
    pub start_timeout: Time,
    pub deadline: Time,
    pub lock_timeout: Time,
    pub stop_timeout: Time,
}
