//! Imports that are stopped by a signal.

use super::{PROGRAM, line, statistics_of};
use annotation_statistics_tests::{Program, SqlSession, TestDatabase, record, task};
use rustix::process::Signal;

/// Any number that nobody else locks.
const HOLD: &str = "SELECT pg_advisory_lock(7)";

/// A database whose COMMITs of new tasks wait until the session is gone, and a program that imports there.
fn held_at_commit(stop_timeout: &str) -> (TestDatabase, SqlSession, Program) {
    let database = TestDatabase::new();
    database.execute(
        "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER late AFTER INSERT ON statistics DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION hold()",
    );
    let mut holding = database.session();
    holding.query(HOLD);
    let settings = format!("database.url = {:?}\nimport.stop_timeout = {stop_timeout:?}", database.url());
    (database, holding, Program::new(PROGRAM, &settings))
}

const WAITING: &str = "stopping: waiting for the response to COMMIT";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_told_to_stop_while_it_commits_says_what_became_of_it_and_begins_no_more() {
    for (files, code) in [(1, Some(0)), (2, Some(130))] {
        let (database, holding, program) = held_at_commit("1m");
        let names: Vec<_> = (1..=files).map(|id| program.write(&format!("{id}.jsonl"), line(id))).collect();
        let mut arguments = vec!["import"];
        arguments.extend(names.iter().map(String::as_str));
        let mut importing = program.start(&arguments);
        database.wait_for_locks(1);
        importing.signal(Signal::INT);
        importing.wait_for_log(WAITING);
        drop(holding);
        assert_eq!(importing.end().code(), code, "{}", importing.log());
        assert_eq!(statistics_of(&database, &["a"]).await.page.count, 1, "the first file");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_told_to_stop_and_not_answered_says_that_nobody_knows() {
    for (stop_timeout, signals) in [("100ms", 1), ("1m", 2)] {
        let (database, _holding, program) = held_at_commit(stop_timeout);
        let file = program.write("tasks.jsonl", line(1));
        let mut importing = program.start(&["import", &file]);
        database.wait_for_locks(1);
        importing.signal(Signal::INT);
        importing.wait_for_log(WAITING);
        if signals > 1 {
            importing.signal(Signal::INT);
        }
        assert_eq!(importing.end().code(), Some(4), "{}", importing.log());
        let reported = "tasks.jsonl is recorded as a whole or not at all: whether the tasks are recorded is unknown: stopped by a \
                    signal during COMMIT; import it again, which changes nothing where it is\n";
        assert!(importing.log().ends_with(reported), "{}", importing.log());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_told_to_stop_before_it_commits_records_nothing() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let mut holding = database.session();
    holding.execute("BEGIN; UPDATE annotation_requests SET task_count = task_count");
    let program = Program::new(PROGRAM, &format!("database.url = {:?}", database.url()));
    let file = program.write("tasks.jsonl", line(2));
    let mut importing = program.start(&["import", &file]);
    database.wait_for_locks(1);
    assert_eq!(importing.stop(Signal::INT), Some(130), "{}", importing.log());
    holding.execute("ROLLBACK");
    assert_eq!(statistics_of(&database, &["a"]).await.page.count, 1);
}
