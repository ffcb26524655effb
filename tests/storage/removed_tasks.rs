//! A task that is removed leaves its position empty: none behind it moves, and pages, sums and exports are as if it had
//! never been (ADR 68).

mod packing;
mod plans;
mod random_changes;
mod walks;

use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, AnnotationRequestRegistry, BoxError, CampaignScope, ExportTarget,
    Precondition, RecordedTask, StatisticsExporter, StatisticsRepository, Summary, SummaryQuery, SummaryRepository,
    TaskFilter, TaskId,
};
use annotation_statistics_storage::{Finding, PostgresStatisticsExporter, PostgresSummaryRepository, verify};
use annotation_statistics_tests::{
    Implementation, TestDatabase, ids, migration_scripts, page, record, statistics_of, task, task_ids,
};
use std::sync::{Arc, Mutex};

const ALL: &CampaignScope = &CampaignScope::All;

fn id() -> AnnotationRequestId {
    AnnotationRequestId::new("a").unwrap()
}

async fn remove(data: &impl Implementation, task: i64) -> AnnotationRequest {
    data.registry().delete_task(&id(), TaskId::from(task), ALL, Precondition::None).await.unwrap()
}

/// The positions that have a task, with its number, and those that have none any more.
fn positions(database: &TestDatabase) -> (Vec<String>, Vec<String>) {
    let tasks = "SELECT concat_ws(' ', position, task_id) FROM statistics ORDER BY position";
    (database.query(tasks), database.query("SELECT position FROM removed_positions ORDER BY position"))
}

/// Tasks, removed positions, where the next task comes.
fn counter(database: &TestDatabase) -> Vec<String> {
    database
        .query("SELECT concat_ws(' ', task_count, removed_count, coalesce(next_position, -1)) FROM annotation_requests")
}

/// Whatever is kept otherwise than it is counted.
fn drifts(database: &TestDatabase) -> Vec<String> {
    let mut drifts = Vec::new();
    let mut note = |finding| {
        if let Finding::Drift(drift) = finding {
            drifts.push(drift.to_string());
        }
    };
    verify(&database.session_settings(), &mut note).unwrap();
    drifts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_one_in_the_middle_and_the_last_leave_their_positions_and_the_next_comes_behind_all() {
    let database = TestDatabase::new();
    record(&database, (1..=5).map(|number| task("a", number))).await;
    for (removed, left, counted) in
        [(1, vec![2, 3, 4, 5], "4 1 5"), (3, vec![2, 4, 5], "3 2 5"), (5, vec![2, 4], "2 3 5")]
    {
        let reported = remove(&database, removed).await;
        let response = statistics_of(&database, &["a"]).await;
        assert_eq!((response.page.count, response.revisions), (reported.task_count, vec![reported.revision]));
        assert_eq!(task_ids(&response.page.rows), left);
        assert_eq!((counter(&database), drifts(&database)), (vec![counted.to_owned()], vec![]));
    }
    record(&database, [task("a", 6), task("a", 1), task("a", 4).frames(9)]).await;
    assert_eq!(task_ids(&statistics_of(&database, &["a"]).await.page.rows), [2, 4, 6, 1]);
    let (tasks, removed) = positions(&database);
    assert_eq!(tasks, ["1 2", "3 4", "5 6", "6 1"]);
    assert_eq!(removed, ["0", "2", "4"]);
    assert_eq!((counter(&database), drifts(&database)), (vec!["4 3 7".to_owned()], vec![]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_without_any_task_left_is_empty_and_goes_on_and_nothing_is_left_of_one_that_is_deleted() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1), task("a", 2)]).await;
    for gone in [1, 2] {
        remove(&database, gone).await;
    }
    let response = statistics_of(&database, &["a"]).await;
    assert_eq!((response.page.count, response.page.rows), (0, vec![]));
    record(&database, [task("a", 2)]).await;
    assert_eq!(task_ids(&statistics_of(&database, &["a"]).await.page.rows), [2]);
    assert_eq!((counter(&database), drifts(&database)), (vec!["1 2 3".to_owned()], vec![]));
    database.registry().delete(&id(), ALL, Precondition::None).await.unwrap();
    record(&database, [task("a", 9)]).await;
    assert_eq!(positions(&database), (vec!["0 9".to_owned()], vec![]));
    assert_eq!((counter(&database), drifts(&database)), (vec!["1 0 -1".to_owned()], vec![]));
}

/// Keeps the numbers of the tasks that it is given.
struct Numbers(Arc<Mutex<Vec<i64>>>);

