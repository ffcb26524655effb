//! Settings of exports over HTTP.

use super::values::Time;
use serde::Deserialize;
use std::num::{NonZeroU32, NonZeroUsize};

/// `[export]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct ExportSettings {
    pub pool_size: NonZeroU32,
    pub queue_per_session: u32,
    pub max_per_key: u32,
    pub queue_wait: Time,
    pub deadline: Time,
    pub statement_timeout: Time,
    pub reader_timeout: Time,
    pub reader_grace: Time,
    pub reader_min_rate: NonZeroUsize,
    pub max_statements: NonZeroUsize,
}
