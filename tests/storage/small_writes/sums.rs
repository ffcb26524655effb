//! Sums of new tasks, which are added up in memory.

use annotation_statistics_domain::{Precondition, StatisticsRecorder};
use annotation_statistics_tests::{Task, TestDatabase, stream, task};

/// More operation items than are added up in memory, in tasks of a third of them each.
const ITEMS: i64 = 21_000;

#[tokio::test]
async fn items_that_are_too_many_for_memory_are_added_up_in_the_database() {
    let database = TestDatabase::new();
    let tasks = (0..3).map(|id| {
        let keys: Vec<String> = (0..ITEMS / 3).map(|key| format!("item {id} {key}")).collect();
        let counts: Vec<(&str, u32)> = keys.iter().map(|key| (key.as_str(), 2)).collect();
        task("a", id).instance_info(&counts, 14_000, 0)
    });
    let tasks: Vec<Task> = tasks.collect();
    database.recorder().record(stream(tasks), Precondition::None).await.unwrap();
    let sums = "SELECT concat_ws(' ', count(*), min(total), max(total), sum(tasks), sum(tasks_of_slots)) \
                FROM operation_item_totals";
    assert_eq!(database.query(sums), [format!("{ITEMS} 2 2 {ITEMS} {ITEMS}")]);
}
