//! The limit of connections of one address.

use crate::settings::{ServerSettings, SettingsError};
use annotation_statistics_api::{TrustedProxies, network};
use prometheus_client::metrics::counter::Counter;
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The open connections of each address, over all workers. An IPv6 network of 64 bits counts as one: it is one customer.
#[derive(Clone)]
pub(crate) struct AddressConnections {
    most: Option<NonZeroUsize>,
    proxies: TrustedProxies,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    refused: Counter,
}

impl ServerSettings {
    /// The limit for each address.
    ///
    /// # Errors
    /// When a trusted proxy is not a network.
    pub(crate) fn address_connections(&self, refused: Counter) -> Result<AddressConnections, SettingsError> {
        Ok(AddressConnections::new(NonZeroUsize::new(self.max_connections_per_address), self.proxies()?, refused))
    }
}

/// An open connection of an address, until this is dropped.
pub(super) struct AddressConnection {
    of: AddressConnections,
    address: IpAddr,
}

impl AddressConnections {
    /// At most so many for each, `None` for no limit; counts those that are refused. Trusted proxies have no limit.
    pub(super) fn new(most: Option<NonZeroUsize>, proxies: TrustedProxies, refused: Counter) -> Self {
        Self { most, proxies, open: Arc::default(), refused }
    }

    /// One more connection; `None` where the address has reached its limit.
    pub(super) fn open(&self, address: IpAddr) -> Option<AddressConnection> {
        let most = self.most.filter(|_| !self.proxies.trusts(address.to_canonical()));
        let address = network(address);
        let mut open = self.lock();
        let number = open.entry(address).or_default();
        if most.is_some_and(|most| *number >= most.get()) {
            self.refused.inc();
            return None;
        }
        *number += 1;
        drop(open);
        Some(AddressConnection { of: self.clone(), address })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for AddressConnection {
    fn drop(&mut self) {
        let mut open = self.of.lock();
        if let Some(number) = open.get_mut(&self.address) {
            *number = number.saturating_sub(1);
            if *number == 0 {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_api::ForwardedHeader;

    #[test]
    fn an_address_has_as_many_connections_as_it_may_have_and_others_have_theirs() {
        let refused = Counter::default();
        let connections = AddressConnections::new(NonZeroUsize::new(2), TrustedProxies::default(), refused.clone());
        let open = |address: &str| connections.open(address.parse().unwrap());
        let (first, second) = (open("192.0.2.1"), open("::ffff:192.0.2.1"));
        assert!(first.is_some() && second.is_some() && open("192.0.2.1").is_none() && open("192.0.2.2").is_some());
        let network = [open("2001:db8::1"), open("2001:db8::2"), open("2001:db8::3")];
        assert_eq!(network.each_ref().map(Option::is_some), [true, true, false]);
        assert_eq!(refused.get(), 2);
        drop(second);
        assert!(open("192.0.2.1").is_some());
        drop((first, network));
        assert_eq!(connections.lock().len(), 0, "an address without connections is forgotten");
    }

    #[test]
    fn a_trusted_proxy_has_as_many_as_it_likes() {
        let proxies = TrustedProxies::new(&["192.0.2.0/24".into()], ForwardedHeader::default()).unwrap();
        let connections = AddressConnections::new(NonZeroUsize::new(1), proxies, Counter::default());
        let open = |address: &str| connections.open(address.parse().unwrap());
        let open = [open("192.0.2.1"), open("::ffff:192.0.2.1"), open("203.0.113.1"), open("203.0.113.1")];
        assert_eq!(open.each_ref().map(Option::is_some), [true, true, true, false]);
    }

    #[test]
    fn no_limit_is_no_limit() {
        let connections = AddressConnections::new(None, TrustedProxies::default(), Counter::default());
        let open: Vec<_> = (0..10_000).map(|_| connections.open([192, 0, 2, 1].into())).collect();
        assert!(open.iter().all(Option::is_some));
    }
}
