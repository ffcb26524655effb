//! Share links, and users whom a proxy names.

use super::{assert_signed_out, good_session, ids, link, post, service, service_with, token_key, with_key};
use crate::auth::{NOW, key};
use crate::test_support::{ports, send, settings};
use crate::{ApiSettings, ApiState, ForwardedHeader, Ports, ProxyUsers, TrustedProxies};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use annotation_statistics_domain::{AnnotationRequestIds, MockSummaryRepository, RepositoryError};
use std::sync::Arc;

#[actix_web::test]
async fn a_share_link_shows_its_list_and_nothing_else() {
    let link_of_two = link(&["a", "b"], NOW + 1);
    let list = "annotationRequestId=a&annotationRequestId=b";
    for path in ["/", "/rosetta-open/statistics", "/rosetta-open/statistics/summary"] {
        let open = |query: String| send(service(key()), TestRequest::get().uri(&format!("{path}?{query}")));
        assert_eq!(open(format!("{list}&{link_of_two}")).await.status, 200, "{path}");
        assert_eq!(open(format!("{link_of_two}&{list}&offset=2&limit=5")).await.status, 200, "{path}");
        for (query, reason) in [
            (format!("annotationRequestId=a&{link_of_two}"), "a shorter list"),
            (format!("{list}&annotationRequestId=c&{link_of_two}"), "a longer list"),
            (format!("{list}&annotationRequestId[]=c&{link_of_two}"), "a longer list, in another spelling"),
            (format!("{list}&annotationRequestId%5B9%5D=c&{link_of_two}"), "the same, encoded"),
            (format!("annotationRequestId=b&annotationRequestId=a&{link_of_two}"), "another order"),
            (link_of_two.clone(), "no list"),
            (format!("{list}&{}", link(&["a", "b"], NOW)), "an expired link"),
            (format!("{list}&{link_of_two}&{link_of_two}"), "two links"),
            (format!("{list}&{}", good_session().replace("annotation-statistics=", "share=")), "a session"),
        ] {
            assert_eq!(open(query).await.status, 401, "{path}: {reason}");
        }
    }
    for (method, path) in [
        (Method::GET, "/rosetta-open/annotation-requests/c"),
        (Method::DELETE, "/rosetta-open/annotation-requests/a"),
        (Method::POST, "/share"),
        (Method::POST, "/rosetta-open/statistics/query"),
    ] {
        let request = TestRequest::default().method(method.clone()).uri(&format!("{path}?{list}&{link_of_two}"));
        assert_eq!(send(service(key()), request).await.status, 401, "{method} {path}");
    }
    let more = format!("/?{list}&{link_of_two}&requests=c");
    assert_eq!(send(service(key()), TestRequest::get().uri(&more)).await.status, 401, "the lines of the form");
    for (added, reason) in [
        ("%72equests=c", "the lines of the form, with an encoded name"),
        ("requests=", "no lines, whose name counts"),
        ("annotationRequestId=", "an empty id"),
        ("annotationRequestId%5b%5d=c", "a longer list, encoded in lower case"),
        ("%61nnotationRequestId=c", "a longer list, with an encoded name"),
        ("annotationRequestId=a%00", "an id that cannot be"),
        ("share=", "two links, of which one is empty"),
    ] {
        let query = format!("/?{list}&{link_of_two}&{added}");
        assert_eq!(send(service(key()), TestRequest::get().uri(&query)).await.status, 401, "{reason}");
    }
}

#[actix_web::test]
async fn the_page_of_a_share_link_leads_to_nothing_but_its_list() {
    let query = format!("annotationRequestId=a&{}", link(&["a"], NOW + 1));
    let response = send(service(key()), TestRequest::get().uri(&format!("/?{query}"))).await;
    assert!(response.text().contains("Shared with you until 2025-04-08 14:20 UTC"), "{}", response.text());
    let escaped = query.replace('&', "&#38;");
    assert!(response.text().contains(&format!("href=\"rosetta-open/statistics/export?{escaped}&#38;format=csv\"")));
    for absent in ["<form", "<textarea", "Recent requests", "Sign out"] {
        assert!(!response.text().contains(absent), "{absent}");
    }
    assert_eq!(response.header("referrer-policy"), Some("no-referrer"), "the link stays here");
}

