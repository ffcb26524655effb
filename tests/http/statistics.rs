//! Questions and their responses, from outside: a real socket, a real database.

use annotation_statistics_domain::PoolType;
use annotation_statistics_tests::{Envelope, RawResponse, RunningService, Task, TestDatabase, record, task};
use std::collections::BTreeSet;

mod lagging_replica;
mod statements;
mod unchanged_pages;

const TRACE: &str = "traceparent: 00-9876543210abcdef9876543210abcdef-00f067aa0ba902b7-01\r\n";

/// A service over requests `a` (tasks 1 to 25), `b` (101 to 103) and `c` (one task), recorded in this order.
async fn service_with_three_requests() -> (TestDatabase, RunningService) {
    let database = TestDatabase::new();
    let a = (1..=25).map(|id| task("a", id));
    let b = (101..=103).map(|id| task("b", id));
    record(&database, a.chain(b).chain([task("c", 7)]).collect::<Vec<_>>()).await;
    let service = RunningService::on(&database);
    (database, service)
}

async fn service_with(tasks: impl IntoIterator<Item = Task>) -> (TestDatabase, RunningService) {
    let database = TestDatabase::new();
    record(&database, tasks.into_iter().collect::<Vec<_>>()).await;
    let service = RunningService::on(&database);
    (database, service)
}

/// The target of a link.
fn link(response: &RawResponse, relation: &str) -> Option<String> {
    let end = format!(">; rel=\"{relation}\"");
    let links = response.header("link")?.split(", ");
    links.filter_map(|link| link.strip_suffix(&end)).map(|target| target[1..].to_owned()).next()
}

#[tokio::test]
async fn a_recorded_task_is_answered_to_the_byte() {
    let odd = [("select-[e000f]", 44), ("0e767bcb-7480-4e85-bbe8-439fe7871104", 11), ("\u{8f66} \"x\"", 1)];
    let first = task("R", 9_223_372_036_854_775_807).instance_info(&odd, 12, 44).frames(40);
    let second = task("R", 1_146_703_288_430_264_321).status(3).pool(PoolType::Annotation, "\u{6807}\u{6ce8} pool");
    let (_database, service) = service_with([first, second.counts(0, 0)]).await;

    let response = service.fetch("GET", "/statistics?annotationRequestId=R", TRACE);

    let envelope = Envelope::of(&response);
    let expected = r#"{"code":2000,"message":"Success","data":{"count":2,"data":[{"id":9223372036854775807,"status":11,"campaignId":"1001","poolName":"complete pool","poolType":5,"instanceInfo":{"0e767bcb-7480-4e85-bbe8-439fe7871104":11,"select-[e000f]":44,"车 \"x\"":1},"instanceNum":12,"attributeNum":44,"frameNum":40},{"id":1146703288430264321,"status":3,"campaignId":"1001","poolName":"标注 pool","poolType":1,"instanceInfo":{"0e767bcb-7480-4e85-bbe8-439fe7871104":0,"select-[e000f]":0},"instanceNum":0,"attributeNum":0,"frameNum":1}]},"date":"DATE","requestId":"9876543210abcdef9876543210abcdef","success":true}"#;
    assert_eq!(response.text(), expected.replace("DATE", &envelope.date));
}

#[tokio::test]
async fn all_spellings_of_the_list_ask_the_same_in_the_order_of_the_url() {
    let (_database, service) = service_with_three_requests().await;
    for query in [
        "annotationRequestId=c&annotationRequestId=b",
        "annotationRequestId[]=c&annotationRequestId[]=b",
        "annotationRequestId%5B%5D=c&annotationRequestId%5b%5d=b",
        "annotationRequestId[0]=c&annotationRequestId[1]=b",
        "annotationRequestId[7]=c&annotationRequestId[1]=b",
        "annotationRequestId=c&annotationRequestId[]=b",
        "annotationRequestId[0]=%63&annotationRequestId=b&annotationRequestId[]=c",
        "_=1&annotationRequestId=c&&annotationRequestId=b&annotationRequestId[x]=a&offset[]=9",
    ] {
        let response = service.get(&format!("/statistics?{query}"));
        assert_eq!((response.count(), response.task_ids()), (4, vec![7, 101, 102, 103]), "{query}");
    }
}

