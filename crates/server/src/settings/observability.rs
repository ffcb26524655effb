//! Settings of the admin listener, the log and the traces.

use super::values::Time;
use serde::Deserialize;
use std::net::SocketAddr;
use std::num::NonZeroUsize;

/// `[admin]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct AdminSettings {
    pub bind: SocketAddr,
    pub ready_shared: Time,
    pub ready_interval: Time,
}

/// `[log]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct LogSettings {
    pub filter: String,
    pub format: LogFormat,
    pub max_diagnostics_per_second: NonZeroUsize,
    pub max_strangers_per_second: NonZeroUsize,
}

/// `[telemetry]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct TelemetrySettings {
    pub otlp_endpoint: String,
    pub sampled_per_thousand: u16,
    pub max_waiting_spans: NonZeroUsize,
    pub export_interval: Time,
    pub export_timeout: Time,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Pretty on a terminal, JSON elsewhere.
    Auto,
    /// For people.
    Pretty,
    /// For machines.
    Json,
}
