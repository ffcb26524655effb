use crate::Ports;
use crate::test_support::{HICCUP, SUMMARY, TestResponse, UNKNOWN, compact, get, ports, send, settings, state_of};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, ItemSums, MockSummaryRepository, OperationItemKey, PoolType,
    RepositoryError, RequestTotals, Revision, Summary, TaskStatus, Totals,
};
use std::sync::Arc;

const URL: &str = "/rosetta-open/statistics/summary?annotationRequestId=7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";

fn summary(revision: i64) -> Summary {
    let group = |pool, status, tasks: u64, instances, attributes| {
        (pool, TaskStatus::from(status), Totals { tasks, instances, attributes, frames: tasks.into() })
    };
    let item = |key: &str, count, tasks, tasks_of_slots| ItemSums {
        key: OperationItemKey::new(key).unwrap(),
        count,
        tasks,
        tasks_of_slots,
        tasks_of_inputs: 0,
        stated_kind: None,
    };
    let request = RequestTotals {
        id: AnnotationRequestId::new("7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b").unwrap(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        revision: Revision::from(revision),
        task_count: 1930,
        groups: vec![group(PoolType::Complete, 11, 1900, 24_700, 83_600), group(PoolType::Check, 6, 30, 390, 1_320)],
    };
    let items = vec![item("car", 25_090, 1890, 1), item("select-[e000f]", 84_920, 1930, 0)];
    Summary::new(vec![request], items).unwrap()
}

fn responding(response: impl Fn() -> Result<Summary, RepositoryError> + Send + Sync + 'static) -> crate::ApiState {
    let mut summaries = MockSummaryRepository::new();
    summaries.expect_summarize().returning(move |_, _| response());
    state_of(Ports { summaries: Arc::new(summaries), ..ports() }, settings())
}

#[actix_web::test]
async fn the_sums_are_served_as_the_documentation_shows_them() {
    let response = get(responding(|| Ok(summary(7))), URL).await;
    assert_eq!((response.status, response.text()), (200, compact(SUMMARY).as_str()));
    assert_eq!(response.header("counting-rule"), Some("objects/2"));
    assert_eq!(response.header("cache-control"), Some("private, no-cache"));
    assert_eq!(response.header("link"), None, "there are no pages");
}

#[actix_web::test]
async fn the_tag_changes_with_a_revision_and_is_known_by_if_none_match() {
    let tag = |response: &TestResponse| response.header("etag").unwrap().to_owned();
    let first = tag(&get(responding(|| Ok(summary(7))), URL).await);
    assert_eq!(tag(&get(responding(|| Ok(summary(7))), &format!("{URL}&_=1")).await), first);
    assert_ne!(tag(&get(responding(|| Ok(summary(8))), URL).await), first);
    let again = TestRequest::get().uri(URL).insert_header(("if-none-match", first.as_str()));
    let response = send(responding(|| Ok(summary(7))), again).await;
    assert_eq!((response.status, response.text(), tag(&response)), (304, "", first));
}

#[actix_web::test]
async fn the_list_has_the_rules_of_the_pages_and_pages_mean_nothing() {
    let mut summaries = MockSummaryRepository::new();
    summaries
        .expect_summarize()
        .withf(|requests, _| requests.as_slice().iter().map(AnnotationRequestId::as_str).eq(["b", "a,c"]))
        .times(1)
        .returning(|_, _| Ok(summary(7)));
    let state = state_of(Ports { summaries: Arc::new(summaries), ..ports() }, settings());
    let list =
        "/rosetta-open/statistics/summary?annotationRequestId[]=b&annotationRequestId=a,c&offset=0&limit=ten&_=%zz";
    assert_eq!(get(state, list).await.status, 200);
    for (query, why) in [
        ("", "annotationRequestId must be given at least once"),
        ("?annotationRequestId=", "annotationRequestId must not be empty (number 1 of the list)"),
        (
            "?annotationRequestId=%zz",
            "annotationRequestId has a % without two hexadecimal digits after it, got \"%zz\" (number 1 of the list)",
        ),
        ("?%FF=1", "the parameter name \"%FF\" is not UTF-8 when decoded"),
        (
            "?annotationRequestId=a&pooltype=5",
            "\"pooltype\" is no parameter of this operation, which has annotationRequestId",
        ),
        ("?annotationRequestId=a&asOf=2025-01-01", "asOf is no filter of this operation"),
    ] {
        let response = get(state_of(ports(), settings()), &format!("/rosetta-open/statistics/summary{query}")).await;
        let reported = serde_json::from_str::<serde_json::Value>(response.text()).unwrap()["message"].clone();
        assert_eq!((response.status, reported.as_str().unwrap()), (400, format!("{INVALID}{why}").as_str()), "{query}");
    }
}

const INVALID: &str = "Invalid parameter: ";

#[actix_web::test]
async fn what_cannot_be_served_has_the_code_of_the_table() {
    let unknown = || RepositoryError::UnknownAnnotationRequests(vec![AnnotationRequestId::new("x").unwrap()]);
    let corrupt = || RepositoryError::Corrupt { what: "statistics_totals: canary".into() };
    let away = || RepositoryError::Unavailable("canary".into());
    let response = get(responding(move || Err(unknown())), URL).await;
    assert_eq!((response.status, response.text()), (404, compact(UNKNOWN).as_str()));
    for (status, response) in [
        (500, get(responding(move || Err(corrupt())), URL).await),
        (503, get(responding(move || Err(away())), URL).await),
    ] {
        assert_eq!((response.status, response.text()), (status, compact(HICCUP).as_str()));
    }
    let large = get(responding(|| Err(RepositoryError::SummaryTooLarge { limit: 7 })), URL).await;
    let message = "Payload Too Large: the sums are more than 8388608 bytes: request those of fewer annotation requests, or \
                   the rows";
    let reported = serde_json::from_str::<serde_json::Value>(large.text()).unwrap()["message"].clone();
    assert_eq!((large.status, reported.as_str()), (413, Some(message)));
    let post = send(state_of(ports(), settings()), TestRequest::post().uri(URL)).await;
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD")));
}
