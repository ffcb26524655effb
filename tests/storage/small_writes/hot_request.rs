//! Writers that wait for each other at one request.

use annotation_statistics_domain::{Precondition, RecordError, Recorded, StatisticsRecorder};
use annotation_statistics_storage::{Database, DatabaseError, DatabaseLimits, PostgresStatisticsRecorder};
use annotation_statistics_tests::{
    SqlSession, TestDatabase, roomy_limits, roomy_settings, statistics_of, stream, task, task_ids,
};
use std::time::Duration;

const WRITERS: i64 = 8;

/// A recorder whose wait for locks is part of the time until a write has begun, whatever limit its connections have.
fn recorder(database: &TestDatabase, start_timeout: Duration, lock_timeout: Duration) -> PostgresStatisticsRecorder {
    let limits = DatabaseLimits { start_timeout, locks_share_start: true, ..roomy_limits() };
    let mut settings = roomy_settings(database.url());
    settings.lock_timeout = lock_timeout;
    PostgresStatisticsRecorder::new(Database::new(settings, limits).unwrap())
}

/// Locks the request `a`, which has a task, as another write does.
async fn locked(database: &TestDatabase) -> SqlSession {
    database.recorder().record(stream([task("a", 0)]), Precondition::None).await.unwrap();
    let mut session = database.session();
    session.execute("BEGIN; SELECT FROM annotation_requests WHERE id = 'a' FOR UPDATE");
    session
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_eight_writers_to_one_request_none_is_refused_within_their_time_to_begin() {
    let database = TestDatabase::new();
    let recorder = recorder(&database, Duration::from_secs(60), Duration::from_millis(1));
    let mut lock = locked(&database).await;
    let writers: Vec<_> = (1..=WRITERS)
        .map(|id| {
            let recorder = recorder.clone();
            tokio::spawn(async move { recorder.record(stream([task("a", id)]), Precondition::None).await })
        })
        .collect();
    database.wait_for_locks(8);
    lock.execute("COMMIT");
    for writer in writers {
        let Recorded { inserted, .. } = writer.await.unwrap().unwrap();
        assert_eq!(inserted, 1);
    }
    let mut ids = task_ids(&statistics_of(&database, &["a"]).await.page.rows);
    ids.sort_unstable();
    assert_eq!(ids, (0..=WRITERS).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_that_gets_no_lock_in_its_time_to_begin_is_refused() {
    let database = TestDatabase::new();
    let recorder = recorder(&database, Duration::from_secs(2), Duration::from_secs(60));
    let _lock = locked(&database).await;
    let refused = recorder.record(stream([task("a", 1)]), Precondition::None).await;
    let Err(RecordError::Unavailable(cause)) = refused else { panic!("{refused:?}") };
    let cause: DatabaseError = *cause.downcast().unwrap();
    assert_eq!(cause.to_string(), "the database refused: canceling statement due to lock timeout");
}