#[tokio::test]
async fn tasks_come_in_the_order_of_their_recording_whatever_their_numbers_are() {
    let (database, service) = service_with([task("r", 5), task("s", 1), task("r", 2)]).await;
    record(&database, [task("r", 9), task("r", 2).status(16), task("r", 1)]).await;
    let response = service.get("/statistics?annotationRequestId=s&annotationRequestId=r");
    assert_eq!(response.task_ids(), [1, 5, 2, 9, 1]);
    assert_eq!(response.data["data"][2]["status"], 16, "an updated task keeps its place");
}

#[tokio::test]
async fn a_page_has_ten_rows_unless_a_limit_says_otherwise() {
    let (_database, service) = service_with_three_requests().await;
    let rows = |page: &str| {
        let response = service.get(&format!("/statistics?annotationRequestId=a&annotationRequestId=b{page}"));
        assert_eq!(response.count(), 28, "{page}");
        response.task_ids()
    };
    assert_eq!(rows(""), (1..=10).collect::<Vec<_>>());
    assert_eq!(rows("&offset=2"), (11..=20).collect::<Vec<_>>());
    assert_eq!(rows("&offset=3"), [21, 22, 23, 24, 25, 101, 102, 103], "over the border of two requests");
    assert_eq!(rows("&limit=1&offset=28"), [103]);
    assert_eq!(rows("&limit=000003&offset=01"), [1, 2, 3]);
    for past in ["&offset=4", "&offset=9223372036854775807", "&limit=9223372036854775807&offset=9223372036854775807"] {
        assert!(rows(past).is_empty(), "{past}");
    }
}

#[tokio::test]
async fn a_limit_over_the_maximum_is_lowered_to_it_and_the_links_say_so() {
    let (_database, service) = service_with((1..=205).map(|id| task("r", id))).await;
    for limit in ["100", "101", "9223372036854775807"] {
        let response = service.fetch("GET", &format!("/statistics?annotationRequestId=r&offset=2&limit={limit}"), "");
        assert_eq!(Envelope::of(&response).task_ids(), (101..=200).collect::<Vec<_>>(), "{limit}");
        for (relation, page) in [("first", 1), ("prev", 1), ("next", 3), ("last", 3)] {
            let expected = format!("/statistics?annotationRequestId=r&offset={page}&limit=100");
            assert_eq!(link(&response, relation), Some(expected), "{relation} with {limit}");
        }
    }
}

#[tokio::test]
async fn walking_by_the_next_links_meets_every_task_exactly_once() {
    let tasks = (0..123_usize).map(|id| task(["x y", "a,b", "\u{e9}&="][id % 3], 1000 - i64::try_from(id).unwrap()));
    let (_database, service) = service_with(tasks).await;
    let mut connection = service.connect();
    let ids = "annotationRequestId=x+y&annotationRequestId=a,b&annotationRequestId[]=%C3%A9%26%3D";
    let (mut next, mut seen) = (Some(format!("/statistics?{ids}&limit=7")), Vec::new());
    while let Some(target) = next {
        let response = connection.fetch("GET", &target, "");
        seen.extend(Envelope::of(&response).task_ids());
        next = link(&response, "next");
    }
    let expected: Vec<i64> = [0, 1, 2].iter().flat_map(|first| (*first..123).step_by(3)).map(|id| 1000 - id).collect();
    assert_eq!(seen, expected);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 123);
}

