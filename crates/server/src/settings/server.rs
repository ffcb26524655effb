//! Settings of the listener for clients.

use super::error::SettingsError;
use super::values::{TextList, Time};
use annotation_statistics_api::{ForwardedHeader, TrustedProxies};
use serde::Deserialize;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};

/// `[server]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct ServerSettings {
    pub bind: SocketAddr,
    pub allowed_hosts: TextList,
    pub workers: usize,
    pub backlog: u32,
    pub max_connections_per_worker: NonZeroUsize,
    pub max_connections_per_address: usize,
    pub trusted_proxies: TextList,
    pub public_url: String,
    pub forwarded_header: ProxyHeader,
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

/// The header in which proxies name the client of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`
    XForwardedFor,
    /// `Forwarded`
    Forwarded,
}

impl ServerSettings {
    /// Where clients reach the service, without a slash at the end; `None` where it is not set.
    ///
    /// # Errors
    /// When it is no URL of HTTP, or has more than a host and a path.
    pub(crate) fn public_url(&self) -> Result<Option<String>, SettingsError> {
        let url = self.public_url.trim_end_matches('/');
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let is_usable = |rest: &str| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/[]%".contains(&byte))
        };
        match rest {
            None if url.is_empty() => Ok(None),
            Some(rest) if is_usable(rest) => Ok(Some(url.to_owned())),
            _ => Err(SettingsError::Unusable {
                key: "server.public_url",
                why: "it is an address like https://stats.example/prefix".into(),
            }),
        }
    }

    /// The proxies whose header about the address of a client is trusted.
    ///
    /// # Errors
    /// With the text that is not a network.
    pub(crate) fn proxies(&self) -> Result<TrustedProxies, SettingsError> {
        let header = match self.forwarded_header {
            ProxyHeader::XForwardedFor => ForwardedHeader::XForwardedFor,
            ProxyHeader::Forwarded => ForwardedHeader::Forwarded,
        };
        TrustedProxies::new(self.trusted_proxies.texts(), header)
            .map_err(|error| SettingsError::Unusable { key: "server.trusted_proxies", why: error.to_string() })
    }
}
