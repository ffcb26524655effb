use super::*;
use crate::test_support::{TestResponse, ports, send, settings, state_of, states_of};
use crate::{ApiState, Ports, PrimaryPorts};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, MockStatisticsExporter, MockStatisticsRepository, MockSummaryRepository, Page, Revision,
    StatisticsPage,
};

const URL: &str = "/rosetta-open/statistics?annotationRequestId=a";

fn found(revision: i64) -> StatisticsPage {
    StatisticsPage {
        page: Page { count: 0, rows: vec![] },
        revisions: vec![Revision::from(revision)],
        counting_rules: vec![None],
    }
}

fn unknown() -> RepositoryError {
    RepositoryError::UnknownAnnotationRequests(vec![AnnotationRequestId::new("a").unwrap()])
}

fn unavailable() -> RepositoryError {
    RepositoryError::Unavailable("no route".into())
}

type Respond = fn() -> Result<StatisticsPage, RepositoryError>;

/// A service with these results of the replica and of the primary, each read once; without one, the primary must not be
/// called.
fn state(replica: Respond, primary: Option<Respond>) -> ApiState {
    let repository = |respond: Option<Respond>| {
        let mut repository = MockStatisticsRepository::new();
        if let Some(respond) = respond {
            repository.expect_find_page().times(..2).returning(move |_, _, _| respond());
            let states = move || respond().map(|page| states_of(&page));
            repository.expect_find_states().times(..2).returning(move |_, _| states());
        }
        Arc::new(repository)
    };
    let near = Ports { repository: repository(Some(replica)), ..ports() };
    state_of(near, settings()).with_primary(PrimaryPorts {
        repository: repository(primary),
        summaries: Arc::new(MockSummaryRepository::new()),
        exporter: Arc::new(MockStatisticsExporter::new()),
    })
}

async fn call(state: ApiState, headers: &[(&str, &str)]) -> TestResponse {
    let request = TestRequest::get().uri(URL);
    send(state, headers.iter().fold(request, |request, header| request.insert_header(*header))).await
}

#[actix_web::test]
async fn only_the_primary_says_that_a_request_is_unknown() {
    let cases: [(Respond, u16, &str); 3] = [
        (|| Ok(found(5)), 200, "it has just been made known"),
        (|| Err(unknown()), 404, "the primary does not know it either"),
        (|| Err(unavailable()), 503, "whether it is unknown cannot be said"),
    ];
    for (primary, status, reason) in cases {
        assert_eq!(call(state(|| Err(unknown()), Some(primary)), &[]).await.status, status, "{reason}");
    }
}

#[actix_web::test]
async fn what_the_replica_knows_is_served_without_the_primary() {
    assert_eq!(call(state(|| Ok(found(5)), None), &[]).await.status, 200);
    for (header, value, status) in [("min-revision", "5", 200), ("min-revision", "4", 200), ("if-none-match", "*", 304)]
    {
        let response = call(state(|| Ok(found(5)), None), &[(header, value)]).await;
        assert_eq!(response.status, status, "{header}: {value}");
    }
    assert_eq!(call(state(|| Err(unavailable()), None), &[]).await.status, 503, "the primary is not for all reads");
}

#[actix_web::test]
async fn a_client_that_knows_a_later_state_is_served_by_the_primary_in_any_state() {
    let cases: [(Respond, u16); 5] = [
        (|| Ok(found(6)), 200),
        (|| Ok(found(7)), 200),
        (|| Ok(found(5)), 200),
        (|| Err(unknown()), 404),
        (|| Err(unavailable()), 503),
    ];
    for (primary, status) in cases {
        let response = call(state(|| Ok(found(5)), Some(primary)), &[("min-revision", "6")]).await;
        assert_eq!(response.status, status);
    }
}

#[actix_web::test]
async fn a_response_that_the_client_has_is_that_of_the_primary_where_the_replica_lags_behind() {
    let response = call(state(|| Ok(found(6)), None), &[]).await;
    let tag = response.header("etag").unwrap().to_owned();
    let again = call(state(|| Ok(found(5)), Some(|| Ok(found(6)))), &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.header("etag")), (304, Some(tag.as_str())));
    let later = call(state(|| Ok(found(7)), None), &[("if-none-match", &tag)]).await;
    assert_eq!(later.status, 200, "the replica is ahead of what the client has");
}

#[actix_web::test]
async fn without_another_source_the_only_one_has_the_last_word() {
    let mut repository = MockStatisticsRepository::new();
    repository.expect_find_page().times(1).returning(|_, _, _| Ok(found(5)));
    let state = crate::test_support::state(repository);
    assert_eq!(call(state, &[("min-revision", "6")]).await.status, 200);
    let wrong = call(crate::test_support::uncalled(), &[("min-revision", "\"6\"")]).await;
    assert_eq!(wrong.status, 400);
}