#[tokio::test]
async fn one_unknown_request_refuses_the_whole_question() {
    let (_database, service) = service_with_three_requests().await;
    for query in [
        "annotationRequestId=nobody",
        "annotationRequestId=a&annotationRequestId=nobody",
        "annotationRequestId=nobody&annotationRequestId=a&offset=2&limit=3",
        "annotationRequestId=A",
        "annotationRequestId=a%20",
        "annotationRequestId=a,b",
        "annotationRequestId=%27%3B%20DROP%20TABLE%20statistics%3B--",
    ] {
        let response = service.fetch("GET", &format!("/statistics?{query}"), "");
        let verdict = Envelope::of(&response);
        assert_eq!(verdict.verdict(), (404, 53003, "Annotation request has not exists."), "{query}");
        assert_eq!((response.header("etag"), response.header("link")), (None, None), "{query}");
    }
    assert_eq!(service.get("/statistics?annotationRequestId=a").count(), 25);
}

#[tokio::test]
async fn a_known_request_without_tasks_has_a_count_of_zero() {
    let database = TestDatabase::new();
    database.execute("INSERT INTO annotation_requests VALUES ('empty', '1001', 0, 1, now(), now())");
    let response = RunningService::on(&database).get("/statistics?annotationRequestId=empty");
    assert_eq!(response.data, serde_json::json!({ "count": 0, "data": [] }));
}

#[tokio::test]
async fn what_is_no_question_is_refused_with_the_parameter_and_the_reason() {
    let (_database, service) = service_with([task("a", 1)]).await;
    let missing = "annotationRequestId must be given at least once";
    let number = "must be a whole number from 1";
    let huge = "must be at most 9223372036854775807, got \"9223372036854775808\"";
    let id = |why: &str| format!("annotationRequestId {why} (number 1 of the list)");
    let long = "x".repeat(256);
    let many = (0..1001).map(|id| format!("annotationRequestId={id}")).collect::<Vec<_>>().join("&");
    let refused = [
        (String::new(), missing.to_owned()),
        ("offset=1&limit=1".to_owned(), missing.to_owned()),
        ("annotationRequestIds=a".to_owned(), missing.to_owned()),
        ("annotationRequestId=".to_owned(), id("must not be empty")),
        ("annotationRequestId".to_owned(), id("must not be empty")),
        ("annotationRequestId=a&annotationRequestId=".to_owned(), id("must not be empty").replace('1', "2")),
        (format!("annotationRequestId={long}"), id("is 256 bytes long, at most 255 are allowed")),
        (many, "annotationRequestId may have at most 1000 different ids, got 1001".to_owned()),
        ("annotationRequestId=a&offset=0".to_owned(), format!("offset {number}, got \"0\"")),
        ("annotationRequestId=a&offset=-1".to_owned(), format!("offset {number}, got \"-1\"")),
        ("annotationRequestId=a&offset=1.0".to_owned(), format!("offset {number}, got \"1.0\"")),
        ("annotationRequestId=a&offset=+1".to_owned(), format!("offset {number}, got \" 1\"")),
        ("annotationRequestId=a&offset=".to_owned(), format!("offset {number}, got \"\"")),
        ("annotationRequestId=a&limit=0".to_owned(), format!("limit {number}, got \"0\"")),
        ("annotationRequestId=a&limit=ten".to_owned(), format!("limit {number}, got \"ten\"")),
        ("annotationRequestId=a&limit=1e3".to_owned(), format!("limit {number}, got \"1e3\"")),
        ("annotationRequestId=a&limit=%D9%A1".to_owned(), format!("limit {number}, got \"\u{661}\"")),
        ("annotationRequestId=a&limit=9223372036854775808".to_owned(), format!("limit {huge}")),
        ("annotationRequestId=a&offset=9223372036854775808".to_owned(), format!("offset {huge}")),
        ("annotationRequestId=a&offset=1&offset=1".to_owned(), "offset must be given only once".to_owned()),
        ("annotationRequestId=a&limit=1&limit=2".to_owned(), "limit must be given only once".to_owned()),
    ];
    for (query, reason) in refused {
        let response = service.get(&format!("/statistics?{query}"));
        let message = format!("Invalid parameter: {reason}");
        assert_eq!(response.verdict(), (400, 4005, message.as_str()), "{query}");
    }
}