impl ExportTarget for Numbers {
    fn begin(&mut self, _: &Summary) -> Result<(), BoxError> {
        Ok(())
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        self.0.lock().unwrap().push(task.statistics.id().get());
        Ok(())
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_and_exports_are_those_of_the_tasks_that_are_left_in_their_order() {
    let database = TestDatabase::new();
    record(&database, (1..=2_500).map(|number| task("a", number))).await;
    for gone in [1, 2, 1_000, 1_001, 2_500] {
        remove(&database, gone).await;
    }
    record(&database, [task("a", 1)]).await;
    let summary = PostgresSummaryRepository::new(database.database())
        .summarize(&ids(&["a"]), &SummaryQuery::default(), ALL)
        .await
        .unwrap();
    let given = Arc::new(Mutex::new(Vec::new()));
    let exporter = PostgresStatisticsExporter::new(database.database());
    exporter.export(&ids(&["a"]), &TaskFilter::default(), ALL, Box::new(Numbers(Arc::clone(&given)))).await.unwrap();
    let left = (3..1_000).chain(1_002..2_500).chain([1]).collect::<Vec<i64>>();
    assert_eq!(*given.lock().unwrap(), left);
    assert_eq!(summary.totals().tasks, u64::try_from(left.len()).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn removed_positions_that_are_not_as_many_as_the_counter_says_are_an_error_and_no_shifted_page() {
    let database = TestDatabase::new();
    record(&database, (1..=30).map(|number| task("a", number))).await;
    for gone in [1, 2] {
        remove(&database, gone).await;
    }
    database.execute("DELETE FROM removed_positions WHERE position = 0");
    let error = database.repository().find_page(&ids(&["a"]), page(2, 10), ALL).await.unwrap_err();
    let expected = "the stored statistics are corrupt: annotation_requests.removed_count of `a` is not the number of its \
                    removed_positions";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_of_the_version_before_is_refused_where_it_would_give_a_position_twice() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1), task("a", 2), task("dense", 1)]).await;
    remove(&database, 1).await;
    // What such a server changes of a counter: the number of tasks, and nothing that it does not know.
    let mut session = database.session();
    for (change, refused) in [("+ 1", true), ("- 1", true), ("+ 0", false)] {
        let of = |request: &str| {
            format!("UPDATE annotation_requests SET task_count = task_count {change} WHERE id = '{request}'")
        };
        let tried = session.try_execute(&of("a"));
        assert_eq!(tried.as_ref().is_err(), refused, "{change}");
        let is_named = tried.is_err_and(|error| error.to_string().contains("annotation_requests_next_position_check"));
        assert_eq!(is_named, refused, "{change}");
        session.execute(&of("dense"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taking_the_migration_back_closes_all_gaps_for_a_server_of_the_version_before() {
    let database = TestDatabase::new();
    record(&database, (1..=6).map(|number| task("a", number)).chain([task("dense", 1)])).await;
    for gone in [1, 4, 6] {
        remove(&database, gone).await;
    }
    let scripts = migration_scripts();
    let script = scripts.iter().find(|script| script.name.ends_with("keep_removed_positions")).unwrap();
    database.execute(&script.down);
    let tasks =
        "SELECT concat_ws(' ', position, task_id) FROM statistics WHERE annotation_request_id = 'a' ORDER BY position";
    assert_eq!(database.query(tasks), ["0 2", "1 3", "2 5"]);
    assert_eq!(database.query("SELECT task_count FROM annotation_requests WHERE id = 'a'"), ["3"]);
}

/// Bytes of the write-ahead log.
fn log_written(database: &TestDatabase) -> i64 {
    database.query("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")[0].parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removal_writes_as_little_wherever_it_is_and_however_large_the_request_is() {
    const TASKS: i64 = 4_000;
    let database = TestDatabase::on_its_own_server();
    record(&database, (0..TASKS).map(|number| task("a", number))).await;
    // As a server has it that must survive a crash: what comes first after a checkpoint writes whole pages.
    database.execute("ALTER SYSTEM SET full_page_writes = on");
    database.execute("SELECT pg_reload_conf()");
    remove(&database, TASKS / 3).await;
    for gone in [0, 1, TASKS / 2, TASKS - 1] {
        database.execute("CHECKPOINT");
        let before = log_written(&database);
        remove(&database, gone).await;
        let written = log_written(&database) - before;
        assert!(written <= 100_000, "{written} bytes for the task {gone}");
    }
}
