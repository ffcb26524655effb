use crate::Ports;
use crate::test_support::{
    ANNOTATION_REQUESTS, HICCUP, compact, get, known_request, ports, settings, state_of, success,
};
use annotation_statistics_domain::{
    CampaignScope, FoundRequests, ListedRequest, MockAnnotationRequestFinder, RepositoryError, RequestPosition,
    RequestSearch, Totals,
};
use std::sync::Arc;

const URL: &str = "/rosetta-open/annotation-requests";

fn finding(
    found: impl Fn(&RequestSearch) -> Result<FoundRequests, RepositoryError> + Send + 'static,
) -> crate::ApiState {
    let mut finder = MockAnnotationRequestFinder::new();
    finder.expect_find_requests().returning(move |search, scope| {
        assert_eq!(*scope, CampaignScope::All);
        found(search)
    });
    state_of(Ports { finder: Arc::new(finder), ..ports() }, settings())
}

fn one() -> FoundRequests {
    let request = known_request("7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b");
    let next = RequestPosition { changed_at: request.updated_at, id: request.id.clone() };
    let totals = Totals { tasks: 1930, instances: 25_090, attributes: 84_920, frames: 1930 };
    FoundRequests { requests: vec![ListedRequest::new(request, totals, 1900).unwrap()], next: Some(next) }
}

#[actix_web::test]
async fn the_list_is_served_as_the_documentation_shows_it() {
    let response = get(finding(|_| Ok(one())), &format!("{URL}?q=3bbd&limit=1")).await;
    assert_eq!((response.status, response.text()), (200, compact(ANNOTATION_REQUESTS).as_str()));
    let empty = get(finding(|_| Ok(FoundRequests::default())), URL).await;
    assert_eq!((empty.status, empty.text()), (200, success(r#"{"data":[],"next":null}"#).as_str()));
}

#[actix_web::test]
async fn a_cursor_leads_to_the_place_that_it_is_of_and_only_in_its_own_list() {
    let response = get(finding(|_| Ok(one())), &format!("{URL}?q=3bbd&limit=1")).await;
    let body: serde_json::Value = serde_json::from_str(response.text()).unwrap();
    let cursor = body["data"]["next"].as_str().unwrap().to_owned();
    let behind = |search: &RequestSearch| {
        assert_eq!(search.after, one().next);
        Ok(FoundRequests::default())
    };
    assert_eq!(get(finding(behind), &format!("{URL}?q=3bbd&limit=9&cursor={cursor}")).await.status, 200);
    let other = get(state_of(ports(), settings()), &format!("{URL}?q=x&cursor={cursor}")).await;
    let reported: serde_json::Value = serde_json::from_str(other.text()).unwrap();
    assert_eq!(other.status, 400);
    assert_eq!(reported["message"], "Invalid parameter: cursor must be the next of a page of the same search");
}

#[actix_web::test]
async fn what_cannot_be_served_has_the_code_of_the_table() {
    let unavailable = get(finding(|_| Err(RepositoryError::Unavailable("canary".into()))), URL).await;
    let corrupt = get(finding(|_| Err(RepositoryError::Corrupt { what: "canary".into() })), URL).await;
    for (response, status) in [(unavailable, 503), (corrupt, 500)] {
        assert_eq!((response.status, response.text()), (status, compact(HICCUP).as_str()));
    }
}
