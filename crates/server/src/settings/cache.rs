//! Settings of the cache of pages.

use serde::Deserialize;

/// `[cache]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct CacheSettings {
    pub max_bytes: usize,
}
