//! Pages that did not change: what they cost, and that a change is seen at once, whichever server makes it.

use crate::logged_statements::{log_statements, statements_during};
use annotation_statistics_tests::{RawResponse, RunningService, TestDatabase, record, task};
use serde_json::Value;

const PAGE: &str = "/statistics?annotationRequestId=a&annotationRequestId=b&limit=2";

fn row(id: u32, frames: u32) -> String {
    format!(
        r#"{{"id":{id},"status":11,"poolName":"p","poolType":5,"instanceInfo":{{"car":2}},"instanceNum":2,"attributeNum":0,"frameNum":{frames}}}"#
    )
}

/// Each way to change what a page shows: method, path, body and what it is.
fn changes() -> Vec<(&'static str, &'static str, String, &'static str)> {
    const ROWS_OF_A: &str = "/annotation-requests/a/statistics";
    const ROWS_OF_B: &str = "/annotation-requests/b/statistics";
    let rows = |rows: &[String]| format!("[{}]", rows.join(","));
    let [known, ruled] = [r#"{"campaignId":"1002"}"#, r#"{"campaignId":"1002","countingRule":"objects/2"}"#];
    vec![
        ("PUT", ROWS_OF_A, rows(&[row(1, 7)]), "a task of the page is updated"),
        ("PUT", ROWS_OF_B, rows(&[row(4, 1)]), "a task is appended behind the page"),
        ("PUT", ROWS_OF_A, rows(&[row(2, 7), row(5, 1)]), "both"),
        ("DELETE", "/annotation-requests/a/statistics/1", String::new(), "a task is deleted"),
        ("DELETE", "/annotation-requests/a", String::new(), "a request is deleted"),
        ("PUT", "/annotation-requests/a", known.to_owned(), "it is known again"),
        ("PUT", "/annotation-requests/a", ruled.to_owned(), "a rule is stated"),
        ("PUT", ROWS_OF_A, rows(&[row(1, 7)]), "it has a task again"),
    ]
}

fn data(response: &RawResponse) -> Value {
    let envelope: Value = serde_json::from_str(response.text()).unwrap();
    envelope["data"].clone()
}

fn hits_and_misses(service: &RunningService) -> [u64; 2] {
    let page = service.metrics();
    let number = |name: &str| page.value(&format!("annotation_statistics_page_cache_{name}_total")).to_string();
    ["hits", "misses"].map(|name| number(name).parse().unwrap())
}

#[tokio::test]
async fn a_change_is_in_the_very_next_response_of_each_server_whichever_makes_it() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1), task("a", 2), task("b", 3)]).await;
    let servers = [RunningService::on(&database), RunningService::on(&database)];
    let uncached = RunningService::with(&database.url(), "cache.max_bytes = 0");
    let mut states = Vec::new();
    for (number, (method, target, body, change)) in changes().into_iter().enumerate() {
        for server in &servers {
            let [first, again] = [0, 1].map(|_| server.fetch("GET", PAGE, ""));
            assert_eq!(again.header("etag"), first.header("etag"), "before {change}");
        }
        let changed = servers[number % 2].fetch_json(method, target, "", &body);
        assert_eq!(changed.status, 200, "{change}: {}", changed.text());
        let expected = uncached.fetch("GET", PAGE, "");
        for server in &servers {
            let found = server.fetch("GET", PAGE, "");
            assert_eq!((found.status, data(&found)), (expected.status, data(&expected)), "{change}");
            for header in ["etag", "counting-rule", "link"] {
                assert_eq!(found.header(header), expected.header(header), "{change}: {header}");
            }
        }
        states.push(expected.header("etag").map(str::to_owned));
    }
    let gone = states.iter().filter(|state| state.is_none()).count();
    states.sort();
    states.dedup();
    assert_eq!((states.len(), gone), (changes().len(), 1), "each change leads to a state of its own");
    for server in &servers {
        let [hits, misses] = hits_and_misses(server);
        assert!(hits >= 7 && misses >= 7, "{hits} hits, {misses} misses");
    }
    assert_eq!(hits_and_misses(&uncached), [0, 0], "it has no cache");
}

#[tokio::test]
async fn a_page_that_did_not_change_costs_the_statement_of_its_counters() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1), task("b", 2)]).await;
    log_statements(&database);
    let service = RunningService::with(&database.url(), "database.pool_size = 1");
    for target in ["/statistics?annotationRequestId=a", PAGE] {
        let first = service.fetch("GET", target, "");
        let tag = format!("If-None-Match: {}\r\n", first.header("etag").unwrap());
        for (headers, status, state) in [("", 200, "sent before"), (&tag, 304, "known"), ("", 200, "sent twice")] {
            let statements = statements_during(&database, &format!("{state} {target}"), || {
                assert_eq!(service.fetch("GET", target, headers).status, status, "{state} {target}");
            });
            let [statement] = statements.as_slice() else { panic!("{state} {target}: {statements:#?}") };
            assert!(statement.contains("FROM annotation_requests WHERE id"), "{state} {target}: {statement}");
        }
    }
}

#[tokio::test]
async fn a_page_is_counted_as_sent_from_memory_or_as_read() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1), task("b", 2)]).await;
    let service = RunningService::on(&database);
    let bytes = || service.metrics().value("annotation_statistics_page_cache_bytes");
    assert!(bytes() <= 0.0);
    for method in ["GET", "GET", "HEAD"] {
        assert_eq!(service.fetch(method, PAGE, "").status, 200);
    }
    let body = r#"{"annotationRequestIds":["a","b"],"limit":2}"#;
    assert_eq!(service.fetch_json("POST", "/statistics/query", "", body).status, 200);
    assert_eq!(hits_and_misses(&service), [3, 1]);
    let one_page = bytes();
    assert!((500.0..5_000.0).contains(&one_page), "{one_page}");
    assert_eq!(service.fetch("GET", &format!("{PAGE}&offset=2"), "").status, 200);
    assert_eq!(hits_and_misses(&service), [3, 2]);
    assert!(bytes() > one_page);
}
