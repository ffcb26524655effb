//! The database goes away while the rows of a statement are sent.

use super::scene::{make, program, statement};
use annotation_statistics_tests::{Ending, Fault, RawConnection, TestDatabase, fill};

/// Rows that no buffer between the database and a reader holds: some 60 MB.
const TASKS: i64 = 40_000;

#[tokio::test]
async fn rows_that_the_database_does_not_give_to_the_end_are_cut_off_and_never_look_whole() {
    let database = TestDatabase::private();
    fill(&database, TASKS);
    let (proxy, url) = database.behind_a_proxy();
    let program = program(&url);
    let serving = program.serve(&[]);
    assert_eq!(make(&serving, "2026-11").status, 201);
    let mut reader = RawConnection::open_narrow(serving.address());
    reader.send_request("GET", &format!("{}/rows.jsonl", statement("2026-11")), "");
    assert!(reader.take(1_000).is_some());
    proxy.set(Fault::Refuse);
    assert!(proxy.cut_all(Ending::Close) > 0);
    let came = String::from_utf8_lossy(&reader.everything()).into_owned();
    assert!(!came.ends_with("\r\n0\r\n\r\n"), "it looks whole");
    proxy.set(Fault::None);
    let whole = serving.connect().fetch("GET", &format!("{}/rows.jsonl", statement("2026-11")), "");
    assert_eq!(whole.status, 200);
    assert!(came.len() < whole.body.len(), "{} of {} bytes", came.len(), whole.body.len());
}
