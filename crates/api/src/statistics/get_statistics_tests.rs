use crate::test_support::{
    HICCUP, INVALID_PARAMETER, Logs, REQUEST_ID, STATISTICS, TestResponse, UNKNOWN, compact, get, page, ports, refusal,
    responding, send, settings, state, state_of, states_of, uncalled,
};
use crate::{ApiSettings, Ports};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, MockStatisticsRepository, OperationItemKey, RepositoryError, WhitelistedPage,
};
use std::io;
use std::sync::Arc;

const URL: &str = "/rosetta-open/statistics?annotationRequestId=7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b&limit=1";
const TAG: &str = "W/\"686d1ed8ef8d4188f3201ace0f0c2f27-7\"";

fn url(query: &str) -> String {
    format!("/rosetta-open/statistics?{query}")
}

fn unavailable() -> RepositoryError {
    let cause = io::Error::other("no route to host db-7 as user billing");
    RepositoryError::Unavailable(Box::new(io::Error::other(Box::<dyn std::error::Error + Send + Sync>::from(cause))))
}

#[actix_web::test]
async fn a_page_is_served_as_the_documentation_shows_it() {
    let response = get(responding(|| Ok(page(1930, 1))), URL).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.text(), compact(STATISTICS));
    let page = |page: u32, relation: &str| {
        format!(
            "</rosetta-open/statistics?annotationRequestId=7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b&offset={page}&limit=1>; rel=\"{relation}\""
        )
    };
    let links = [page(1, "first"), page(2, "next"), page(1930, "last")].join(", ");
    assert_eq!(
        response.head(),
        format!(
            "cache-control: private, no-cache\n\
             content-type: application/json\n\
             counting-rule: unstated\n\
             etag: {TAG}\n\
             link: {links}\n\
             server-timing: db;dur=0, total;dur=0\n\
             vary: accept-encoding\n\
             x-content-type-options: nosniff\n\
             x-request-id: {REQUEST_ID}\n"
        )
    );
}

#[actix_web::test]
async fn the_repository_is_queried_for_the_ids_in_order_and_the_capped_page() {
    let mut repository = MockStatisticsRepository::new();
    repository
        .expect_find_page()
        .withf(|requests, page, _| {
            let ids: Vec<_> = requests.as_slice().iter().map(AnnotationRequestId::as_str).collect();
            ids == ["b", "a,c"] && page.page().get() == 4 && page.limit().get() == 100
        })
        .times(1)
        .returning(|_, _, _| Ok(page(7, 0)));
    let response =
        get(state(repository), &url("annotationRequestId[]=b&annotationRequestId=a,c&offset=4&limit=500")).await;
    assert_eq!(
        response.text(),
        format!(
            r#"{{"code":2000,"message":"Success","data":{{"count":7,"data":[]}},"date":"2025-04-08 14:20:00","requestId":"{REQUEST_ID}","success":true}}"#
        )
    );
    assert_eq!(
        response.header("link").unwrap().split(", ").last().unwrap(),
        "</rosetta-open/statistics?annotationRequestId=b&annotationRequestId=a%2Cc&offset=1&limit=100>; rel=\"last\""
    );
}

fn assert_refused(response: &TestResponse, status: u16, example: &str, more: &str) {
    assert_eq!(response.status, status);
    assert_eq!(response.text(), compact(example));
    let times = if status == 404 { "total;dur=0" } else { "db;dur=0, total;dur=0" };
    let mut head = vec![
        "cache-control: no-store".to_owned(),
        "content-type: application/json".to_owned(),
        format!("server-timing: {times}"),
        "vary: accept-encoding".to_owned(),
        "x-content-type-options: nosniff".to_owned(),
        format!("x-request-id: {REQUEST_ID}"),
    ];
    head.extend(more.lines().map(str::to_owned));
    head.sort_unstable();
    assert_eq!(response.head().lines().collect::<Vec<_>>(), head);
}

#[actix_web::test]
async fn an_invalid_parameter_is_refused_before_the_repository_is_queried() {
    let response = get(uncalled(), &url("annotationRequestId=a&limit=ten")).await;
    assert_refused(&response, 400, INVALID_PARAMETER, "");
}

