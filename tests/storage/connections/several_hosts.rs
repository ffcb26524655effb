//! What becomes of work when one of several hosts of the URL gives no response.

use super::SOON;
use annotation_statistics_storage::{ConnectionSettings, Database, DatabaseLimits, PostgresStatisticsRepository};
use annotation_statistics_tests::{
    Fault, SilentHost, TestDatabase, first_page, record, roomy_limits, roomy_settings, task,
};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::time::timeout;

const fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// Reads over one session to the database at `url`, which has `other` as one more host before its own.
fn reads(other: SocketAddr, url: &str, settings: ConnectionSettings) -> (PostgresStatisticsRepository, Database) {
    let url = url.replace("postgres@", &format!("postgres@{other},"));
    let limits = DatabaseLimits { pool_size: 1, ..roomy_limits() };
    let pool = Database::new(ConnectionSettings { url, ..settings }, limits).unwrap();
    (PostgresStatisticsRepository::new(pool.clone()), pool)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_loses_its_replies_keeps_none_of_the_others_from_being_used() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let ((first, _), (second, url)) = (database.behind_a_proxy(), database.behind_a_proxy());
    let settings =
        ConnectionSettings { connect_timeout: ms(500), overdue_after: ms(500), ..roomy_settings(String::new()) };
    let (repository, pool) = reads(first.address(), &url, settings);
    assert_eq!((first_page(&repository).await.unwrap(), second.accepted()), (1, 0));
    first.set(Fault::SwallowReplies);
    let until_read = async { while first_page(&repository).await.is_err() {} };
    timeout(SOON, until_read).await.expect("the other host serves");
    for _ in 0..20 {
        assert_eq!(first_page(&repository).await.unwrap(), 1, "{:?}", pool.status());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_accepts_no_connection_is_passed_over_long_before_its_time_is_over() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let (silent, (_proxy, url)) = (SilentHost::new(), database.behind_a_proxy());
    let settings =
        ConnectionSettings { connect_timeout: 2 * SOON, overdue_after: ms(100), ..roomy_settings(String::new()) };
    let (repository, _) = reads(silent.address(), &url, settings);
    let started = Instant::now();
    assert_eq!(first_page(&repository).await.unwrap(), 1);
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_accepts_and_is_silent_is_found_once_and_then_passed_over() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let ((silent, _), (_proxy, url)) = (database.behind_a_proxy(), database.behind_a_proxy());
    silent.set(Fault::SwallowReplies);
    let settings =
        ConnectionSettings { connect_timeout: 2 * SOON, overdue_after: ms(100), ..roomy_settings(String::new()) };
    let (repository, pool) = reads(silent.address(), &format!("{url}?connect_timeout=2"), settings);
    assert_eq!(first_page(&repository).await.unwrap(), 1, "{:?}", pool.status());
    let found = silent.accepted();
    for _ in 0..3 {
        database.cut_sessions();
        assert_eq!(first_page(&repository).await.unwrap(), 1, "{:?}", pool.status());
    }
    assert_eq!(silent.accepted(), found, "no other connection has tried it");
}
