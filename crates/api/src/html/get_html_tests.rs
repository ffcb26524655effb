use crate::test_support::{Logs, REQUEST_ID, TestResponse, get, page as rows, ports, send, settings, state_of};
use crate::{ApiState, Ports};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, AnnotationRequestIds, CampaignId, FoundRequests, ItemSums, ListedRequest,
    MockAnnotationRequestFinder, MockStatisticsRepository, MockSummaryRepository, OperationItemKey, PoolType,
    RepositoryError, RequestTotals, Revision, Summary, TaskStatus, Totals,
};
use std::sync::Arc;

/// The totals of requests that have 1,930 tasks each, or none; at the revision of [`rows`].
fn summary(requests: &AnnotationRequestIds, tasks: u64, revision: i64) -> Summary {
    let totals = |id: &AnnotationRequestId| RequestTotals {
        id: id.clone(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: None,
        revision: Revision::from(revision),
        task_count: tasks,
        groups: if tasks == 0 { Vec::new() } else { vec![group(tasks)] },
    };
    let each: Vec<_> = requests.as_slice().iter().map(totals).collect();
    let count = 43 * u128::from(tasks) * u128::try_from(each.len()).unwrap();
    let key = OperationItemKey::new("<b>\"car\"&").unwrap();
    let item = ItemSums { key, count, tasks, tasks_of_slots: 0, tasks_of_inputs: 0, stated_kind: None };
    Summary::new(each, if tasks == 0 { Vec::new() } else { vec![item] }).unwrap()
}

fn group(tasks: u64) -> (PoolType, TaskStatus, Totals) {
    let many = u128::from(tasks);
    let totals = Totals { tasks, instances: 13 * many, attributes: 30 * many, frames: many };
    (PoolType::Complete, TaskStatus::LABELS_APPROVED, totals)
}

fn latest(ids: &[&str]) -> Vec<AnnotationRequest> {
    ids.iter().map(|id| crate::test_support::known_request(id)).collect()
}

/// A service with these requests, all of which have this many tasks.
pub(super) fn with_requests(recent: &'static [&'static str], tasks: u64) -> ApiState {
    let mut summaries = MockSummaryRepository::new();
    summaries.expect_find_recent().returning(move |_, _| Ok(latest(recent)));
    summaries.expect_summarize().returning(move |requests, _, _| Ok(summary(requests, tasks, 7)));
    with_rows(summaries, tasks)
}

fn with_rows(summaries: MockSummaryRepository, tasks: u64) -> ApiState {
    let mut repository = MockStatisticsRepository::new();
    repository.expect_find_page().returning(move |_, requested, _| {
        let is_there = requested.first_row() < tasks;
        Ok(rows(tasks, if is_there { 2 } else { 0 }))
    });
    let ports = Ports { repository: Arc::new(repository), summaries: Arc::new(summaries), ..ports() };
    state_of(ports, settings())
}

fn failing(error: impl Fn() -> RepositoryError + Send + Sync + 'static) -> ApiState {
    let mut summaries = MockSummaryRepository::new();
    summaries.expect_find_recent().returning(|_, _| Ok(latest(&["a"])));
    summaries.expect_summarize().returning(move |_, _, _| Err(error()));
    state_of(Ports { summaries: Arc::new(summaries), ..ports() }, settings())
}

/// A service that knows the requests a and b, and finds `no such thing` as similar to any other.
fn knowing_two() -> ApiState {
    let mut summaries = MockSummaryRepository::new();
    summaries.expect_find_recent().returning(|_, _| Ok(latest(&["a"])));
    summaries.expect_summarize().returning(|requests, _, _| {
        let is_known = |id: &&AnnotationRequestId| ["a", "b"].contains(&id.as_str());
        let unknown: Vec<_> = requests.as_slice().iter().filter(|id| !is_known(id)).cloned().collect();
        if unknown.is_empty() {
            Ok(summary(requests, 9, 7))
        } else {
            Err(RepositoryError::UnknownAnnotationRequests(unknown))
        }
    });
    let mut finder = MockAnnotationRequestFinder::new();
    finder.expect_find_requests().returning(|search, _| {
        assert_eq!((search.id_part.is_some(), search.limit.get()), (true, 3));
        let totals = Totals { tasks: 1930, ..Totals::default() };
        let similar = ListedRequest::new(crate::test_support::known_request("no such thing"), totals, 0).unwrap();
        Ok(FoundRequests { requests: vec![similar], next: None })
    });
    let mut state = with_rows(summaries, 9);
    state.ports.finder = Arc::new(finder);
    state
}

