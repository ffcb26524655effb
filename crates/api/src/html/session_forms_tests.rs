//! The forms of the page, and the cookies that they are bound to.

use super::{FORM_COOKIE, good_session, post, service, service_with, session, sign_in, token_key};
use crate::auth::{NOW, SECRET, key};
use crate::test_support::{send, settings};
use crate::{ApiSettings, ForwardedHeader, TrustedProxies};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use std::num::NonZeroU32;

#[actix_web::test]
async fn a_form_that_the_browser_was_not_given_does_nothing() {
    let (form, session) = (token_key(1).form_token("abc"), good_session());
    let of_session = token_key(1).form_token(session.strip_prefix("annotation-statistics=").unwrap());
    let fields = |token| vec![("form", token), ("key", "ak-7"), ("secret", SECRET), ("list", "annotationRequestId=a")];
    let elsewhere = token_key(2).form_token("abc");
    for (path, cookie, token, reason) in [
        ("/sign-in", FORM_COOKIE, "", "without a token"),
        ("/sign-in", FORM_COOKIE, &elsewhere, "of another master key"),
        ("/sign-in", "annotation-statistics-form=abd", &form, "given to another browser"),
        ("/sign-in", "", &form, "without a cookie, as from another site"),
        ("/sign-out", &session, &form, "of another page"),
        ("/sign-out", &session, "", "without a token"),
        ("/share", &session, &form, "of another page"),
        ("/share", &session, "", "without a token"),
    ] {
        let response = send(service(key()), post(path, cookie, &fields(token))).await;
        assert_eq!((response.status, response.header("location")), (403, None), "{path} {reason}");
        assert!(response.text().contains("This form was out of date"), "{path} {reason}");
    }
    for (path, cookie, token) in [("/sign-in", FORM_COOKIE, &form), ("/sign-out", &session, &of_session)] {
        for site in ["cross-site", "same-site", "none"] {
            let request = post(path, cookie, &fields(token)).insert_header(("Sec-Fetch-Site", site));
            assert_eq!(send(service(key()), request).await.status, 403, "{path} {site}");
        }
        assert_eq!(send(service(key()), post(path, cookie, &fields(token))).await.status, 303, "{path}");
    }
    let get = send(service(key()), TestRequest::get().uri("/sign-in")).await;
    assert_eq!((get.status, get.header("location")), (303, Some("./")));
    assert_eq!(
        send(service(key()), TestRequest::get().uri("/sign-out").insert_header(("Cookie", session))).await.status,
        405
    );
}

#[actix_web::test]
async fn signing_out_removes_the_cookie() {
    let session = good_session();
    let token = token_key(1).form_token(session.strip_prefix("annotation-statistics=").unwrap());
    let response = send(service(key()), post("/sign-out", &session, &[("form", &token)])).await;
    let removed = "annotation-statistics=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
    assert_eq!((response.status, response.header("set-cookie")), (303, Some(removed)));
}

#[actix_web::test]
async fn an_encrypted_connection_has_cookies_that_no_other_host_can_plant() {
    let proxies = TrustedProxies::new(&["10.0.0.0/8".into()], ForwardedHeader::XForwardedFor).unwrap();
    let behind = |peer: &str| {
        let request = TestRequest::get().uri("/").insert_header(("X-Forwarded-Proto", "https"));
        let state = service_with(key(), ApiSettings { proxies: proxies.clone(), ..settings() });
        (state, request.peer_addr(peer.parse().unwrap()))
    };
    let own = (service(key()).with_origin("https://127.0.0.1:8443"), TestRequest::get().uri("/"));
    for ((state, request), is_encrypted) in [(own, true), (behind("10.0.0.1:7"), true), (behind("192.0.2.1:7"), false)]
    {
        let response = send(state, request).await;
        let cookie = response.header("set-cookie").unwrap();
        assert_eq!(cookie.starts_with("__Host-annotation-statistics-form="), is_encrypted, "{cookie}");
        assert_eq!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"), is_encrypted, "{cookie}");
    }
}

#[actix_web::test]
async fn attempts_to_sign_in_are_limited_for_an_unknown_key_as_for_a_known_one() {
    for id in ["ak-7", "ak-8"] {
        let mut settings = settings();
        (settings.sign_in.per_key, settings.sign_in.per_address) = (NonZeroU32::new(2), None);
        let state = service_with(key(), settings);
        let mut statuses = Vec::new();
        for _ in 0..3 {
            statuses.push(send(state.clone(), sign_in(id, "another-secret-7", "")).await.status);
        }
        assert_eq!(statuses, [401, 401, 429], "{id}");
        let refused = send(state, sign_in(id, SECRET, "")).await;
        assert_eq!((refused.status, refused.header("retry-after").is_some()), (429, true), "{id}");
    }
}

