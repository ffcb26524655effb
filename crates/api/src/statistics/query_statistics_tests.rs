use crate::test_support::{
    Logs, STATISTICS, UNKNOWN, compact, get, known_request, page, refusal, responding, send, state, uncalled, with_json,
};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, CountingRuleName, MockStatisticsRepository, RepositoryError, Revision, StatisticsPage,
};

const URL: &str = "/rosetta-open/statistics/query";
const ID: &str = "7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";

fn query(body: &str) -> TestRequest {
    with_json(TestRequest::post(), URL, body)
}

fn of_one(limit: u32) -> TestRequest {
    query(&format!(r#"{{"annotationRequestIds":["{ID}"],"limit":{limit}}}"#))
}

#[actix_web::test]
async fn a_query_in_a_body_is_served_like_one_in_a_url_but_for_the_links() {
    let posted = send(responding(|| Ok(page(1930, 1))), of_one(1)).await;
    assert_eq!((posted.status, posted.text()), (200, compact(STATISTICS).as_str()));
    let url = format!("/rosetta-open/statistics?annotationRequestId={ID}&limit=1");
    let got = get(responding(|| Ok(page(1930, 1))), &url).await;
    let without_links: String =
        got.head().lines().filter(|line| !line.starts_with("link: ")).flat_map(|line| [line, "\n"]).collect();
    assert_eq!((posted.head(), posted.body), (without_links, got.body));
}

#[actix_web::test]
async fn the_repository_is_queried_for_the_ids_in_order_and_the_page() {
    let mut repository = MockStatisticsRepository::new();
    repository
        .expect_find_page()
        .withf(|requests, page, _| {
            let ids: Vec<_> = requests.as_slice().iter().map(AnnotationRequestId::as_str).collect();
            ids == ["b", "a"] && page.page().get() == 4 && page.limit().get() == 100
        })
        .times(1)
        .returning(|_, _, _| Ok(page(7, 0)));
    let response = send(state(repository), query(r#"{"annotationRequestIds":["b","a"],"offset":4,"limit":500}"#)).await;
    assert_eq!((response.status, response.header("effective-limit")), (200, Some("100")));
}

#[actix_web::test]
async fn a_lowered_limit_and_the_counting_rules_are_reported_with_a_body_or_without() {
    let ruled = || {
        let rules = vec![Some(CountingRuleName::OBJECTS_2), None, Some(CountingRuleName::OBJECTS_2)];
        responding(move || {
            let revisions = vec![Revision::from(7); rules.len()];
            Ok(StatisticsPage { counting_rules: rules.clone(), revisions, ..page(7, 1) })
        })
    };
    for method in ["POST", "GET"] {
        let call = |limit: u32| match method {
            "POST" => of_one(limit),
            _ => TestRequest::get().uri(&format!("/rosetta-open/statistics?annotationRequestId={ID}&limit={limit}")),
        };
        for (limit, reported) in [(100, None), (101, Some("100"))] {
            let full = send(ruled(), call(limit)).await;
            assert_eq!((full.status, full.header("effective-limit")), (200, reported));
            assert_eq!(full.header("counting-rule"), Some("objects/2, unstated"));
            let known = call(limit).insert_header(("If-None-Match", full.header("etag").unwrap()));
            let empty = send(ruled(), known).await;
            assert_eq!((empty.status, empty.body.len(), empty.header("effective-limit")), (304, 0, reported));
            assert_eq!(empty.header("counting-rule"), Some("objects/2, unstated"));
        }
    }
}

#[actix_web::test]
async fn a_query_that_is_not_served_is_an_envelope() {
    let response = send(uncalled(), query(r#"{"annotationRequestIds":["a"],"limit":"ten"}"#)).await;
    let why = "Invalid parameter: limit must be a whole number from 1, got \"ten\"";
    assert_eq!((response.status, response.text()), (400, refusal(4005, why).as_str()));
    let response = send(uncalled(), TestRequest::post().uri(URL).set_payload("{}")).await;
    assert_eq!((response.status, response.text()), (415, refusal(415, "Unsupported Media Type").as_str()));
    let unknown = || Err(RepositoryError::UnknownAnnotationRequests(vec![known_request("a,7").id]));
    let logs = Logs::default();
    let _listening = tracing::subscriber::set_default(logs.subscriber_from(tracing::Level::INFO));
    let response = send(responding(unknown), of_one(1)).await;
    assert_eq!((response.status, response.text()), (404, compact(UNKNOWN).as_str()));
    assert_eq!(response.header("unknown-annotation-request"), Some("a%2C7"));
    let lines = logs.lines();
    let noted = "unknown annotation requests were queried count=1 unknown=\"a%2C7\"";
    assert_eq!(lines.iter().filter(|line| line.ends_with(noted)).count(), 1, "{lines:?}");
}
