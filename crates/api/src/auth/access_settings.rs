//! What can be set about access keys.

use std::num::NonZeroU32;
use std::time::Duration;

/// What can be set about access keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessSettings {
    /// How far `X-TS` may be from the clock of the server, before and after it. Default: 300 s.
    pub window: Duration,
    /// Whether scheme v1 is accepted at all. Default: yes.
    pub accepts_v1: bool,
    /// The most requests of one key in a second; `None` for no limit. Default: none.
    pub requests_per_key: Option<NonZeroU32>,
    /// The most requests of one address in a second; `None` for no limit. Default: none.
    pub requests_per_address: Option<NonZeroU32>,
}

impl Default for AccessSettings {
    fn default() -> Self {
        Self { window: Duration::from_secs(300), accepts_v1: true, requests_per_key: None, requests_per_address: None }
    }
}
