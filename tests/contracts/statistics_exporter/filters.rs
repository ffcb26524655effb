//! Exports of a part of the tasks.

use super::{ALL, Call, Notes, taken};
use annotation_statistics_domain::{CampaignId, PoolType, SummaryQuery, TaskFilter, TaskStatus};
use annotation_statistics_tests::{Implementation, ids, record, task};
use std::sync::{Arc, Mutex};

/// With a filter only the tasks that it covers MUST be taken, and the summary MUST be of the same filter.
pub(super) async fn obligation_12(data: &impl Implementation) {
    let tasks = (0..1_500).map(|number| {
        let pool = PoolType::ALL[usize::try_from(number % 6).unwrap()];
        let (request, campaign) = if number % 5 == 0 { ("b", "2") } else { ("a", "1") };
        task(request, number).campaign(campaign).pool(pool, "some pool").status(i32::try_from(number % 4).unwrap())
    });
    record(data, tasks).await;
    let of = |pool_types: &[PoolType], statuses: &[i32], campaigns: &[&str]| TaskFilter {
        campaigns: campaigns.iter().map(|campaign| CampaignId::new(*campaign).unwrap()).collect(),
        pool_types: pool_types.iter().copied().collect(),
        statuses: statuses.iter().map(|status| TaskStatus::from(*status)).collect(),
    };
    for (filter, number) in [
        (of(&[], &[], &[]), 1_500),
        (of(&[PoolType::Complete], &[], &[]), 250),
        (of(&[], &[2, 3], &[]), 750),
        (of(&[PoolType::Complete, PoolType::Check], &[1, 2], &[]), 250),
        (of(&[], &[], &["2"]), 300),
        (of(&[], &[99], &[]), 0),
    ] {
        let calls = Arc::<Mutex<Vec<Call>>>::default();
        let before: super::Before = Box::new(|_: &Call| Ok(()));
        let target = Box::new(Notes { calls: Arc::clone(&calls), before });
        data.exporter().export(&ids(&["b", "a"]), &filter, ALL, target).await.unwrap();
        let query = SummaryQuery::of(filter.clone());
        let summary = data.summaries().summarize(&ids(&["b", "a"]), &query, ALL).await.unwrap();
        let calls = calls.lock().unwrap();
        assert_eq!(calls[0], Call::Begin(Box::new(summary)), "{filter:?}");
        let taken = taken(&calls);
        assert_eq!(taken.len(), number, "{filter:?}");
        assert!(
            taken.iter().zip(1..).all(|(task, place)| task.place == annotation_statistics_domain::Place::from(place))
        );
        assert!(taken.iter().all(|task| {
            let row = &task.statistics;
            filter.covers_campaign(row.campaign_id()) && filter.covers_group(row.pool_type(), row.status())
        }));
    }
}
