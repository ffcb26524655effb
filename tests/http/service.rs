//! What holds for every response of the running service, and how it lives with its database.

use annotation_statistics_tests::{Envelope, Implementation, RawResponse, RunningService, TestDatabase, record, task};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read;

const HICCUP: &str = "Service hiccuped, please try again later.";
const QUERY: &str = "/statistics?annotationRequestId=a";

/// What a question costs while the database is away.
const SHORT_WAIT: &str = "database.connect_timeout = '2s'";

async fn service_with_tasks(number: i64) -> (TestDatabase, RunningService) {
    let database = TestDatabase::new();
    record(&database, (1..=number).map(|id| task("a", id)).collect::<Vec<_>>()).await;
    let service = RunningService::on(&database);
    (database, service)
}

fn data(body: &[u8]) -> Value {
    serde_json::from_slice::<Value>(body).unwrap()["data"].clone()
}

#[tokio::test]
async fn every_refusal_is_an_envelope() {
    let (_database, service) = service_with_tasks(1).await;
    let not_found = (404, 404, "Not Found");
    let wrong_method = (405, 405, "Method Not Allowed");
    for (method, target, expected) in [
        ("GET", "/nowhere?annotationRequestId=a", not_found),
        ("GET", "/Statistics?annotationRequestId=a", not_found),
        ("GET", "/statistics/?annotationRequestId=a", not_found),
        ("GET", "//statistics?annotationRequestId=a", not_found),
        ("GET", "/%73tatistics/..?annotationRequestId=a", not_found),
        ("BREW", "/nowhere", not_found),
        ("POST", QUERY, wrong_method),
        ("DELETE", QUERY, wrong_method),
        ("OPTIONS", QUERY, wrong_method),
        ("BREW", QUERY, wrong_method),
        ("POST", "/health/live", wrong_method),
    ] {
        let response = service.fetch(method, target, "");
        assert_eq!(Envelope::of(&response).verdict(), expected, "{method} {target}");
        let allow = (response.status == 405).then_some("GET, HEAD");
        assert_eq!(response.header("allow"), allow, "{method} {target}");
        assert_eq!(response.header("cache-control"), Some("no-store"), "{method} {target}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_and_a_small_one_ignored() {
    let (_database, service) = service_with_tasks(1).await;
    let response = service.fetch("GET", QUERY, "Content-Length: 8388609\r\n");
    assert_eq!(Envelope::of(&response).verdict(), (413, 413, "Payload Too Large"));

    let mut connection = service.connect();
    connection.send(format!("GET {QUERY} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{{}}").as_bytes());
    assert_eq!(Envelope::of(&connection.response_to("GET")).count(), 1);
    assert_eq!(Envelope::of(&connection.fetch("GET", QUERY, "")).count(), 1, "the connection is still in step");
}

#[tokio::test]
async fn a_head_request_is_answered_with_the_head_of_the_answer_to_get() {
    let (_database, service) = service_with_tasks(40).await;
    for target in ["/statistics?annotationRequestId=a&limit=40", QUERY, "/statistics", "/nowhere", "/health/ready"] {
        let steady = |response: RawResponse| {
            let changing = ["date", "server-timing", "x-request-id"];
            let headers = response.headers.into_iter().filter(|(name, _)| !changing.contains(&name.as_str()));
            (response.status, headers.collect::<BTreeMap<_, _>>())
        };
        let mut connection = service.connect();
        let head = connection.fetch("HEAD", target, "");
        let get = connection.fetch("GET", target, "");
        assert!(head.body.is_empty() && !get.body.is_empty(), "{target}");
        assert_eq!(steady(head), steady(get), "{target}");
    }
}

#[tokio::test]
async fn what_the_parser_refuses_gets_a_status_and_a_closed_connection() {
    let (_database, service) = service_with_tasks(1).await;
    let long = format!("GET /statistics?{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(65_536));
    let head = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "a".repeat(131_200));
    for (request, status) in [
        ("NONSENSE\r\n\r\n", 400),
        ("GET /statistics?annotationRequestId=\" HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
        ("GET / HTTP/2.7\r\nHost: localhost\r\n\r\n", 400),
        (long.as_str(), 400),
        (head.as_str(), 431),
    ] {
        let mut connection = service.connect();
        connection.send(request.as_bytes());
        let response = connection.response_to("GET");
        let start = &request[..request.len().min(60)];
        assert_eq!((response.status, response.body.len()), (status, 0), "{start}");
        assert!(connection.is_closed(), "{start}");
    }
    assert_eq!(service.get(QUERY).count(), 1);
}

#[tokio::test]
async fn the_request_id_is_that_of_a_valid_trace_and_made_up_otherwise() {
    let (_database, service) = service_with_tasks(1).await;
    let id = |traceparent: &str| {
        Envelope::of(&service.fetch("GET", "/health/live", &format!("traceparent: {traceparent}\r\n"))).request_id
    };
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    assert_eq!(id(&format!("00-{trace}-00f067aa0ba902b7-01")), trace);
    for invalid in [
        format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
        format!("00-{}-00f067aa0ba902b7-01", trace.to_uppercase()),
        format!("00-{trace}-0000000000000000-01"),
        format!("ff-{trace}-00f067aa0ba902b7-01"),
        format!("00-{trace}"),
        "nonsense".to_owned(),
    ] {
        let made = [id(&invalid), id(&invalid)];
        assert_ne!(made[0], made[1], "{invalid}");
        assert!(!made.contains(&trace.to_owned()), "{invalid}");
    }
}

#[tokio::test]
async fn a_large_page_is_compressed_as_the_client_likes_best() {
    let (_database, service) = service_with_tasks(100).await;
    let target = "/statistics?annotationRequestId=a&limit=100";
    let plain = service.fetch("GET", target, "");
    assert_eq!(plain.header("content-encoding"), None);
    for (accepted, coding) in [("gzip", "gzip"), ("br", "br"), ("zstd", "zstd"), ("gzip;q=0.5, br;q=0.9", "br")] {
        let packed = service.fetch("GET", target, &format!("Accept-Encoding: {accepted}\r\n"));
        assert_eq!(packed.header("content-encoding"), Some(coding), "{accepted}");
        assert_eq!(packed.header("vary"), Some("accept-encoding"), "{accepted}");
        assert_eq!(packed.header("etag"), plain.header("etag"), "{accepted}");
        assert!(packed.body.len() * 5 < plain.body.len(), "{accepted}: {} bytes", packed.body.len());
        assert_eq!(data(&unpacked(coding, &packed.body)), data(&plain.body), "{accepted}");
    }
    for accepted in ["identity", "gzip;q=0", "deflate", "nonsense;;q=x"] {
        let response = service.fetch("GET", target, &format!("Accept-Encoding: {accepted}\r\n"));
        assert_eq!(
            (response.header("content-encoding"), data(&response.body)),
            (None, data(&plain.body)),
            "{accepted}"
        );
    }
    let tiny = service.fetch("GET", "/health/live", "Accept-Encoding: gzip, br, zstd\r\n");
    assert_eq!((tiny.header("content-encoding"), data(&tiny.body)), (None, json!({ "status": "live" })));
}

fn unpacked(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let read = match coding {
        "gzip" => flate2::read::GzDecoder::new(body).read_to_end(&mut plain),
        "br" => brotli::Decompressor::new(body, 4096).read_to_end(&mut plain),
        _ => zstd::Decoder::new(body).unwrap().read_to_end(&mut plain),
    };
    read.unwrap();
    plain
}

#[tokio::test]
async fn requests_of_one_connection_are_answered_in_their_order() {
    let (_database, service) = service_with_tasks(3).await;
    let mut connection = service.connect();
    for page in 1..=3 {
        connection.send_request("GET", &format!("{QUERY}&limit=1&offset={page}"), "");
    }
    for page in 1..=3 {
        assert_eq!(Envelope::of(&connection.response_to("GET")).task_ids(), [page]);
    }
}

#[tokio::test]
async fn a_base_path_stands_before_statistics_and_nothing_else() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1), task("a", 2)]).await;
    let service = RunningService::with(&database.url(), "api.base_path = '/rosetta-open'");
    let response = service.fetch("GET", &format!("/rosetta-open{QUERY}&limit=1"), "");
    assert_eq!(Envelope::of(&response).task_ids(), [1]);
    let next = format!("</rosetta-open{QUERY}&offset=2&limit=1>; rel=\"next\"");
    assert!(response.header("link").unwrap().contains(&next), "{response:?}");
    assert_eq!(service.get(QUERY).status, 404);
    for target in ["/health/live", "/health/ready"] {
        assert_eq!(service.get(target).status, 200, "{target}");
    }
    let document = service.fetch("GET", "/openapi.json", "");
    assert!(document.text().contains("/rosetta-open"), "the document says where statistics are");
    assert_eq!(service.fetch("GET", "/docs/", "").status, 200);
}

