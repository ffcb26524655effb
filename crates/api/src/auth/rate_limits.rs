//! Rate limits by key and by address.

use crate::AccessSettings;
use crate::http::{Caller, network};
use crate::response::AccessError;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

/// After so many checks the idle entries are removed.
const CHECKS_PER_SWEEP: u32 = 16_384;

/// So many ids of one query cost as much as one more request.
const IDS_PER_REQUEST: usize = 100;

/// The requests per second, by key and by address.
///
/// Neither table grows with the number of clients: only keys that exist are counted, and addresses share 65,536 counters.
/// A random hash assigns them, so that no client can choose whose counter it exhausts.
pub(super) struct RateLimits<C: Clock + Clone = DefaultClock> {
    by_key: Option<Table<Caller, C>>,
    by_address: Option<Table<u16, C>>,
    hasher: RandomState,
}

pub(super) struct Table<K: Hash + Eq + Clone, C: Clock + Clone> {
    limiter: RateLimiter<K, HashMapStateStore<K>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
    most: NonZeroU32,
    checks: AtomicU32,
    of: &'static str,
}

impl<C: Clock + Clone> RateLimits<C> {
    pub(super) fn new(settings: &AccessSettings, clock: &C) -> Self {
        Self {
            by_key: settings.requests_per_key.map(|most| Table::new(Quota::per_second(most), clock, "key")),
            by_address: settings.requests_per_address.map(|most| Table::new(Quota::per_second(most), clock, "address")),
            hasher: RandomState::new(),
        }
    }

    /// Counts a request of an authenticated key, so that no client exhausts the limit of another.
    pub(super) fn count_key(&self, key: &Caller) -> Result<(), AccessError> {
        self.by_key.as_ref().map_or(Ok(()), |table| table.count(key, NonZeroU32::MIN))
    }

    /// Counts the ids that a request of a key is for: every hundred cost as much as a request.
    pub(super) fn count_ids(&self, key: &Caller, ids: usize) -> Result<(), AccessError> {
        let requests = NonZeroU32::new(u32::try_from(ids / IDS_PER_REQUEST).unwrap_or(u32::MAX));
        let (Some(table), Some(requests)) = (&self.by_key, requests) else { return Ok(()) };
        table.count(key, requests)
    }

    /// Counts a request of an address. An IPv6 /64 network counts as one address, as one customer has all of it.
    pub(super) fn count_address(&self, address: IpAddr) -> Result<(), AccessError> {
        let Some(table) = &self.by_address else { return Ok(()) };
        let [first, second, ..] = self.hasher.hash_one(network(address)).to_be_bytes();
        table.count(&u16::from_be_bytes([first, second]), NonZeroU32::MIN)
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Table<K, C> {
    pub(super) fn new(quota: Quota, clock: &C, of: &'static str) -> Self {
        let limiter = RateLimiter::hashmap_with_clock(quota, clock.clone());
        let most = quota.burst_size();
        Self { limiter, clock: clock.clone(), most, checks: AtomicU32::new(0), of }
    }

    /// Counts so many requests at once, at most the burst: more could never be admitted.
    pub(super) fn count(&self, who: &K, requests: NonZeroU32) -> Result<(), AccessError> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_PER_SWEEP == CHECKS_PER_SWEEP - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        // The limiter refuses for good only what exceeds its burst, which the minimum rules out.
        let Ok(counted) = self.limiter.check_key_n(who, requests.min(self.most)) else { return Ok(()) };
        counted.map_err(|until| {
            let retry_after = until.wait_time_from(self.clock.now());
            AccessError::TooMany { of: self.of, retry_after }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderMap, RETRY_AFTER};
    use annotation_statistics_access::KeyId;
    use governor::clock::FakeRelativeClock;
    use std::time::Duration;

    fn key(id: &str) -> Caller {
        Caller::key(&KeyId::new(id).unwrap())
    }

    fn limits(requests: u32, clock: &FakeRelativeClock) -> RateLimits<FakeRelativeClock> {
        let most = NonZeroU32::new(requests);
        let settings =
            AccessSettings { requests_per_key: most, requests_per_address: most, ..AccessSettings::default() };
        RateLimits::new(&settings, clock)
    }

    fn allowed(count: impl FnMut() -> Result<(), AccessError>) -> usize {
        std::iter::repeat_with(count).take_while(Result::is_ok).count()
    }

    #[test]
    fn a_key_and_an_address_are_limited_and_then_wait() {
        let clock = FakeRelativeClock::default();
        let limits = limits(3, &clock);
        let (key, other) = (key("a"), key("b"));
        assert_eq!((allowed(|| limits.count_key(&key)), allowed(|| limits.count_key(&other))), (3, 3));
        let refused = limits.count_key(&key).unwrap_err();
        let mut headers = HeaderMap::new();
        refused.set_headers(&mut headers);
        assert_eq!((refused.code().code(), headers.get(RETRY_AFTER).unwrap().to_str().unwrap()), (429, "1"));
        clock.advance(Duration::from_millis(700));
        assert_eq!(allowed(|| limits.count_key(&key)), 2, "one in a third of a second");

        let address = |text: &str| text.parse().unwrap();
        assert_eq!(allowed(|| limits.count_address(address("192.0.2.1"))), 3);
        assert!(limits.count_address(address("::ffff:192.0.2.1")).is_err(), "the same, written for IPv6");
        assert_eq!(allowed(|| limits.count_address(address("2001:db8:1:2::1"))), 3);
        assert!(limits.count_address(address("2001:db8:1:2:ffff::2")).is_err(), "the same network");
    }

    #[test]
    fn a_hundred_ids_cost_as_much_as_a_request_and_never_more_than_there_may_be() {
        let clock = FakeRelativeClock::default();
        let (limits, key) = (limits(10, &clock), key("a"));
        for (ids, left, reason) in [
            (99, 10, "they are paid for by the request"),
            (100, 9, "one more"),
            (999, 1, "nine more"),
            (10_000, 0, "a hundred more, of which there are ten"),
        ] {
            clock.advance(Duration::from_secs(1));
            limits.count_ids(&key, ids).unwrap();
            assert_eq!(allowed(|| limits.count_key(&key)), left, "{reason}");
        }
        assert_eq!(limits.count_ids(&key, 100).unwrap_err().code().code(), 429);
    }

    #[test]
    fn no_limit_is_no_limit() {
        let limits = limits(0, &FakeRelativeClock::default());
        let key = key("a");
        assert!(
            (0..10_000).all(|_| limits.count_key(&key).is_ok() && limits.count_address([192, 0, 2, 1].into()).is_ok())
        );
    }

    #[test]
    fn what_is_idle_is_forgotten_and_the_addresses_never_need_more_than_their_counters() {
        let clock = FakeRelativeClock::default();
        let limits = limits(1_000_000, &clock);
        for number in 0..200_000_u32 {
            limits.count_address(IpAddr::V4(number.into())).unwrap();
        }
        let table = limits.by_address.as_ref().unwrap();
        assert!((60_000..=65_536).contains(&table.limiter.len()), "{}", table.limiter.len());
        clock.advance(Duration::from_secs(10));
        for _ in 0..CHECKS_PER_SWEEP {
            limits.count_address([192, 0, 2, 1].into()).unwrap();
        }
        assert!(table.limiter.len() <= 1, "{}", table.limiter.len());
    }
}
