//! What a read and a recording meet when sessions die, go stale, are all taken or cannot be had.

use annotation_statistics_domain::{
    CampaignScope, Precondition, RecordError, RepositoryError, StatisticsRecorder, StatisticsRepository, TaskStream,
};
use annotation_statistics_storage::{
    Database, DatabaseLimits, PostgresStatisticsRecorder, PostgresStatisticsRepository, SessionError, SessionSettings,
    migrate,
};
use annotation_statistics_tests::{
    SqlSession, TestDatabase, ask, binaries, ids, page, record, roomy_limits, roomy_settings, stream, task, temp_folder,
};
use embedded_postgres::{Cluster, ClusterOptions};
use futures_util::future::{FutureExt, join_all};
use std::time::{Duration, Instant};

/// Generous, for machines that have other things to do too; real, for what would hang waits for a minute.
const SOON: Duration = Duration::from_secs(20);

async fn first_page(repository: &impl StatisticsRepository) -> Result<u64, RepositoryError> {
    repository.find_page(&ids(&["a"]), page(1, 10), &CampaignScope::All).await.map(|answer| answer.page.count)
}

/// Why there was no answer.
fn cause(answer: Result<u64, RepositoryError>) -> SessionError {
    match answer {
        Err(RepositoryError::Unavailable(cause)) => *cause.downcast().unwrap(),
        other => panic!("{other:?}"),
    }
}

/// A repository with one session, and whose reads wait for as long as a table is locked.
fn with_one_session(
    database: &TestDatabase,
    change: impl FnOnce(&mut DatabaseLimits, &mut SessionSettings),
) -> Database {
    let mut limits = DatabaseLimits { pool_size: 1, queue_per_session: 1, ..roomy_limits() };
    let mut settings = database.session_settings();
    change(&mut limits, &mut settings);
    Database::new(settings, limits).unwrap()
}

/// Keeps every read waiting until the session is dropped.
fn lock(database: &TestDatabase) -> SqlSession {
    let mut session = database.session();
    session.execute("BEGIN; LOCK TABLE annotation_requests");
    session
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_whose_connection_was_cut_succeeds_unseen() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let repository = database.repository();
    for _ in 0..3 {
        assert!(database.cut_sessions() > 0);
        // More than there are sessions, so each of them is met.
        let answers = join_all((0..30).map(|_| first_page(&repository))).await;
        assert!(answers.iter().all(|answer| matches!(answer, Ok(1))), "{answers:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_after_all_connections_were_cut_succeeds() {
    let database = TestDatabase::new();
    for id in 0..3 {
        record(&database, [task("a", id)]).await;
        assert!(database.cut_sessions() > 0);
    }
    assert_eq!(ask(&database, &["a"]).await.page.count, 3);
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
    assert_eq!(ask(&*database, &["a"]).await.page.count, 1);
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
        let answers = join_all((0..30).map(|_| first_page(&repository))).await;
        assert!(answers.iter().all(|answer| matches!(answer, Ok(1))), "{reason}: {answers:?}");
    }
}

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
    assert!(matches!(cause(refused), SessionError::QueueFull));
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
    let mut locked = lock(&database);
    let mut slow = Box::pin(first_page(&repository));
    assert!((&mut slow).now_or_never().is_none());
    database.wait_for_locks(1);
    locked.execute("SELECT pg_sleep(0.2)");
    drop(locked);
    assert_eq!(slow.await.unwrap(), 1, "it takes longer than the next one could wait for it");
    let locked = lock(&database);
    let mut on_the_session = Box::pin(first_page(&repository));
    assert!((&mut on_the_session).now_or_never().is_none(), "a session is free, so nothing is asked");
    let refused = first_page(&repository).now_or_never().expect("it does not wait");
    assert!(matches!(cause(refused), SessionError::QueueFull));
    drop(locked);
    assert_eq!(on_the_session.await.unwrap(), 1);
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
    assert!(matches!(cause(first_page(&repository).await), SessionError::QueueTimeout(_)));
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    drop(locked);
    assert_eq!(on_the_session.await.unwrap(), 1);
    for _ in 0..3 {
        assert_eq!(first_page(&repository).await.unwrap(), 1);
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
    assert!(matches!(cause(first_page(&repository).await), SessionError::DeadlineMissed(_)));
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    drop(locked);
    assert_eq!(first_page(&repository).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_the_server_cuts_off_makes_the_data_unavailable() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let limit = Duration::from_millis(50);
    for (told, change) in [
        ("canceling statement due to lock timeout", (limit, Duration::ZERO)),
        ("canceling statement due to statement timeout", (Duration::ZERO, limit)),
    ] {
        let pool = with_one_session(&database, |_, settings| {
            (settings.lock_timeout, settings.statement_timeout) = change;
        });
        let repository = PostgresStatisticsRepository::new(pool.clone());
        let locked = lock(&database);
        let refused = cause(first_page(&repository).await);
        assert!(matches!(&refused, SessionError::Refused(what) if what == told), "{told}: {refused:?}");
        let recorded = PostgresStatisticsRecorder::new(pool).record(stream([task("a", 2)]), Precondition::None).await;
        assert!(matches!(recorded, Err(RecordError::Unavailable(_))), "{told}: {recorded:?}");
        drop(locked);
        assert_eq!(first_page(&repository).await.unwrap(), 1, "{told}");
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
        assert!(matches!(refused, SessionError::NoSession(_)), "{reason}: {refused:?}");
        assert!(!format!("{refused}{refused:?}").contains("canary"), "{reason}: {refused:?}");
        assert!(started.elapsed() < SOON, "{reason}: {:?}", started.elapsed());
        let not_migrated = migrate(&roomy_settings(url.into())).unwrap_err();
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
    migrate(&settings).unwrap();
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
    database.repository().check_ready().await.unwrap();
    for (change, undo) in [
        ("ALTER TABLE annotation_requests RENAME TO gone", "ALTER TABLE gone RENAME TO annotation_requests"),
        ("ALTER TABLE statistics RENAME TO gone", "ALTER TABLE gone RENAME TO statistics"),
        ("ALTER TABLE statistics RENAME frame_num TO gone", "ALTER TABLE statistics RENAME gone TO frame_num"),
    ] {
        database.execute(change);
        let refused = database.repository().check_ready().await;
        assert!(matches!(refused, Err(RepositoryError::Unavailable(_))), "{change}: {refused:?}");
        database.execute(undo);
        database.repository().check_ready().await.unwrap();
    }
}
