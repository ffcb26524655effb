//! Gaps are closed in the background, without a change that anybody could see.

use super::{ALL, counter, drifts, id, positions, remove};
use annotation_statistics_domain::{AnnotationRequestRegistry, Precondition, StatisticsRepository, TaskId};
use annotation_statistics_storage::{PackingLimits, PostgresAnnotationRequestRegistry};
use annotation_statistics_tests::{TestDatabase, ids, page, record, statistics_of, task, task_ids, wait_until};
use tokio::runtime::Builder;

const STEP: PackingLimits = PackingLimits { min_removed: 1_000, tasks_per_removed: 64, step: 3 };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gaps_at_the_start_among_tasks_and_at_the_end_are_closed_and_the_response_stays_what_it_was() {
    for removed in
        [vec![0], vec![19], vec![0, 1, 2, 3, 4, 5, 6], vec![19, 18, 17, 16], vec![3, 9, 10, 11, 17], (0..20).collect()]
    {
        let database = TestDatabase::new();
        record(&database, (0..20).map(|number| task("a", number))).await;
        for gone in &removed {
            remove(&database, *gone).await;
        }
        let before = statistics_of(&database, &["a"]).await;
        let registry = database.registry().with_packing(STEP);
        registry.pack(&id()).await.unwrap();
        assert_eq!(statistics_of(&database, &["a"]).await, before, "{removed:?}");
        let left: Vec<i64> = (0..20).filter(|number| !removed.contains(number)).collect();
        let dense: Vec<String> = left.iter().enumerate().map(|(at, number)| format!("{at} {number}")).collect();
        assert_eq!(positions(&database), (dense, vec![]), "{removed:?}");
        assert_eq!(
            (counter(&database), drifts(&database)),
            (vec![format!("{} 0 -1", left.len())], vec![]),
            "{removed:?}"
        );
        record(&database, [task("a", 99)]).await;
        assert_eq!(positions(&database).0.last().unwrap(), &format!("{} 99", left.len()));
        registry.pack(&id()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_knows_the_gaps_of_before_notices_each_step() {
    let database = TestDatabase::new();
    record(&database, (0..30).map(|number| task("a", number)).chain([task("b", 1)])).await;
    for gone in [0, 7, 8, 21] {
        remove(&database, gone).await;
    }
    let (knowing, requested) = (database.repository(), ids(&["a", "b"]));
    let expected = knowing.find_page(&requested, page(2, 10), ALL).await.unwrap();
    assert_eq!(task_ids(&expected.page.rows), [13, 14, 15, 16, 17, 18, 19, 20, 22, 23]);
    // A step that waits: the pause after the first one is when the reader comes.
    let registry = database.registry().with_packing(PackingLimits { step: 1, ..STEP });
    let packing = tokio::spawn(async move { registry.pack(&id()).await });
    while !packing.is_finished() {
        assert_eq!(knowing.find_page(&requested, page(2, 10), ALL).await.unwrap(), expected);
        assert_eq!(knowing.find_page(&ids(&["a"]), page(2, 10), ALL).await.unwrap().page.rows, expected.page.rows);
    }
    packing.await.unwrap().unwrap();
    assert_eq!(knowing.find_page(&requested, page(2, 10), ALL).await.unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_gaps_are_closed_in_the_background_and_few_are_left_alone() {
    let database = TestDatabase::new();
    record(&database, (0..40).map(|number| task("a", number))).await;
    let limits = PackingLimits { min_removed: 3, tasks_per_removed: 9, step: 4 };
    let registry = database.registry().with_packing(limits);
    for gone in 0..3 {
        registry.delete_task(&id(), TaskId::from(gone), ALL, Precondition::None).await.unwrap();
    }
    assert_eq!(counter(&database), ["37 3 40"], "3 of 37 are less than one for 9 tasks");
    registry.delete_task(&id(), TaskId::from(3), ALL, Precondition::None).await.unwrap();
    wait_until("all gaps are closed", || counter(&database) == ["36 0 -1"]);
    assert_eq!((positions(&database).1, drifts(&database)), (vec![], vec![]));
    let left = task_ids(&statistics_of(&database, &["a"]).await.page.rows);
    assert_eq!(left, (4..40).collect::<Vec<_>>());
}

/// A request of four tasks, and limits that each removal reaches.
async fn four_tasks() -> (TestDatabase, PostgresAnnotationRequestRegistry) {
    let database = TestDatabase::new();
    record(&database, (0..4).map(|number| task("a", number))).await;
    let limits = PackingLimits { min_removed: 1, tasks_per_removed: u64::MAX, step: 4 };
    let registry = database.registry().with_packing(limits);
    (database, registry)
}

async fn remove_from(registry: &PostgresAnnotationRequestRegistry, task: i64) {
    registry.delete_task(&id(), TaskId::from(task), ALL, Precondition::None).await.unwrap();
}

#[test]
fn packing_that_ends_before_its_time_lets_the_next_one_begin() {
    let first = Builder::new_current_thread().enable_all().build().unwrap();
    let (database, registry) = first.block_on(four_tasks());
    first.block_on(remove_from(&registry, 0));
    // What was begun in the background ends with its threads.
    drop(first);
    assert_eq!(counter(&database), ["3 1 4"]);
    let second = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    second.block_on(remove_from(&registry, 1));
    wait_until("all gaps are closed", || counter(&database) == ["2 0 -1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packing_that_fails_is_counted_and_tried_again_after_the_next_removal() {
    let (database, registry) = four_tasks().await;
    let failures = registry.packing_failures();
    database.execute("ALTER TABLE statistics ADD CONSTRAINT not_first CHECK (position > 0) NOT VALID");
    for (task, failed) in [(0, 1), (1, 2)] {
        remove_from(&registry, task).await;
        wait_until("it has failed", || failures.number() == failed);
    }
    assert_eq!(counter(&database), ["2 2 4"], "nothing has moved");
    database.execute("ALTER TABLE statistics DROP CONSTRAINT not_first");
    remove_from(&registry, 2).await;
    wait_until("all gaps are closed", || counter(&database) == ["1 0 -1"]);
    assert_eq!(failures.number(), 2);
}
