use crate::test_support::{
    ANNOTATION_REQUEST, CONFLICT, HICCUP, Logs, PRECONDITION_FAILED, REQUEST_ID, TestResponse, UNKNOWN, compact,
    known_request, refusal, registering, send, uncalled, with_json,
};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CampaignScope, CountingRuleConflict, CountingRuleName,
    MockAnnotationRequestRegistry, Precondition, PreconditionFailed, RegistryError, Revision,
};
use std::collections::BTreeSet;

const ID: &str = "7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";
const URL: &str = "/rosetta-open/annotation-requests/7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";
const BODY: &str = r#"{"campaignId":"1001","countingRule":"objects/2","note":{"who":["x"]}}"#;

fn put(body: &str) -> TestRequest {
    with_json(TestRequest::put(), URL, body)
}

async fn refused_by(error: impl Fn() -> RegistryError + Send + 'static, request: TestRequest) -> TestResponse {
    let mut registry = MockAnnotationRequestRegistry::new();
    registry.expect_register().times(1).returning(move |_, _| Err(error()));
    send(registering(registry), request).await
}

fn conflict() -> RegistryError {
    RegistryError::CampaignConflict {
        annotation_request_id: AnnotationRequestId::new(ID).unwrap(),
        recorded: CampaignId::new("1001").unwrap(),
        given: CampaignId::new("1002").unwrap(),
    }
}

#[actix_web::test]
async fn a_request_is_registered_as_given_and_served_as_it_stands() {
    let mut registry = MockAnnotationRequestRegistry::new();
    registry
        .expect_register()
        .withf(|new, precondition| {
            let reported = (new.id.as_str(), new.campaign_id.as_str(), new.counting_rule.as_ref());
            reported == (ID, "1001", Some(&CountingRuleName::OBJECTS_2)) && *precondition == Precondition::None
        })
        .times(1)
        .returning(|new, _| Ok(known_request(new.id.as_str())));
    let response = send(registering(registry), put(BODY)).await;
    assert_eq!((response.status, response.text()), (200, compact(ANNOTATION_REQUEST).as_str()));
    assert_eq!(
        response.head(),
        format!(
            "cache-control: no-store\n\
             content-type: application/json\n\
             etag: \"1744122000000000\"\n\
             revision: 1744122000000000\n\
             server-timing: db;dur=0, total;dur=0\n\
             vary: accept-encoding\n\
             x-content-type-options: nosniff\n\
             x-request-id: {REQUEST_ID}\n"
        )
    );
}

#[actix_web::test]
async fn a_counting_rule_may_be_left_open_and_a_condition_be_given() {
    for body in [r#"{"campaignId":"1001"}"#, "\u{feff}{\"countingRule\":null,\"campaignId\":\"1001\"}"] {
        let mut registry = MockAnnotationRequestRegistry::new();
        registry
            .expect_register()
            .withf(|new, precondition| {
                new.counting_rule.is_none() && *precondition == Precondition::Revision(vec![Revision::from(7)])
            })
            .times(1)
            .returning(|new, _| Ok(known_request(new.id.as_str())));
        let response = send(registering(registry), put(body).insert_header(("If-Match", "\"7\""))).await;
        assert_eq!(response.status, 200, "{body}");
    }
}

#[actix_web::test]
async fn a_conflict_says_what_conflicts() {
    let response = refused_by(conflict, put(r#"{"campaignId":"1002"}"#)).await;
    assert_eq!((response.status, response.text()), (409, compact(CONFLICT).as_str()));
    let rule = || {
        let annotation_request_id = AnnotationRequestId::new("R").unwrap();
        let given = CountingRuleName::OBJECTS_2;
        CountingRuleConflict { annotation_request_id, recorded: None, given }.into()
    };
    let response = refused_by(rule, put(BODY)).await;
    let message = "Conflict: annotation request `R` is counted by a rule that was not stated, not `objects/2`";
    assert_eq!((response.status, response.text()), (409, refusal(409, message).as_str()));
}

#[actix_web::test]
async fn a_condition_that_does_not_hold_says_what_the_state_is() {
    let failed = |current: Option<i64>| {
        let annotation_request_id = AnnotationRequestId::new(ID).unwrap();
        PreconditionFailed { annotation_request_id, current: current.map(Revision::from) }.into()
    };
    let response = refused_by(move || failed(Some(1_744_122_000_000_000)), put(BODY)).await;
    assert_eq!((response.status, response.text()), (412, compact(PRECONDITION_FAILED).as_str()));
    let response = refused_by(move || failed(None), put(BODY)).await;
    assert_eq!((response.status, response.text()), (404, compact(UNKNOWN).as_str()), "as one of another campaign");
}

#[actix_web::test]
async fn an_invalid_body_is_refused_with_the_field_and_the_reason() {
    for (body, why) in [
        ("{}", "the body: campaignId: is missing"),
        (r#"{"campaignId":""}"#, "the body: campaignId: must not be empty"),
        (r#"{"campaignId":7}"#, "the body: campaignId: invalid type: integer `7`, expected a string"),
        (r#"{"campaignId":"a","campaignId":"a"}"#, "the body: campaignId: must be given only once"),
        (
            r#"{"campaignId":"a","countingRule":"a b"}"#,
            "the body: countingRule: must be 1 to 64 letters, digits and . _ - /, such as objects/2",
        ),
        (r#"["a"]"#, "the body: must be an object"),
        ("", "the body: is not JSON at byte 0: EOF while parsing a value"),
        ("{\"campaignId\":\"a\"", "the body: is not JSON at byte 17: EOF while parsing an object"),
    ] {
        let response = send(uncalled(), put(body)).await;
        assert_eq!(
            (response.status, response.text()),
            (400, refusal(4005, &format!("Invalid parameter: {why}")).as_str())
        );
    }
    let response = send(uncalled(), put(BODY).insert_header(("If-Match", "7"))).await;
    let why = "Invalid parameter: If-Match must be * or a list of entity tags such as \"7\"";
    assert_eq!(response.text(), refusal(4005, why));
    let response = send(uncalled(), put(BODY).insert_header(("Content-Type", "application/x-ndjson"))).await;
    assert_eq!((response.status, response.text()), (415, refusal(415, "Unsupported Media Type").as_str()));
}

#[test]
fn a_campaign_outside_of_the_scope_is_never_named() {
    let only = |id: &str| CampaignScope::Only(BTreeSet::from([CampaignId::new(id).unwrap()]));
    assert!(matches!(super::hide(conflict(), &only("1001")), RegistryError::CampaignConflict { .. }));
    assert!(matches!(super::hide(conflict(), &only("1002")), RegistryError::UnknownAnnotationRequest(_)));
}

#[actix_web::test]
async fn a_change_with_an_unknown_outcome_is_to_be_retried_and_logged() {
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.subscriber());
    let unknown = || RegistryError::OutcomeUnknown("the database connection was lost".into());
    let response = refused_by(unknown, put(BODY)).await;
    assert_eq!((response.status, response.text()), (503, compact(HICCUP).as_str()));
    assert_eq!(response.header("retry-after"), Some("1"));
    let lines = logs.lines();
    let reported = "whether the change was made is unknown: the database connection was lost";
    assert!(lines.len() == 1 && lines[0].contains(reported), "{lines:?}");
}
