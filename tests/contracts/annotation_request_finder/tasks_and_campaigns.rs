//! The obligations about tasks and campaigns.

use super::{ALL, most, only, twelve};
use annotation_statistics_domain::{
    CampaignId, CampaignProgress, CampaignScope, PoolType, SourceName, TaskId, TaskSearch, TaskTerm,
};
use annotation_statistics_tests::{Implementation, TestDatabase, record, task};

/// Each task of all pages of a search: `request/task`.
async fn places(data: &impl Implementation, term: TaskTerm, limit: u32, scope: &CampaignScope) -> String {
    let mut search = TaskSearch { term, after: None, limit: most(limit) };
    let mut found = Vec::new();
    loop {
        let page = data.finder().find_tasks(&search, scope).await.unwrap();
        assert!(page.tasks.len() <= usize::try_from(limit).unwrap());
        found.extend(page.tasks.iter().map(|task| format!("{}/{}", task.annotation_request_id, task.task_id)));
        search.after = page.next;
        if search.after.is_none() {
            return found.join(" ");
        }
    }
}

/// `find_tasks` MUST return the tasks of the requests in the scope that have the id or the source name, in the byte order
/// of the ids of their requests and then in the order of the tasks, in pages that have each once.
pub(super) async fn obligation_05(data: &impl Implementation) {
    let named = |request: &str, id, name: &str| task(request, id).made_of(name).campaign("1");
    record(data, [named("b", 7, "x.jpg"), named("b", 3, "x.jpg"), named("b", 9, "y.jpg"), task("a", 7)]).await;
    record(data, [named("B", 7, "x.jpg").pool(PoolType::Check, "check"), named("c", 4, "X.jpg")]).await;
    let (by_id, by_name) = (TaskTerm::Id(TaskId::from(7)), TaskTerm::SourceName(SourceName::new("x.jpg").unwrap()));
    for limit in [1, 2, 9] {
        assert_eq!(places(data, by_id.clone(), limit, ALL).await, "B/7 a/7 b/7", "by {limit}");
        assert_eq!(places(data, by_name.clone(), limit, ALL).await, "B/7 b/7 b/3", "by {limit}");
        assert_eq!(places(data, by_id.clone(), limit, &only(&["1001"])).await, "a/7", "by {limit}");
        assert_eq!(places(data, by_name.clone(), limit, &only(&["1001"])).await, "", "by {limit}");
        assert_eq!(places(data, by_id.clone(), limit, &only(&[])).await, "", "by {limit}");
    }
    assert_eq!(places(data, TaskTerm::Id(TaskId::from(8)), 9, ALL).await, "");
    let search = TaskSearch { term: by_name, after: None, limit: most(1) };
    let first = &data.finder().find_tasks(&search, ALL).await.unwrap().tasks[0];
    assert_eq!(
        (first.campaign_id.as_str(), first.pool_name.as_str(), first.pool_type),
        ("1", "check", PoolType::Check)
    );
    assert_eq!((first.source_name.as_ref().map(SourceName::as_str), first.status.code()), (Some("x.jpg"), 11));
}

/// The campaigns of all pages.
async fn campaigns(data: &impl Implementation, limit: u32, scope: &CampaignScope) -> Vec<CampaignProgress> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = data.finder().list_campaigns(after, most(limit), scope).await.unwrap();
        assert!(page.campaigns.len() <= usize::try_from(limit).unwrap());
        found.extend(page.campaigns);
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

fn progress(campaign: &str, requests: u64, tasks: u64, complete_tasks: u64) -> CampaignProgress {
    let campaign_id = CampaignId::new(campaign).unwrap();
    CampaignProgress { campaign_id, requests, is_all: true, tasks, complete_tasks }
}

/// `list_campaigns` MUST return each campaign in the scope that has requests once, over all pages.
pub(super) async fn obligation_06(data: &impl Implementation) {
    assert_eq!(campaigns(data, 9, ALL).await, []);
    // Of each campaign four requests, two of which have an open task too.
    twelve(data).await;
    let all = ["0", "1", "2"].map(|campaign| progress(campaign, 4, 6, 4));
    for limit in [1, 2, 3, 9] {
        assert_eq!(campaigns(data, limit, ALL).await, all, "by {limit}");
        assert_eq!(campaigns(data, limit, &only(&["2", "1", "none"])).await, all[1..], "by {limit}");
        assert_eq!(campaigns(data, limit, &only(&[])).await, [], "by {limit}");
    }
}

/// The progress of a campaign MUST be that of its requests that were changed last, and say whether these are all.
pub(super) async fn obligation_07(database: &TestDatabase) {
    // The implementation looks at the sums of four.
    for number in 0..5 {
        record(database, [task(&format!("r-{number}"), 1), task(&format!("r-{number}"), 2)]).await;
    }
    assert_eq!(campaigns(database, 1, ALL).await, [CampaignProgress { is_all: false, ..progress("1001", 4, 8, 8) }]);
    record(database, [task("r-0", 2).pool(PoolType::Check, "check")]).await;
    assert_eq!(campaigns(database, 1, ALL).await, [CampaignProgress { is_all: false, ..progress("1001", 4, 8, 7) }]);
}
