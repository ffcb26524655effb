use crate::test_support::{HICCUP, TASK, compact, known_request, named_row, refusal, registering, send};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    CampaignScope, FoundTask, MockAnnotationRequestRegistry, RegistryError, Revision, TaskId,
};

const ID: &str = "7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";
const URL: &str =
    "/rosetta-open/annotation-requests/7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b/statistics/1146703288430264321";

fn knowing() -> MockAnnotationRequestRegistry {
    let mut registry = MockAnnotationRequestRegistry::new();
    registry
        .expect_find_task()
        .withf(|id, task, scope| {
            id.as_str() == ID && task.get() == 1_146_703_288_430_264_321 && *scope == CampaignScope::All
        })
        .returning(|_, _, _| {
            let revision = Revision::from(1_744_122_000_000_000);
            Ok(FoundTask { statistics: named_row("frames/000017.jpg"), revision })
        });
    registry
}

#[actix_web::test]
async fn a_task_is_served_as_the_documentation_shows_it() {
    for method in [Method::GET, Method::HEAD] {
        let response = send(registering(knowing()), TestRequest::with_uri(URL).method(method)).await;
        assert_eq!((response.status, response.text()), (200, compact(TASK).as_str()));
        assert_eq!(response.header("etag"), Some("\"1744122000000000\""));
        assert_eq!(response.header("cache-control"), Some("private, no-cache"));
    }
}

#[actix_web::test]
async fn a_task_that_the_client_has_is_not_sent_again() {
    for (value, status) in [("\"1744122000000000\"", 304), ("\"7\"", 200)] {
        let request = TestRequest::get().uri(URL).insert_header(("If-None-Match", value));
        let response = send(registering(knowing()), request).await;
        assert_eq!((response.status, response.body.is_empty()), (status, status == 304));
    }
}

#[actix_web::test]
async fn a_task_that_cannot_be_served_is_an_envelope() {
    let unknown = refusal(404, "Not Found");
    for (status, body) in [(404, unknown.as_str()), (503, &compact(HICCUP)), (500, &compact(HICCUP))] {
        let mut registry = MockAnnotationRequestRegistry::new();
        registry.expect_find_task().returning(move |_, _, _| {
            Err(match status {
                404 => {
                    RegistryError::UnknownTask { annotation_request_id: known_request(ID).id, task: TaskId::from(7) }
                }
                503 => RegistryError::Unavailable("no route to host".into()),
                _ => RegistryError::Corrupt { what: "statistics.pool_type of task 7".into() },
            })
        });
        let response = send(registering(registry), TestRequest::get().uri(URL)).await;
        assert_eq!((response.status, response.text()), (status, body));
    }
}
