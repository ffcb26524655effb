use crate::Ports;
use crate::test_support::{TestResponse, get, known_request, ports, settings, state_of};
use annotation_statistics_domain::{
    CampaignId, CampaignProgress, FoundCampaigns, FoundRequests, FoundTaskPlaces, ListedRequest,
    MockAnnotationRequestFinder, RepositoryError, RequestPosition, TaskTerm, Totals,
};
use std::sync::Arc;

fn listed(id: &str) -> ListedRequest {
    let totals = Totals { tasks: 1930, instances: 25_090, attributes: 84_920, frames: 1930 };
    ListedRequest::new(known_request(id), totals, 965).unwrap()
}

/// A page that has nothing at first, and leads on.
fn searching() -> MockAnnotationRequestFinder {
    let mut finder = MockAnnotationRequestFinder::new();
    finder.expect_find_requests().returning(|search, _| {
        let place = RequestPosition { changed_at: known_request("a").updated_at, id: known_request("a").id };
        let is_first = search.after.is_none();
        let requests = if is_first { Vec::new() } else { vec![listed("<b>7 & 8")] };
        Ok(FoundRequests { requests, next: is_first.then_some(place) })
    });
    finder.expect_list_campaigns().returning(|after, _, _| {
        let campaign_id = CampaignId::new("10/01").unwrap();
        let row = CampaignProgress { campaign_id, requests: 2_000, is_all: false, tasks: 3, complete_tasks: 1 };
        let next = after.is_none().then(|| row.campaign_id.clone());
        Ok(FoundCampaigns { campaigns: vec![row], next })
    });
    finder
}

async fn shown(finder: MockAnnotationRequestFinder, target: &str) -> TestResponse {
    get(state_of(Ports { finder: Arc::new(finder), ..ports() }, settings()), target).await
}

fn assert_has(response: &TestResponse, parts: &[&str]) {
    for part in parts {
        assert!(response.text().contains(part), "{part} is not in {}", response.text());
    }
}

#[actix_web::test]
async fn a_search_goes_on_until_it_has_found_something_and_each_row_is_a_link() {
    let response = shown(searching(), "/find?q=7+%26&campaignId=&status=open&task=").await;
    assert_eq!((response.status, response.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert_has(
        &response,
        &[
            r#"<input id="q" name="q" value="7 &#38;""#,
            r#"<option value="open" selected>open</option>"#,
            r#"<a href="./?annotationRequestId=%3Cb%3E7%20%26%208"><bdi>&#60;b&#62;7 &#38; 8</bdi></a>"#,
            "965 (50.0 %)",
            "2025-04-08 14:20 UTC",
            r#"<a href="find?campaignId=10%2F01"><bdi>10/01</bdi></a>"#,
            "1 (33.3 %)",
            "the last 2,000",
            r#"href="find?q=7%20%26&#38;status=open&#38;campaignsAfter=10%2F01""#,
        ],
    );
    assert!(!response.text().contains("Pages of annotation requests"));
}

#[actix_web::test]
async fn a_task_is_looked_up_by_its_id_and_then_by_what_it_was_made_of() {
    let mut finder = searching();
    let mut requested =
        vec![TaskTerm::Id(17.into()), TaskTerm::SourceName("17".to_owned().try_into().unwrap())].into_iter();
    finder.expect_find_tasks().times(2).returning(move |search, _| {
        assert_eq!(Some(&search.term), requested.next().as_ref());
        Ok(FoundTaskPlaces::default())
    });
    let response = shown(finder, "/find?task=17").await;
    assert_has(&response, &["Task 17", "No annotation request has a task with this id or source name."]);
}

#[actix_web::test]
async fn what_cannot_be_shown_says_why_with_its_status() {
    let typed = r#"name="q" value="7""#;
    let refused = shown(MockAnnotationRequestFinder::new(), "/find?q=7&status=done").await;
    assert_eq!(refused.status, 400);
    assert_has(&refused, &["status must be empty, open, complete, or the number of a status", typed]);
    let day = shown(MockAnnotationRequestFinder::new(), "/find?q=7&changedSince=1st+of+May").await;
    assert_eq!(day.status, 400);
    let why =
        "changedSince must be a day such as 2025-04-08 or a time such as 2025-04-08T14:20:00Z, got &#34;1st of May";
    assert_has(&day, &[why, typed, r#"name="changedSince" value="1st of May""#]);
    let mut finder = MockAnnotationRequestFinder::new();
    finder.expect_find_requests().returning(|_, _| Err(RepositoryError::Unavailable("canary".into())));
    let unavailable = shown(finder, "/find?q=7").await;
    assert_eq!((unavailable.status, unavailable.header("retry-after")), (503, Some("1")));
    assert_has(&unavailable, &["The database does not respond.", typed]);
}
