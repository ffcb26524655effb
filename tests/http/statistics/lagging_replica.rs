//! Reads from a replica that is behind: what a client knows is never taken back.

use annotation_statistics_tests::{
    Envelope, Implementation, OpenDownload, RawResponse, Replica, RunningService, TestDatabase, record, task,
    wait_until,
};

const HICCUP: (u16, i64, &str) = (503, 5000, "Service hiccuped, please try again later.");
const UNKNOWN: (u16, i64, &str) = (404, 53003, "Annotation request has not exists.");

/// A service with a request `old` of one task, whose replica stands still from now on.
async fn behind(settings: &str) -> (TestDatabase, Replica, RunningService) {
    let database = TestDatabase::new();
    record(&database, [task("old", 1)]).await;
    let replica = Replica::new();
    let settings = format!("database.read_url = {:?}\n{settings}", replica.url(&database));
    let service = RunningService::with(&database.url(), &settings);
    service.wait_until_ready();
    replica.pause();
    (database, replica, service)
}

/// Changes something; returns the revision that this led to.
fn change(service: &RunningService, method: &str, target: &str, body: &str) -> String {
    let response = service.fetch_json(method, target, "", body);
    assert_eq!(response.status, 200, "{response:?}");
    response.header("revision").unwrap().to_owned()
}

fn put_task(service: &RunningService, request: &str, id: u32) -> String {
    let row = format!(
        r#"[{{"id":{id},"status":11,"poolName":"p","poolType":5,"instanceInfo":{{"car":2}},"instanceNum":2,"attributeNum":0,"frameNum":1,"sourceName":"{id}.jpg"}}]"#
    );
    change(service, "PUT", &format!("/annotation-requests/{request}/statistics"), &row)
}

