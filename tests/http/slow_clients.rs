//! Clients that take their time: each is cut off in its limit, and nobody else is.

use annotation_statistics_tests::{
    Envelope, RawConnection, RunningService, TestDatabase, record, register, task, wait_until,
};

const QUERY: &str = "/statistics?annotationRequestId=a";
const LIVE: &str = "/health/live";
/// The largest file that the service has.
const LARGE: &str = "/docs/swagger-ui-bundle.js";
/// No limit but the one of the test is met, however slow the machine is.
const PATIENT: &str =
    "database.lock_timeout = '60s'\nserver.keep_alive = '1h'\nserver.body_timeout = '1h'\nserver.write_timeout = '1h'";

fn service(database: &TestDatabase, limit: &str) -> RunningService {
    let key = limit.split(' ').next().unwrap();
    let patient: Vec<&str> = PATIENT.lines().filter(|line| !line.starts_with(key)).collect();
    RunningService::with(&database.url(), &format!("{}\n{limit}", patient.join("\n")))
}

/// A connection that was used, and on which the head of the next request has begun.
fn with_half_a_head(service: &RunningService) -> RawConnection {
    let mut connection = service.connect();
    assert_eq!(connection.fetch("GET", LIVE, "").status, 200);
    connection.send(b"GET /health/live HTT");
    connection
}

#[test]
fn the_head_of_a_second_request_has_the_time_of_the_first_and_an_idle_connection_has_its_own() {
    let database = TestDatabase::new();
    let service = service(&database, "server.head_timeout = '1500ms'");
    let mut idle = service.connect();
    assert_eq!(idle.fetch("GET", LIVE, "").status, 200);
    assert!(with_half_a_head(&service).is_closed());
    let mut slow = with_half_a_head(&service);
    wait_until("a byte a moment does not help", || !slow.can_send(b"x"));
    assert_eq!(idle.fetch("GET", LIVE, "").status, 200, "it was idle for longer, and is served");
    let mut first = service.connect();
    first.send(b"GET / HTTP/1.1\r\n");
    assert_eq!((first.response_to("GET").status, first.is_closed()), (408, true));
}

#[test]
fn a_connection_that_is_used_again_and_again_is_never_cut() {
    let database = TestDatabase::new();
    let service = service(&database, "server.head_timeout = '1500ms'");
    let mut used = service.connect();
    let mut slow = with_half_a_head(&service);
    while slow.can_send(b"x") {
        assert_eq!(used.fetch("GET", LIVE, "").status, 200);
    }
    assert_eq!(used.fetch("GET", LIVE, "").status, 200);
}

#[tokio::test]
async fn a_request_under_way_is_no_slow_head_even_when_the_next_one_has_begun() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let service = service(&database, "server.head_timeout = '1500ms'");
    let mut lock = database.session();
    lock.execute("BEGIN; LOCK TABLE annotation_requests");
    let mut waiting = service.connect();
    waiting.send_request("GET", QUERY, "");
    database.wait_for_locks(1);
    waiting.send(b"GET /health/live HTT");
    // By the time that this one is cut, the other one would have been, too.
    assert!(with_half_a_head(&service).is_closed());
    lock.execute("COMMIT");
    assert_eq!(Envelope::of(&waiting.response_to("GET")).count(), 1);
    waiting.send(b"P/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(waiting.response_to("GET").status, 200);
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_refused_and_its_connection_closed() {
    let database = TestDatabase::new();
    register(&database, "R", None).await;
    let service = service(&database, "server.body_grace = '300ms'");
    let head = "Content-Type: application/json\r\nContent-Length: 1000\r\n";
    for (target, reason) in [("/annotation-requests/R/statistics", "rows"), ("/statistics/query", "a question")] {
        let mut connection = service.connect();
        let method = if reason == "rows" { "PUT" } else { "POST" };
        connection.send_request(method, target, head);
        connection.send(b"[");
        assert_eq!(Envelope::of(&connection.response_to(method)).verdict(), (408, 408, "Request Timeout"), "{reason}");
        assert!(connection.is_closed(), "{reason}");
    }
}

#[test]
fn a_body_that_nobody_asked_for_keeps_no_connection_open() {
    let database = TestDatabase::new();
    let service = service(&database, "server.head_timeout = '1500ms'");
    let mut connection = service.connect();
    connection.send_request("GET", LIVE, "Transfer-Encoding: chunked\r\n");
    assert_eq!(connection.response_to("GET").status, 200);
    wait_until("its pieces do not help", || !connection.can_send(b"1\r\nx\r\n"));
}

/// Asks for more than the systems of both sides hold.
fn reader_of_much(service: &RunningService) -> RawConnection {
    let mut reader = RawConnection::open_narrow(service.address());
    for _ in 0..16 {
        reader.send_request("GET", LARGE, "");
    }
    reader
}

#[test]
fn a_reader_that_does_not_read_is_cut_off() {
    let database = TestDatabase::new();
    let service = service(&database, "server.write_timeout = '500ms'");
    let mut reader = reader_of_much(&service);
    wait_until("the connection is gone", || !reader.can_send(b"G"));
    assert_eq!(service.fetch("GET", LIVE, "").status, 200);
}

#[test]
fn a_reader_that_takes_a_byte_now_and_then_is_cut_off() {
    let database = TestDatabase::new();
    let service = service(&database, "server.write_timeout = '500ms'");
    let mut reader = reader_of_much(&service);
    wait_until("a byte a moment does not help", || reader.take(1).is_none() || !reader.can_send(b"G"));
}

#[test]
fn a_reader_that_takes_its_time_is_served_for_as_long_as_it_goes_on() {
    let database = TestDatabase::new();
    let service = service(&database, "server.write_timeout = '2s'");
    let (mut slow, mut stuck) = (reader_of_much(&service), reader_of_much(&service));
    wait_until("the other one is cut off", || {
        slow.take(16_384).unwrap();
        !stuck.can_send(b"G")
    });
    assert!(slow.take(16_384).is_some() && slow.can_send(b"G"));
}

#[test]
fn an_address_has_as_many_connections_as_it_may_have_and_one_more_when_one_has_ended() {
    let database = TestDatabase::new();
    let service = service(&database, "server.max_connections_per_address = 2");
    let [mut first, mut second] = [service.connect(), service.connect()];
    assert_eq!([&mut first, &mut second].map(|connection| connection.fetch("GET", LIVE, "").status), [200, 200]);
    assert!(service.connect().is_closed());
    assert_eq!(first.fetch("GET", LIVE, "").status, 200, "those that are open stay so");
    let refused = service.metrics().value("annotation_statistics_connections_refused_total");
    assert!((refused - 1.0).abs() < 0.5, "{refused}");
    drop(second);
    wait_until("there is room again", || {
        service.connect().try_fetch("GET", LIVE, "", "").is_ok_and(|response| response.status == 200)
    });
}
