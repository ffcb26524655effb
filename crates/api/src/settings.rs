//! What can be set about the interface.

use crate::{AllowedHosts, BasePath, TrustedProxies};
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

/// What can be set about the interface; the default is the public contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSettings {
    /// The path under which the statistics are; health and documentation stay at the root. Default: none.
    pub base_path: BasePath,
    /// Whose word about the addresses of clients is believed. Default: nobody's.
    pub proxies: TrustedProxies,
    /// By which names the service may be asked where it is open to everybody. Default: `localhost` and loopback addresses.
    pub allowed_hosts: AllowedHosts,
    /// The most different annotation request ids that one request may ask for. Default: 1,000.
    pub max_ids: NonZeroUsize,
    /// The most rows of a page; a larger limit is lowered to it. Default: 100.
    pub max_limit: NonZeroU32,
    /// The most different annotation request ids that one query in a body may ask for. Default: 10,000.
    pub max_query_ids: NonZeroUsize,
    /// The most rows that one request may record. Default: 10,000.
    pub max_batch: NonZeroUsize,
    /// The most operation items that one recorded row may have counts for. Default: 10,000.
    pub max_items: NonZeroUsize,
    /// The largest body of a request, in bytes. Default: 8,388,608.
    pub max_body: usize,
    /// The most bytes of bodies, and of the rows that are read from them, that are held at the same time, over all requests.
    /// Default: 134,217,728.
    pub max_bodies: usize,
    /// How much of that may be for one key; for one address, while the key is not proved or none is needed. Default:
    /// 67,108,864.
    pub max_bodies_per_key: usize,
    /// The longest time that a body may take to arrive. Default: 30 seconds.
    pub body_timeout: Duration,
    /// How long a body may take whatever its size. Default: 5 seconds.
    pub body_grace: Duration,
    /// How many bytes of a body must come in each second besides. Default: 16,384.
    pub body_min_rate: NonZeroUsize,
    /// The longest time that the reader of an export may take nothing of it. Default: 10 seconds.
    pub reader_timeout: Duration,
    /// How long an export may wait for its reader all together, whatever the reader takes. Default: 30 s.
    pub reader_grace: Duration,
    /// How many bytes of an export must be taken in each second that it waits for its reader after that, on average.
    /// Default: 65,536.
    pub reader_min_rate: NonZeroUsize,
    /// The largest page, in bytes; a page of one row is answered whatever its size. Default: 8,388,608.
    pub max_answer: usize,
    /// The smallest body of an answer that is worth compressing, in bytes. Default: 1,024.
    pub min_compressed: usize,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self {
            base_path: BasePath::default(),
            proxies: TrustedProxies::default(),
            allowed_hosts: AllowedHosts::default(),
            max_ids: NonZeroUsize::MIN.saturating_add(999),
            max_limit: NonZeroU32::MIN.saturating_add(99),
            max_query_ids: NonZeroUsize::MIN.saturating_add(9_999),
            max_batch: NonZeroUsize::MIN.saturating_add(9_999),
            max_items: NonZeroUsize::MIN.saturating_add(9_999),
            max_body: 8_388_608,
            max_bodies: 134_217_728,
            max_bodies_per_key: 83_886_080,
            body_timeout: Duration::from_secs(30),
            body_grace: Duration::from_secs(5),
            body_min_rate: NonZeroUsize::MIN.saturating_add(16_383),
            reader_timeout: Duration::from_secs(10),
            reader_grace: Duration::from_secs(30),
            reader_min_rate: NonZeroUsize::MIN.saturating_add(65_535),
            max_answer: 8_388_608,
            min_compressed: 1_024,
        }
    }
}
