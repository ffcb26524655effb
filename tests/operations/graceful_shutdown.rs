//! How the program lets its clients go, and hands its socket over to the next one.

use crate::PROGRAM;
use annotation_statistics_storage::{KeysLimits, PostgresKeys};
use annotation_statistics_tests::{
    Envelope, Fault, FaultProxy, KeyDatabase, KeyHolder, Program, RawConnection, Serving, Signer, SqlSession,
    TestDatabase, record, task, wait_until,
};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

const QUERY: &str = "/statistics?annotationRequestId=a";
const HICCUP: &str = "Service hiccuped, please try again later.";
const SETTINGS: &str = "auth.enabled = false\nserver.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'
server.keep_alive = '1h'\nserver.shutdown_timeout = '1h'\ndatabase.connect_timeout = '10s'\ndatabase.deadline = '60s'
database.queue_wait = '60s'\ndatabase.statement_timeout = '60s'\nlog.filter = 'info,request=off'";

async fn database_with_a_task() -> TestDatabase {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    database
}

fn program(database: &TestDatabase, drain_time: &str) -> Program {
    let url = database.url();
    Program::new(PROGRAM, &format!("{SETTINGS}\nserver.drain_time = '{drain_time}'\ndatabase.url = {url:?}"))
}

fn signalled_to_stop(serving: &mut Serving) {
    serving.signal(Signal::TERM);
    serving.wait_for_log("stopping: requests in flight may finish");
}

#[tokio::test]
async fn a_program_that_stops_is_not_ready_and_lets_its_clients_go_with_an_answer() {
    let database = database_with_a_task().await;
    let program = program(&database, "1h");
    let mut serving = program.serve(&[]);
    let mut idle: Vec<RawConnection> = (0..3).map(|_| serving.connect()).collect();
    for connection in &mut idle {
        let response = connection.fetch("GET", QUERY, "");
        assert_eq!((response.status, response.header("connection")), (200, None));
    }
    signalled_to_stop(&mut serving);
    for (mut connection, target) in [(serving.connect(), "/health/ready"), (serving.connect_to_admin(), "/ready")] {
        let response = connection.fetch("GET", target, "");
        assert_eq!(Envelope::of(&response).verdict(), (503, 5000, HICCUP), "{target}");
        assert_eq!(response.header("retry-after"), Some("1"), "{target}");
    }
    assert_eq!(serving.connect().fetch("GET", "/health/live", "").status, 200, "it is not to be restarted");
    // A new client may not have heard of it yet.
    idle.push(serving.connect());
    for connection in &mut idle {
        let response = connection.fetch("GET", QUERY, "");
        assert_eq!((response.status, response.header("connection")), (200, Some("close")));
        assert!(connection.is_closed());
    }
    assert_eq!(serving.stop(Signal::TERM), Some(0), "the second signal does not wait: {}", serving.log());
}

#[tokio::test]
async fn connections_that_nobody_uses_are_closed_when_the_drain_is_over() {
    let database = database_with_a_task().await;
    let mut serving = program(&database, "50ms").serve(&[]);
    let mut idle = serving.connect();
    assert_eq!(idle.fetch("GET", QUERY, "").status, 200);
    assert_eq!(serving.stop(Signal::TERM), Some(0), "{}", serving.log());
    assert!(idle.is_closed());
}

#[tokio::test]
async fn a_socket_that_was_handed_over_is_left_to_the_next_program_at_once() {
    let database = database_with_a_task().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let [program, next] = [program(&database, "1h"), program(&database, "1h")];
    let mut serving = program.serve_on(&listener, &[]);
    let mut idle = serving.connect();
    assert_eq!(idle.fetch("GET", "/health/live", "").status, 200);
    signalled_to_stop(&mut serving);
    serving.wait_for_log("new clients are left to the other processes with this socket");
    let mut waiting = RawConnection::open(listener.local_addr().unwrap());
    waiting.send_request("GET", QUERY, "");
    let mut taken_over = next.serve_on(&listener, &[]);
    assert_eq!(waiting.response_to("GET").status, 200, "whoever comes in between waits for the next one");
    wait_until("the next one is ready, this one is not", || {
        RawConnection::open(listener.local_addr().unwrap()).fetch("GET", "/health/ready", "").status == 200
    });
    let response = idle.fetch("GET", "/health/live", "");
    assert_eq!((response.status, response.header("connection")), (200, Some("close")), "it still has its own clients");
    assert_eq!(serving.stop(Signal::TERM), Some(0), "{}", serving.log());
    assert_eq!(taken_over.stop_at_once(), Some(0), "{}", taken_over.log());
}

/// Asks again and again, with a new connection where the last one was closed by a response; counts.
fn fetch_until(stop: &AtomicBool, address: SocketAddr, requested: &AtomicU64) {
    let mut connection = None;
    while !stop.load(Ordering::Relaxed) {
        let mut used: RawConnection = connection.take().unwrap_or_else(|| RawConnection::open(address));
        let response = used.fetch("GET", QUERY, "");
        assert_eq!(Envelope::of(&response).count(), 1);
        requested.fetch_add(1, Ordering::Relaxed);
        connection = (response.header("connection") != Some("close")).then_some(used);
    }
}

