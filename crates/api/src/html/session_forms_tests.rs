//! The forms of the page, and the cookies that they are bound to.

use super::{FORM_COOKIE, good_session, post, service, service_with, sign_in, token_key};
use crate::auth::{SECRET, key};
use crate::test_support::{send, settings};
use crate::{ApiSettings, ForwardedHeader, TrustedProxies};
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
