//! Whether a form was sent by a page of this service.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, ORIGIN};

/// Where a request comes from, in the words of the browser. Pages cannot set it, and browsers send it to encrypted and local
/// origins.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the browser says that the form is of this origin. One that says nothing is not trusted: all that send forms do.
pub(super) fn is_same_origin(request: &HttpRequest) -> bool {
    let headers = request.headers();
    if headers.contains_key(SEC_FETCH_SITE) {
        return headers.get_all(SEC_FETCH_SITE).all(|site| site.as_bytes() == b"same-origin");
    }
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    headers.get_all(ORIGIN).count() == 1
        && host.is_some_and(|host| host.eq_ignore_ascii_case(request.connection_info().host()))
}

/// Whether the browser was led here by another site: it does not send the cookie of a session then.
pub(super) fn is_from_elsewhere(request: &HttpRequest) -> bool {
    request.headers().get(SEC_FETCH_SITE).is_some_and(|site| site.as_bytes() == b"cross-site")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_form_is_of_this_origin_if_the_browser_says_so() {
        let check = |headers: &[(&str, &str)]| {
            let request = TestRequest::default().insert_header(("Host", "stats.example:8443"));
            let request = headers.iter().fold(request, |request, header| request.append_header(*header));
            is_same_origin(&request.to_http_request())
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
        ] {
            assert!(!check(headers), "{headers:?}");
        }
    }
}
