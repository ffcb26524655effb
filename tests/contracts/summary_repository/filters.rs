//! Sums over a part of the tasks, and operation items that are kept apart.

use super::{ALL, various};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, ItemsBy, PoolType, Precondition, Statistics, Summary, SummaryQuery, TaskFilter,
    TaskId, TaskStatus, Totals,
};
use annotation_statistics_tests::{Implementation, ids, items_of, record, statistics_of, task, totals_of};
use std::collections::BTreeMap;

const REQUESTS: [&str; 2] = ["b", "a"];

async fn summarize(data: &impl Implementation, query: &SummaryQuery) -> Summary {
    data.summaries().summarize(&ids(&REQUESTS), query, ALL).await.unwrap()
}

fn filter(pool_types: &[PoolType], statuses: &[i32], campaigns: &[&str]) -> TaskFilter {
    TaskFilter {
        campaigns: campaigns.iter().map(|campaign| CampaignId::new(*campaign).unwrap()).collect(),
        pool_types: pool_types.iter().copied().collect(),
        statuses: statuses.iter().map(|status| TaskStatus::from(*status)).collect(),
    }
}

/// The summary is that of the rows that the filter covers.
async fn check(data: &impl Implementation, filter: TaskFilter, reason: &str) {
    let is_covered = |row: &&Statistics| {
        filter.covers_campaign(row.campaign_id()) && filter.covers_group(row.pool_type(), row.status())
    };
    let rows: Vec<Statistics> = statistics_of(data, &REQUESTS).await.page.rows;
    let rows: Vec<Statistics> = rows.iter().filter(is_covered).cloned().collect();
    let summary = summarize(data, &SummaryQuery::of(filter.clone())).await;
    assert_eq!(summary.totals(), totals_of(&rows), "{reason}");
    let reported = summary.items().iter().map(|item| (item.key.clone(), item.count, item.tasks));
    let expected = items_of(&rows).into_iter().map(|item| (item.key, item.count, item.tasks));
    assert_eq!(reported.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{reason}");
    for (pool_type, totals) in summary.pools() {
        assert_eq!(*totals, totals_of(rows.iter().filter(|row| row.pool_type() == *pool_type)), "{reason}");
    }
    for (status, totals) in summary.statuses() {
        assert_eq!(*totals, totals_of(rows.iter().filter(|row| row.status() == *status)), "{reason}");
    }
    let requests: Vec<&str> = summary.requests().iter().map(|(request, _)| request.id.as_str()).collect();
    assert_eq!(requests, REQUESTS, "each is there, whatever is left of it: {reason}");
    let each = summary.requests().iter().map(|(_, totals)| totals.tasks).sum::<u64>();
    assert_eq!((each, summary.cells().len()), (summary.totals().tasks, 0), "{reason}");
}

/// Filters of each kind, alone and together.
async fn check_filters(data: &impl Implementation, reason: &str) {
    let [annotation, complete] = [PoolType::Annotation, PoolType::Complete];
    for filter in [
        filter(&[complete], &[], &[]),
        filter(&[annotation, complete], &[], &[]),
        filter(&[], &[1, 3], &[]),
        filter(&[annotation], &[1, 3], &[]),
        filter(&[], &[99], &[]),
        filter(&[], &[], &["2"]),
        filter(&[], &[], &["1", "2"]),
        filter(&[], &[], &["no such"]),
        filter(&[complete], &[1], &["1"]),
    ] {
        check(data, filter.clone(), &format!("{reason}: {filter:?}")).await;
    }
}

/// The sums of a filter for each pool type and status, added up.
async fn added_up(data: &impl Implementation) -> (Totals, BTreeMap<String, (u128, u64)>) {
    let (mut totals, mut items) = (Totals::default(), BTreeMap::new());
    for pool_type in PoolType::ALL {
        for status in [0, 1, 2, 3, 11] {
            let part = summarize(data, &SummaryQuery::of(filter(&[pool_type], &[status], &[]))).await;
            let Totals { tasks, instances, attributes, frames } = part.totals();
            totals.tasks += tasks;
            totals.instances += instances;
            totals.attributes += attributes;
            totals.frames += frames;
            for item in part.items() {
                let (count, tasks) = items.entry(item.key.to_string()).or_insert((0, 0));
                *count += item.count;
                *tasks += item.tasks;
            }
        }
    }
    (totals, items)
}

/// With a filter they MUST be those over the tasks that it covers, whatever is recorded, changed and deleted.
pub(super) async fn obligation_11(data: &impl Implementation) {
    let in_campaigns = |first: i64, past: i64| {
        let tasks = ["a", "b"].into_iter().flat_map(move |request| various(request, first, past));
        tasks.map(|task| if task.statistics().id().get() % 2 == 0 { task.frames(2) } else { task })
    };
    record(data, in_campaigns(0, 60).map(|task| task.campaign("1"))).await;
    check_filters(data, "new tasks").await;
    record(data, [task("a", 3).campaign("1").status(2), task("b", 4).campaign("1").pool(PoolType::Check, "p")]).await;
    check_filters(data, "tasks that have moved").await;
    record(data, (5..15).map(|number| task("a", number).campaign("1").instance_info(&[], 0, 0))).await;
    check_filters(data, "items that are gone").await;
    let a = AnnotationRequestId::new("a").unwrap();
    for number in [0, 20, 59] {
        data.registry().delete_task(&a, TaskId::from(number), ALL, Precondition::None).await.unwrap();
    }
    check_filters(data, "deleted tasks").await;
    let all = summarize(data, &SummaryQuery::default()).await;
    let items = all.items().iter().map(|item| (item.key.to_string(), (item.count, item.tasks))).collect();
    assert_eq!(added_up(data).await, (all.totals(), items), "all pool types and statuses together");
    data.registry().delete(&a, ALL, Precondition::None).await.unwrap();
    record(data, [task("a", 7).campaign("2").status(1)]).await;
    check_filters(data, "a request that is another one now").await;
}

/// Where the sums of operation items are to be kept apart, each part MUST be the sums over its tasks.
pub(super) async fn obligation_12(data: &impl Implementation) {
    record(data, ["a", "b"].into_iter().flat_map(|request| various(request, 0, 40))).await;
    for number in 1..8 {
        let items_by = ItemsBy { request: number & 1 > 0, pool_type: number & 2 > 0, status: number & 4 > 0 };
        for filter in [TaskFilter::default(), filter(&[PoolType::Complete, PoolType::Check], &[1, 2], &[])] {
            check_parts(data, SummaryQuery { filter, items_by }).await;
        }
    }
}

async fn check_parts(data: &impl Implementation, query: SummaryQuery) {
    let by = query.items_by;
    let mut expected = BTreeMap::new();
    for (place, request) in REQUESTS.into_iter().enumerate() {
        let rows = statistics_of(data, &[request]).await.page.rows;
        for row in rows.iter().filter(|row| query.filter.covers_group(row.pool_type(), row.status())) {
            for (key, count) in row.instance_info().iter().filter(|(_, count)| count.get() > 0) {
                let part = (by.request.then_some(place), by.pool_type.then(|| row.pool_type()));
                let (sum, tasks) =
                    expected.entry((key.to_owned(), part, by.status.then(|| row.status()))).or_insert((0_u128, 0_u64));
                *sum += u128::from(u64::from(count));
                *tasks += 1;
            }
        }
    }
    let summary = summarize(data, &query).await;
    let places = |id: &AnnotationRequestId| REQUESTS.iter().position(|request| *request == id.as_str()).unwrap();
    let parts = summary.cells().iter().map(|cell| {
        let part = (cell.request.as_ref().map(places), cell.pool_type);
        ((cell.key.to_string(), part, cell.status), (cell.count, cell.tasks))
    });
    assert_eq!(parts.collect::<Vec<_>>(), expected.into_iter().collect::<Vec<_>>(), "{query:?}");
}
