//! A server that is killed while it makes a statement, and a request that is deleted meanwhile.

use super::scene::{
    FRAMES, REQUEST, WAIT, at_the_commit, begin_to_make, database, file, hold, in_the_middle, kill_and_release, make,
    program, release, statement, stored,
};
use annotation_statistics_tests::{Envelope, TestDatabase, wait_until};
use serde_json::json;
use std::thread;

#[tokio::test]
async fn a_server_that_is_killed_in_the_middle_leaves_no_statement_and_no_frame() {
    let database = database();
    in_the_middle(&database, WAIT);
    let mut held = hold(&database);
    let program = program(&database.url());
    let mut serving = program.serve(&[]);
    let _making = begin_to_make(&serving, "2026-11");
    database.wait_for_locks(1);
    kill_and_release(&mut serving, &mut held);
    assert_eq!(stored(&database), ["0", "0"]);
    let serving = program.serve(&[]);
    let made = make(&serving, "2026-11");
    assert_eq!((made.status, &made.data["number"]), (201, &json!(1)), "{made:?}");
    assert_eq!(stored(&database), ["1", FRAMES]);
}

#[tokio::test]
async fn a_server_that_is_killed_at_the_commit_leaves_the_whole_statement_or_none() {
    let database = database();
    at_the_commit(&database, WAIT);
    let mut held = hold(&database);
    let program = program(&database.url());
    let mut serving = program.serve(&[]);
    let _making = begin_to_make(&serving, "2026-11");
    database.wait_for_locks(1);
    kill_and_release(&mut serving, &mut held);
    let found = stored(&database);
    let is_whole = found == ["1", FRAMES];
    assert!(is_whole || found == ["0", "0"], "{found:?}");
    let serving = program.serve(&[]);
    let made = make(&serving, "2026-11");
    let status = if is_whole { 200 } else { 201 };
    assert_eq!((made.status, &made.data["number"]), (status, &json!(1)), "{made:?}");
    assert_eq!(stored(&database), ["1", FRAMES]);
    assert!(!file(&serving, "2026-11", "rows.jsonl").is_empty());
}

/// The statements, those of a request that is there, and the frames of statements that are there.
fn kept(database: &TestDatabase) -> [String; 3] {
    [
        "SELECT count(*) FROM statements",
        "SELECT count(*) FROM statements JOIN annotation_requests ON id = annotation_request_id",
        "SELECT count(*) FROM statement_chunks JOIN statements USING (annotation_request_id, number)",
    ]
    .map(|sql| database.query(sql).remove(0))
}

#[tokio::test]
async fn a_request_that_is_deleted_while_a_statement_is_made_has_none_or_stays() {
    let database = database();
    in_the_middle(&database, WAIT);
    let mut held = hold(&database);
    let program = program(&database.url());
    let serving = program.serve(&[]);
    let mut making = begin_to_make(&serving, "2026-11");
    database.wait_for_locks(1);
    let (mut deleting, mut session) = (serving.connect(), database.session());
    deleting.send_request("DELETE", REQUEST, "");
    let deleting = thread::spawn(move || Envelope::of(&deleting.response_to("DELETE")));
    // It need not wait, but where it does it waits for who makes the statement.
    wait_until("the deletion is over, or waits", || {
        let waiting =
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        deleting.is_finished() || session.query(waiting).len() == 2
    });
    release(&mut held);
    let (made, deleted) = (Envelope::of(&making.response_to("PUT")), deleting.join().unwrap());
    let [statements, of_a_request, frames] = kept(&database);
    assert_eq!(statements, of_a_request, "a statement without its request: {made:?} {deleted:?}");
    match (made.status, deleted.status) {
        (201, 409 | 503) => assert_eq!((statements.as_str(), frames.as_str()), ("1", FRAMES)),
        (404 | 503, 200) => assert_eq!(stored(&database), ["0", "0"]),
        statuses => panic!("{statuses:?}: {made:?} {deleted:?}"),
    }
    let found = serving.connect().fetch("GET", &statement("2026-11"), "");
    assert_eq!(found.status == 200, made.status == 201, "{}", found.text());
}