/// What browsers accept where a link is followed.
const OF_BROWSERS: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

const EXPORT: &str = "/rosetta-open/statistics/export?annotationRequestId=a%20b&format=csv";

fn accepting(method: Method, url: &str, accept: &str) -> TestRequest {
    TestRequest::default().method(method).uri(url).insert_header(("Accept", accept))
}

#[actix_web::test]
async fn who_follows_a_link_without_a_session_signs_in_and_comes_back_to_it() {
    let ended = session(SECRET, 1, NOW);
    let next = "rosetta-open%2Fstatistics%2Fexport%3FannotationRequestId%3Da%2520b%26format%3Dcsv";
    for (cookie, shown) in [(None, "an access key."), (Some(ended), "The session or the share link is not valid")] {
        let with = |request: TestRequest| match &cookie {
            Some(cookie) => request.insert_header(("Cookie", cookie.as_str())),
            None => request,
        };
        let followed = send(service(key()), with(accepting(Method::GET, EXPORT, OF_BROWSERS))).await;
        let to = format!("../../sign-in?next={next}");
        assert_eq!((followed.status, followed.header("location")), (303, Some(to.as_str())));
        assert_eq!(followed.header("cache-control"), Some("no-store"));
        let form = send(service(key()), with(TestRequest::get().uri(&to[5..]))).await;
        let target =
            "name=\"target\" value=\"rosetta-open/statistics/export?annotationRequestId=a%20b&#38;format=csv\"";
        assert_eq!(form.status, 401);
        assert!(form.text().contains(shown) && form.text().contains(target), "{}", form.text());
    }
    let back = send(service(key()), sign_in("ak-7", SECRET, EXPORT.trim_start_matches('/'))).await;
    assert_eq!((back.status, back.header("location")), (303, Some(&*format!(".{EXPORT}"))));
    let signed_in = TestRequest::get().uri(&format!("/sign-in?next={next}")).insert_header(("Cookie", good_session()));
    let signed_in = send(service(key()), signed_in).await;
    assert_eq!((signed_in.status, signed_in.header("location")), (303, Some(&*format!(".{EXPORT}"))), "in another tab");
}

#[actix_web::test]
async fn a_program_without_a_key_is_refused_as_before() {
    for (request, reason) in [
        (accepting(Method::GET, EXPORT, "*/*"), "curl"),
        (accepting(Method::GET, EXPORT, "text/csv, text/*"), "a program that reads files"),
        (accepting(Method::GET, EXPORT, "text/html;q=0, */*"), "anything but HTML"),
        (TestRequest::get().uri(EXPORT), "no header"),
        (accepting(Method::GET, EXPORT, OF_BROWSERS).insert_header(("X-SIGN", "v2=0")), "badly signed"),
        (accepting(Method::HEAD, EXPORT, OF_BROWSERS), "no link is followed by HEAD"),
        (accepting(Method::DELETE, "/rosetta-open/annotation-requests/a", OF_BROWSERS), "a change"),
        (accepting(Method::POST, "/rosetta-open/statistics/query", OF_BROWSERS), "a form"),
        (accepting(Method::GET, "/rosetta-open/annotation-requests/a", OF_BROWSERS), "no page links to it"),
    ] {
        let response = send(service(key()), request).await;
        assert_eq!((response.status, response.header("location")), (401, None), "{reason}");
        assert_eq!(response.header("content-type"), Some("application/json"), "{reason}");
    }
}

#[actix_web::test]
async fn a_link_that_is_too_long_to_come_back_to_leads_to_the_first_page() {
    let ids = "&annotationRequestId=%C3%A4".repeat(900);
    let followed = send(service(key()), accepting(Method::GET, &format!("{EXPORT}{ids}"), OF_BROWSERS)).await;
    assert!(followed.header("location").is_some_and(|to| to.len() > 30_000), "{:?}", followed.header("location"));
    let ids = "&annotationRequestId=%C3%A4".repeat(2_000);
    let followed = send(service(key()), accepting(Method::GET, &format!("{EXPORT}{ids}"), OF_BROWSERS)).await;
    assert_eq!(followed.header("location"), Some("../../sign-in"));
}
