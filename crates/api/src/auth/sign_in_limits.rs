//! Rate limits of signing in, by address and by key id.

use crate::auth::rate_limits::Table;
use crate::http::network;
use crate::response::AccessError;
use governor::Quota;
use governor::clock::{Clock, DefaultClock};
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;

/// The attempts to sign in, a minute.
///
/// Key ids are counted whether there is such a key or not: a limit that only existing ones have would reveal them. Addresses
/// and key ids share 65,536 counters each, which a random hash assigns.
pub(crate) struct SignInLimits<C: Clock + Clone = DefaultClock> {
    by_key: Option<Table<u16, C>>,
    by_address: Option<Table<u16, C>>,
    hasher: RandomState,
}

impl<C: Clock + Clone> SignInLimits<C> {
    /// So many attempts a minute of one key id and of one address; `None` for no limit.
    pub(crate) fn new(per_key: Option<NonZeroU32>, per_address: Option<NonZeroU32>, clock: &C) -> Self {
        let table = |most, of| Table::new(Quota::per_minute(most), clock, of);
        Self {
            by_key: per_key.map(|most| table(most, "key id, to sign in")),
            by_address: per_address.map(|most| table(most, "address, to sign in")),
            hasher: RandomState::new(),
        }
    }

    /// Counts an attempt of an address with the text that it gives as a key id.
    pub(crate) fn count(&self, address: Option<IpAddr>, key: &str) -> Result<(), AccessError> {
        if let (Some(table), Some(address)) = (&self.by_address, address) {
            table.count(&self.counter(network(address)), NonZeroU32::MIN)?;
        }
        self.by_key.as_ref().map_or(Ok(()), |table| table.count(&self.counter(key), NonZeroU32::MIN))
    }

    fn counter(&self, of: impl Hash) -> u16 {
        let [first, second, ..] = self.hasher.hash_one(of).to_be_bytes();
        u16::from_be_bytes([first, second])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;
    use std::time::Duration;

    #[test]
    fn attempts_are_counted_by_address_and_by_key_id_and_come_back_with_time() {
        let clock = FakeRelativeClock::default();
        let limits = SignInLimits::new(NonZeroU32::new(4), NonZeroU32::new(2), &clock);
        let address = |last: u8| Some(IpAddr::from([192, 0, 2, last]));
        let allowed = |of: Option<IpAddr>, key: &str| limits.count(of, key).is_ok();
        assert!(allowed(address(1), "a") && allowed(address(1), "b"));
        assert!(!allowed(address(1), "c"), "the third of an address");
        assert!((2..5).all(|last| allowed(address(last), "a")));
        assert!(!allowed(address(9), "a"), "the fifth for a key id");
        let refused = limits.count(address(9), "a").unwrap_err();
        let AccessError::TooMany { retry_after, .. } = refused else { panic!("{refused}") };
        assert!(Duration::from_secs(1) < retry_after && retry_after <= Duration::from_secs(30), "{retry_after:?}");
        clock.advance(Duration::from_secs(60));
        assert!(allowed(address(1), "a"));
    }

    #[test]
    fn no_limit_is_no_limit() {
        let limits = SignInLimits::new(None, None, &FakeRelativeClock::default());
        assert!((0..1_000).all(|_| limits.count(Some([192, 0, 2, 1].into()), "a").is_ok()));
    }
}
