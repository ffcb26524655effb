//! The cookies: of a session, of a form that is shown before there is one, and of the time zone of the reader.

use crate::ApiState;
use actix_web::HttpRequest;
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue};
use std::time::Duration;

/// A cookie of this service. Where the connection is encrypted its name has a prefix that browsers accept only from this
/// very host, encrypted and for all paths: no other host of the domain can plant one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// A session, which is a signed token.
    Session,
    /// A random text that the form to sign in is bound to.
    SignInForm,
    /// The name of a time zone.
    TimeZone,
}

impl Cookie {
    pub(crate) const fn name(self, is_encrypted: bool) -> &'static str {
        match (self, is_encrypted) {
            (Self::Session, true) => "__Host-annotation-statistics",
            (Self::Session, false) => "annotation-statistics",
            (Self::SignInForm, true) => "__Host-annotation-statistics-form",
            (Self::SignInForm, false) => "annotation-statistics-form",
            (Self::TimeZone, true) => "__Host-annotation-statistics-time-zone",
            (Self::TimeZone, false) => "annotation-statistics-time-zone",
        }
    }

    /// Its value, if the browser sends it once: of two, one may be planted.
    pub(crate) fn of(self, request: &HttpRequest, state: &ApiState) -> Option<String> {
        only_value(request.headers(), self.name(is_encrypted(request, state))).map(str::to_owned)
    }

    /// The header that sets it, for so long or until the browser is closed. No time removes it.
    pub(crate) fn set(
        self,
        value: &str,
        max_age: Option<Duration>,
        request: &HttpRequest,
        state: &ApiState,
    ) -> Option<HeaderValue> {
        let is_encrypted = is_encrypted(request, state);
        let age = max_age.map(|age| format!("; Max-Age={}", age.as_secs())).unwrap_or_default();
        let secure = if is_encrypted { "; Secure" } else { "" };
        let name = self.name(is_encrypted);
        HeaderValue::try_from(format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}")).ok()
    }
}

fn only_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(given, _)| *given == name).map(|(_, value)| value);
    values.next().filter(|_| values.next().is_none())
}

/// Whether the browser's connection is encrypted: by this program, or by a trusted proxy that says so.
fn is_encrypted(request: &HttpRequest, state: &ApiState) -> bool {
    let is_of_proxy = request.peer_addr().is_some_and(|peer| state.settings.proxies.trusts(peer.ip().to_canonical()));
    state.origin.starts_with("https:") || is_of_proxy && request.connection_info().scheme() == "https"
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_cookie_counts_if_it_is_there_once_whatever_else_the_browser_sends() {
        let read = |lines: &[&str]| {
            let request =
                lines.iter().fold(TestRequest::default(), |request, line| request.append_header((COOKIE, *line)));
            only_value(request.to_http_request().headers(), "a").map(str::to_owned)
        };
        assert_eq!(read(&["b=2; a=1.x-_; flag; =; c=a=7"]), Some("1.x-_".into()));
        assert_eq!(read(&["b=2", "a=1"]), Some("1".into()), "browsers of HTTP/2 may send a line for each");
        for lines in [&["a=1; a=1"][..], &["a=1", "a=2"], &["aa=1; A=1"], &["x"], &[]] {
            assert_eq!(read(lines), None, "{lines:?}");
        }
    }
}
