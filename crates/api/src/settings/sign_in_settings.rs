//! The settings of people in a browser.

use crate::ProxyUsers;
use std::num::NonZeroU32;
use std::time::Duration;

/// The settings of people in a browser, where access keys are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInSettings {
    /// How long a session lasts.
    pub session_time: Duration,
    /// How long a share link that the page makes is good.
    pub share_time: Duration,
    /// Where clients reach the service, such as `https://stats.example`, without a slash at the end; `None` for the host
    /// that a request names.
    pub public_url: Option<String>,
    /// The most attempts to sign in with one key id in a minute; `None` for no limit.
    pub per_key: Option<NonZeroU32>,
    /// The most attempts of one address in a minute; `None` for no limit.
    pub per_address: Option<NonZeroU32>,
    /// The users whom trusted proxies sign in.
    pub users: ProxyUsers,
}