#[actix_web::test]
async fn an_unknown_request_is_an_error_of_its_own() {
    let unknown = || RepositoryError::UnknownAnnotationRequests(vec![AnnotationRequestId::new("a").unwrap()]);
    let response = get(responding(move || Err(unknown())), URL).await;
    assert_refused(&response, 404, UNKNOWN, "unknown-annotation-request: a");
}

#[actix_web::test]
async fn data_out_of_reach_is_a_hiccup_to_try_again_later_and_its_cause_is_logged_once() {
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.subscriber());
    let response = get(responding(|| Err(unavailable())), URL).await;
    assert_refused(&response, 503, HICCUP, "retry-after: 1");
    let expected = format!(
        " WARN request{{request_id={REQUEST_ID}}}: annotation_statistics_api::error: the statistics cannot be reached cause=\"the statistics cannot be reached: no route to host db-7 as user billing\""
    );
    assert_eq!(logs.lines(), [expected]);
}

#[actix_web::test]
async fn corrupt_data_is_a_hiccup_and_its_cause_is_logged_once() {
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.subscriber());
    let what = "statistics.pool_type of (a, 7) is 9";
    let response = get(responding(move || Err(RepositoryError::Corrupt { what: what.into() })), URL).await;
    assert_refused(&response, 500, HICCUP, "");
    let expected = format!(
        "ERROR request{{request_id={REQUEST_ID}}}: annotation_statistics_api::error: a request failed cause=\"the stored statistics are corrupt: {what}\""
    );
    assert_eq!(logs.lines(), [expected]);
}

#[actix_web::test]
async fn a_trace_id_of_the_client_names_the_request() {
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let traceparent = format!("00-{trace}-b7ad6b7169203331-01");
    let request = TestRequest::get().uri(URL).insert_header(("traceparent", traceparent));
    let response = send(responding(|| Ok(page(1930, 1))), request).await;
    assert_eq!(response.header("x-request-id"), Some(trace));
    assert_eq!(response.text(), compact(STATISTICS).replace(REQUEST_ID, trace));
}

#[actix_web::test]
async fn a_response_that_the_client_has_is_not_sent_again() {
    for (value, status) in [(TAG, 304), ("*", 304), ("\"other\"", 200)] {
        let request = TestRequest::get().uri(URL).insert_header(("If-None-Match", value));
        let response = send(responding(|| Ok(page(1930, 1))), request).await;
        assert_eq!(response.status, status, "{value}");
        assert_eq!(response.body.is_empty(), status == 304, "{value}");
        assert_eq!(response.header("etag"), Some(TAG), "{value}");
    }
}

#[actix_web::test]
async fn a_response_without_a_body_has_the_headers_that_a_cache_needs() {
    let request = TestRequest::get().uri(URL).insert_header(("If-None-Match", TAG));
    let response = send(responding(|| Ok(page(1930, 1))), request).await;
    assert_eq!(
        response.head(),
        format!(
            "cache-control: private, no-cache\n\
             counting-rule: unstated\n\
             etag: {TAG}\n\
             server-timing: db;dur=0, total;dur=0\n\
             vary: accept-encoding\n\
             x-content-type-options: nosniff\n\
             x-request-id: {REQUEST_ID}\n"
        )
    );
}

#[actix_web::test]
async fn an_error_is_an_error_whatever_the_client_has() {
    let request = TestRequest::get().uri(URL).insert_header(("If-None-Match", "*"));
    assert_eq!(send(responding(|| Err(unavailable())), request).await.status, 503);
}

#[actix_web::test]
async fn a_page_that_is_larger_than_a_response_may_be_is_refused_with_the_limit_that_fits() {
    // A row of the example is 233 bytes, an envelope about 150.
    let call = async |max_answer: usize, rows: usize, query: &str| {
        let mut repository = MockStatisticsRepository::new();
        repository.expect_find_page().returning(move |_, _, _| Ok(page(9, rows)));
        let ports = Ports { repository: Arc::new(repository), ..ports() };
        get(state_of(ports, ApiSettings { max_answer, ..settings() }), query).await
    };
    for (max_answer, rows, limit) in [(1_000, 5, 3), (500, 2, 1), (100, 2, 1), (2_000, 9, 7)] {
        let response = call(max_answer, rows, URL).await;
        let why = format!("the rows of this page are more than {max_answer} bytes: ask for fewer, limit={limit} fits");
        let message = format!("Payload Too Large: {why}");
        assert_eq!((response.status, response.text()), (413, refusal(413, &message).as_str()));
        let smaller = call(max_answer, limit, &url(&format!("annotationRequestId=a&limit={limit}"))).await;
        assert_eq!(smaller.status, 200, "{limit} of {max_answer}");
    }
}

