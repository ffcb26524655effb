//! What writes leave in the catalog of the database.

use annotation_statistics_domain::{Precondition, StatisticsRecorder};
use annotation_statistics_storage::PostgresStatisticsRecorder;
use annotation_statistics_tests::{TestDatabase, stream, task};

/// Rows written and deleted in the catalogs that a temporary table is in. Dead rows are counted too.
const CATALOG_WRITES: &str = "
    SELECT sum(n_tup_ins + n_tup_upd + n_tup_del + n_dead_tup) FROM pg_stat_sys_tables
    WHERE relname IN ('pg_class', 'pg_attribute', 'pg_type', 'pg_depend')";

/// How many there were, after all sessions have ended: only then is each of their writes in the statistics.
fn catalog_writes(database: &TestDatabase) -> i64 {
    database.cut_sessions();
    database.query(CATALOG_WRITES)[0].parse().unwrap()
}

async fn put(recorder: &PostgresStatisticsRecorder, id: i64, frames: u32) {
    let tasks = stream([task("a", id).frames(frames)]);
    recorder.record(tasks, Precondition::None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_small_writes_leave_the_catalog_as_it_is_and_staging_tables_do_not() {
    let database = TestDatabase::new();
    put(&database.recorder(), 0, 0).await;
    let before = catalog_writes(&database);
    for id in 0..50 {
        put(&database.recorder(), id, 1).await;
        put(&database.recorder(), id, 2).await;
    }
    assert_eq!(catalog_writes(&database), before);
    put(&database.recorder().staging_above(0), 1, 3).await;
    assert!(catalog_writes(&database) > before, "it would have been noticed");
}
