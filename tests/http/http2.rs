//! HTTP/2, in which many requests share a connection: the same limits for clients that take their time.

use crate::PROGRAM;
use annotation_statistics_tests::{
    Authority, Http2Connection, Http2Frames, Program, RawConnection, Serving, TestDatabase, TlsClient, record, task,
};
use rustix::process::Signal;
use std::collections::BTreeSet;

const QUERY: &str = "/statistics?annotationRequestId=a";
const LIVE: &str = "/health/live";
/// The largest file that the service has.
const LARGE: &str = "/docs/swagger-ui-bundle.js";
/// What a client takes of a response before it has read any of it.
const WINDOW: u32 = 65_535;
/// No limit but the one of the test is met, however slow the machine is.
const PATIENT: &str = "server.keep_alive = '1h'\nserver.head_timeout = '1h'\nserver.write_timeout = '1h'\n\
                       database.lock_timeout = '60s'\ndatabase.deadline = '60s'\ndatabase.statement_timeout = '60s'";

/// A program that speaks HTTP/2, and a client that trusts it.
struct Encrypted {
    serving: Serving,
    client: TlsClient,
}

impl Encrypted {
    fn on(database: &TestDatabase, limits: &str) -> Self {
        let authority = Authority::new();
        let certified = authority.certify("localhost");
        let is_set = |line: &&str| limits.contains(line.split(' ').next().unwrap());
        let patient: Vec<&str> = PATIENT.lines().filter(|line| !is_set(line)).collect();
        let settings = format!(
            "database.url = {:?}\nserver.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'\nauth.enabled = false\n\
             server.drain_time = '1ms'\ntls.certificate_file = 'service.crt'\ntls.private_key_file = 'service.key'\n\
             {}\n{limits}",
            database.url(),
            patient.join("\n"),
        );
        let program = Program::new(PROGRAM, &settings);
        program.write("service.crt", &certified.certificate);
        program.write("service.key", &certified.private_key);
        Self { serving: program.serve(&["serve"]), client: TlsClient::trusting(&authority) }
    }

    async fn connect(&self, window: u32) -> Http2Connection {
        Http2Connection::open(&self.client, self.serving.address(), window).await
    }

    fn connect_by_http1(&self) -> RawConnection {
        self.client.connect(self.serving.address()).unwrap()
    }
}

#[tokio::test]
async fn many_requests_on_a_connection_are_answered_whole() {
    let service = Encrypted::on(&TestDatabase::new(), "");
    let connection = service.connect(WINDOW).await;
    let (first, second) = (connection.send(LARGE).await, connection.send(LARGE).await);
    let size = service.connect_by_http1().fetch("GET", LARGE, "").body.len();
    assert_eq!(tokio::join!(first.response(), second.response()), ((200, size), (200, size)));
}

#[tokio::test]
async fn a_client_without_a_request_is_cut_off_however_often_it_answers_a_ping() {
    let service = Encrypted::on(&TestDatabase::new(), "server.keep_alive = '2s'\nserver.head_timeout = '500ms'");
    let connection = service.connect(WINDOW).await;
    assert_eq!(connection.send(LIVE).await.response().await.0, 200);
    connection.closed().await;
    service.connect(WINDOW).await.closed().await;
}

// The request is sent while the test waits for a lock.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_under_way_keeps_its_connection_open() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let service = Encrypted::on(&database, "server.keep_alive = '2s'\nserver.head_timeout = '500ms'");
    let mut lock = database.session();
    lock.execute("BEGIN; LOCK TABLE annotation_requests");
    let connection = service.connect(WINDOW).await;
    let waiting = connection.send(QUERY).await;
    database.wait_for_locks(1);
    // By the time that this one is cut, the other one would have been, too.
    service.connect(WINDOW).await.closed().await;
    assert!(!connection.is_closed());
    lock.execute("COMMIT");
    assert_eq!(waiting.response().await.0, 200);
}

#[tokio::test]
async fn a_reader_that_opens_no_window_for_an_answer_is_cut_off() {
    let service = Encrypted::on(&TestDatabase::new(), "server.write_timeout = '500ms'");
    let connection = service.connect(1).await;
    let (status, unread) = connection.send(LARGE).await.begun().await;
    assert_eq!(status, 200);
    // Others on the connection do not help it.
    while !connection.is_closed() {
        let _gone_by_then = connection.try_get(LIVE).await.is_err();
    }
    drop(unread);
    assert_eq!(service.connect_by_http1().fetch("GET", LIVE, "").status, 200);
}

#[test]
fn more_requests_at_the_same_time_than_are_allowed_are_refused_one_by_one() {
    let database = TestDatabase::new();
    let service =
        Encrypted::on(&database, "server.http2_max_streams = 4\ndatabase.pool_size = 8\ndatabase.batch_reads = 1");
    let mut lock = database.session();
    lock.execute("BEGIN; LOCK TABLE annotation_requests");
    let mut client = Http2Frames::open(&service.client, service.serving.address());
    client.send_request(10, QUERY);
    assert_eq!(client.refused(6), [9, 11, 13, 15, 17, 19]);
    database.wait_for_locks(4);
    assert_eq!(client.max_concurrent_streams(), Some(4));
    lock.execute("COMMIT");
    assert_eq!(client.answered(4), BTreeSet::from([1, 3, 5, 7]));
}

#[test]
fn requests_that_are_given_up_at_once_make_no_room_for_others() {
    let database = TestDatabase::new();
    let service =
        Encrypted::on(&database, "server.http2_max_streams = 4\ndatabase.pool_size = 8\ndatabase.batch_reads = 1");
    let mut lock = database.session();
    lock.execute("BEGIN; LOCK TABLE annotation_requests");
    let mut client = Http2Frames::open(&service.client, service.serving.address());
    client.send_request(4, QUERY);
    database.wait_for_locks(4);
    client.give_up(4);
    client.send_request(4, QUERY);
    client.ping();
    assert_eq!(database.lock_waits(), 4);
    lock.execute("COMMIT");
}

#[tokio::test]
async fn an_idle_client_is_let_go_when_the_program_stops() {
    let mut service = Encrypted::on(&TestDatabase::new(), "");
    let connection = service.connect(WINDOW).await;
    assert_eq!(connection.send(LIVE).await.response().await.0, 200);
    assert_eq!(service.serving.stop(Signal::TERM), Some(0), "{}", service.serving.log());
    connection.closed().await;
}
