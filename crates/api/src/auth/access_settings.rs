//! The settings of access keys.

use std::num::NonZeroU32;
use std::time::Duration;

/// The settings of access keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessSettings {
    /// The largest difference of `X-TS` to the clock of the server, in both directions.
    pub window: Duration,
    /// Whether scheme v1 is accepted at all.
    pub accepts_v1: bool,
    /// The most requests of one key per second; `None` for no limit.
    pub requests_per_key: Option<NonZeroU32>,
    /// The most requests of one address per second; `None` for no limit.
    pub requests_per_address: Option<NonZeroU32>,
}
