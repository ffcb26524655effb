//! Short words for what tests do most.

use super::task::{Task, stream};
use crate::{Envelope, Implementation, RunningService};
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, AnnotationRequestIds, CampaignId, CampaignScope, CountingRuleName,
    NewAnnotationRequest, PageRequest, Precondition, Recorded, Statistics, StatisticsPage, StatisticsRepository,
};
use std::num::{NonZeroU32, NonZeroU64};

/// Ids in order.
pub fn ids(names: &[&str]) -> AnnotationRequestIds {
    AnnotationRequestIds::new(names.iter().map(|name| AnnotationRequestId::new(*name).unwrap())).unwrap()
}

/// Page `number`, from 1, of pages with `limit` rows.
pub fn page(number: u64, limit: u32) -> PageRequest {
    PageRequest::new(NonZeroU64::new(number).unwrap(), NonZeroU32::new(limit).unwrap())
}

/// Records tasks, which must succeed.
pub async fn record<T>(data: &impl Implementation, tasks: T) -> Recorded
where
    T: IntoIterator<Item = Task>,
    T::IntoIter: Send + 'static,
{
    data.recorder().record(stream(tasks), Precondition::None).await.unwrap()
}

/// Inserted, updated, unchanged.
pub fn numbers(recorded: Recorded) -> (u64, u64, u64) {
    (recorded.inserted, recorded.updated, recorded.unchanged)
}

/// What makes a request known.
pub fn new_request(id: &str, campaign: &str, rule: Option<&str>) -> NewAnnotationRequest {
    NewAnnotationRequest {
        id: AnnotationRequestId::new(id).unwrap(),
        campaign_id: CampaignId::new(campaign).unwrap(),
        counting_rule: rule.map(|rule| CountingRuleName::new(rule.to_owned()).unwrap()),
    }
}

/// Makes a request of campaign `1001` known, which must succeed.
pub async fn register(data: &impl Implementation, id: &str, rule: Option<&str>) -> AnnotationRequest {
    data.registry().register(new_request(id, "1001", rule), Precondition::None).await.unwrap()
}

/// All tasks of the requests as one page, which must succeed.
pub async fn statistics_of(data: &impl Implementation, requests: &[&str]) -> StatisticsPage {
    data.repository().find_page(&ids(requests), page(1, 1_000_000), &CampaignScope::All).await.unwrap()
}

/// The numbers of the tasks.
pub fn task_ids(rows: &[Statistics]) -> Vec<i64> {
    rows.iter().map(|row| row.id().get()).collect()
}

/// All pages one after the other until one is empty, with the count of each.
pub async fn walk(
    repository: &dyn StatisticsRepository,
    requests: &AnnotationRequestIds,
    limit: u32,
) -> (Vec<Statistics>, Vec<u64>) {
    let (mut rows, mut counts) = (Vec::new(), Vec::new());
    for number in 1.. {
        let response = repository.find_page(requests, page(number, limit), &CampaignScope::All).await.unwrap();
        counts.push(response.page.count);
        if response.page.rows.is_empty() {
            break;
        }
        rows.extend(response.page.rows);
    }
    (rows, counts)
}

/// The tasks of a request over HTTP, page by page until one has the last task of all.
pub fn walk_over_http(service: &RunningService, request: &str, limit: u64) -> Vec<i64> {
    let mut connection = service.connect();
    let mut tasks = Vec::new();
    for number in 1.. {
        let target = format!("/statistics?annotationRequestId={request}&limit={limit}&offset={number}");
        let page = Envelope::of(&connection.fetch("GET", &target, ""));
        tasks.extend(page.task_ids());
        if page.count() <= number * limit {
            break;
        }
    }
    tasks
}
