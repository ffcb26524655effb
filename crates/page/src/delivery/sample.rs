//! Sums and tasks for the tests of the page.

use crate::{Found, Letterhead, Requested, Site, Times, Visitor, listed_requests};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, Count, InstanceInfo, ItemCell, ItemSums, ItemsBy, OperationItemKey, Page,
    PageRequest, PoolName, PoolType, RequestTotals, Revision, Statistics, StatisticsPage, StatisticsParts, Summary,
    SummaryQuery, TaskFilter, TaskId, TaskStatus, Totals,
};
use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroU64};

/// A task of a request: its pool, its status, and its operation items, all of which are drawn.
#[derive(Clone, Copy)]
pub(super) struct Done<'a>(pub(super) &'a str, pub(super) PoolType, pub(super) i32, pub(super) &'a [(&'a str, u32)]);

type Groups = BTreeMap<(PoolType, TaskStatus), Totals>;

/// The sums over these tasks, with the operation items by pool type, and by request.
pub(super) fn summary(tasks: &[Done<'_>], filter: TaskFilter) -> Summary {
    let (mut requests, mut cells): (Vec<(&str, Groups)>, Vec<ItemCell>) = (Vec::new(), Vec::new());
    for Done(id, pool, status, items) in tasks {
        if requests.iter().all(|(known, _)| known != id) {
            requests.push((id, Groups::new()));
        }
        let groups = requests.iter_mut().find(|(known, _)| known == id).unwrap();
        let totals = groups.1.entry((*pool, TaskStatus::from(*status))).or_default();
        totals.tasks += 1;
        totals.frames += 1;
        for (key, count) in *items {
            totals.instances += u128::from(*count);
            let (key, count) = (OperationItemKey::new(*key).unwrap(), u128::from(*count));
            let sums = ItemSums { key, count, tasks: 1, tasks_of_slots: 1, tasks_of_inputs: 0, stated_kind: None };
            let request = AnnotationRequestId::new(*id).ok();
            let is_of_campaign = filter.covers_campaign(&campaign(id));
            let cell = ItemCell { request, pool_type: *pool, status: TaskStatus::from(*status), sums };
            cells.extend(is_of_campaign.then_some(cell));
        }
    }
    let totals = |(id, groups): (&str, Groups)| RequestTotals {
        id: AnnotationRequestId::new(id).unwrap(),
        campaign_id: campaign(id),
        counting_rule: None,
        revision: Revision::from(7),
        task_count: groups.values().map(|totals| totals.tasks).sum(),
        groups: groups.into_iter().map(|((pool, status), totals)| (pool, status, totals)).collect(),
    };
    let items_by = ItemsBy { request: requests.len() > 1, pool_type: true, status: false };
    let requests = requests.into_iter().map(totals).collect();
    Summary::of_cells(requests, cells, &SummaryQuery { filter, items_by }).unwrap()
}

/// Each request is in a campaign named after its first letter.
fn campaign(request: &str) -> CampaignId {
    CampaignId::new(format!("campaign of {}", request.chars().next().unwrap())).unwrap()
}

/// These tasks and their sums, as the page finds them: ten tasks from the first on.
pub(super) fn found(tasks: &[Done<'_>], filter: TaskFilter) -> Found {
    let summary = summary(tasks, filter);
    let listed: Vec<String> = listed_requests(&summary).iter().map(|request| request.id.to_string()).collect();
    let is_listed = |task: &&Done<'_>| listed.iter().any(|id| id == task.0);
    let rows: Vec<Statistics> = (1..).zip(tasks.iter().filter(is_listed)).map(|(id, task)| row(id, task)).collect();
    let page = Page { count: rows.len().try_into().unwrap(), rows: rows.into_iter().take(10).collect() };
    let revisions = vec![Revision::from(7); listed.len()];
    let counting_rules = vec![None; listed.len()];
    Found {
        summary,
        tasks: StatisticsPage { page, revisions, counting_rules },
        page: PageRequest::new(NonZeroU64::MIN, NonZeroU32::new(10).unwrap()),
        task_list: listed.iter().map(|id| format!("annotationRequestId={id}")).collect::<Vec<_>>().join("&"),
        item_page: NonZeroU64::MIN,
    }
}

fn row(id: i64, Done(request, pool_type, status, items): &Done<'_>) -> Statistics {
    let counts = items.iter().map(|(key, count)| (OperationItemKey::new(*key).unwrap(), Count::from(*count)));
    let instance_num = Count::try_from(items.iter().map(|(_, count)| i64::from(*count)).sum::<i64>()).unwrap();
    Statistics::new(StatisticsParts {
        id: TaskId::from(id),
        source_name: None,
        status: TaskStatus::from(*status),
        campaign_id: campaign(request),
        pool_name: PoolName::new("street scenes").unwrap(),
        pool_type: *pool_type,
        instance_info: InstanceInfo::new(counts).unwrap(),
        instance_num,
        attribute_num: Count::ZERO,
        frame_num: Count::ONE,
    })
    .unwrap()
}

/// The part of the page with these numbers that begins with this and ends with that.
pub(super) fn part(found: Found, begin: &str, end: &str) -> String {
    let site = Site {
        api: "statistics".into(),
        origin: "http://127.0.0.1:8080".into(),
        request_id: "7f".into(),
        downloads: Vec::new(),
        visitor: Visitor::Anyone,
        times: Times::default(),
        letterhead: Letterhead::default(),
    };
    let filter = found.summary.filter().clone();
    let requested = Requested { list: "LIST".into(), unfiltered: "ALL".into(), filter, ..Requested::default() };
    let html = crate::render(&site, &requested, &[], &crate::Outcome::Found(Box::new(found))).unwrap();
    let from = html.find(begin).unwrap_or_else(|| panic!("no {begin}: {html}"));
    let past = html[from..].find(end).unwrap_or_else(|| panic!("no {end}: {html}")) + end.len();
    html[from..from + past].to_owned()
}
