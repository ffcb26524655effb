//! What a read meets when it has to wait until another one is done.

use annotation_statistics_storage::{DatabaseError, PostgresStatisticsRepository};
use annotation_statistics_tests::{TestDatabase, cause, first_page, lock, record, task, with_one_session};
use futures_util::future::FutureExt;
use std::time::{Duration, Instant};

/// What is told where the sessions are at work.
const FULL: &str = "the queue for a database session is full: raise database.pool_size or add servers";

/// Generous, for machines that have other things to do too; real, for what would hang waits for a minute.
const SOON: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_finds_the_queue_full_is_refused_at_once_and_those_before_it_are_answered() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let repository = PostgresStatisticsRepository::new(with_one_session(&database, |_, _| {}));
    let locked = lock(&database);
    let mut on_the_session = Box::pin(first_page(&repository));
    let mut in_the_queue = Box::pin(first_page(&repository));
    assert!((&mut on_the_session).now_or_never().is_none());
    assert!((&mut in_the_queue).now_or_never().is_none());
    let refused = first_page(&repository).now_or_never().expect("it does not wait");
    assert_eq!(cause(refused).to_string(), FULL);
    drop(locked);
    assert_eq!((on_the_session.await.unwrap(), in_the_queue.await.unwrap()), (1, 1));
    assert_eq!(first_page(&repository).await.unwrap(), 1, "there is room again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_would_wait_in_vain_is_refused_at_once_though_the_queue_has_a_place() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let pool = with_one_session(&database, |limits, _| limits.queue_wait = Duration::from_millis(100));
    let repository = PostgresStatisticsRepository::new(pool);
    for _ in 0..8 {
        let mut locked = lock(&database);
        let mut slow = Box::pin(first_page(&repository));
        assert!((&mut slow).now_or_never().is_none());
        database.wait_for_locks(1);
        locked.execute("SELECT pg_sleep(0.1)");
        drop(locked);
        assert_eq!(slow.await.unwrap(), 1, "it takes longer than the next one could wait for it");
    }
    let locked = lock(&database);
    let mut on_the_session = Box::pin(first_page(&repository));
    assert!((&mut on_the_session).now_or_never().is_none(), "a session is free, so nothing is asked");
    let refused = first_page(&repository).now_or_never().expect("it does not wait");
    assert_eq!(cause(refused).to_string(), FULL);
    drop(locked);
    assert_eq!(on_the_session.await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_that_failed_refuse_nobody_after_them() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let limit = Duration::from_millis(100);
    let pool = with_one_session(&database, |limits, settings| {
        (limits.queue_wait, settings.statement_timeout) = (limit, limit);
    });
    let repository = PostgresStatisticsRepository::new(pool);
    let locked = lock(&database);
    for _ in 0..8 {
        assert!(matches!(cause(first_page(&repository).await), DatabaseError::StatementTimeout(_)));
    }
    let mut on_the_session = Box::pin(first_page(&repository));
    assert!((&mut on_the_session).now_or_never().is_none());
    assert!(first_page(&repository).now_or_never().is_none(), "it waits for its turn");
    drop(locked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_waits_too_long_for_a_session_is_refused_and_its_place_is_free_again_with_the_session() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let pool = with_one_session(&database, |limits, _| limits.queue_wait = Duration::from_millis(50));
    let repository = PostgresStatisticsRepository::new(pool);
    let locked = lock(&database);
    let mut on_the_session = Box::pin(first_page(&repository));
    assert!((&mut on_the_session).now_or_never().is_none());
    let started = Instant::now();
    assert!(matches!(cause(first_page(&repository).await), DatabaseError::QueueTimeout { .. }));
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    drop(locked);
    assert_eq!(on_the_session.await.unwrap(), 1);
    for _ in 0..3 {
        assert_eq!(first_page(&repository).await.unwrap(), 1);
    }
}
