//! What becomes of sessions whose replies never come, though nobody closes their connections.

use super::SOON;
use annotation_statistics_access::KeyScopes;
use annotation_statistics_domain::{Precondition, StatisticsRecorder};
use annotation_statistics_storage::{
    ConnectionSettings, Database, DatabaseError, DatabaseLimits, PostgresStatisticsRecorder,
    PostgresStatisticsRepository,
};
use annotation_statistics_tests::{
    Fault, FaultProxy, KeyDatabase, KeyHolder, OpenDownload, RunningService, Signer, TestDatabase, access_key, cause,
    first_page, lock, record, roomy_limits, roomy_settings, statistics_of, stream, task, task_ids, wait_until,
};
use futures_util::future::FutureExt;
use std::thread;
use std::time::{Duration, Instant};

/// As delivered, where the other tests wait longer.
const AS_DELIVERED: &str = "database.connect_timeout = '500ms'\ndatabase.queue_wait = '200ms'\ndatabase.deadline = '2s'
database.statement_timeout = '1500ms'\nwrites.start_timeout = '2s'";
const QUERY: &str = "/statistics?annotationRequestId=a";
const EXPORT: &str = "/statistics/export?annotationRequestId=a&format=csv";
const CHANGE: &str = "/annotation-requests/b";

/// A pool of one session to a database behind a proxy. It is overdue after this time, and no statement is cut for its own.
fn watched(database: &TestDatabase, overdue_after: Duration, statement_timeout: Duration) -> (FaultProxy, Database) {
    let (proxy, url) = database.behind_a_proxy();
    let settings = ConnectionSettings { overdue_after, statement_timeout, ..roomy_settings(url) };
    (proxy, Database::new(settings, DatabaseLimits { pool_size: 1, ..roomy_limits() }).unwrap())
}

const fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_whose_answer_was_lost_is_answered_on_another_session() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let (proxy, pool) = watched(&database, ms(500), Duration::ZERO);
    let repository = PostgresStatisticsRepository::new(pool.clone());
    assert_eq!(first_page(&repository).await.unwrap(), 1);
    proxy.set(Fault::SwallowReplies);
    proxy.set(Fault::None);
    let started = Instant::now();
    assert_eq!(first_page(&repository).await.unwrap(), 1);
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    let status = pool.status();
    assert!(status.connections_cut >= 1 && status.retries == 1, "{status:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_that_lost_an_answer_before_its_commit_is_refused_and_nothing_of_it_is_recorded() {
    let database = TestDatabase::new();
    let (proxy, pool) = watched(&database, ms(100), Duration::ZERO);
    let recorder = PostgresStatisticsRecorder::new(pool.clone());
    record(&database, [task("a", 1)]).await;
    let locked = lock(&database);
    let mut recording = Box::pin(recorder.record(stream([task("a", 2)]), Precondition::None));
    assert!((&mut recording).now_or_never().is_none());
    database.wait_for_locks(1);
    // What comes next is the response of the merge, which nobody has; after it the server waits, and does not commit.
    proxy.set(Fault::SwallowReplies);
    proxy.set(Fault::None);
    drop(locked);
    let reported = recording.await.unwrap_err().to_string();
    assert_eq!(reported, "the statistics cannot be reached");
    assert!(pool.status().connections_cut >= 1);
    assert_eq!(recorder.record(stream([task("a", 3)]), Precondition::None).await.unwrap().inserted, 1);
    assert_eq!(task_ids(&statistics_of(&database, &["a"]).await.page.rows), [1, 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_whose_server_is_at_work_is_never_cut() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let (proxy, pool) = watched(&database, ms(20), Duration::ZERO);
    let repository = PostgresStatisticsRepository::new(pool.clone());
    let locked = lock(&database);
    let mut reading = Box::pin(first_page(&repository));
    assert!((&mut reading).now_or_never().is_none());
    // The one that reads, and those that ask what became of it: several have been answered when there was time for two.
    wait_until("it was asked about", || proxy.accepted() >= 2);
    let requested = proxy.replied();
    wait_until("it was asked about again", || proxy.replied() > requested + 1_000);
    assert_eq!(pool.status().connections_cut, 0);
    drop(locked);
    assert_eq!(reading.await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_waits_for_longer_than_a_statement_may_take_is_cut_where_nobody_can_be_asked_about_it() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let (proxy, pool) = watched(&database, ms(200), ms(300));
    let repository = PostgresStatisticsRepository::new(pool.clone());
    assert_eq!(first_page(&repository).await.unwrap(), 1);
    proxy.set(Fault::SwallowReplies);
    let started = Instant::now();
    assert!(matches!(cause(first_page(&repository).await), DatabaseError::NoConnection(_)));
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    assert!(pool.status().connections_cut >= 1, "{:?}", pool.status());
}

/// A service with access keys on a database behind a proxy, and one who may do everything; the other key will be revoked.
async fn service_with_keys() -> (KeyDatabase, FaultProxy, RunningService, [Signer; 2]) {
    let data = KeyDatabase::empty();
    record(&data.database, (0..3_000).map(|id| task("a", id))).await;
    let keys = ["ak-1", "ak-2"].map(access_key);
    for key in &keys {
        let mut key = key.clone();
        key.scopes = KeyScopes::ReadAndWrite;
        data.add(key);
    }
    let (proxy, url) = data.database.behind_a_proxy();
    let master_key = KeyDatabase::MASTER_KEY;
    let settings = format!("auth.enabled = true\nauth.master_key = '{master_key}'\n{AS_DELIVERED}");
    let service = RunningService::with(&url, &settings);
    service.wait_until_ready();
    (data, proxy, service, keys.each_ref().map(|key| Signer::new(key.id.as_str(), key.secret.reveal())))
}

/// The status of a response that is whole.
fn status(service: &RunningService, method: &str, target: &str, signer: &Signer, v2: bool) -> u16 {
    let body = if method == "PUT" { r#"{"campaignId":"1001"}"# } else { "" };
    let headers = if v2 { signer.v2(method, target, body) } else { signer.v1() };
    if target == EXPORT {
        let export = OpenDownload::start(service, method, target, &headers).finish();
        return if export.is_whole { export.status } else { 0 };
    }
    service.fetch_json(method, target, &headers, body).status
}

/// Reads of both schemes, a change and an export.
const EACH: [(&str, &str, bool); 4] =
    [("GET", QUERY, false), ("GET", QUERY, true), ("PUT", CHANGE, true), ("GET", EXPORT, true)];

#[tokio::test(flavor = "multi_thread")]
async fn after_replies_were_swallowed_everything_is_answered_again_by_new_sessions_within_a_second() {
    let (data, proxy, service, [signer, revoked]) = service_with_keys().await;
    for (method, target, v2) in EACH {
        assert_eq!(status(&service, method, target, &signer, v2), 200, "{method} {target}");
    }
    proxy.set(Fault::SwallowReplies);
    thread::scope(|scope| {
        for (method, target, v2) in EACH.iter().cycle().take(16) {
            scope.spawn(|| status(&service, method, target, &signer, *v2));
        }
        wait_until("reads have waited for as long as they may", || {
            service.metrics().value(r#"annotation_statistics_database_sessions_cut_total{pool="read"}"#) > 0.0
        });
        data.revoke(&access_key("ak-2").id);
        proxy.set(Fault::None);
        let again = Instant::now();
        for (method, target, v2) in EACH {
            wait_until(target, || status(&service, method, target, &signer, v2) == 200);
        }
        wait_until("the revocation is known", || status(&service, "GET", QUERY, &revoked, false) == 401);
        // The scene of the same fault measures it by the second; here others may use the machine.
        assert!(again.elapsed() < Duration::from_secs(4), "{:?}", again.elapsed());
    });
    wait_until("no session is taken", || {
        let metrics = service.metrics();
        let idle = metrics.sum("annotation_statistics_database_sessions_idle", &[]);
        (metrics.sum("annotation_statistics_database_sessions", &[]) - idle).abs() < 0.5
    });
}
