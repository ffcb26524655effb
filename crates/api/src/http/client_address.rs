//! The address of a client: that of the connection, or the one that a trusted proxy forwards. See ADR 60.

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The proxies whose forwarded addresses are trusted, and the header that they use.
///
/// Only one header: a proxy that writes one of them passes the other one on as the client sent it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    header: ForwardedHeader,
}

/// The header to which each proxy appends the address that it received a request from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For: 192.0.2.1, 198.51.100.2`
    #[default]
    XForwardedFor,
    /// `Forwarded: for=192.0.2.1, for="[2001:db8::1]:4711";proto=https` (RFC 7239)
    Forwarded,
}

/// A text that is neither a network nor an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an address nor a network like 10.0.0.0/8 or 2001:db8::/32")]
pub struct InvalidNetwork(String);

impl TrustedProxies {
    /// The proxies with addresses in these networks; an address is a network of one.
    ///
    /// # Errors
    /// With the first text that is neither.
    pub fn new(networks: &[String], header: ForwardedHeader) -> Result<Self, InvalidNetwork> {
        let networks = networks.iter().map(|text| network(text).ok_or_else(|| InvalidNetwork(text.clone())));
        Ok(Self { networks: networks.collect::<Result<_, _>>()?, header })
    }

    /// The address of the client: the last one that is not of a trusted proxy. Where a proxy forwards no valid address, its own.
    pub(crate) fn client_of(&self, request: &ServiceRequest) -> Option<IpAddr> {
        self.client_of_request(request.request())
    }

    /// The same for a handler.
    pub(crate) fn client_of_request(&self, request: &HttpRequest) -> Option<IpAddr> {
        request.peer_addr().map(|peer| self.client(peer.ip().to_canonical(), request.headers()))
    }

    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let mut given = self.given(headers).into_iter().rev();
        while self.trusts(client)
            && let Some(next) = given.next().flatten()
        {
            client = next;
        }
        client
    }

    /// Whether this is the address of a trusted proxy.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// The addresses of the header, in its order. It is split at each comma, even inside of quotes: a client may open quotes
    /// that it does not close, and no address has a comma.
    fn given(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        if self.networks.is_empty() {
            return Vec::new();
        }
        let (name, read): (HeaderName, fn(&str) -> Option<IpAddr>) = match self.header {
            ForwardedHeader::XForwardedFor => (X_FORWARDED_FOR, address),
            ForwardedHeader::Forwarded => (FORWARDED, forwarded_for),
        };
        let lines = headers.get_all(name).map(|line| line.to_str().unwrap_or_default());
        lines.flat_map(|line| line.split(',')).map(|element| read(element.trim())).collect()
    }
}

fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

/// The one `for` of an element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut addresses = element.split(';').filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        name.eq_ignore_ascii_case("for").then_some(value)
    });
    let (only, None) = (addresses.next()?, addresses.next()) else { return None };
    let unquoted = only.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    address(unquoted.unwrap_or(only))
}

/// An address, with a port or without.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let parsed = bare.parse().ok().or_else(|| text.parse().ok().map(|address: SocketAddr| address.ip()));
    parsed.map(|address: IpAddr| address.to_canonical())
}

/// The text of an address, as it is displayed.
pub(crate) fn address_text(address: IpAddr) -> String {
    let IpAddr::V4(address) = address else { return address.to_string() };
    let mut text = String::with_capacity(15);
    for octet in address.octets() {
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(itoa::Buffer::new().format(octet));
    }
    text
}

#[cfg(test)]
#[path = "client_address_tests.rs"]
mod tests;
