//! A request of another campaign does not exist for a key.

use super::{UNKNOWN, two_tenants};
use annotation_statistics_tests::{Envelope, RawResponse, make_statement};

/// The head without what differs each time: of times, their names are left, and of unknown ids, that there are some.
fn steady(response: &RawResponse) -> Vec<(String, String)> {
    let changing = ["date", "x-request-id"];
    let mut headers: Vec<_> =
        response.headers.iter().filter(|(name, _)| !changing.contains(&name.as_str())).cloned().collect();
    for (_, times) in headers.iter_mut().filter(|(name, _)| name == "server-timing") {
        times.retain(|character| !character.is_ascii_digit() && character != '.');
    }
    for (_, ids) in headers.iter_mut().filter(|(name, _)| name == "unknown-annotation-request") {
        ids.clear();
    }
    headers.sort();
    headers
}

/// What a client requests of the request of another campaign, and the same of one that is not there, with its body.
const TARGETS: [(&str, &str, &str, &str); 13] = [
    ("GET", "/statistics?annotationRequestId=b", "/statistics?annotationRequestId=x", ""),
    (
        "GET",
        "/statistics?annotationRequestId=a&annotationRequestId=b",
        "/statistics?annotationRequestId=a&annotationRequestId=x",
        "",
    ),
    ("GET", "/statistics/summary?annotationRequestId=b", "/statistics/summary?annotationRequestId=x", ""),
    ("GET", "/statistics/export?annotationRequestId=b", "/statistics/export?annotationRequestId=x", ""),
    (
        "GET",
        "/statistics?annotationRequestId=b&statement=2026-11",
        "/statistics?annotationRequestId=x&statement=2026-11",
        "",
    ),
    (
        "GET",
        "/statistics/summary?annotationRequestId=b&statement=2026-11",
        "/statistics/summary?annotationRequestId=x&statement=2026-11",
        "",
    ),
    (
        "GET",
        "/statistics/export?annotationRequestId=b&statement=2026-11",
        "/statistics/export?annotationRequestId=x&statement=2026-11",
        "",
    ),
    ("GET", "/annotation-requests/b", "/annotation-requests/x", ""),
    ("DELETE", "/annotation-requests/b", "/annotation-requests/x", ""),
    ("DELETE", "/annotation-requests/b/statistics/2", "/annotation-requests/x/statistics/2", ""),
    ("PUT", "/annotation-requests/b/statistics", "/annotation-requests/x/statistics", "[]"),
    ("POST", "/statistics/query", "/statistics/query", r#"{"annotationRequestIds":["b"]}"#),
    ("PUT", "/annotation-requests/b", "/annotation-requests/b", r#"{"campaignId":"1001"}"#),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_another_campaign_is_answered_as_one_that_is_not_there() {
    let (data, service, [one, other]) = two_tenants().await;
    make_statement(&data.database, "b", "2026-11").await;
    for (signer, own) in [(&one, "a"), (&other, "b")] {
        let response = service.fetch("GET", &format!("/statistics?annotationRequestId={own}"), &signer.v1());
        assert_eq!(Envelope::of(&response).count(), 1);
    }
    for (method, foreign, missing, body) in TARGETS {
        for condition in ["", "If-Match: *\r\n", "If-Match: \"7\"\r\n", "If-None-Match: *\r\n"] {
            // With `If-Match` nothing is made known, so that even a PUT has something missing beside it.
            let is_of_none = method == "PUT" && condition.starts_with("If-Match") && foreign == missing;
            let missing = if is_of_none { "/annotation-requests/x" } else { missing };
            let [theirs, nobodys] = [foreign, missing].map(|target| {
                let headers = format!("{condition}{}", one.v2(method, target, body));
                service.fetch_json(method, target, &headers, body)
            });
            assert_eq!(Envelope::of(&theirs).verdict(), UNKNOWN, "{method} {foreign} {condition}");
            assert_eq!(Envelope::of(&nobodys).verdict(), UNKNOWN, "{method} {missing} {condition}");
            assert_eq!(steady(&theirs), steady(&nobodys), "{method} {foreign} {condition}");
            let reported = theirs.headers.iter().any(|(name, times)| name == "server-timing" && times.contains("db"));
            assert!(!reported, "{method} {foreign} {condition}");
        }
    }
    let still = service.fetch("GET", "/statistics?annotationRequestId=b", &other.v1());
    assert_eq!(Envelope::of(&still).count(), 1, "nothing was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_is_not_there_is_named_to_who_sees_its_request() {
    let (data, service, [one, other]) = two_tenants().await;
    make_statement(&data.database, "b", "2026-11").await;
    let [own, unstated] =
        ["/statistics?annotationRequestId=b&statement=2026-11", "/statistics?annotationRequestId=a&statement=2026-11"];
    let stated = service.fetch("GET", own, &other.v2("GET", own, ""));
    assert_eq!((Envelope::of(&stated).count(), stated.header("statement")), (1, Some("2026-11")));
    let without = service.fetch("GET", unstated, &one.v2("GET", unstated, ""));
    assert_eq!(Envelope::of(&without).verdict(), (404, 404, "Not Found: no statement `2026-11` of a"));
    assert_eq!(without.header("unknown-statement"), Some("a"));
}