#[tokio::test]
async fn settings_bound_what_can_be_asked() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1), task("a", 2), task("b", 3)]).await;
    let service = RunningService::with(&database.url(), "api.max_ids = 1\napi.max_limit = 1\napi.max_body = 10");
    assert_eq!(service.get(&format!("{QUERY}&limit=100")).task_ids(), [1]);
    let refused = service.get(&format!("{QUERY}&annotationRequestId=b"));
    let why = "Invalid parameter: annotationRequestId may have at most 1 different ids, got 2";
    assert_eq!(refused.verdict(), (400, 4005, why));
    assert_eq!(service.fetch("GET", QUERY, "Content-Length: 11\r\n").status, 413);
}

#[test]
fn a_service_without_its_database_lives_and_says_nothing_about_it() {
    let url = "postgres://canary-user:canary-password@127.0.0.1:1/canary-database";
    let service = RunningService::with(url, "database.connect_timeout = '300ms'\ndatabase.deadline = '2s'");
    assert_eq!(service.get("/health/live").status, 200);
    assert_eq!(service.get("/statistics?annotationRequestId=").status, 400, "that needs no database");
    for target in ["/health/ready", QUERY] {
        let response = service.fetch("GET", target, "");
        assert_eq!(Envelope::of(&response).verdict(), (503, 5000, HICCUP), "{target}");
        let seconds: u32 = response.header("retry-after").unwrap().parse().unwrap();
        assert!(seconds > 0, "{target}");
        let everything = format!("{:?} {}", response.headers, response.text());
        for secret in ["canary", "127.0.0.1", "postgres", "connect"] {
            assert!(!everything.contains(secret), "{target}: {everything}");
        }
    }
}

