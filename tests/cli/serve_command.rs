//! The program that serves: how it greets, shares its private database, and ends.

use crate::PROGRAM;
use annotation_statistics_tests::{
    Envelope, Program, RawConnection, Serving, SqlSession, TestDatabase, record, task, wait_until,
};
use rustix::process::Signal;

/// With a private database in `data` of its folder, and all the time that it may take to end.
const PRIVATE: &str = "auth.enabled = false\nserver.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'\ndatabase.embedded_dir = 'data'\nserver.shutdown_timeout = '1h'
server.drain_time = '1ms'
server.keep_alive = '1h'\ndatabase.connect_timeout = '10s'\ndatabase.deadline = '60s'\ndatabase.queue_wait = '60s'
database.statement_timeout = '60s'\ndatabase.lock_timeout = '60s'";

const TASK: &str = r#"{"annotationRequestId":"a","id":1,"status":11,"campaignId":"1001","poolName":"complete pool","poolType":5,"instanceInfo":{"car":1},"instanceNum":1,"attributeNum":0,"frameNum":1}"#;

fn cluster_runs(program: &Program) -> bool {
    program.path("data/cluster/postmaster.pid").exists()
}

/// What the `curl` line of the greeting asks.
fn greeted(serving: &Serving) -> Envelope {
    let line = serving.greeting.lines().find(|line| line.contains("  curl '")).unwrap();
    let url = line.split('\'').nth(1).unwrap();
    let target = url.strip_prefix(&format!("http://{}", serving.address())).unwrap();
    Envelope::of(&serving.connect().fetch("GET", target, ""))
}

#[test]
fn the_line_of_the_greeting_works_and_the_private_database_is_stopped_at_the_end() {
    let program = Program::new(PROGRAM, PRIVATE);
    let mut serving = program.serve(&["serve", "--demo"]);
    let response = greeted(&serving);
    assert_eq!((response.count(), response.task_ids().len()), (1930, 2));
    assert!(cluster_runs(&program));
    assert_eq!(serving.stop(Signal::TERM), Some(0), "{}", serving.log());
    assert!(!cluster_runs(&program));

    let mut again = program.serve(&["serve", "--demo"]);
    assert_eq!(greeted(&again).count(), 1930, "the demo is not loaded twice");
    let mut idle = again.connect();
    assert_eq!(idle.fetch("GET", "/health/ready", "").status, 200);
    assert_eq!(again.stop(Signal::INT), Some(0), "{}", again.log());
    assert!(idle.is_closed());
    assert!(!cluster_runs(&program));
}

