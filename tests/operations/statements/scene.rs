//! A server that makes statements of a request, and a place in the middle of that where it can be held.

use crate::PROGRAM;
use annotation_statistics_statements::SigningKeyFile;
use annotation_statistics_tests::{
    Envelope, Program, RawConnection, Serving, SqlSession, TestDatabase, fill, wait_until,
};
use rustix::process::Signal;
use std::path::Path;

/// The request.
pub(super) const REQUEST: &str = "/annotation-requests/large";

/// Its tasks: some 40 frames.
pub(super) const TASKS: i64 = 10_000;

/// In the middle of them.
const FRAME: u32 = 20;

const SETTINGS: &str = "auth.enabled = false\nserver.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'
database.connect_timeout = '10s'\ndatabase.deadline = '60s'\ndatabase.queue_wait = '60s'\ndatabase.statement_timeout = '60s'
log.format = 'json'\nlog.max_diagnostics_per_second = 1000\nserver.drain_time = '1ms'
statements.signing_key_file = 'signing-key.pem'";

/// A database with the request, and nothing stated.
pub(super) fn database() -> TestDatabase {
    let database = TestDatabase::private();
    fill(&database, TASKS);
    database
}

/// The program with a key of its own.
pub(super) fn program(url: &str) -> Program {
    let program = Program::new(PROGRAM, &format!("{SETTINGS}\ndatabase.url = {url:?}"));
    write_key(&program.path("signing-key.pem"));
    program
}

/// Makes a new key to sign with, where there is none.
pub(super) fn write_key(path: &Path) {
    SigningKeyFile::new(path).create().unwrap();
}

/// The path of a statement.
pub(super) fn statement(name: &str) -> String {
    format!("{REQUEST}/statements/{name}")
}

/// Makes a statement, or finds it.
pub(super) fn make(serving: &Serving, name: &str) -> Envelope {
    Envelope::of(&begin_to_make(serving, name).response_to("PUT"))
}

/// A connection on which a statement is being made.
pub(super) fn begin_to_make(serving: &Serving, name: &str) -> RawConnection {
    let mut connection = serving.connect();
    connection.send_request("PUT", &statement(name), "Content-Type: application/json\r\nContent-Length: 2\r\n");
    connection.send(b"{}");
    connection
}

/// The bytes of a file of a statement.
pub(super) fn file(serving: &Serving, name: &str, file: &str) -> Vec<u8> {
    let response = serving.connect().fetch("GET", &format!("{}/{file}", statement(name)), "");
    assert_eq!(response.status, 200, "{}", response.text());
    response.body
}

/// From now on this PL/pgSQL runs when a frame in the middle is added.
pub(super) fn in_the_middle(database: &TestDatabase, does: &str) {
    database.execute(&format!(
        "CREATE OR REPLACE FUNCTION in_the_middle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NEW; END $$;
         CREATE OR REPLACE TRIGGER in_the_middle BEFORE INSERT ON statement_chunks FOR EACH ROW WHEN (NEW.chunk = {FRAME})
         EXECUTE FUNCTION in_the_middle()"
    ));
}

/// From now on this PL/pgSQL runs as a part of the COMMIT of a statement.
pub(super) fn at_the_commit(database: &TestDatabase, does: &str) {
    database.execute(&format!(
        "CREATE FUNCTION at_the_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NEW; END $$;
         CREATE CONSTRAINT TRIGGER at_the_commit AFTER INSERT ON statements DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
         EXECUTE FUNCTION at_the_commit()"
    ));
}

/// What the held ones wait for, each of them beside the others.
pub(super) const WAIT: &str = "PERFORM pg_advisory_xact_lock_shared(1)";

/// Holds who comes to [`WAIT`] until the session is used to release them.
pub(super) fn hold(database: &TestDatabase) -> SqlSession {
    let mut session = database.session();
    session.execute("SELECT pg_advisory_lock(1)");
    session
}

/// Lets them go on.
pub(super) fn release(held: &mut SqlSession) {
    held.execute("SELECT pg_advisory_unlock(1)");
}

/// Kills a server that is held, lets its sessions go on, and waits until they are over.
pub(super) fn kill_and_release(serving: &mut Serving, held: &mut SqlSession) {
    serving.stop(Signal::KILL);
    release(held);
    let others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
                  AND backend_type = 'client backend'";
    wait_until("the sessions of the server are over", || held.query(others).is_empty());
}

/// The statements and the frames that are stored.
pub(super) fn stored(database: &TestDatabase) -> [String; 2] {
    ["statements", "statement_chunks"].map(|table| database.query(&format!("SELECT count(*) FROM {table}")).remove(0))
}

/// The frames of one whole statement.
pub(super) const FRAMES: &str = "40";

/// The causes that the log names for a request.
pub(super) fn causes(serving: &Serving, request_id: &str) -> Vec<String> {
    let lines = serving.log();
    let lines = lines.lines().filter(|line| line.contains(request_id));
    let lines = lines.filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    lines.filter_map(|line| Some(line.get("cause")?.as_str()?.to_owned())).collect()
}