#[actix_web::test]
async fn a_share_link_to_an_unknown_list_neither_takes_it_apart_nor_hints_at_others() {
    let mut summaries = MockSummaryRepository::new();
    let only = |requests: &AnnotationRequestIds| *requests == ids(&["a,b"]);
    summaries
        .expect_summarize()
        .withf(move |requests, _, _| only(requests))
        .returning(|requests, _, _| Err(RepositoryError::UnknownAnnotationRequests(requests.as_slice().to_vec())));
    // Its finder expects no call.
    let ports = Ports { summaries: Arc::new(summaries), ..ports() };
    let query = format!("annotationRequestId=a,b&{}", link(&["a,b"], NOW + 1));
    let response = send(with_key(key(), ports, settings()), TestRequest::get().uri(&format!("/?{query}"))).await;
    assert_eq!(response.status, 404, "{}", response.text());
    assert!(response.text().contains("Shared with you until"), "{}", response.text());
}

#[actix_web::test]
async fn a_share_link_is_made_by_those_who_have_signed_in() {
    let session = good_session();
    let token = token_key(1).form_token(session.strip_prefix("annotation-statistics=").unwrap());
    let fields = [("form", token.as_str()), ("list", "annotationRequestId=a%20b&annotationRequestId=c")];
    let response = send(service(key()), post("/share", &session, &fields)).await;
    let week = NOW + 7 * 86_400_000;
    let link = format!("annotationRequestId=a%20b&annotationRequestId=c&{}", link(&["a b", "c"], week));
    let shown = format!("http://localhost:8080/?{link}").replace('&', "&#38;");
    assert_eq!(response.status, 200, "{}", response.text());
    assert!(
        response.text().contains(&shown) && response.text().contains("2025-04-15 14:20 UTC"),
        "{}",
        response.text()
    );
    assert_eq!(send(service(key()), TestRequest::get().uri(&format!("/?{link}"))).await.status, 200);
    let none = send(service(key()), post("/share", &session, &[("form", &token), ("list", "")])).await;
    assert_eq!(none.status, 400);
}

/// The service behind a proxy that signs people in.
fn behind_proxy() -> ApiState {
    let proxies = TrustedProxies::new(&["10.0.0.0/8".into()], ForwardedHeader::XForwardedFor).unwrap();
    let mut settings = ApiSettings { proxies, ..settings() };
    settings.sign_in.users = ProxyUsers::new("X-Remote-User", &["alice=ak-7".into(), "bob=ak-8".into()]).unwrap();
    service_with(key(), settings)
}

#[actix_web::test]
async fn a_user_whom_a_trusted_proxy_names_reads_by_the_key_of_that_name() {
    let named = |peer: &str, values: &[&str]| {
        let request = TestRequest::get().uri("/?annotationRequestId=a").peer_addr(format!("{peer}:7").parse().unwrap());
        values.iter().fold(request, |request, value| request.append_header(("X-Remote-User", *value)))
    };
    let response = send(behind_proxy(), named("10.0.0.1", &["alice"])).await;
    assert_eq!((response.status, response.text().contains("Signed in with <bdi>ak-7</bdi>")), (200, true));
    assert!(!response.text().contains("Sign out"), "the proxy signs out");
    for (peer, values, reason) in [
        ("192.0.2.1", &["alice"][..], "the client is no proxy"),
        ("10.0.0.1", &["alice", "alice"], "the client has sent one, too"),
        ("10.0.0.1", &["mallory"], "a user without a key"),
        ("10.0.0.1", &["bob"], "a user whose key is not known"),
        ("10.0.0.1", &["ALICE"], "another user"),
        ("10.0.0.1", &[""], "no user"),
    ] {
        assert_signed_out(&send(behind_proxy(), named(peer, values)).await, reason);
    }
    let longest = "a".repeat(60_000);
    for (name, value, reason) in [
        ("X_Remote_User", "alice", "another name, which some proxies take for the same"),
        ("X-Remote-User", "alice, bob", "two names in one header"),
        ("X-Remote-User", "alice=ak-7", "a pair"),
        ("X-Remote-User", longest.as_str(), "a very long name"),
    ] {
        let request = named("10.0.0.1", &[]).insert_header((name, value));
        assert_signed_out(&send(behind_proxy(), request).await, reason);
    }
    let forwarded = named("192.0.2.1", &["alice"]).insert_header(("X-Forwarded-For", "10.0.0.1"));
    let forwarded = forwarded.insert_header(("Forwarded", "for=10.0.0.1;by=10.0.0.1"));
    assert_signed_out(&send(behind_proxy(), forwarded).await, "a client that calls itself a proxy");
    let write = named("10.0.0.1", &["alice"]).method(Method::DELETE).uri("/rosetta-open/annotation-requests/a");
    assert_eq!(send(behind_proxy(), write).await.status, 401, "never a change");
}