#[tokio::test]
async fn a_service_that_starts_before_its_database_becomes_ready_by_itself() {
    let database = TestDatabase::without_schema();
    database.cut_off();
    let service = RunningService::with(&database.url(), &format!("{SHORT_WAIT}\ndatabase.retry_interval = '20ms'"));
    assert_eq!(service.get("/health/ready").verdict(), (503, 5000, HICCUP));
    assert_eq!(service.get(QUERY).verdict(), (503, 5000, HICCUP));
    database.reconnect();
    service.wait_until_ready();
    record(&database, [task("a", 1)]).await;
    assert_eq!(service.get(QUERY).count(), 1);
}

#[tokio::test]
async fn a_service_that_loses_its_database_answers_again_when_it_is_back() {
    let database = TestDatabase::new();
    record(&database, (1..=3).map(|id| task("a", id))).await;
    let service = RunningService::with(&database.url(), SHORT_WAIT);
    assert_eq!(service.get(QUERY).count(), 3);
    database.cut_off();
    assert_eq!(service.get(QUERY).verdict(), (503, 5000, HICCUP));
    database.reconnect();
    service.wait_until_ready();
    assert_eq!(service.get(QUERY).count(), 3);
    database.cut_sessions();
    assert_eq!(service.get(QUERY).count(), 3, "a read whose session died is tried again");
}

#[tokio::test]
async fn stored_data_that_breaks_a_rule_is_a_fault_of_the_service_and_its_text_stays_inside() {
    let (database, service) = service_with_tasks(2).await;
    database.execute(annotation_statistics_tests::Corruption::UNGUARD);
    database.execute("UPDATE statistics SET pool_type = 9 WHERE task_id = 2");
    let response = service.get(QUERY);
    assert_eq!(response.verdict(), (500, 5000, HICCUP));
    assert_eq!(service.get("/health/ready").status, 200);
}
