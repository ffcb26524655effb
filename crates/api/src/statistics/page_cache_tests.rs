use super::*;
use crate::ApiSettings;
use crate::statistics::StatisticsParams;
use annotation_statistics_domain::Revision;

const MAX_BYTES: usize = 1_048_576;

/// Of page `number`.
fn identity(number: usize) -> PageIdentity {
    let query = format!("annotationRequestId=a&offset={number}");
    let params = StatisticsParams::parse(&query, &ApiSettings::default()).unwrap();
    PageIdentity::of(&params.requests, params.page, params.zero_fill, None)
}

fn page(number: usize, revision: i64, bytes: usize) -> CachedPage {
    let tag = identity(number).tag_at(&[Revision::from(revision)]);
    CachedPage { tag, count: 7, data: vec![b'x'; bytes].into() }
}

fn place(cache: &PageCache, number: usize) -> CachePlace<'_> {
    cache.place(&identity(number), &CampaignScope::All).unwrap()
}

/// The size of a page in the cache.
fn kept(cache: &PageCache, number: usize) -> Option<usize> {
    place(cache, number).page().map(|page| page.data.len())
}

#[test]
fn the_last_state_of_a_page_is_kept() {
    let cache = PageCache::new(MAX_BYTES);
    assert_eq!(kept(&cache, 1), None);
    for (revision, bytes) in [(1, 100), (2, 50), (1, 70)] {
        let total = place(&cache, 1).keep(page(1, revision, bytes));
        assert_eq!(total, u64::try_from(bytes + ENTRY_BYTES).unwrap(), "in place of the one before");
        let found = place(&cache, 1).page().unwrap();
        assert_eq!((&found.tag, found.data.len()), (&page(1, revision, 0).tag, bytes));
    }
    assert_eq!(kept(&cache, 2), None);
    let foreign = cache.place(&identity(1), &CampaignScope::Only([].into())).unwrap();
    assert!(foreign.page().is_none(), "pages of another scope are others");
}

#[test]
fn a_page_that_takes_a_large_share_is_not_kept() {
    let cache = PageCache::new(MAX_BYTES);
    let largest = MAX_BYTES / LEAST_PAGES - ENTRY_BYTES;
    place(&cache, 1).keep(page(1, 1, largest));
    place(&cache, 2).keep(page(2, 1, largest + 1));
    assert_eq!((kept(&cache, 1), kept(&cache, 2)), (Some(largest), None));
}

#[test]
fn many_pages_take_no_more_than_the_cache_and_leave_those_that_are_sent_often() {
    let cache = PageCache::new(MAX_BYTES);
    place(&cache, 1).keep(page(1, 1, 4_000));
    for number in 2..2_000 {
        assert_eq!(kept(&cache, 1), Some(4_000), "before page {number}");
        assert_eq!(kept(&cache, number), None);
        let total = place(&cache, number).keep(page(number, 1, 4_000));
        assert!(total <= u64::try_from(MAX_BYTES).unwrap(), "{total} bytes with page {number}");
    }
    let others = (2..2_000).filter(|number| kept(&cache, *number).is_some()).count();
    assert!((100..MAX_BYTES / 4_000).contains(&others), "{others} others");
}

#[test]
fn without_memory_nothing_is_kept() {
    assert!(PageCache::new(0).place(&identity(1), &CampaignScope::All).is_none());
    let cache = PageCache::new(1);
    place(&cache, 1).keep(page(1, 1, 0));
    assert_eq!(kept(&cache, 1), None);
}
