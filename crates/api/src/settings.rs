//! The settings of the interface.

#[cfg(feature = "default-settings")]
mod default_settings;
mod page_settings;
mod reconciliation_settings;
mod sign_in_settings;
mod statement_settings;

use crate::{AllowedHosts, BasePath, TrustedProxies};
pub use page_settings::{PageSettings, UnknownTimeZone};
pub use reconciliation_settings::ReconciliationSettings;
pub use sign_in_settings::SignInSettings;
pub use statement_settings::StatementSettings;
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

/// The settings of the interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSettings {
    /// The path prefix of the statistics; health and documentation stay at the root.
    pub base_path: BasePath,
    /// The proxies that are trusted to forward the addresses of clients.
    pub proxies: TrustedProxies,
    /// The host names that a service without access keys accepts, besides `localhost` and loopback addresses.
    pub allowed_hosts: AllowedHosts,
    /// The settings of people in a browser.
    pub sign_in: SignInSettings,
    /// The settings of the HTML page.
    pub page: PageSettings,
    /// The limits of sheets that are compared with what is recorded.
    pub reconciliation: ReconciliationSettings,
    /// The limits of statements that are made.
    pub statements: StatementSettings,
    /// The most distinct annotation request ids in a URL.
    pub max_ids: NonZeroUsize,
    /// The most rows of a page; a larger limit is lowered to it.
    pub max_limit: NonZeroU32,
    /// The most distinct annotation request ids in the body of a query.
    pub max_query_ids: NonZeroUsize,
    /// The most rows that one request may record.
    pub max_batch: NonZeroUsize,
    /// The most operation items that one recorded row may have counts for.
    pub max_items: NonZeroUsize,
    /// The largest body of a request, in bytes.
    pub max_body: usize,
    /// The most bytes of bodies, and of the rows that are parsed from them, that all in-flight requests hold.
    pub max_bodies: usize,
    /// How much of that one key may hold; one address, while the key is not verified or none is needed.
    pub max_bodies_per_key: usize,
    /// The longest time that a body may take to arrive.
    pub body_timeout: Duration,
    /// How long a body may take whatever its size.
    pub body_grace: Duration,
    /// How many bytes of a body must arrive in each second after that, on average.
    pub body_min_rate: NonZeroUsize,
    /// The longest time that the reader of an export may take nothing of it.
    pub reader_timeout: Duration,
    /// How long an export may wait for its reader in total, whatever the reader takes.
    pub reader_grace: Duration,
    /// How many bytes of an export must be taken in each second that it waits for its reader after that, on average.
    pub reader_min_rate: NonZeroUsize,
    /// The most readers of all rows of statements at a time.
    pub max_statement_exports: NonZeroUsize,
    /// The largest page, in bytes; a page of one row is sent whatever its size.
    pub max_answer: usize,
    /// The most bytes of pages that are kept to be sent again; 0 keeps none.
    pub max_cached: usize,
    /// The smallest body of a response that is compressed, in bytes.
    pub min_compressed: usize,
}
