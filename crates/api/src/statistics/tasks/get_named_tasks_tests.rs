use crate::test_support::{UNKNOWN, compact, known_request, named_row, refusal, registering, send, success, uncalled};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    CampaignScope, MockAnnotationRequestRegistry, NamedTasks, RegistryError, Revision, SourceName,
};

const URL: &str = "/rosetta-open/annotation-requests/R/statistics?sourceName=frames%2F000017.jpg&limit=2";

const TASK: &str = r#"{"id":1146703288430264321,"status":11,"campaignId":"1001","poolName":"complete pool","poolType":5,"instanceInfo":{"0e767bcb-7480-4e85-bbe8-439fe7871104":11,"car":1,"select-[e000f]":44},"instanceNum":12,"attributeNum":44,"frameNum":1,"sourceName":"frames/000017.jpg"}"#;

#[actix_web::test]
async fn tasks_are_found_by_their_source_name() {
    for method in [Method::GET, Method::HEAD] {
        let mut registry = MockAnnotationRequestRegistry::new();
        registry
            .expect_find_named()
            .withf(|id, name, most, scope| {
                let requested = (id.as_str(), name.as_str(), *most);
                requested == ("R", "frames/000017.jpg", 2) && *scope == CampaignScope::All
            })
            .returning(|_, name: &SourceName, _, _| {
                Ok(NamedTasks { count: 5, tasks: vec![named_row(name.as_str()); 2], revision: Revision::from(7) })
            });
        let response = send(registering(registry), TestRequest::with_uri(URL).method(method)).await;
        let expected = success(&format!(r#"{{"count":5,"data":[{TASK},{TASK}]}}"#));
        assert_eq!(
            (response.status, response.text(), response.header("etag")),
            (200, expected.as_str(), Some("\"7\""))
        );
    }
}

#[actix_web::test]
async fn an_invalid_query_and_an_unknown_request_are_envelopes() {
    let url = URL.split('?').next().unwrap();
    let response = send(uncalled(), TestRequest::get().uri(url)).await;
    let why = "Invalid parameter: sourceName must be given: what the tasks were made of";
    assert_eq!((response.status, response.text()), (400, refusal(4005, why).as_str()));
    let mut registry = MockAnnotationRequestRegistry::new();
    registry
        .expect_find_named()
        .returning(|_, _, _, _| Err(RegistryError::UnknownAnnotationRequest(known_request("R").id)));
    let response = send(registering(registry), TestRequest::get().uri(URL)).await;
    assert_eq!((response.status, response.text()), (404, compact(UNKNOWN).as_str()));
}

#[actix_web::test]
async fn tasks_that_are_too_large_together_are_refused_with_the_limit_that_fits() {
    let mut registry = MockAnnotationRequestRegistry::new();
    registry.expect_find_named().returning(|_, _, _, _| Err(RegistryError::TooLarge { largest: 2_000_000 }));
    let response = send(registering(registry), TestRequest::get().uri(URL)).await;
    let message = "Payload Too Large: the rows of this page are more than 8388608 bytes: ask for fewer, limit=4 fits";
    assert_eq!((response.status, response.text()), (413, refusal(413, message).as_str()));
}
