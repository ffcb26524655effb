//! What can be set about the listener for clients.

use crate::Time;
use serde::Deserialize;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};

/// `[server]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct ServerSettings {
    pub bind: SocketAddr,
    pub workers: usize,
    pub backlog: u32,
    pub max_connections_per_worker: NonZeroUsize,
    pub http2_max_streams: NonZeroU32,
    pub head_timeout: Time,
    pub body_timeout: Time,
    pub body_grace: Time,
    pub body_min_rate: NonZeroUsize,
    pub write_timeout: Time,
    pub keep_alive: Time,
    pub disconnect_timeout: Time,
    pub drain_time: Time,
    pub shutdown_timeout: Time,
}
