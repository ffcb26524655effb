//! The host names that a service without access keys accepts.

use actix_web::http::header::HeaderValue;
use actix_web::http::uri::Authority;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};

/// Host names besides `localhost` and the loopback addresses, which are always allowed. Ports are ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedHosts(BTreeSet<String>);

/// A text that is not a host name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the name or the address of a host: write it as in a URL, without a port")]
pub struct InvalidHostName(String);

impl AllowedHosts {
    /// These names, case-insensitive.
    ///
    /// # Errors
    /// When one is not the name or the address of a host, or has a port.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidHostName> {
        let check = |name: &str| {
            if is_host(name) { Ok(name.to_ascii_lowercase()) } else { Err(InvalidHostName(name.to_owned())) }
        };
        names.into_iter().map(check).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn covers(&self, host: &str) -> bool {
        is_loopback(host) || self.0.contains(&host.to_ascii_lowercase())
    }

    /// An empty host is allowed: clients that are no browsers may send none.
    pub(crate) fn covers_header(&self, value: &HeaderValue) -> bool {
        let authority = || value.to_str().ok()?.parse::<Authority>().ok();
        value.is_empty() || authority().is_some_and(|authority| self.covers(authority.host()))
    }
}

fn is_host(name: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.bytes().all(is_name),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let is_address = bare.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback());
    is_address || host.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_and_the_names_that_are_set_are_allowed_with_any_port() {
        let allowed = AllowedHosts::new(["Stats.example", "192.0.2.7", "[2001:db8::7]"]).unwrap();
        for (host, expected) in [
            ("", true),
            ("localhost", true),
            ("LOCALHOST:8080", true),
            ("127.0.0.1:8080", true),
            ("127.9.9.9", true),
            ("[::1]:8080", true),
            ("[::ffff:127.0.0.1]", true),
            ("stats.EXAMPLE:1", true),
            ("192.0.2.7:80", true),
            ("[2001:db8::7]:443", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("www.stats.example", false),
            ("0.0.0.0:8080", false),
            ("[::]:8080", false),
            ("127.1", false),
            ("2130706433", false),
        ] {
            assert_eq!(allowed.covers_header(&HeaderValue::from_static(host)), expected, "{host}");
        }
    }

    #[test]
    fn what_is_set_must_be_the_name_of_a_host_without_a_port() {
        for name in ["", "a:80", "http://a", "a/b", "user@a", "a b", "*", "[::1"] {
            let refused = AllowedHosts::new(["good.example", name]);
            assert_eq!(refused, Err(InvalidHostName(name.to_owned())), "{name}");
        }
    }
}
