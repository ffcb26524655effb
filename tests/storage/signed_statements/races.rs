//! Statements that are made while something else happens to their request.

use super::paused_format::{Paused, PausedFormat, paused};
use super::{ALL, format, id, kept, make, new, statements};
use annotation_statistics_domain::{
    AnnotationRequestRegistry, CreatedStatement, Precondition, RegistryError, StatementError, StatementFormat,
    StatementRepository,
};
use annotation_statistics_tests::{TestDatabase, record, statistics_of, task, wait_until};
use std::sync::Arc;
use tokio::task::JoinHandle;

type Making = JoinHandle<Result<CreatedStatement, StatementError>>;

/// A statement that has read all of its rows, and waits.
fn being_made(database: &TestDatabase, name: &str, format: Arc<dyn StatementFormat>) -> (Making, Paused) {
    let (format, pause): (Arc<PausedFormat>, Paused) = paused(format);
    let (repository, new) = (statements(database), new(name));
    let making = tokio::spawn(async move { repository.create(new, ALL, format).await });
    tokio::task::block_in_place(|| pause.wait());
    (making, pause)
}

async fn delete(database: &TestDatabase) -> Result<u64, RegistryError> {
    database.registry().delete(&id(), ALL, Precondition::None).await.map(|deleted| deleted.tasks)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_deleted_meanwhile_gets_no_statement() {
    let database = TestDatabase::new();
    record(&database, (1..=600).map(|number| task("a", number))).await;
    let (making, pause) = being_made(&database, "2026-11", format());
    assert_eq!(delete(&database).await.unwrap(), 600, "it does not wait for the statement");
    pause.go_on();
    let refused = making.await.unwrap().unwrap_err();
    assert!(matches!(&refused, StatementError::UnknownAnnotationRequest(unknown) if *unknown == id()), "{refused:?}");
    assert_eq!(kept(&database), ["0", "0", "0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_deleted_and_is_known_again_meanwhile_gets_the_statement_of_what_it_has_now() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1), task("a", 2)]).await;
    let (making, pause) = being_made(&database, "2026-11", format());
    delete(&database).await.unwrap();
    record(&database, [task("a", 3)]).await;
    pause.go_on();
    let made = making.await.unwrap().unwrap().statement.head;
    let revision = statistics_of(&database, &["a"]).await.revisions[0];
    assert_eq!((made.task_count, made.revision, made.number.get()), (1, revision, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_statement_is_being_committed_is_not_deleted() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    // As a statement does last.
    let mut committing = database.session();
    committing.execute(
        "BEGIN; INSERT INTO deleted_annotation_requests VALUES ('a', 1);
         INSERT INTO statements VALUES ('a', 1, '2026-11', '1001', NULL, 1, 1, sha256(''), 0, '{}', sha256(''),
         decode(repeat('00', 64), 'hex'), repeat('0', 16), 'operator', now())",
    );
    let registry = database.registry();
    let deleting = tokio::spawn(async move { registry.delete(&id(), ALL, Precondition::None).await });
    wait_until("the deletion waits", || database.lock_waits() == 1);
    committing.execute("COMMIT");
    let refused = deleting.await.unwrap().unwrap_err();
    assert!(matches!(refused, RegistryError::HasStatements { count: 1, .. }), "{refused:?}");
    assert_eq!(refused.to_string(), "annotation request `a` has 1 statement, and cannot be deleted");
    assert_eq!(statistics_of(&database, &["a"]).await.page.count, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_is_being_made_neither_waits_for_those_who_record_nor_keeps_them_waiting() {
    let database = TestDatabase::new();
    record(&database, (1..=600).map(|number| task("a", number))).await;
    let before = statistics_of(&database, &["a"]).await.revisions[0];
    let (making, pause) = being_made(&database, "2026-11", format());
    // Each locks the counters of the request and changes them.
    for number in 601..=608 {
        record(&database, [task("a", number)]).await;
    }
    // One more has done so, and is not done.
    let mut recording = database.session();
    recording.execute(
        "BEGIN; SELECT FROM annotation_requests WHERE id = 'a' FOR UPDATE; \
         UPDATE annotation_requests SET revision = revision + 1 WHERE id = 'a'",
    );
    pause.go_on();
    let made = making.await.unwrap().unwrap();
    assert_eq!((made.is_new, made.statement.head.task_count, made.statement.head.revision), (true, 600, before));
    recording.execute("ROLLBACK");
    assert_eq!(statistics_of(&database, &["a"]).await.page.count, 608);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_make_the_same_statement_the_second_waits_and_gets_that_of_the_first() {
    for tasks in [0, 600] {
        let database = TestDatabase::new();
        annotation_statistics_tests::register(&database, "a", None).await;
        record(&database, (0..tasks).map(|number| task("a", number))).await;
        let (first, pause) = being_made(&database, "2026-11", format());
        let (second, second_pause) = being_made_if_any(&database, tasks, "2026-11");
        pause.go_on();
        second_pause.iter().for_each(Paused::go_on);
        let [first, second] = [first.await.unwrap().unwrap(), second.await.unwrap().unwrap()];
        assert_eq!(first.statement, second.statement);
        assert!(first.is_new != second.is_new, "{tasks} tasks: one of them made it");
    }
}

/// Where there are tasks it waits for the first frame of the other one; else it comes as far as that one.
fn being_made_if_any(database: &TestDatabase, tasks: i64, name: &str) -> (Making, Option<Paused>) {
    if tasks == 0 {
        let (making, pause) = being_made(database, name, format());
        return (making, Some(pause));
    }
    let (repository, new) = (statements(database), new(name));
    let making = tokio::spawn(async move { repository.create(new, ALL, format()).await });
    wait_until("it waits for the first", || database.lock_waits() == 1);
    (making, None)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_make_different_statements_the_second_has_the_next_number_and_names_the_first() {
    let database = TestDatabase::new();
    record(&database, (1..=600).map(|number| task("a", number))).await;
    let (first, pause) = being_made(&database, "2026-11", format());
    let (second, _) = being_made_if_any(&database, 600, "2026-12");
    pause.go_on();
    let [first, second] = [first.await.unwrap().unwrap(), second.await.unwrap().unwrap()];
    assert_eq!([&first, &second].map(|made| (made.is_new, made.statement.head.number.get())), [(true, 1), (true, 2)]);
    let body = String::from_utf8(second.statement.body).unwrap();
    assert!(body.contains(&first.statement.head.sha256.to_string()), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_signed_with_a_key_that_is_retired_meanwhile() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let format = format();
    make(&database, "2026-11", Arc::<annotation_statistics_statements::SignedFormat>::clone(&format)).await.unwrap();
    let key = format.public_key().id.clone();
    let (making, pause) = being_made(&database, "2026-12", format);
    statements(&database).retire_key(&key).await.unwrap();
    pause.go_on();
    let refused = making.await.unwrap().unwrap_err();
    assert!(matches!(&refused, StatementError::KeyRetired(retired) if *retired == key), "{refused:?}");
    assert_eq!(kept(&database), ["1", "1", "1"]);
}