#[test]
fn a_program_that_was_killed_leaves_nothing_that_the_next_one_minds() {
    let program = Program::new(PROGRAM, PRIVATE);
    let mut killed = program.serve(&[]);
    let file = program.write("tasks.jsonl", TASK);
    let run = program.run(&["import", &file]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(killed.stop(Signal::KILL), None);
    assert!(cluster_runs(&program), "nobody stopped it");

    let mut next = program.serve(&[]);
    assert_eq!(greeted(&next).count(), 1);
    assert_eq!(next.stop(Signal::TERM), Some(0), "{}", next.log());
    assert!(!cluster_runs(&program));
}

#[test]
fn a_private_database_is_served_by_one_program_and_shared_by_imports() {
    let program = Program::new(PROGRAM, PRIVATE);
    let mut serving = program.serve(&[]);
    assert_eq!(greeted(&serving).status, 200, "it asks for readiness, as there is nothing else to ask for");

    let second = program.run(&["serve"]);
    assert_eq!((second.code, second.out.as_str()), (Some(3), ""), "{second:?}");
    let reported = format!("error: the cluster in {} is already in use", program.path("data").display());
    assert!(second.err.contains(&reported), "{second:?}");

    for arguments in [&["demo"][..], &["migrate"]] {
        let run = program.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
    }
    let target = "/statistics?annotationRequestId=7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";
    assert_eq!(Envelope::of(&serving.connect().fetch("GET", target, "")).count(), 1930);
    assert_eq!(serving.stop(Signal::TERM), Some(0), "{}", serving.log());
    assert!(!cluster_runs(&program));
}

#[test]
fn an_import_that_is_told_to_stop_records_nothing_and_leaves_no_database_running() {
    let program = Program::new(PROGRAM, PRIVATE);
    let endless = program.path("endless.jsonl");
    assert!(std::process::Command::new("mkfifo").arg(&endless).status().unwrap().success());
    // Open for both, so that neither side waits for the other, and the end never comes.
    let _held = std::fs::File::options().read(true).write(true).open(&endless).unwrap();

    let mut importing = program.start(&["import", "--create", endless.to_str().unwrap()]);
    importing.wait_for_log("starting the private database");

    assert_eq!(importing.stop(Signal::INT), Some(130), "{}", importing.log());
    assert!(importing.log().contains("error: stopped by a signal"), "{}", importing.log());
    assert!(!cluster_runs(&program));
}

#[test]
fn a_program_that_is_told_to_stop_while_it_starts_leaves_no_database_running() {
    let program = Program::new(PROGRAM, PRIVATE);
    let mut starting = program.start(&["serve", "--demo"]);
    wait_until("the private database starts", || cluster_runs(&program));
    assert_eq!(starting.stop(Signal::TERM), Some(0), "{}", starting.log());
    assert!(!cluster_runs(&program));
}

fn program_on(database: &TestDatabase) -> Program {
    Program::new(PROGRAM, &format!("{PRIVATE}\ndatabase.url = {:?}", database.url()))
}

/// A program with a request under way that waits for a lock, the connection of that request, and the session that
/// holds the lock.
async fn with_a_request_under_way(program: &Program, database: &TestDatabase) -> (Serving, RawConnection, SqlSession) {
    record(database, [task("a", 1)]).await;
    let serving = program.serve(&[]);
    let mut lock = database.session();
    lock.execute("BEGIN; LOCK TABLE annotation_requests");
    let mut connection = serving.connect();
    connection.send_request("GET", "/statistics?annotationRequestId=a", "");
    let waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    wait_until("the request waits", || !database.query(waiting).is_empty());
    (serving, connection, lock)
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_program_ends() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let (mut serving, mut connection, mut lock) = with_a_request_under_way(&program, &database).await;
    serving.signal(Signal::TERM);
    serving.wait_for_log("stopping: requests in flight may finish");
    lock.execute("COMMIT");
    assert_eq!(Envelope::of(&connection.response_to("GET")).count(), 1);
    assert!(connection.is_closed());
    assert_eq!(serving.end().code(), Some(0), "{}", serving.log());
}

#[tokio::test]
async fn a_second_signal_ends_the_program_without_waiting_for_requests() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let (mut serving, _connection, _lock) = with_a_request_under_way(&program, &database).await;
    serving.signal(Signal::TERM);
    serving.wait_for_log("stopping: requests in flight may finish");
    assert_eq!(serving.stop(Signal::INT), Some(0), "{}", serving.log());
}

#[test]
fn a_program_whose_greeting_nobody_reads_serves_all_the_same() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let mut unread = program.start_unread(&["serve"]);
    // Actix logs this once the greeting is over.
    unread.wait_for_log("starting service");
    assert_eq!(unread.stop(Signal::TERM), Some(0), "{}", unread.log());
}

#[test]
fn an_address_that_is_taken_is_told_and_no_database_is_started() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let program = Program::new(PROGRAM, &PRIVATE.replacen("127.0.0.1:0", &address.to_string(), 1));
    let run = program.run(&["serve"]);
    assert_eq!((run.code, run.out.as_str()), (Some(3), ""), "{run:?}");
    assert!(run.err.contains(&format!("error: cannot listen on {address} (server.bind): ")), "{run:?}");
    assert!(!program.path("data").exists());
}