#[tokio::test]
async fn no_request_fails_while_one_program_takes_over_from_the_other() {
    const HANDOVERS: usize = 3;
    let database = database_with_a_task().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let programs: Vec<Program> = (0..=HANDOVERS).map(|_| program(&database, "200ms")).collect();
    let mut serving = programs[0].serve_on(&listener, &[]);
    let (stop, requested) = (AtomicBool::new(false), AtomicU64::new(0));
    let failed = thread::scope(|scope| {
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(|| fetch_until(&stop, address, &requested))).collect();
        for next in &programs[1..] {
            let before = requested.load(Ordering::Relaxed);
            let taking_over = next.serve_on(&listener, &[]);
            assert_eq!(serving.stop(Signal::TERM), Some(0), "{}", serving.log());
            serving = taking_over;
            wait_until("all clients go on", || {
                requested.load(Ordering::Relaxed) > before + 100 || clients.iter().any(ScopedJoinHandle::is_finished)
            });
        }
        stop.store(true, Ordering::Relaxed);
        clients.into_iter().filter_map(|client| client.join().err()).count()
    });
    assert_eq!(failed, 0, "clients that met an error");
    assert_eq!(serving.stop(Signal::TERM), Some(0), "{}", serving.log());
}

#[test]
fn access_keys_that_are_told_to_stop_miss_no_database_afterwards() {
    let database = TestDatabase::new();
    let often = Duration::from_millis(1);
    let limits = KeysLimits {
        poll_interval: often,
        max_age: Duration::from_secs(60),
        last_use_interval: often,
        max_clock_skew: often,
    };
    let none = Arc::new(|| Err("there is no master key".into()));
    let keys = PostgresKeys::start(database.session_settings(), limits, none).unwrap();
    let others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let mut session = database.session();
    wait_until("the keys have a session", || !session.query(others).is_empty());
    keys.stop();
    wait_until("they have none", || session.query(others).is_empty());
}

/// A program with access keys whose database has just begun to stand still, with requests under way: a read, a change that
/// has begun, and one whose nonce is not kept yet.
struct StandingStill {
    serving: Serving,
    _waiting: [RawConnection; 3],
    _proxy: FaultProxy,
    _holder: SqlSession,
    _program: Program,
}

impl StandingStill {
    async fn new(shutdown_timeout: &str) -> Self {
        let data = KeyDatabase::empty();
        record(&data.database, [task("a", 1)]).await;
        let signer = data.add_writer("ak-1");
        let (proxy, url) = data.database.behind_a_proxy();
        let program = program_with_keys(&url, shutdown_timeout);
        let serving = program.serve(&[]);
        let mut reading = serving.connect();
        assert_eq!(Envelope::of(&reading.fetch("GET", QUERY, &signer.v2("GET", QUERY, ""))).count(), 1);
        let mut holder = data.database.session();
        holder.execute("BEGIN; LOCK TABLE annotation_requests IN SHARE ROW EXCLUSIVE MODE");
        let changing = sent_change(&serving, &signer);
        data.database.wait_for_locks(1);
        proxy.set(Fault::Stall);
        reading.send_request("GET", QUERY, &signer.v1());
        let waiting = [reading, changing, sent_change(&serving, &signer)];
        Self { serving, _waiting: waiting, _proxy: proxy, _holder: holder, _program: program }
    }
}

fn program_with_keys(url: &str, shutdown_timeout: &str) -> Program {
    let keys = format!("auth.master_key = '{}'", KeyDatabase::MASTER_KEY);
    let settings = SETTINGS.replace("auth.enabled = false", &keys);
    let settings = settings.replace("shutdown_timeout = '1h'", &format!("shutdown_timeout = '{shutdown_timeout}'"));
    let patient = "writes.start_timeout = '60s'\nwrites.statement_timeout = '60s'";
    Program::new(PROGRAM, &format!("{settings}\n{patient}\nserver.drain_time = '1ms'\ndatabase.url = {url:?}"))
}

/// A connection on which a change is under way.
fn sent_change(serving: &Serving, signer: &Signer) -> RawConnection {
    let (target, rows) = ("/annotation-requests/a/statistics", json!([task("a", 2).statistics()]).to_string());
    let about = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", rows.len());
    let mut connection = serving.connect();
    connection.send_request("PUT", target, &format!("{about}{}", signer.v2("PUT", target, &rows)));
    connection.send(rows.as_bytes());
    connection
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_stops_waits_for_a_database_that_stands_still_no_longer_than_for_requests() {
    let mut still = StandingStill::new("100ms").await;
    assert_eq!(still.serving.stop(Signal::TERM), Some(0), "{}", still.serving.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_a_program_whose_database_stands_still() {
    let mut still = StandingStill::new("1h").await;
    assert_eq!(still.serving.stop_at_once(), Some(0), "{}", still.serving.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_starts_while_its_database_stands_still_can_be_stopped() {
    let data = KeyDatabase::empty();
    let (proxy, url) = data.database.behind_a_proxy();
    proxy.set(Fault::Stall);
    let settings = SETTINGS.replace("auth.enabled = false", "database.migrate = false");
    let program = Program::new(PROGRAM, &format!("{settings}\ndatabase.url = {url:?}"));
    let mut starting = program.start(&[]);
    wait_until("it waits for the database", || proxy.accepted() > 0);
    assert_eq!(starting.stop(Signal::TERM), Some(0), "{}", starting.log());
}

#[test]
fn a_private_database_that_stands_still_is_told_to_stop_by_the_second_signal_and_not_waited_for() {
    let settings = SETTINGS.replace("auth.enabled = false", "database.embedded_dir = 'data'");
    let program = Program::new(PROGRAM, &format!("{settings}\nserver.drain_time = '1h'"));
    let mut serving = program.serve(&[]);
    let file = program.path("data/cluster/postmaster.pid");
    let postmaster = fs::read_to_string(&file).unwrap().lines().next().unwrap().parse().unwrap();
    let group = Pid::from_raw(postmaster).unwrap();
    kill_process_group(group, Signal::STOP).unwrap();
    let ended = serving.stop_at_once();
    kill_process_group(group, Signal::CONT).unwrap();
    assert_eq!(ended, Some(0), "{}", serving.log());
    wait_until("it has stopped by itself", || !file.exists());
}