#[actix_web::test]
async fn a_page_that_is_too_large_to_be_loaded_is_refused_with_the_limit_that_fits() {
    for (largest, limit) in [(2_000_000, 4), (9_000_000, 1)] {
        let response = get(responding(move || Err(RepositoryError::PageTooLarge { largest })), URL).await;
        let why = format!("the rows of this page are more than 8388608 bytes: ask for fewer, limit={limit} fits");
        let message = format!("Payload Too Large: {why}");
        assert_eq!((response.status, response.text()), (413, refusal(413, &message).as_str()));
    }
}

/// Rows of the example; what is ordered of their request has a key before, one between and one that they have.
fn whitelisted(count: u64, rows: usize) -> WhitelistedPage {
    let keys = ["", "a", "select-[e000f]"].map(|end| OperationItemKey::new(format!("7{end}")).unwrap());
    let known = OperationItemKey::new("select-[e000f]").unwrap();
    let whitelist = Arc::new(keys.into_iter().chain([known]).collect());
    WhitelistedPage { page: page(count, rows), whitelists: vec![whitelist; rows] }
}

#[actix_web::test]
async fn rows_have_a_zero_for_each_ordered_item_that_they_lack_if_the_client_wants_that() {
    let mut repository = MockStatisticsRepository::new();
    repository.expect_find_whitelisted_page().times(1).returning(|_, _, _| Ok(whitelisted(1930, 1)));
    repository.expect_find_page().times(1).returning(|_, _, _| Ok(page(1930, 1)));
    repository.expect_find_states().times(2).returning(|_, _| Ok(states_of(&page(1930, 1))));
    let state = state(repository);
    let filled = format!("{URL}&zeroFill=true");
    let [with, without] = [get(state.clone(), &filled).await, get(state.clone(), URL).await];
    let zeros = r#""7":0,"7a":0,"7select-[e000f]":0,"car":"#;
    assert_eq!(without.text(), compact(STATISTICS));
    assert_eq!(with.text(), compact(STATISTICS).replace(r#""car":"#, zeros));
    assert_ne!(with.header("etag"), without.header("etag"));
    assert!(with.header("link").unwrap().contains("&limit=1&zeroFill=true>; rel=\"next\""));
    // Both are kept, each in a place of its own.
    for (url, sent) in [(filled.as_str(), &with), (URL, &without)] {
        let again = get(state.clone(), url).await;
        assert_eq!((again.head(), &again.body), (sent.head(), &sent.body), "{url}");
    }
}

#[actix_web::test]
async fn a_page_that_is_too_large_with_its_zeros_is_refused_with_the_limit_that_fits() {
    let call = async |limit: usize| {
        let mut repository = MockStatisticsRepository::new();
        repository
            .expect_find_whitelisted_page()
            .returning(|_, page, _| Ok(whitelisted(9, page.limit().get().try_into().unwrap())));
        let ports = Ports { repository: Arc::new(repository), ..ports() };
        let query = url(&format!("annotationRequestId=a&zeroFill=true&limit={limit}"));
        get(state_of(ports, ApiSettings { max_answer: 1_000, ..settings() }), &query).await
    };
    // Of rows without zeros three fit.
    let refused = call(9).await;
    let why = "the rows of this page are more than 1000 bytes: ask for fewer, limit=2 fits";
    assert_eq!((refused.status, refused.text()), (413, refusal(413, &format!("Payload Too Large: {why}")).as_str()));
    assert_eq!(call(2).await.status, 200);
    let without_zeros = responding(|| Ok(page(9, 9)));
    assert_eq!(get(without_zeros, URL).await.status, 200);
}
