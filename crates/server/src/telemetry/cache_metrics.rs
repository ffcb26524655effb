//! Metrics of the cache of pages.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

/// How often pages were in the cache, and how many bytes they take. Cloning shares the numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct CacheMetrics {
    hits: Counter,
    misses: Counter,
    bytes: Gauge,
}

impl CacheMetrics {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("page_cache_hits", "Pages that were sent from the cache", self.hits.clone());
        let help = "Pages whose rows were read, as they were not in the cache or not current";
        registry.register("page_cache_misses", help, self.misses.clone());
        let help = "Memory of the pages in the cache";
        registry.register_with_unit("page_cache", help, Unit::Bytes, self.bytes.clone());
    }

    /// Counts a page whose rows were needed.
    pub(super) fn looked_up(&self, is_cached: bool) {
        let counter = if is_cached { &self.hits } else { &self.misses };
        counter.inc();
    }

    /// Sets the memory of all pages.
    pub(super) fn filled(&self, bytes: u64) {
        self.bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }
}
