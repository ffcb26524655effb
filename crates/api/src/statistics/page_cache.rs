//! The cache of pages: their rows as they are sent. See ADR 64.

use crate::response::{EntityTag, PageIdentity};
use annotation_statistics_domain::CampaignScope;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use std::sync::Arc;

/// Parts of the cache, each with a lock and a share of the bytes.
const SHARDS: usize = 8;

/// A page is only kept if it takes at most this share of the cache, so that none pushes out many.
const LEAST_PAGES: usize = 64;

/// About how many bytes a page has, for the number of pages that are expected.
const PAGE_BYTES: usize = 4_096;

/// What a page takes besides its rows: its key, its tag, its place in the tables of the cache.
const ENTRY_BYTES: usize = 512;

type Pages = Cache<[u8; 32], Arc<CachedPage>, BySize>;

/// Pages that were sent, bounded in bytes. Cloning shares them.
///
/// A page is found by what was requested and by the scope of the caller, and is current while its tag is: the caller
/// compares that with the state of the requests. So there is nothing to invalidate, whichever server changes them. A page
/// that was sent twice stays longer than pages that were sent once, however many those are.
#[derive(Clone)]
pub(crate) struct PageCache {
    /// `None`: nothing is kept.
    pages: Option<Arc<Pages>>,
    largest: usize,
}

/// A page as it was sent.
pub(crate) struct CachedPage {
    /// Of the state that it shows.
    pub(crate) tag: EntityTag,
    /// The rows of all pages.
    pub(crate) count: u64,
    /// The data of its envelope, as JSON.
    pub(crate) data: Box<[u8]>,
}

impl CachedPage {
    fn bytes(&self) -> usize {
        self.data.len().saturating_add(ENTRY_BYTES)
    }
}

/// The place of a page in the cache, whether it is there or not.
#[derive(Clone, Copy)]
pub(crate) struct CachePlace<'a> {
    pages: &'a Pages,
    key: [u8; 32],
    largest: usize,
}

impl PageCache {
    /// An empty cache of so many bytes; 0 keeps nothing.
    pub(crate) fn new(max_bytes: usize) -> Self {
        let mut options = OptionsBuilder::new();
        options.shards(SHARDS).estimated_items_capacity(max_bytes / PAGE_BYTES);
        options.weight_capacity(u64::try_from(max_bytes).unwrap_or(u64::MAX));
        let options = options.build().ok().filter(|_| max_bytes > 0);
        let pages = options.map(|options| {
            Arc::new(Pages::with_options(options, BySize, DefaultHashBuilder::default(), DefaultLifecycle::default()))
        });
        Self { pages, largest: max_bytes / LEAST_PAGES }
    }

    /// The place of a page for callers of a scope; `None` where nothing is kept.
    pub(crate) fn place(&self, page: &PageIdentity, scope: &CampaignScope) -> Option<CachePlace<'_>> {
        let pages = self.pages.as_deref()?;
        Some(CachePlace { pages, key: page.within(scope), largest: self.largest })
    }
}

impl CachePlace<'_> {
    /// The page that was kept here last, of whatever state.
    pub(crate) fn page(&self) -> Option<Arc<CachedPage>> {
        self.pages.get(&self.key)
    }

    /// Keeps a page, if it is not too large; returns how many bytes all pages take now.
    pub(crate) fn keep(&self, page: CachedPage) -> u64 {
        if page.bytes() <= self.largest {
            self.pages.insert(self.key, Arc::new(page));
        }
        self.pages.weight()
    }
}

#[derive(Clone)]
struct BySize;

impl Weighter<[u8; 32], Arc<CachedPage>> for BySize {
    fn weight(&self, _: &[u8; 32], page: &Arc<CachedPage>) -> u64 {
        u64::try_from(page.bytes()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
#[path = "page_cache_tests.rs"]
mod tests;