/// How many tasks each way of asking for them finds; or with which status it finds none.
fn found_everywhere(service: &RunningService, requests: &[&str], headers: &str) -> [Result<u64, u16>; 4] {
    let list = requests.iter().map(|id| format!("annotationRequestId={id}")).collect::<Vec<_>>().join("&");
    let ids = requests.iter().map(|id| format!("{id:?}")).collect::<Vec<_>>().join(",");
    let number = |response: &RawResponse, name: &str| match Envelope::of(response) {
        reported if reported.status == 200 => Ok(reported.data[name].as_u64().unwrap()),
        reported => Err(reported.status),
    };
    let page = service.fetch("GET", &format!("/statistics?{list}"), headers);
    let body = format!(r#"{{"annotationRequestIds":[{ids}]}}"#);
    let query = service.fetch_json("POST", "/statistics/query", headers, &body);
    let sums = service.fetch("GET", &format!("/statistics/summary?{list}"), headers);
    let export = OpenDownload::start(service, "GET", &format!("/statistics/export?{list}&format=jsonl"), headers);
    let export = export.finish();
    let lines = || u64::try_from(export.text().lines().count()).unwrap();
    let exported = if export.status == 200 { Ok(lines()) } else { Err(export.status) };
    [number(&page, "count"), number(&query, "count"), number(&sums, "taskNum"), exported]
}

fn min(revision: &str) -> String {
    format!("Min-Revision: {revision}\r\n")
}

#[tokio::test]
async fn a_request_that_was_made_known_is_found_at_once_by_all_who_ask() {
    let (_database, replica, service) = behind("").await;
    assert_eq!(found_everywhere(&service, &["new"], ""), [Err(404); 4]);
    change(&service, "PUT", "/annotation-requests/new", r#"{"campaignId":"1001"}"#);
    assert_eq!(found_everywhere(&service, &["new"], ""), [Ok(0); 4]);
    let revision = put_task(&service, "new", 7);
    for headers in [String::new(), min(&revision)] {
        assert_eq!(found_everywhere(&service, &["new"], &headers), [Ok(1); 4]);
        assert_eq!(found_everywhere(&service, &["old", "new"], &headers), [Ok(2); 4], "one of them is not there yet");
        assert_eq!(found_everywhere(&service, &["old", "nobody's"], &headers), [Err(404); 4]);
    }
    let tag = format!("\"{revision}\"");
    for target in ["", "/statistics/7", "/statistics?sourceName=7.jpg"] {
        let response = service.fetch("GET", &format!("/annotation-requests/new{target}"), "");
        assert_eq!((response.status, response.header("etag")), (200, Some(tag.as_str())), "{target}");
    }
    replica.catch_up();
    let requested = |page: &annotation_statistics_tests::MetricsPage| {
        page.sum("annotation_statistics_database_work_total", &[r#"pool="primary_"#])
    };
    let before = requested(&service.metrics());
    assert_eq!(found_everywhere(&service, &["old", "new"], &min(&revision)), [Ok(2); 4]);
    assert!((requested(&service.metrics()) - before).abs() < 0.5, "the primary is not asked for what the replica has");
}

#[tokio::test]
async fn whoever_names_the_state_that_it_knows_is_answered_with_no_earlier_one() {
    let (_database, replica, service) = behind("").await;
    let page = |headers: &str| service.fetch("GET", "/statistics?annotationRequestId=old", headers);
    let old = page("").header("etag").unwrap().to_owned();
    let revision = put_task(&service, "old", 2);
    assert_eq!(found_everywhere(&service, &["old"], ""), [Ok(1); 4], "the replica is behind");
    assert_eq!(found_everywhere(&service, &["old"], &min(&revision)), [Ok(2); 4]);
    let new = page(&min(&revision)).header("etag").unwrap().to_owned();
    let known = |tag: &str| page(&format!("If-None-Match: {tag}\r\n"));
    assert_eq!((known(&old).status, known(&new).status), (304, 304));
    assert_eq!(known(&format!("{old}, {new}")).header("etag"), Some(new.as_str()), "the later of both");

    let gone = change(&service, "DELETE", "/annotation-requests/old", "");
    assert_eq!(found_everywhere(&service, &["old"], &min(&gone)), [Err(404); 4]);
    assert_eq!(Envelope::of(&known(&new)).verdict(), UNKNOWN);
    assert_eq!(found_everywhere(&service, &["old"], ""), [Ok(1); 4], "nobody said that it knows better");
    replica.catch_up();
    assert_eq!(found_everywhere(&service, &["old"], ""), [Err(404); 4]);
}

#[tokio::test]
async fn while_the_primary_is_away_what_the_replica_has_is_answered_and_nothing_is_called_unknown() {
    let (database, _replica, service) = behind("database.connect_timeout = '300ms'").await;
    let revision = put_task(&service, "old", 2);
    change(&service, "PUT", "/annotation-requests/new", r#"{"campaignId":"1001"}"#);
    database.cut_off();
    assert_eq!(found_everywhere(&service, &["old"], ""), [Ok(1); 4]);
    for (request, headers) in [("new", String::new()), ("nobody's", String::new()), ("old", min(&revision))] {
        assert_eq!(found_everywhere(&service, &[request], &headers), [Err(503); 4], "{request}");
    }
    let response = service.fetch("GET", "/statistics?annotationRequestId=new", "");
    assert_eq!((Envelope::of(&response).verdict(), response.header("retry-after")), (HICCUP, Some("1")));
    service.wait_until_ready();
    database.reconnect();
    let found = || service.fetch("GET", "/statistics?annotationRequestId=new", "").status;
    wait_until("the primary is asked again", || found() == 200);
}

#[tokio::test]
async fn however_many_ask_for_what_nobody_knows_the_rest_is_answered() {
    let (database, _replica, service) =
        behind("database.primary_sessions = 1\ndatabase.queue_per_session = 1\ndatabase.pool_size = 8").await;
    let mut lock = database.session();
    lock.execute("BEGIN; LOCK TABLE annotation_requests");
    let mut asking = [service.connect(), service.connect()];
    for connection in &mut asking {
        connection.send_request("GET", "/statistics?annotationRequestId=nobody", "");
    }
    let waiting = r#"annotation_statistics_database_waiting{pool="primary_read"}"#;
    wait_until("one asks and one waits", || service.metrics().value(waiting) > 0.5 && database.lock_waits() == 1);
    assert_eq!(Envelope::of(&service.fetch("GET", "/statistics?annotationRequestId=nobody", "")).verdict(), HICCUP);
    assert_eq!(service.get("/statistics?annotationRequestId=old").count(), 1);
    lock.execute("COMMIT");
    for connection in &mut asking {
        assert_eq!(Envelope::of(&connection.response_to("GET")).verdict(), UNKNOWN);
    }
}

#[tokio::test]
async fn how_far_the_replica_is_behind_is_told_without_a_request() {
    let (_database, replica, service) = behind("admin.ready_interval = '10ms'").await;
    let lag = || service.metrics().value("annotation_statistics_replica_lag_seconds");
    put_task(&service, "old", 2);
    wait_until("the replica lacks something", || lag() > 0.0);
    let first = lag();
    wait_until("the lag grows", || lag() > first);
    replica.catch_up();
    wait_until("it has all again", || lag() <= 0.0);
}
