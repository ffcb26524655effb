//! The caller of a request, so that callers get fair shares of memory and connections. See ADR 54.

use crate::http::client_address::address_text;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use annotation_statistics_access::KeyId;
use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv6Addr};
use std::rc::Rc;
use std::sync::Arc;

tokio::task_local! {
    static CALLER: Caller;
}

/// An authenticated key, or an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Caller(Arc<str>);

impl Caller {
    pub(crate) fn key(id: &KeyId) -> Self {
        Self(format!("key {}", id.as_str()).into())
    }

    /// A claimed key before its signature is verified: distinct from the key itself, and from the same claim of other addresses.
    pub(crate) fn claimed(id: &KeyId, address: Option<IpAddr>) -> Self {
        Self(format!("{}, who says to be {}", Self::address(address).0, id.as_str()).into())
    }

    /// The client at this address, where there is no key.
    pub(crate) fn address(address: Option<IpAddr>) -> Self {
        Self(match address {
            None => "unknown address".into(),
            Some(address) => ["address ", &address_text(network(address))].concat().into(),
        })
    }

    /// The id of the key, where it is an authenticated one.
    pub(crate) fn key_id(&self) -> Option<&str> {
        self.0.strip_prefix("key ")
    }

    /// The caller of a request, as far as it is known.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let known = request.extensions().get::<Self>().cloned();
        known.unwrap_or_else(|| Self::address(request.peer_addr().map(|address| address.ip())))
    }

    /// Runs a task on behalf of the caller: the adapters behind the ports read it from [`current_caller`].
    pub(crate) async fn in_scope<T>(self, work: impl Future<Output = T>) -> T {
        CALLER.scope(self, work).await
    }
}

/// The name of the caller on whose behalf this task runs; `None` for the service itself.
pub fn current_caller() -> Option<Arc<str>> {
    CALLER.try_with(|caller| Arc::clone(&caller.0)).ok()
}

/// Whether the request was admitted with a key; it is unauthenticated until then.
#[derive(Debug, Clone, Default)]
pub(crate) struct Admitted(Rc<Cell<bool>>);

impl Admitted {
    /// Records that the request is admitted, for the middleware around.
    pub(crate) fn record(request: &ServiceRequest) {
        Self::record_of(request.request());
    }

    /// The same for a handler that admits by itself.
    pub(crate) fn record_of(request: &HttpRequest) {
        if let Some(admitted) = request.extensions().get::<Self>() {
            admitted.0.set(true);
        }
    }

    pub(crate) fn is_recorded(&self) -> bool {
        self.0.get()
    }
}

/// The network that counts as one client: an address, or an IPv6 /64 network, as one customer has all of it.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
    }
}

impl FromRequest for Caller {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[actix_web::test]
    async fn the_caller_is_known_to_what_is_done_on_its_behalf_and_to_nothing_else() {
        let caller = Caller::key(&KeyId::new("ak-1").unwrap());
        let known = caller.in_scope(async { current_caller() }).await;
        assert_eq!((known.as_deref(), current_caller()), (Some("key ak-1"), None));
    }

    #[test]
    fn an_address_is_a_caller_and_an_ipv6_network_of_64_bits_is_one_address() {
        let caller = |text: &str| {
            let request = TestRequest::default().peer_addr(text.parse().unwrap()).to_http_request();
            Caller::of(&request).0
        };
        for (peer, expected) in [
            ("192.0.2.7:80", "address 192.0.2.7"),
            ("[::ffff:192.0.2.7]:80", "address 192.0.2.7"),
            ("[2001:db8:1:2:3::4]:80", "address 2001:db8:1:2::"),
        ] {
            assert_eq!(&*caller(peer), expected);
        }
        assert_eq!(&*Caller::of(&TestRequest::default().to_http_request()).0, "unknown address");
    }
}
