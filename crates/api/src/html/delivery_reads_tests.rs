use crate::test_support::{get, page as rows, ports, settings, state_of};
use crate::{ApiState, Ports};
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignId, ItemCell, ItemSums, MockStatisticsRepository,
    MockSummaryRepository, OperationItemKey, PoolType, RepositoryError, RequestTotals, Revision, Summary, SummaryQuery,
    TaskStatus, Totals,
};
use std::sync::{Arc, Mutex};

/// The reads of the ports, in order.
type Log = Arc<Mutex<Vec<String>>>;

/// The sums of requests that have 9 tasks each: those whose id begins with `c` are complete, the others are checked.
fn summary(requests: &AnnotationRequestIds, query: &SummaryQuery) -> Summary {
    let status = TaskStatus::from(11);
    let pool = |id: &AnnotationRequestId| {
        if id.as_str().starts_with('c') { PoolType::Complete } else { PoolType::Check }
    };
    let totals = |id: &AnnotationRequestId| RequestTotals {
        id: id.clone(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: None,
        revision: Revision::from(7),
        task_count: 9,
        groups: vec![(pool(id), status, Totals { tasks: 9, instances: 90, attributes: 0, frames: 9 })],
    };
    let key = || OperationItemKey::new("car").unwrap();
    let sums =
        || ItemSums { key: key(), count: 90, tasks: 9, tasks_of_slots: 9, tasks_of_inputs: 0, stated_kind: None };
    let is_apart = query.items_by.request;
    let cell = |id: &AnnotationRequestId| ItemCell {
        request: is_apart.then(|| id.clone()),
        pool_type: pool(id),
        status,
        sums: sums(),
    };
    let ids = requests.as_slice();
    Summary::of_cells(ids.iter().map(totals).collect(), ids.iter().map(cell).collect(), query).unwrap()
}

/// A service that logs what it reads; sums with the items of each request apart are too large where `are_large`.
fn reading(log: &Log, are_large: bool) -> ApiState {
    let mut summaries = MockSummaryRepository::new();
    summaries.expect_find_recent().returning(|_, _| Ok(Vec::new()));
    let sums = Arc::clone(log);
    summaries.expect_summarize().returning(move |requests, query, _| {
        let (apart, pools) = (query.items_by.request, query.filter.pool_types.len());
        sums.lock().unwrap().push(format!("sums apart={apart} pools={pools}"));
        if apart && are_large {
            return Err(RepositoryError::SummaryTooLarge { limit: 8 });
        }
        Ok(summary(requests, query))
    });
    let mut repository = MockStatisticsRepository::new();
    let tasks = Arc::clone(log);
    repository.expect_find_page().returning(move |requests, _, _| {
        let ids: Vec<&str> = requests.as_slice().iter().map(AnnotationRequestId::as_str).collect();
        tasks.lock().unwrap().push(format!("tasks of {}", ids.join(" ")));
        let page = rows(9 * u64::try_from(ids.len()).unwrap(), 2);
        Ok(annotation_statistics_domain::StatisticsPage { revisions: vec![Revision::from(7); ids.len()], ..page })
    });
    state_of(Ports { repository: Arc::new(repository), summaries: Arc::new(summaries), ..ports() }, settings())
}

#[actix_web::test]
async fn only_the_tasks_of_requests_that_the_filter_covers_are_listed_and_downloads_have_the_filter() {
    let log = Log::default();
    let response = get(reading(&log, false), "/?requests=c1%0Ax%0Ac2&poolType=5&campaignId=").await;
    assert_eq!(*log.lock().unwrap(), ["sums apart=true pools=1", "tasks of c1 c2"]);
    let (list, filter) = ("annotationRequestId=c1&#38;annotationRequestId=", "&#38;poolType=5");
    for text in [
        "Only tasks in the pool Complete are added up: 18 of 27.",
        "<a href=\"?annotationRequestId=c1&#38;annotationRequestId=x&#38;annotationRequestId=c2\">Add up all</a>",
        &format!("/statistics/export?{list}x&#38;annotationRequestId=c2{filter}&#38;format=csv\""),
        &format!("/statistics/summary?{list}x&#38;annotationRequestId=c2{filter}&#39;"),
        &format!("/statistics?{list}c2&#38;offset=1&#38;limit=10&#39;"),
        "name=\"poolType\" value=\"5\" checked",
    ] {
        assert!(response.text().contains(text), "{text} is missing: {}", response.text());
    }
}

#[actix_web::test]
async fn a_filter_that_covers_no_task_reads_none() {
    let log = Log::default();
    let response = get(reading(&log, false), "/?requests=x&poolType=5").await;
    assert_eq!((response.status, log.lock().unwrap().join(", ")), (200, "sums apart=false pools=1".into()));
    assert!(response.text().contains("are added up: 0 of 9."), "{}", response.text());
}

#[actix_web::test]
async fn items_are_read_by_request_for_a_few_requests_and_where_they_are_not_too_many() {
    let few = "annotationRequestId=c1&annotationRequestId=c2";
    let many: Vec<String> = (0..13).map(|id| format!("annotationRequestId=c{id}")).collect();
    let large = "sums apart=true pools=0, sums apart=false pools=0, ";
    for (query, are_large, sums, shown) in [
        ("annotationRequestId=c1", false, "sums apart=false pools=0, ", "By operation item"),
        (few, false, "sums apart=true pools=0, ", "Side by side"),
        (few, true, large, "itemsBy=annotationRequestId&#38;format=xlsx"),
        (&many.join("&"), false, "sums apart=false pools=0, ", "itemsBy=annotationRequestId&#38;format=csv"),
    ] {
        let log = Log::default();
        let response = get(reading(&log, are_large), &format!("/?{query}")).await;
        assert_eq!(response.status, 200, "{query}");
        assert!(log.lock().unwrap().join(", ").starts_with(&format!("{sums}tasks of c")), "{query}: {log:?}");
        assert!(response.text().contains(shown), "{shown}: {}", response.text());
    }
}
