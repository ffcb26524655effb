use crate::Ports;
use crate::test_support::{SCHEDULE, UNKNOWN, compact, get, ports, send, settings, state_of};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, MockSummaryRepository, PoolType, RepositoryError, RequestTotals,
    Revision, Summary, TaskStatus, Totals,
};
use std::sync::Arc;

const URL: &str =
    "/rosetta-open/annotation-request/task/schedule?annotationRequestId=7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";

fn with_tasks(complete: u64, other: u64, revision: i64) -> Summary {
    let group = |pool, tasks| (pool, TaskStatus::from(11), Totals { tasks, ..Totals::default() });
    let groups = [group(PoolType::Complete, complete), group(PoolType::Check, other)];
    let request = RequestTotals {
        id: AnnotationRequestId::new("7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b").unwrap(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        revision: Revision::from(revision),
        task_count: complete + other,
        groups: groups.into_iter().filter(|(_, _, totals)| totals.tasks > 0).collect(),
    };
    Summary::new(vec![request], vec![]).unwrap()
}

fn responding(response: impl Fn() -> Result<Summary, RepositoryError> + Send + Sync + 'static) -> crate::ApiState {
    let mut summaries = MockSummaryRepository::new();
    summaries.expect_summarize().returning(move |_, _, _| response());
    state_of(Ports { summaries: Arc::new(summaries), ..ports() }, settings())
}

#[actix_web::test]
async fn the_progress_is_served_as_the_documentation_shows_it() {
    let response = get(responding(|| Ok(with_tasks(643, 1287, 7))), URL).await;
    assert_eq!((response.status, response.text()), (200, compact(SCHEDULE).as_str()));
    assert_eq!(response.header("counting-rule"), Some("objects/2"));
    assert_eq!(response.header("cache-control"), Some("private, no-cache"));
}

#[actix_web::test]
async fn a_hundred_per_cent_means_all() {
    for (complete, other, status, per_cent, reason) in [
        (0, 0, "In Progress", "0.0", "no tasks"),
        (0, 5, "In Progress", "0.0", "none complete"),
        (2, 1, "In Progress", "66.66", "rounded down"),
        (999_999, 1, "In Progress", "99.99", "all but one"),
        (5, 0, "Completed", "100.0", "all"),
    ] {
        let response = get(responding(move || Ok(with_tasks(complete, other, 7))), URL).await;
        let data = serde_json::from_str::<serde_json::Value>(response.text()).unwrap()["data"].to_string();
        let expected =
            format!(r#"{{"completionPoolSchedule":{per_cent},"completionSceneMap":{{}},"status":"{status}"}}"#);
        assert_eq!(data, expected, "{reason}");
    }
}

#[actix_web::test]
async fn an_unchanged_request_is_known_by_its_tag() {
    let first = get(responding(|| Ok(with_tasks(1, 2, 7))), URL).await;
    let tag = first.header("etag").unwrap().to_owned();
    let again = |revision| {
        let request = TestRequest::get().uri(URL).insert_header(("if-none-match", tag.clone()));
        send(responding(move || Ok(with_tasks(1, 2, revision))), request)
    };
    assert_eq!((again(7).await.status, again(8).await.status), (304, 200));
    let summary = URL.replace("annotation-request/task/schedule", "statistics/summary");
    let summary = get(responding(|| Ok(with_tasks(1, 2, 7))), &summary).await;
    assert_ne!(summary.header("etag"), Some(tag.as_str()), "that is another representation");
}

#[actix_web::test]
async fn one_id_is_needed_and_filters_are_refused() {
    for (query, why) in [
        ("", "annotationRequestId must be given at least once"),
        ("?annotationRequestId=a&annotationRequestId=b", "annotationRequestId must be one id here, got 2"),
        ("?annotationRequestId=", "annotationRequestId must not be empty (number 1 of the list)"),
        ("?annotationRequestId=a&poolType=5", "poolType is no filter of this operation"),
    ] {
        let url = format!("/rosetta-open/annotation-request/task/schedule{query}");
        let response = get(state_of(ports(), settings()), &url).await;
        let reported = serde_json::from_str::<serde_json::Value>(response.text()).unwrap()["message"].clone();
        let expected = format!("Invalid parameter: {why}");
        assert_eq!((response.status, reported.as_str().unwrap()), (400, expected.as_str()), "{query}");
    }
}

#[actix_web::test]
async fn an_unknown_request_has_the_code_of_the_table() {
    let unknown = || RepositoryError::UnknownAnnotationRequests(vec![AnnotationRequestId::new("x").unwrap()]);
    let response = get(responding(move || Err(unknown())), URL).await;
    assert_eq!((response.status, response.text()), (404, compact(UNKNOWN).as_str()));
    let post = send(state_of(ports(), settings()), TestRequest::post().uri(URL)).await;
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD")));
}
