//! The users whom a proxy signs in: the header that names them, and the access key of each.

use crate::http::TrustedProxies;
use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;
use annotation_statistics_access::KeyId;
use std::collections::BTreeMap;

/// Which header of trusted proxies names a user, and the access key of each user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProxyUsers(Option<(HeaderName, BTreeMap<String, KeyId>)>);

/// Why users cannot be taken from a header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidProxyUsers(String);

impl ProxyUsers {
    /// The users that this header names, each with the id of a key: pairs like `alice=ak-1`.
    ///
    /// # Errors
    /// When the header is no name of a header, a pair is none or is there twice, or there are no users.
    pub fn new(header: &str, pairs: &[String]) -> Result<Self, InvalidProxyUsers> {
        let invalid = |why: String| InvalidProxyUsers(why);
        let header = HeaderName::try_from(header).map_err(|_| invalid(format!("{header:?} is no name of a header")))?;
        let mut users = BTreeMap::new();
        for pair in pairs {
            // A user may have the sign in its name, a key cannot.
            let read = pair.rsplit_once('=').and_then(|(user, key)| Some((user.trim(), KeyId::new(key.trim()).ok()?)));
            let (user, key) = read
                .filter(|(user, _)| !user.is_empty())
                .ok_or_else(|| invalid(format!("{pair:?} is not a user and the id of a key, like \"alice=ak-1\"")))?;
            if users.insert(user.to_owned(), key).is_some() {
                return Err(invalid(format!("{user:?} is there twice")));
            }
        }
        if users.is_empty() {
            return Err(invalid("it names a header, and there is no user (auth.users)".to_owned()));
        }
        Ok(Self(Some((header, users))))
    }

    /// The user that a trusted proxy names, and the user's key, if there is one. The header of any other client is ignored,
    /// and so is one that is there twice: a proxy may have appended its own to that of a client.
    pub(crate) fn named_by<'a>(
        &'a self,
        request: &'a HttpRequest,
        proxies: &TrustedProxies,
    ) -> Option<(&'a str, Option<&'a KeyId>)> {
        let (header, users) = self.0.as_ref()?;
        let peer = request.peer_addr()?.ip().to_canonical();
        let mut values = request.headers().get_all(header).filter(|_| proxies.trusts(peer));
        let only = values.next().filter(|_| values.next().is_none())?;
        let user = only.to_str().ok().map(str::trim).filter(|user| !user.is_empty())?;
        Some((user, users.get(user)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ForwardedHeader;
    use actix_web::test::TestRequest;

    fn users() -> ProxyUsers {
        ProxyUsers::new("X-Remote-User", &["alice=ak-1".into(), " b=c@example = ak-2".into()]).unwrap()
    }

    fn named(peer: &str, values: &[&str]) -> Option<(String, Option<String>)> {
        let proxies = TrustedProxies::new(&["10.0.0.0/8".into()], ForwardedHeader::XForwardedFor).unwrap();
        let request = TestRequest::default().peer_addr(format!("{peer}:7").parse().unwrap());
        let request = values.iter().fold(request, |request, value| request.append_header(("x-remote-user", *value)));
        let (users, request) = (users(), request.to_http_request());
        users.named_by(&request, &proxies).map(|(user, key)| (user.into(), key.map(ToString::to_string)))
    }

    #[test]
    fn a_trusted_proxy_names_a_user_and_no_other_client_does() {
        let known = |user: &str, key: &str| Some((user.to_owned(), Some(key.to_owned())));
        assert_eq!(named("10.0.0.1", &["alice"]), known("alice", "ak-1"));
        assert_eq!(named("10.0.0.1", &["b=c@example"]), known("b=c@example", "ak-2"));
        assert_eq!(named("10.0.0.1", &["mallory"]), Some(("mallory".into(), None)), "one without a key");
        for (peer, values, reason) in [
            ("192.0.2.1", &["alice"][..], "no proxy"),
            ("10.0.0.1", &[], "no header"),
            ("10.0.0.1", &["alice", "alice"], "two headers"),
            ("10.0.0.1", &["mallory", "alice"], "that of a client and that of the proxy"),
            ("10.0.0.1", &[" "], "an empty header"),
        ] {
            assert_eq!(named(peer, values), None, "{reason}");
        }
    }

    #[test]
    fn users_that_cannot_be_read_are_refused_with_the_reason() {
        for (header, pairs, why) in [
            ("X User", &["a=b"][..], "\"X User\" is no name of a header"),
            ("X-User", &[], "it names a header, and there is no user (auth.users)"),
            ("X-User", &["a"], "\"a\" is not a user and the id of a key, like \"alice=ak-1\""),
            ("X-User", &["=b"], "\"=b\" is not a user and the id of a key, like \"alice=ak-1\""),
            ("X-User", &["a=b c"], "\"a=b c\" is not a user and the id of a key, like \"alice=ak-1\""),
            ("X-User", &["a=b", "a=c"], "\"a\" is there twice"),
        ] {
            let pairs: Vec<String> = pairs.iter().map(ToString::to_string).collect();
            assert_eq!(ProxyUsers::new(header, &pairs).unwrap_err().to_string(), why);
        }
    }
}
