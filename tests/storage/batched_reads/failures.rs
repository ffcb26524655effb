//! Reads that were done together, and failed.

use super::{Query, Read, assert_equal, ended, lock, one_by_one, one_session, query, recorded, together, waiting};
use annotation_statistics_domain::RepositoryError;
use annotation_statistics_storage::PostgresStatisticsRepository;
use annotation_statistics_tests::{Corruption, wait_until, with_one_session};
use futures_util::future::{FutureExt, join_all};
use std::thread;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn corrupt_data_fails_only_the_reads_that_requested_it() {
    let database = recorded().await;
    database.execute(Corruption::UNGUARD);
    database.execute("UPDATE statistics SET frame_num = -1 WHERE annotation_request_id = 'b' AND position = 3");
    database.execute("UPDATE annotation_requests SET task_count = 31 WHERE id = 'theirs'");
    let pool = one_session(&database);
    let lists: [&[&str]; 6] = [&["a"], &["b"], &["theirs"], &["c"], &["b", "a"], &["theirs", "c"]];
    let queries: Vec<Query> = lists.iter().flat_map(|list| [query(list, 1, 5), query(list, 4, 10)]).collect();
    let alone = one_by_one(&pool, &queries).await;
    let corrupt = alone.iter().filter(|response| matches!(response, Err(RepositoryError::Corrupt { .. })));
    assert_eq!(corrupt.count(), 4, "{alone:?}");
    assert_equal(&together(&database, &pool, &queries).await, &alone, &queries);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_breaks_the_statement_of_all_fails_alone() {
    let database = recorded().await;
    database.execute(
        "ALTER TABLE statistics RENAME TO kept; CREATE VIEW statistics AS SELECT annotation_request_id, task_id, \
         position, status, pool_type, pool_name, instance_info, instance_num, attribute_num, \
         frame_num / (annotation_request_id <> 'b')::integer AS frame_num, source_name FROM kept",
    );
    let pool = one_session(&database);
    let queries = ["a", "b", "c", "theirs"].map(|id| query(&[id], 1, 10));
    let responses = together(&database, &pool, &queries).await;
    let outcomes: Vec<bool> = responses.iter().map(Result::is_ok).collect();
    assert_eq!(outcomes, [true, false, true, true], "{responses:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_whose_shared_connection_was_lost_are_retried() {
    let database = recorded().await;
    let pool = one_session(&database);
    let repository = PostgresStatisticsRepository::new(pool.clone());
    let queries: Vec<Query> = (1..=4).map(|number| query(&["a"], number, 10)).collect();
    let alone = one_by_one(&pool, &queries).await;
    let (locked, first, reads) = waiting(&database, &pool, &repository, &queries);
    database.wait_for_locks(1);
    // It gets the lock when the first read is done, and the others wait for it.
    let mut next = database.session();
    let next = thread::spawn(move || {
        next.execute("BEGIN; LOCK TABLE annotation_requests");
        next
    });
    database.wait_for_locks(2);
    drop(locked);
    first.await;
    let next = next.join().unwrap();
    database.wait_for_locks(1);
    assert_eq!(database.cut_waiting_sessions(), 1);
    drop(next);
    assert_equal(&join_all(reads).await, &alone, &queries);
    assert_eq!(pool.status().retries, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_that_waited_together_for_a_lock_in_vain_do_not_wait_again_alone() {
    let database = recorded().await;
    let pool = with_one_session(&database, |limits, settings| {
        limits.queue_per_session = 100;
        settings.lock_timeout = Duration::from_millis(200);
    });
    let repository = PostgresStatisticsRepository::new(pool.clone());
    let queries: Vec<Query> = (1..=4).map(|number| query(&["a"], number, 10)).collect();
    let before = ended(&database, "xact_rollback");
    let locked = lock(&database);
    let mut reads: Vec<Read<'_>> = queries.iter().map(|query| query.read(&repository)).collect();
    // The first begins, and the others wait for it.
    assert!(reads.iter_mut().all(|read| read.now_or_never().is_none()));
    for response in join_all(reads).await {
        let Err(RepositoryError::Unavailable(cause)) = response else { panic!("{response:?}") };
        assert_eq!(cause.to_string(), "the database refused: canceling statement due to lock timeout");
    }
    // A session that is ended while it is being opened would count.
    wait_until("another session is open", || pool.status().idle_connections == 1);
    drop((repository, pool, locked));
    // That of the lock, one of the first read, and one of the others.
    assert_eq!(ended(&database, "xact_rollback") - before, 3);
}
