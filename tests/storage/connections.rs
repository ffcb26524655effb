//! What a read and a recording meet when sessions die, go stale, are all taken or cannot be had.

use annotation_statistics_domain::{
    CampaignScope, Precondition, RecordError, RepositoryError, StatisticsRecorder, StatisticsRepository, TaskStream,
};
use annotation_statistics_storage::{
    Database, DatabaseError, DatabaseLimits, PostgresStatisticsRecorder, PostgresStatisticsRepository,
};
use annotation_statistics_tests::{
    Ending, TestDatabase, binaries, cause, first_page, ids, lock, migrated, page, record, roomy_limits, roomy_settings,
    statistics_of, stream, task, temp_folder, with_one_session,
};
use embedded_postgres::{Cluster, ClusterOptions};
use futures_util::future::join_all;
use std::time::{Duration, Instant};

mod several_hosts;
mod swallowed_replies;

/// Generous, for machines that have other things to do too; real, for what would hang waits for a minute.
const SOON: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_whose_connection_was_cut_succeeds_unseen() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let repository = database.repository();
    for _ in 0..3 {
        assert!(database.cut_sessions() > 0);
        // More than there are sessions, so each of them is met.
        let responses = join_all((0..30).map(|_| first_page(&repository))).await;
        assert!(responses.iter().all(|response| matches!(response, Ok(1))), "{responses:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_is_cut_off_between_its_rows_or_in_one_of_them_succeeds_unseen() {
    let database = TestDatabase::new();
    record(&database, (1..=30).map(|id| task("a", id).items(10))).await;
    let (proxy, url) = database.behind_a_proxy();
    let limits = DatabaseLimits { pool_size: 1, ..roomy_limits() };
    let repository = PostgresStatisticsRepository::new(Database::new(roomy_settings(url), limits).unwrap());
    let read = async || repository.find_page(&ids(&["a"]), page(1, 100), &CampaignScope::All).await.unwrap();
    let whole = read().await;
    proxy.cut_nothing();
    assert_eq!(read().await, whole);
    let replied = proxy.replied();
    for part in 0..20 {
        let ending = if part % 2 == 0 { Ending::Close } else { Ending::Reset };
        // On a session that has prepared its statements, as the one that was measured.
        assert_eq!(read().await, whole);
        proxy.cut_after(replied * part / 20, ending);
        assert_eq!(read().await, whole, "cut after {part} of 20 parts");
        assert!(!proxy.cut_nothing(), "{part}: it was cut");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_after_all_connections_were_cut_succeeds() {
    let database = TestDatabase::new();
    for id in 0..3 {
        record(&database, [task("a", id)]).await;
        assert!(database.cut_sessions() > 0);
    }
    assert_eq!(statistics_of(&database, &["a"]).await.page.count, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_cut_in_the_middle_records_nothing_and_is_told() {
    let database = std::sync::Arc::new(TestDatabase::new());
    record(&*database, [task("a", 1)]).await;
    let server = std::sync::Arc::clone(&database);
    let tasks: TaskStream = Box::new((2..20_000).map(move |id| {
        if id == 10_000 {
            server.cut_sessions();
        }
        Ok(task("a", id).at(1))
    }));
    let refused = database.recorder().record(tasks, Precondition::None).await;
    assert!(matches!(refused, Err(RecordError::Unavailable(_))), "{refused:?}");
    assert_eq!(statistics_of(&*database, &["a"]).await.page.count, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_whose_cached_plan_went_stale_succeeds_unseen() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let repository = database.repository();
    for (change, reason) in [
        ("ALTER TABLE annotation_requests ADD COLUMN note text", "a column more, as a newer version adds it"),
        ("ALTER TABLE statistics ADD COLUMN note text NOT NULL DEFAULT ''", "a column more"),
        ("ALTER TABLE annotation_requests ALTER COLUMN campaign_id TYPE varchar(300)", "another type in the counters"),
        ("ALTER TABLE statistics ALTER COLUMN pool_name TYPE varchar(300)", "another type in the rows"),
        ("ALTER TABLE statistics RENAME TO before; ALTER TABLE before RENAME TO statistics", "a table anew"),
    ] {
        join_all((0..30).map(|_| first_page(&repository))).await;
        database.execute(change);
        let responses = join_all((0..30).map(|_| first_page(&repository))).await;
        assert!(responses.iter().all(|response| matches!(response, Ok(1))), "{reason}: {responses:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_misses_its_deadline_is_given_up_and_its_session_serves_again_when_it_is_done() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let pool = with_one_session(&database, |limits, _| limits.deadline = Duration::from_secs(2));
    let repository = PostgresStatisticsRepository::new(pool);
    assert_eq!(first_page(&repository).await.unwrap(), 1);
    let locked = lock(&database);
    let started = Instant::now();
    assert!(matches!(cause(first_page(&repository).await), DatabaseError::DeadlineMissed(..)));
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    drop(locked);
    assert_eq!(first_page(&repository).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_the_server_cuts_off_makes_the_data_unavailable() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let limit = Duration::from_millis(50);
    for (reported, reason, change) in [
        ("canceling statement due to lock timeout", "lock_timeout", (limit, Duration::ZERO)),
        ("canceling statement due to statement timeout", "statement_timeout", (Duration::ZERO, limit)),
    ] {
        let pool = with_one_session(&database, |_, settings| {
            (settings.lock_timeout, settings.statement_timeout) = change;
        });
        let repository = PostgresStatisticsRepository::new(pool.clone());
        let locked = lock(&database);
        let refused = cause(first_page(&repository).await);
        assert_eq!((refused.to_string(), refused.reason()), (format!("the database refused: {reported}"), reason));
        let recorded = PostgresStatisticsRecorder::new(pool).record(stream([task("a", 2)]), Precondition::None).await;
        assert!(matches!(recorded, Err(RecordError::Unavailable(_))), "{reported}: {recorded:?}");
        drop(locked);
        assert_eq!(first_page(&repository).await.unwrap(), 1, "{reported}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_of_the_work_costs_neither_the_session_nor_the_place_in_the_queue() {
    let database = TestDatabase::new();
    let pool = with_one_session(&database, |_, _| {});
    let repository = PostgresStatisticsRepository::new(pool.clone());
    for round in 0..3 {
        let recorder = PostgresStatisticsRecorder::new(pool.clone());
        let tasks: TaskStream = Box::new((0..5000).map(|id| {
            assert!(id < 4000, "a fault in whoever makes the stream");
            Ok(task("a", id).at(1))
        }));
        let panicked = tokio::spawn(async move { recorder.record(tasks, Precondition::None).await }).await;
        assert!(panicked.unwrap_err().is_panic());
        let refused = first_page(&repository).await;
        assert!(matches!(refused, Err(RepositoryError::UnknownAnnotationRequests(_))), "round {round}: {refused:?}");
    }
    let recorded =
        PostgresStatisticsRecorder::new(pool).record(stream([task("a", 1)]), Precondition::None).await.unwrap();
    assert_eq!(recorded.inserted, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_cannot_be_reached_is_told_in_time_and_without_its_address() {
    let elsewhere = temp_folder();
    let no_server = format!("host={} dbname=canary user=canary password=canary", elsewhere.path().display());
    let no_database = TestDatabase::new().url();
    for (url, reason) in
        [(no_server.as_str(), "no server"), (no_database.as_str(), "a database that was dropped"), ("canary", "no URL")]
    {
        let repository =
            PostgresStatisticsRepository::new(Database::new(roomy_settings(url.into()), roomy_limits()).unwrap());
        let started = Instant::now();
        let refused = cause(first_page(&repository).await);
        assert!(matches!(refused, DatabaseError::NoConnection(_)), "{reason}: {refused:?}");
        assert!(!format!("{refused}{refused:?}").contains("canary"), "{reason}: {refused:?}");
        assert!(started.elapsed() < SOON, "{reason}: {:?}", started.elapsed());
        let not_migrated = migrated(&roomy_settings(url.into())).unwrap_err();
        assert!(!format!("{not_migrated}{not_migrated:?}").contains("canary"), "{reason}: {not_migrated:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_and_starts_again_is_missed_and_then_found_by_the_same_pool() {
    let folder = temp_folder();
    let start = || {
        let options =
            ClusterOptions { durable: false, ..ClusterOptions::new(folder.path().join("cluster"), binaries()) };
        Cluster::start(options).unwrap()
    };
    let cluster = start();
    let settings = roomy_settings(cluster.url("postgres"));
    migrated(&settings).unwrap();
    let pool = Database::new(settings, roomy_limits()).unwrap();
    let (repository, recorder) =
        (PostgresStatisticsRepository::new(pool.clone()), PostgresStatisticsRecorder::new(pool));
    recorder.record(stream([task("a", 1)]), Precondition::None).await.unwrap();
    cluster.stop().unwrap();
    let started = Instant::now();
    assert!(matches!(first_page(&repository).await, Err(RepositoryError::Unavailable(_))));
    assert!(matches!(repository.check_ready().await, Err(RepositoryError::Unavailable(_))));
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    let cluster = start();
    repository.check_ready().await.unwrap();
    recorder.record(stream([task("a", 2)]), Precondition::None).await.unwrap();
    assert_eq!(first_page(&repository).await.unwrap(), 2);
    cluster.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_whose_schema_is_not_there_or_not_readable_is_not_ready() {
    let database = TestDatabase::new();
    let repositories = [database.repository(), database.repository().as_if_sharded()];
    for (change, undo) in [
        ("ALTER TABLE annotation_requests RENAME TO gone", "ALTER TABLE gone RENAME TO annotation_requests"),
        ("ALTER TABLE statistics RENAME TO gone", "ALTER TABLE gone RENAME TO statistics"),
        ("ALTER TABLE statistics RENAME frame_num TO gone", "ALTER TABLE statistics RENAME gone TO frame_num"),
        (
            "ALTER TABLE annotation_requests RENAME removed_count TO gone",
            "ALTER TABLE annotation_requests RENAME gone TO removed_count",
        ),
        // Of the latest migration.
        ("ALTER TABLE statements RENAME TO gone", "ALTER TABLE gone RENAME TO statements"),
    ] {
        for repository in &repositories {
            repository.check_ready().await.unwrap();
            database.execute(change);
            let refused = repository.check_ready().await;
            assert!(matches!(refused, Err(RepositoryError::Unavailable(_))), "{change}: {refused:?}");
            database.execute(undo);
        }
    }
}
