//! What a recording meets when the database stands still before it has begun.

use annotation_statistics_domain::{Precondition, RecordError, StatisticsRecorder};
use annotation_statistics_storage::{Database, DatabaseLimits, PostgresStatisticsRecorder};
use annotation_statistics_tests::{
    Fault, TestDatabase, roomy_limits, roomy_settings, statistics_of, stream, task, task_ids,
};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_that_a_database_which_stands_still_did_not_begin_is_refused_and_never_done() {
    let database = TestDatabase::new();
    let (proxy, url) = database.behind_a_proxy();
    let limits = DatabaseLimits { pool_size: 1, start_timeout: Duration::from_secs(3), ..roomy_limits() };
    let recorder = PostgresStatisticsRecorder::new(Database::new(roomy_settings(url), limits).unwrap());
    let record = async |id| recorder.record(stream([task("a", id)]), Precondition::None).await;
    record(1).await.unwrap();
    proxy.set(Fault::Stall);
    let Err(RecordError::Unavailable(cause)) = record(2).await else { panic!("it was recorded") };
    assert_eq!(cause.to_string(), "the database did not respond within 3s (writes.start_timeout)");
    proxy.set(Fault::None);
    // There is one session: whatever was before is over now.
    record(3).await.unwrap();
    assert_eq!(task_ids(&statistics_of(&database, &["a"]).await.page.rows), [1, 3]);
}