#[actix_web::test]
async fn ids_by_comma_or_blank_are_found_and_an_unknown_one_has_a_hint() {
    for requests in ["a%2Cb", "a+b", "a%2C+b%0Aa"] {
        let response = get(knowing_two(), &format!("/?requests={requests}")).await;
        assert_shows(&response, 200, &["2 annotation requests", "a\nb</textarea>"]);
    }
    let hint = "<a href=\"?annotationRequestId=no%20such%20thing\"><bdi>no such thing</bdi></a>";
    let some = get(knowing_two(), "/?requests=a%2Cno%2Cb").await;
    assert_shows(&some, 404, &["<code>no</code>", "a\nno\nb</textarea>", hint]);
    let none = get(knowing_two(), "/?requests=no+such").await;
    assert_shows(&none, 404, &["<code>no such</code>", "no such</textarea>", "Is one of these meant?", hint]);
}

/// Whether all of these are on the page.
pub(super) fn assert_shows(response: &TestResponse, status: u16, texts: &[&str]) {
    assert_eq!((response.status, response.header("content-type")), (status, Some("text/html; charset=utf-8")));
    for text in texts {
        assert!(response.text().contains(text), "{text} is missing: {}", response.text());
    }
}

#[actix_web::test]
async fn the_page_may_load_its_stylesheet_and_nothing_else() {
    let response = get(with_requests(&["a"], 1930), "/").await;
    assert_eq!(
        response.head(),
        format!(
            "cache-control: private, no-cache\n\
             content-security-policy: default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'\n\
             content-type: text/html; charset=utf-8\n\
             referrer-policy: no-referrer\n\
             server-timing: db;dur=0, total;dur=0\n\
             vary: accept-encoding\n\
             x-content-type-options: nosniff\n\
             x-request-id: {REQUEST_ID}\n"
        )
    );
    for forbidden in ["<script", "<style", " style=", " onclick", "http://www.", "https://", "src="] {
        let namespace = "http://www.w3.org/2000/svg";
        assert!(!response.text().replace(namespace, "").contains(forbidden), "{forbidden}");
    }
    let (_, rest) = response.text().split_once("<link rel=\"stylesheet\" href=\"").unwrap();
    let stylesheet = get(with_requests(&[], 0), &format!("/{}", rest.split('"').next().unwrap())).await;
    assert_eq!((stylesheet.status, stylesheet.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert_eq!(stylesheet.header("cache-control"), Some("public, max-age=31536000, immutable"));
}

#[actix_web::test]
async fn without_a_query_the_last_change_is_shown() {
    let response = get(with_requests(&["order 7", "b"], 1930), "/").await;
    assert_shows(
        &response,
        200,
        &["<h1 id=\"delivery-title\">order 7</h1>", "Changed last: annotation request of campaign 1001", "1,930"],
    );
    assert_shows(
        &response,
        200,
        &["href=\"?annotationRequestId=order%207\" aria-current=\"page\"", "2025-04-08 14:20 UTC"],
    );
}

#[actix_web::test]
async fn a_text_of_others_does_not_turn_the_words_beside_it_around() {
    // A right-to-left override: without isolation the campaign and the number of tasks would read backwards.
    let response = get(with_requests(&["order\u{202e}7"], 1930), "/").await;
    let texts = ["<bdi>order\u{202e}7</bdi></a>", "campaign <bdi>1001</bdi> ·", "<bdi>complete pool</bdi> <span"];
    assert_shows(&response, 200, &texts);
}

#[actix_web::test]
async fn the_lines_of_the_form_are_added_up_and_their_tasks_paged_as_the_api_pages_them() {
    let query = "/?requests=order+7%0D%0Ab%0D%0A&offset=2&limit=500";
    let response = get(with_requests(&["a"], 1930), query).await;
    let list = "annotationRequestId=order%207&#38;annotationRequestId=b";
    assert_shows(&response, 200, &["2 annotation requests", "3,860", "50,180", "115,800", "order 7\nb</textarea>"]);
    assert_shows(&response, 200, &["1146703288430264321", "Tasks 101 to 102 of 1,930", "labels approved"]);
    let texts = [
        format!("href=\"?{list}&amp;offset=3&amp;limit=100#tasks\""),
        format!("href=\"rosetta-open/statistics/export?{list}&#38;format=csv\""),
        format!("http://localhost:8080/rosetta-open/statistics?{list}&#38;offset=2&#38;limit=100&#39;"),
        format!("http://localhost:8080/rosetta-open/statistics/summary?{list}&#39;"),
    ];
    assert_shows(&response, 200, &texts.each_ref().map(String::as_str));
    assert!(
        response.text().contains("&#60;b&#62;&#34;car&#34;&#38;") && !response.text().contains("<b>\"car"),
        "escaped"
    );
}

#[actix_web::test]
async fn each_state_without_numbers_is_a_page_with_a_way_on() {
    let away = || RepositoryError::Unavailable("canary".into());
    let corrupt = || RepositoryError::Corrupt { what: "canary".into() };
    let requested = "/?requests=a%0Ano+such";
    for (state, url, status, texts) in [
        (with_requests(&[], 0), "/", 200, vec!["Nothing is recorded yet", "annotation-statistics demo", "href=\"./\""]),
        (with_requests(&["a"], 0), "/", 200, vec!["No task is recorded yet", "<span class=\"number\">0</span>"]),
        (with_requests(&["a"], 9), "/?requests=a&offset=5", 200, vec!["Page 5 is past the end", "offset=1&amp;"]),
        (
            knowing_two(),
            requested,
            404,
            vec!["<code>no such</code>", "href=\"?annotationRequestId=a\"", "a\nno such</textarea>"],
        ),
        (
            failing(away),
            requested,
            503,
            vec!["cannot be reached now", "href=\"?annotationRequestId=a&#38;", REQUEST_ID],
        ),
        (failing(corrupt), requested, 500, vec!["cannot be shown", REQUEST_ID]),
        (
            with_requests(&["a"], 9),
            "/?requests=a%0Ab&limit=ten",
            400,
            vec!["limit must be a whole number from 1, got &#34;ten&#34;.", "a\nb</textarea>", "Recent requests"],
        ),
    ] {
        let response = get(state, url).await;
        assert_shows(&response, status, &texts);
        assert!(!response.text().contains("canary"), "no cause is shown: {}", response.text());
        assert_eq!(response.header("retry-after"), (status == 503).then_some("1"), "{status}");
    }
}

#[actix_web::test]
async fn an_unavailable_database_is_reported_even_where_only_the_recent_requests_are_missing() {
    let mut summaries = MockSummaryRepository::new();
    summaries.expect_find_recent().returning(|_, _| Err(RepositoryError::Unavailable("host db-7".into())));
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.subscriber());
    let response =
        get(state_of(Ports { summaries: Arc::new(summaries), ..ports() }, settings()), "/?requests=x+y").await;
    assert_shows(&response, 503, &["cannot be reached now", "x y</textarea>", "href=\"?annotationRequestId=x%20y\""]);
    assert_eq!((logs.lines().len(), response.header("retry-after")), (1, Some("1")));
    assert!(logs.lines()[0].contains("host db-7"), "{:?}", logs.lines());
}

#[actix_web::test]
async fn sums_and_tasks_are_read_until_they_are_of_one_snapshot() {
    for (stale, is_remarked) in [(0, false), (2, false), (3, true)] {
        let mut summaries = MockSummaryRepository::new();
        summaries.expect_find_recent().returning(|_, _| Ok(Vec::new()));
        let mut reads = 0;
        summaries.expect_summarize().times(1..=3).returning(move |requests, _, _| {
            reads += 1;
            Ok(summary(requests, 9, if reads <= stale { 6 } else { 7 }))
        });
        let response = get(with_rows(summaries, 9), "/?requests=a").await;
        assert_shows(&response, 200, &[]);
        assert_eq!(response.text().contains("Work goes on while you look"), is_remarked, "after {stale} stale reads");
    }
}

#[actix_web::test]
async fn a_host_that_is_none_is_not_repeated_into_a_line_for_the_shell() {
    for (host, is_shown) in [("stats.example:8443", true), ("[::1]:80", true), ("a'$(id)", false), ("a*b", false)] {
        let request = TestRequest::get().uri("/").insert_header(("X-Forwarded-Host", host));
        let response = send(with_requests(&["a"], 9), request).await;
        assert_eq!(response.text().contains(&format!("http://{host}/rosetta-open")), is_shown, "{host}");
        assert!(response.text().contains("/rosetta-open/statistics?"), "{host}");
    }
}