#[tokio::test]
async fn broken_encodings_are_refused_and_never_repaired() {
    let (_database, service) = service_with([task("a", 1)]).await;
    for id in ["%zz", "%", "%4", "%FF", "%C3", "%ED%A0%80", "%00", "a%00", "%C0%80"] {
        let response = service.get(&format!("/statistics?annotationRequestId=a&annotationRequestId={id}"));
        assert_eq!((response.status, response.code), (400, 4005), "{id}: {response:?}");
        assert!(response.message.starts_with("Invalid parameter: annotationRequestId "), "{id}: {response:?}");
        assert!(response.message.ends_with("(number 2 of the list)"), "{id}: {response:?}");
    }
    for name in ["%zz=1", "%FF=1"] {
        let response = service.get(&format!("/statistics?annotationRequestId=a&{name}"));
        assert_eq!((response.status, response.code), (400, 4005), "{name}: {response:?}");
    }
}

#[tokio::test]
async fn ids_are_free_text_and_decoded_exactly_once() {
    let longest = "\u{8f66}".repeat(85);
    let names = ["a,b", "x y", "50%25", "a+b", "é", "[]", "'", "\u{1f600}\n", longest.as_str()];
    let (_database, service) = service_with(names.iter().zip(1..).map(|(name, id)| task(name, id))).await;
    let encoded = "%e8%bd%a6".repeat(85);
    for (query, id) in [
        ("a,b", 1),
        ("a%2Cb", 1),
        ("x+y", 2),
        ("x%20y", 2),
        ("50%2525", 3),
        ("a%2Bb", 4),
        ("%C3%A9", 5),
        ("[]", 6),
        ("'", 7),
        ("%F0%9F%98%80%0A", 8),
        (encoded.as_str(), 9),
    ] {
        let response = service.get(&format!("/statistics?annotationRequestId={query}"));
        assert_eq!((response.status, response.task_ids()), (200, vec![id]), "{query}");
    }
}

#[tokio::test]
async fn a_thousand_requests_can_be_asked_at_once_and_one_given_twice_counts_once() {
    let (_database, service) = service_with((0..1000).map(|id| task(&format!("{id:03}"), id))).await;
    let ids = (0..1000).rev().chain([999]).map(|id| format!("annotationRequestId={id:03}"));
    let query = ids.collect::<Vec<_>>().join("&") + "&limit=3";
    let response = service.fetch("GET", &format!("/statistics?{query}"), "");
    assert_eq!(response.header("link"), None, "it would be larger than heads may be");
    let page = Envelope::of(&response);
    assert_eq!((page.count(), page.task_ids()), (1000, vec![999, 998, 997]));
}

#[tokio::test]
async fn the_entity_tag_changes_with_the_data_and_only_with_it() {
    let (database, service) = service_with([task("a", 1), task("b", 2)]).await;
    let target = "/statistics?annotationRequestId=a";
    let tag = || service.fetch("GET", target, "").header("etag").unwrap().to_owned();
    let first = tag();
    record(&database, [task("a", 1)]).await;
    record(&database, [task("b", 3)]).await;
    assert_eq!(tag(), first, "neither the same again nor another request changes it");

    let same = service.fetch("GET", target, &format!("If-None-Match: {first}\r\n{TRACE}"));
    assert_eq!((same.status, same.header("etag")), (304, Some(first.as_str())));
    assert_eq!(same.header("x-request-id"), Some("9876543210abcdef9876543210abcdef"));

    record(&database, [task("a", 1).status(16)]).await;
    let updated = service.fetch("GET", target, &format!("If-None-Match: \"other\", {first}\r\n"));
    assert_eq!(updated.status, 200, "an update is news");
    record(&database, [task("a", 4)]).await;
    let tags = BTreeSet::from([first, updated.header("etag").unwrap().to_owned(), tag()]);
    assert_eq!(tags.len(), 3, "a new task is news");
    let other_page = service.fetch("GET", &format!("{target}&limit=1"), "").header("etag").unwrap().to_owned();
    assert!(!tags.contains(&other_page), "another page is another answer");
}
