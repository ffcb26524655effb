//! Whether a form was sent by a page of this service.

use crate::http::TrustedProxies;
use actix_web::HttpRequest;
use actix_web::http::header::{HOST, HeaderName, ORIGIN};
use actix_web::http::uri::Authority;

/// Where a request comes from, in the words of the browser. Pages cannot set it, and browsers send it to encrypted and local
/// origins.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the browser says that the form is of this origin. One that says nothing is not trusted: all that send forms do.
pub(super) fn is_same_origin(request: &HttpRequest, proxies: &TrustedProxies) -> bool {
    let headers = request.headers();
    if headers.contains_key(SEC_FETCH_SITE) {
        return headers.get_all(SEC_FETCH_SITE).all(|site| site.as_bytes() == b"same-origin");
    }
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    headers.get_all(ORIGIN).count() == 1
        && host.is_some_and(|host| host.eq_ignore_ascii_case(&requested_host(request, proxies)))
}

/// The host that the browser has requested. A header that forwards one counts only of a trusted proxy.
fn requested_host(request: &HttpRequest, proxies: &TrustedProxies) -> String {
    if request.peer_addr().is_some_and(|peer| proxies.trusts(peer.ip().to_canonical())) {
        return request.connection_info().host().to_owned();
    }
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    // HTTP/2 has it in the target.
    header.or_else(|| request.uri().authority().map(Authority::as_str)).unwrap_or_default().to_owned()
}

/// Whether the browser was led here by another site: it does not send the cookie of a session then.
pub(super) fn is_from_elsewhere(request: &HttpRequest) -> bool {
    request.headers().get(SEC_FETCH_SITE).is_some_and(|site| site.as_bytes() == b"cross-site")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ForwardedHeader;
    use actix_web::test::TestRequest;

    #[test]
    fn a_form_is_of_this_origin_if_the_browser_says_so() {
        let check = |headers: &[(&str, &str)]| {
            let request = TestRequest::default().insert_header(("Host", "stats.example:8443"));
            let request = headers.iter().fold(request, |request, header| request.append_header(*header));
            is_same_origin(&request.to_http_request(), &TrustedProxies::default())
        };
        for headers in [
            &[("Sec-Fetch-Site", "same-origin")][..],
            &[("Sec-Fetch-Site", "same-origin"), ("Origin", "null")],
            &[("Origin", "https://stats.example:8443")],
            &[("Origin", "http://Stats.Example:8443")],
        ] {
            assert!(check(headers), "{headers:?}");
        }
        for headers in [
            &[][..],
            &[("Sec-Fetch-Site", "cross-site")],
            &[("Sec-Fetch-Site", "same-site"), ("Origin", "https://stats.example:8443")],
            &[("Sec-Fetch-Site", "none")],
            &[("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")],
            &[("Origin", "null")],
            &[("Origin", "https://evil.example")],
            &[("Origin", "https://stats.example")],
            &[("Origin", "https://stats.example:8443.evil.example")],
            &[("Origin", "https://stats.example:8443"), ("Origin", "https://evil.example")],
            &[("Origin", "stats.example:8443")],
            &[("Origin", "https://evil.example"), ("X-Forwarded-Host", "evil.example")],
            &[("Origin", "https://evil.example"), ("Forwarded", "host=evil.example;proto=https")],
        ] {
            assert!(!check(headers), "{headers:?}");
        }
    }

    #[test]
    fn a_trusted_proxy_says_which_host_was_requested_and_no_other_client_does() {
        let proxies = TrustedProxies::new(&["10.0.0.0/8".into()], ForwardedHeader::XForwardedFor).unwrap();
        for (peer, expected) in [("10.0.0.1:7", true), ("192.0.2.1:7", false)] {
            let request =
                TestRequest::default().insert_header(("Host", "inside:8080")).peer_addr(peer.parse().unwrap());
            let request = request.insert_header(("Origin", "https://stats.example"));
            let request = request.insert_header(("X-Forwarded-Host", "stats.example")).to_http_request();
            assert_eq!(is_same_origin(&request, &proxies), expected, "{peer}");
        }
        let of_http2 = TestRequest::default().uri("https://stats.example/sign-in");
        let of_http2 = of_http2.insert_header(("Origin", "https://stats.example")).to_http_request();
        assert!(is_same_origin(&of_http2, &TrustedProxies::default()));
    }
}
