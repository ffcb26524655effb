//! What the admin listener tells of a running service.

use annotation_statistics_tests::{
    Envelope, Implementation, PostgresServer, RunningService, TestDatabase, record, task, wait_until,
};

const QUERY: &str = "/statistics?annotationRequestId=a";
const QUEUE_OF_ONE: &str = "database.pool_size = 1\ndatabase.queue_per_session = 1\ndatabase.queue_wait = '60s'";

async fn service(settings: &str) -> (TestDatabase, RunningService) {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let service = RunningService::with(&database.url(), settings);
    (database, service)
}

fn requests(service: &RunningService, method: &str, route: &str, status: &str) -> f64 {
    let labels = format!(r#"{{method="{method}",route="{route}",status="{status}"}}"#);
    let page = service.metrics();
    let requests = page.value(&format!("annotation_statistics_http_requests_total{labels}"));
    let durations = page.value(&format!("annotation_statistics_http_request_duration_seconds_count{labels}"));
    assert!((requests - durations).abs() < 0.5, "each is counted and timed: {requests} {durations}");
    requests
}

/// Compares whole numbers that Prometheus writes as floats.
#[track_caller]
fn assert_is(found: f64, expected: u32) {
    assert!((found - f64::from(expected)).abs() < 0.5, "{found} is not {expected}");
}

#[tokio::test]
async fn requests_are_counted_by_route_method_and_status() {
    let (_database, service) = service("api.base_path = '/rosetta-open'").await;
    for target in [QUERY, &format!("{QUERY}&offset=2"), "/statistics?annotationRequestId=b", "/statistics"] {
        service.get(&format!("/rosetta-open{target}"));
    }
    service.fetch("HEAD", &format!("/rosetta-open{QUERY}"), "");
    service.fetch("BREW", "/nowhere/7", "");
    let statistics = "/rosetta-open/statistics";
    assert_is(requests(&service, "GET", statistics, "200"), 2);
    assert_is(requests(&service, "HEAD", statistics, "200"), 1);
    assert_is(requests(&service, "GET", statistics, "404"), 1);
    assert_is(requests(&service, "GET", statistics, "400"), 1);
    assert_is(requests(&service, "other", "unmatched", "404"), 1);
    let page = service.metrics();
    for (reason, number) in
        [("invalid_parameter", 1), ("unknown_annotation_request", 1), ("not_found", 1), ("unavailable", 0)]
    {
        let series = format!(r#"annotation_statistics_http_refusals_total{{reason="{reason}"}}"#);
        assert_is(page.value(&series), number);
    }
    assert_is(page.value("annotation_statistics_http_requests_in_flight"), 0);
    let spent =
        page.value(&format!(r#"annotation_statistics_http_database_duration_seconds_sum{{route="{statistics}"}}"#));
    let took = page.sum("annotation_statistics_http_request_duration_seconds_sum", &[statistics]);
    assert!(spent > 0.0 && spent < took, "{spent} of {took}");
}

#[tokio::test]
async fn the_admin_listener_counts_and_serves_nothing_but_its_own() {
    let (_database, service) = service("").await;
    for (target, status) in [("/live", 200), ("/ready", 200), (QUERY, 404), ("/health/live", 404), ("/", 404)] {
        assert_eq!(Envelope::of(&service.fetch_admin(target)).status, status, "{target}");
    }
    for target in ["/live", "/ready", "/metrics"] {
        assert_eq!(service.get(target).status, 404, "{target} of the public listener");
    }
    let total = service.metrics().sum("annotation_statistics_http_requests_total", &[]);
    assert_is(total, 3);
}

#[tokio::test]
async fn the_admin_listener_lives_while_the_database_is_away() {
    let (database, service) = service("database.connect_timeout = '300ms'").await;
    assert_eq!(service.get(QUERY).count(), 1);
    database.cut_off();
    assert_eq!(service.get(QUERY).status, 503);
    assert_eq!(Envelope::of(&service.fetch_admin("/ready")).status, 503);
    assert_eq!(Envelope::of(&service.fetch_admin("/live")).status, 200);
    let page = service.metrics();
    let refused = r#"annotation_statistics_database_refusals_total{pool="read",reason="no_session"}"#;
    assert!(page.value(refused) >= 2.0, "{}", page.value(refused));
    assert!(page.value(r#"annotation_statistics_database_connect_failures_total{pool="read"}"#) >= 1.0);
    assert_is(page.value(r#"annotation_statistics_http_refusals_total{reason="unavailable"}"#), 1);
    database.reconnect();
    service.wait_until_ready();
    assert_eq!(Envelope::of(&service.fetch_admin("/ready")).status, 200);
}

#[tokio::test]
async fn readiness_is_told_without_a_request() {
    let (database, service) = service("database.connect_timeout = '300ms'\nadmin.ready_interval = '10ms'").await;
    let ready = |check: &str| service.metrics().value(&format!(r#"annotation_statistics_ready{{check="{check}"}}"#));
    wait_until("the database answers", || ready("reads") > 0.5);
    database.cut_off();
    wait_until("it does not", || ready("reads") < 0.5);
    assert_is(ready("keys"), 1);
    database.reconnect();
    wait_until("it answers again", || ready("reads") > 0.5);
}

#[tokio::test]
async fn that_no_changes_are_made_is_told_and_reads_go_on() {
    let (database, service) = service("admin.ready_interval = '10ms'").await;
    let ready = |check: &str| service.metrics().value(&format!(r#"annotation_statistics_ready{{check="{check}"}}"#));
    let is_reported = |status: &str| Envelope::of(&service.fetch_admin("/ready")).data["status"] == status;
    wait_until("changes are made", || ready("writes") > 0.5 && is_reported("ready"));
    let name = database.query("SELECT current_database()").concat();
    let set = |value: &str| {
        database.cut_off();
        let alter = format!("ALTER DATABASE {name} SET default_transaction_read_only = {value}");
        PostgresServer::shared().administrate(&alter);
        database.reconnect();
    };
    set("on");
    wait_until("none are made", || ready("writes") < 0.5 && is_reported("read-only"));
    wait_until("reads go on", || ready("reads") > 0.5);
    assert_eq!(service.get(QUERY).count(), 1);
    assert_eq!(service.fetch_json("PUT", "/annotation-requests/b", "", r#"{"campaignId":"1001"}"#).status, 503);
    let refused = r#"annotation_statistics_database_refusals_total{pool="write",reason="read_only"}"#;
    assert_is(service.metrics().value(refused), 1);
    set("off");
    wait_until("changes are made again", || ready("writes") > 0.5 && is_reported("ready"));
}

#[tokio::test]
async fn what_fails_inside_of_a_write_is_counted_by_its_cause() {
    let limits = "writes.pool_size = 1\nwrites.start_timeout = '2s'\nwrites.statement_timeout = '3s'";
    let (database, service) = service(limits).await;
    let put = || {
        let row = r#"[{"id":9,"status":11,"poolName":"p","poolType":5,"instanceInfo":{},"instanceNum":0,"attributeNum":0,"frameNum":1}]"#;
        service.fetch_json("PUT", "/annotation-requests/a/statistics", "", row).status
    };
    let counted = |reason: &str| {
        let series = format!(r#"annotation_statistics_database_refusals_total{{pool="write",reason="{reason}"}}"#);
        service.metrics().value(&series)
    };
    let mut lock = database.session();
    lock.execute("BEGIN; SELECT * FROM annotation_requests FOR UPDATE");
    assert_eq!(put(), 503);
    lock.execute("ROLLBACK");
    database.execute("CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$");
    database.execute("CREATE TRIGGER fail BEFORE INSERT ON statistics EXECUTE FUNCTION fail()");
    for (body, status) in [
        ("PERFORM pg_sleep(60)", 503),
        (
            "RAISE EXCEPTION 'could not extend file \"base/1\": No space left on device' USING ERRCODE = 'disk_full'",
            503,
        ),
        ("RAISE EXCEPTION 'no'", 503),
        ("RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation'", 500),
    ] {
        let body = format!("$$ BEGIN {body}; RETURN NULL; END $$");
        database.execute(&format!("CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS {body}"));
        assert_eq!(put(), status, "{body}");
    }
    let reasons = ["lock_timeout", "statement_timeout", "disk_full", "refused", "corrupt"];
    for reason in reasons {
        assert_is(counted(reason), 1);
    }
    database.execute("DROP TRIGGER fail ON statistics");
    assert_eq!(put(), 200);
    assert_eq!(service.get("/annotation-requests/nobody").status, 404, "no failure of the database");
    assert_is(service.metrics().sum("annotation_statistics_database_refusals_total", &[r#"pool="write""#]), 5);
}

#[tokio::test]
async fn however_many_ask_whether_the_service_is_ready_the_database_is_asked_once() {
    let (_database, service) = service("admin.ready_shared = '1h'").await;
    let work = || service.metrics().value(r#"annotation_statistics_database_work_total{pool="read"}"#);
    assert_eq!(service.fetch_admin("/ready").status, 200);
    let before = work();
    for _ in 0..50 {
        assert_eq!((service.fetch_admin("/ready").status, service.get("/health/ready").status), (200, 200));
    }
    assert!((work() - before).abs() < 0.5);
}

#[tokio::test]
async fn a_read_that_is_tried_again_is_counted() {
    let (database, service) = service("database.pool_size = 1").await;
    assert_eq!(service.get(QUERY).count(), 1);
    database.cut_sessions();
    assert_eq!(service.get(QUERY).count(), 1);
    let page = service.metrics();
    assert_is(page.value(r#"annotation_statistics_database_retries_total{pool="read"}"#), 1);
    assert_is(page.sum("annotation_statistics_database_refusals_total", &[]), 0);
}

#[tokio::test]
async fn recorded_tasks_are_counted_by_what_became_of_them_and_those_of_a_refused_batch_are_not() {
    let (_database, service) = service("").await;
    let row = |id: u32, cars: u32| {
        format!(
            r#"{{"id":{id},"status":11,"poolName":"complete pool","poolType":5,"instanceInfo":{{"car":{cars}}},"instanceNum":{cars},"attributeNum":0,"frameNum":1}}"#
        )
    };
    let wrong = row(5, 1).replace(r#""poolType":5"#, r#""poolType":7"#);
    for (rows, status) in [
        (vec![row(2, 1), row(3, 1), row(4, 1)], 200),
        (vec![row(2, 1), row(3, 2), row(5, 1), row(6, 1)], 200),
        (vec![row(7, 1), wrong], 400),
    ] {
        let body = format!("[{}]", rows.join(","));
        let response = service.fetch_json("PUT", "/annotation-requests/a/statistics", "", &body);
        assert_eq!(response.status, status, "{response:?}");
    }
    let page = service.metrics();
    for (outcome, number) in [("inserted", 5), ("updated", 1), ("unchanged", 1)] {
        assert_is(page.value(&format!(r#"annotation_statistics_import_rows_total{{outcome="{outcome}"}}"#)), number);
    }
}

#[tokio::test]
async fn the_pool_and_its_queue_show_what_is_used_and_what_waits() {
    let (database, service) = service(QUEUE_OF_ONE).await;
    let pool =
        |name: &str| service.metrics().value(&format!(r#"annotation_statistics_database_{name}{{pool="read"}}"#));
    wait_until("the session is open", || pool("sessions_idle") > 0.5);
    assert_is(pool("sessions_max"), 1);
    assert_is(pool("waiting_max"), 1);

    let mut lock = database.session();
    lock.execute("BEGIN; LOCK TABLE annotation_requests");
    let mut asking = [service.connect(), service.connect()];
    for connection in &mut asking {
        connection.send_request("GET", QUERY, "");
    }
    wait_until("one works and one waits", || pool("waiting") > 0.5 && pool("sessions_idle") < 0.5);
    assert_is(service.metrics().value("annotation_statistics_http_requests_in_flight"), 2);
    assert_eq!(service.get(QUERY).status, 503, "the queue is full");
    let refused = r#"annotation_statistics_database_refusals_total{pool="read",reason="queue_full"}"#;
    assert_is(service.metrics().value(refused), 1);

    lock.execute("COMMIT");
    for connection in &mut asking {
        assert_eq!(Envelope::of(&connection.response_to("GET")).count(), 1);
    }
    wait_until("all is quiet", || pool("waiting") < 0.5 && pool("sessions_idle") > 0.5);
    assert!(pool("wait_seconds_total") > 0.0);
}

#[tokio::test]
async fn the_process_tells_its_version_and_what_it_uses() {
    let (_database, service) = service("").await;
    let live = service.fetch_admin("/live");
    assert!(live.text().contains(r#""data":{"status":"live","version":"0.2.0"},"#), "{live:?}");
    let public = service.fetch("GET", "/health/live", "");
    assert!(public.text().contains(r#""data":{"status":"live"},"#), "who is no operator is not told: {public:?}");
    let page = service.metrics();
    assert_is(page.value(r#"annotation_statistics_build_info{version="0.2.0"}"#), 1);
    assert!(page.value("process_cpu_seconds_total") > 0.0);
    for name in ["process_resident_memory_bytes", "process_open_fds", "process_threads", "process_start_time_seconds"] {
        assert!(page.value(name) > 0.0, "{name}");
    }
}
