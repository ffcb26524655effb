//! A server of the version before keeps no sums by pool type and status: what it changes is added up from the tasks, until it is
//! repaired.

use annotation_statistics_domain::{
    CampaignScope, ItemsBy, PoolType, Precondition, StatisticsRecorder, SummaryQuery, TaskFilter,
};
use annotation_statistics_storage::{repair, verify};
use annotation_statistics_tests::{Implementation, TestDatabase, ids, stream, task};

/// What such a server does to a task that is completed: all but the sums by group.
const COMPLETED: &str = "
    UPDATE statistics SET pool_type = 5, status = 11 WHERE annotation_request_id = 'a' AND task_id = 1;
    UPDATE statistics_totals SET pool_type = 5, status = 11 WHERE annotation_request_id = 'a' AND status = 2;
    UPDATE annotation_requests SET revision = revision + 1 WHERE id = 'a'";

async fn boxes_by_pool(database: &TestDatabase) -> Vec<(String, Option<PoolType>, u128, u64)> {
    let query = SummaryQuery {
        filter: TaskFilter::default(),
        items_by: ItemsBy { request: true, pool_type: true, status: false },
    };
    let summary = database.summaries().summarize(&ids(&["a", "b"]), &query, &CampaignScope::All).await.unwrap();
    let cells = summary.cells().iter();
    let cell = cells.map(|cell| (cell.request.as_ref().unwrap().to_string(), cell.pool_type, cell.count, cell.tasks));
    cell.collect()
}

fn drifts(database: &TestDatabase) -> u64 {
    verify(&database.session_settings(), &mut |_| ()).unwrap().drifts
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_older_server_has_changed_is_added_up_from_the_tasks() {
    let [annotation, complete] = [PoolType::Annotation, PoolType::Complete];
    for few in [0, usize::MAX] {
        let database = TestDatabase::new();
        let recorder = database.recorder().staging_above(few);
        let new = |request, id| task(request, id).instance_info(&[("box", 3)], 3, 0).status(2).pool(annotation, "pool");
        let record = async |tasks: Vec<_>| recorder.record(stream(tasks), Precondition::None).await.unwrap();
        record(vec![new("a", 1), new("b", 1)]).await;
        let row = |request: &str, pool, boxes, tasks| (request.to_owned(), Some(pool), boxes, tasks);
        let b = row("b", annotation, 3, 1);
        assert_eq!(boxes_by_pool(&database).await, [row("a", annotation, 3, 1), b.clone()]);
        assert_eq!(drifts(&database), 0);

        COMPLETED.split(';').for_each(|sql| database.execute(sql));
        assert_eq!(boxes_by_pool(&database).await, [row("a", complete, 3, 1), b.clone()]);

        // A server of this version goes on, and subtracts nothing from sums that are not there.
        record(vec![new("a", 1).status(5), new("a", 2)]).await;
        record(vec![new("a", 1).status(11).pool(complete, "complete")]).await;
        let expected = [row("a", annotation, 3, 1), row("a", complete, 3, 1), b];
        assert_eq!(boxes_by_pool(&database).await, expected);
        assert!(drifts(&database) > 0, "verification knows it");

        assert!(repair(&database.session_settings(), &"a".to_owned().try_into().unwrap()).unwrap());
        assert_eq!(drifts(&database), 0);
        assert_eq!(boxes_by_pool(&database).await, expected);
        record(vec![new("a", 2).status(11).pool(complete, "complete")]).await;
        assert_eq!(drifts(&database), 0, "they are kept again");
    }
}
