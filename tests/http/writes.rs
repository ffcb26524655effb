//! Annotation requests and their tasks written over HTTP: a real socket, a real database.

use annotation_statistics_domain::Statistics;
use annotation_statistics_tests::{
    Envelope, ROUNDS, RawResponse, RunningService, Task, TestDatabase, WRITERS, task, walk_over_http,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;

mod named_tasks;
mod taxonomies;

const REQUEST: &str = "/annotation-requests/R";
const ROWS: &str = "/annotation-requests/R/statistics";
const UNKNOWN: (u16, i64, &str) = (404, 53003, "Annotation request has not exists.");

fn service() -> (TestDatabase, RunningService) {
    let database = TestDatabase::new();
    let service = RunningService::on(&database);
    (database, service)
}

/// With the request `R` of campaign 1001, which has no tasks and no rule.
fn service_with_r() -> (TestDatabase, RunningService) {
    let (database, service) = service();
    let registered = Envelope::of(&service.fetch_json("PUT", REQUEST, "", r#"{"campaignId":"1001"}"#));
    assert_eq!(registered.verdict(), (200, 2000, "Success"));
    (database, service)
}

/// As a list of rows without their campaign.
fn list(tasks: &[Task]) -> String {
    Value::from(tasks.iter().map(row).collect::<Vec<_>>()).to_string()
}

fn row(task: &Task) -> Value {
    let mut row = json!(task.statistics());
    row.as_object_mut().unwrap().remove("campaignId");
    row
}

fn put(service: &RunningService, headers: &str, tasks: &[Task]) -> RawResponse {
    service.fetch_json("PUT", ROWS, headers, &list(tasks))
}

fn counted(response: &RawResponse) -> [u64; 3] {
    let envelope = Envelope::of(response);
    ["inserted", "updated", "unchanged"]
        .map(|name| envelope.data[name].as_u64().unwrap_or_else(|| panic!("{response:?}")))
}

fn tag(response: &RawResponse) -> String {
    response.header("etag").unwrap_or_else(|| panic!("no tag: {response:?}")).to_owned()
}

fn read(service: &RunningService) -> Envelope {
    service.get("/statistics?annotationRequestId=R&limit=100")
}

#[tokio::test]
async fn a_request_lives_from_its_registration_to_its_deletion_and_may_live_again() {
    let (_database, service) = service();
    assert_eq!(Envelope::of(&put(&service, "", &[task("R", 1)])).verdict(), UNKNOWN);
    assert_eq!(service.get(REQUEST).verdict(), UNKNOWN);
    let body = r#"{"campaignId":"1001","countingRule":"objects/2"}"#;
    let registered = service.fetch_json("PUT", REQUEST, "", body);
    let again = service.fetch_json("PUT", REQUEST, "", body);
    assert_eq!((tag(&registered), Envelope::of(&registered).data), (tag(&again), Envelope::of(&again).data));
    let got = service.fetch("GET", REQUEST, "");
    let envelope = Envelope::of(&got);
    assert_eq!((envelope.data["taskCount"].as_u64(), &envelope.data["countingRule"]), (Some(0), &json!("objects/2")));
    assert_eq!(tag(&got), format!("\"{}\"", envelope.data["revision"]));
    assert_eq!(service.fetch("GET", REQUEST, &format!("If-None-Match: {}\r\n", tag(&got))).status, 304);

    let tasks: Vec<Task> = [7, i64::MAX, i64::MIN, 1].map(|id| task("R", id)).into();
    let first = put(&service, "", &tasks);
    assert_eq!(counted(&first), [4, 0, 0]);
    let second = put(&service, "", &tasks);
    assert_eq!((counted(&second), tag(&second)), ([0, 0, 4], tag(&first)), "the same again changes nothing");
    assert_eq!(tag(&service.fetch("GET", REQUEST, "")), tag(&first));
    let expected: Vec<Statistics> = tasks.iter().map(Task::statistics).collect();
    let response = service.fetch("GET", "/statistics?annotationRequestId=R", "");
    assert_eq!(response.header("counting-rule"), Some("objects/2"));
    assert_eq!(Envelope::of(&response).data, json!({ "count": 4, "data": expected }));

    let deleted = service.fetch("DELETE", &format!("{ROWS}/{}", i64::MAX), "");
    assert_eq!(Envelope::of(&deleted).data, json!({ "deletedTasks": 1 }));
    assert_eq!((read(&service).count(), read(&service).task_ids()), (3, vec![7, i64::MIN, 1]));
    let missing = service.fetch("DELETE", &format!("{ROWS}/{}", i64::MAX), "");
    assert_eq!(Envelope::of(&missing).verdict(), (404, 404, "Not Found"));

    let deleted = Envelope::of(&service.fetch("DELETE", REQUEST, ""));
    assert_eq!(deleted.data, json!({ "deletedTasks": 3 }));
    assert_eq!((read(&service).verdict(), service.get(REQUEST).verdict()), (UNKNOWN, UNKNOWN));
    assert_eq!(Envelope::of(&service.fetch("DELETE", REQUEST, "")).verdict(), UNKNOWN);
    let reborn = service.fetch_json("PUT", REQUEST, "", r#"{"campaignId":"1002"}"#);
    assert_eq!((reborn.status, read(&service).count()), (200, 0));
    assert!(![tag(&registered), tag(&first), tag(&got)].contains(&tag(&reborn)), "no state comes again");
}

#[tokio::test]
async fn a_request_is_of_one_campaign_and_counted_by_one_rule() {
    let (_database, service) = service_with_r();
    for (body, message) in [
        (r#"{"campaignId":"1001","countingRule":"objects/2"}"#, None),
        (r#"{"campaignId":"1001"}"#, None),
        (r#"{"campaignId":"1002"}"#, Some("Conflict: annotation request `R` belongs to campaign `1001`, not `1002`")),
        (
            r#"{"campaignId":"1001","countingRule":"keyframes/2"}"#,
            Some("Conflict: annotation request `R` is counted by `objects/2`, not `keyframes/2`"),
        ),
    ] {
        let response = Envelope::of(&service.fetch_json("PUT", REQUEST, "", body));
        let expected = message.map_or((200, 2000, "Success"), |message| (409, 409, message));
        assert_eq!(response.verdict(), expected, "{body}");
    }
}

#[tokio::test]
async fn one_bad_row_keeps_all_rows_out() {
    let (_database, service) = service_with_r();
    put(&service, "", &[task("R", 1)]);
    let before = tag(&service.fetch("GET", REQUEST, ""));
    let mut rows: Vec<Value> = (1..=500).map(|id| row(&task("R", id).frames(9))).collect();
    rows[499]["poolType"] = json!(9);
    let response = Envelope::of(&service.fetch_json("PUT", ROWS, "", &Value::from(rows).to_string()));
    let why = "Invalid parameter: [499].poolType: 9 is not a pool type: it must be one of 0 to 5";
    assert_eq!(response.verdict(), (400, 4005, why));
    assert_eq!((read(&service).task_ids(), tag(&service.fetch("GET", REQUEST, ""))), (vec![1], before));
}

#[tokio::test]
async fn lines_are_recorded_like_a_list() {
    let (_database, service) = service_with_r();
    let lines = [3, 1, 2].map(|id| row(&task("R", id)).to_string()).join("\r\n\n");
    let headers = "Content-Type: application/x-ndjson\r\n";
    let response = service.connect().fetch_with("PUT", ROWS, headers, &lines);
    assert_eq!((counted(&response), read(&service).task_ids()), ([3, 0, 0], vec![3, 1, 2]));
    let wrong =
        service.connect().fetch_with("PUT", ROWS, headers, &lines.replacen("\"poolType\":5", "\"poolType\":9", 2));
    let why = "poolType: 9 is not a pool type: it must be one of 0 to 5";
    assert_eq!(Envelope::of(&wrong).message, format!("Invalid parameter: line 1: {why}; line 3: {why}"));
}

#[tokio::test]
async fn who_does_not_know_the_state_changes_nothing() {
    let (_database, service) = service_with_r();
    let known = tag(&put(&service, "", &[task("R", 1), task("R", 2)]));
    let of = |tag: &str| format!("If-Match: {tag}\r\n");
    let mine = put(&service, &of(&known), &[task("R", 1).frames(7)]);
    assert_eq!(counted(&mine), [0, 1, 0]);
    let now = tag(&mine);
    let message = format!(
        "Precondition Failed: annotation request `R` has been changed: its revision is {}",
        now.trim_matches('"')
    );
    let weak = format!("W/{now}");
    for stale in [known.as_str(), weak.as_str(), "\"abc\""] {
        let refused = [
            put(&service, &of(stale), &[task("R", 1).frames(8)]),
            put(&service, &of(stale), &[]),
            service.fetch("DELETE", &format!("{ROWS}/1"), &of(stale)),
            service.fetch("DELETE", REQUEST, &of(stale)),
            service.fetch_json("PUT", REQUEST, &of(stale), r#"{"campaignId":"1001"}"#),
        ];
        for response in refused {
            assert_eq!(Envelope::of(&response).verdict(), (412, 412, message.as_str()), "{stale}");
        }
    }
    let rows = read(&service).data["data"].clone();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["frameNum"]), (2, &json!(7)), "the first update is not lost");
    assert_eq!(counted(&put(&service, &of("*"), &[task("R", 1).frames(8)])), [0, 1, 0]);
    let now = tag(&service.fetch("GET", REQUEST, ""));
    assert_eq!(service.fetch("DELETE", REQUEST, &of(&format!("\"7\", {now}"))).status, 200);
    let unknown = service.fetch_json("PUT", REQUEST, &of("*"), r#"{"campaignId":"1001"}"#);
    assert_eq!(Envelope::of(&unknown).verdict(), (404, 53003, "Annotation request has not exists."));
}

#[tokio::test]
async fn thousands_of_requests_are_asked_in_a_body() {
    let (_database, service) = service();
    let mut connection = service.connect();
    let names: Vec<String> = (0..3).map(|number| format!("{number}/\u{e9}")).collect();
    for (name, id) in names.iter().zip(1..) {
        let target = format!("/annotation-requests/{}%2F%C3%A9", &name[..1]);
        connection.fetch_with("PUT", &target, "Content-Type: application/json\r\n", r#"{"campaignId":"1001"}"#);
        let rows = list(&[task(name, id)]);
        connection.fetch_with("PUT", &format!("{target}/statistics"), "Content-Type: application/json\r\n", &rows);
    }
    let ids: Vec<&String> = names.iter().rev().chain(std::iter::repeat_n(&names[0], 20_000)).collect();
    let query = json!({ "annotationRequestIds": ids, "offset": 1, "limit": 500 }).to_string();
    let response = service.fetch_json("POST", "/statistics/query", "", &query);
    assert_eq!((Envelope::of(&response).count(), Envelope::of(&response).task_ids()), (3, vec![3, 2, 1]));
    assert_eq!((response.header("effective-limit"), response.header("counting-rule")), (Some("100"), Some("unstated")));
    assert_eq!(response.header("link"), None);
    let known = format!("If-None-Match: {}\r\n", tag(&response));
    assert_eq!(service.fetch_json("POST", "/statistics/query", &known, &query).status, 304);

    let many: Vec<String> = (0..10_000).map(|id| format!("{id:0>36}")).collect();
    let fetch = |ids: &[String]| {
        let query = json!({ "annotationRequestIds": ids }).to_string();
        Envelope::of(&service.fetch_json("POST", "/statistics/query", "", &query))
    };
    assert_eq!(fetch(&many).verdict(), UNKNOWN);
    let why = "Invalid parameter: annotationRequestIds may have at most 10000 different ids, got 10001";
    assert_eq!(fetch(&[many, vec!["x".to_owned()]].concat()).verdict(), (400, 4005, why));
}

/// Appends two tasks in each round and updates the task -1, which all writers update.
fn write(service: &RunningService, writer: i64) {
    let mut connection = service.connect();
    for round in 0..ROUNDS {
        let first = writer * 1000 + round * 2;
        let frames = u32::try_from(writer * 100 + round).unwrap();
        let rows = [task("R", first), task("R", -1).frames(frames), task("R", first + 1)];
        let response = connection.fetch_with("PUT", ROWS, "Content-Type: application/json\r\n", &list(&rows));
        let [inserted, updated, unchanged] = counted(&response);
        assert_eq!((inserted, updated + unchanged), (2, 1), "{response:?}");
    }
}

#[tokio::test]
async fn writers_at_the_same_time_lose_double_and_reorder_nothing_while_a_reader_walks_the_pages() {
    let database = TestDatabase::new();
    let service = RunningService::with(&database.url(), "writes.start_timeout = '60s'\nwrites.queue_wait = '60s'");
    service.fetch_json("PUT", REQUEST, "", r#"{"campaignId":"1001"}"#);
    put(&service, "", &[task("R", -1)]);
    let (writing, mut walks) = (AtomicI64::new(WRITERS), Vec::new());
    thread::scope(|scope| {
        for writer in 1..=WRITERS {
            let (service, writing) = (&service, &writing);
            scope.spawn(move || {
                write(service, writer);
                writing.fetch_sub(1, Ordering::AcqRel);
            });
        }
        while writing.load(Ordering::Acquire) > 0 {
            walks.push(walk_over_http(&service, "R", 7));
        }
    });
    let last = walk_over_http(&service, "R", 100);
    let expected: BTreeSet<i64> = (1..=WRITERS)
        .flat_map(|writer| (0..ROUNDS * 2).map(move |number| writer * 1000 + number))
        .chain([-1])
        .collect();
    assert_eq!(last.len(), expected.len(), "no task is doubled");
    assert_eq!(last.iter().copied().collect::<BTreeSet<_>>(), expected, "no task is lost");
    for writer in 1..=WRITERS {
        let own: Vec<i64> = last.iter().copied().filter(|id| id / 1000 == writer).collect();
        assert!(own.is_sorted(), "the tasks of a writer are in the order in which it wrote them: {own:?}");
        for pair in own.chunks(2) {
            let place = last.iter().position(|id| *id == pair[0]).unwrap();
            assert_eq!(last.get(place + 1), pair.get(1), "what is recorded together stands together");
        }
    }
    assert!(!walks.is_empty());
    for walk in walks {
        assert_eq!(walk, last[..walk.len()], "a walk meets each task once, in the order in which all stand at the end");
    }
}
