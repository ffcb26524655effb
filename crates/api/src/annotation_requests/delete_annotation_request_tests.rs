use crate::test_support::{
    DELETED_TASKS, REQUEST_ID, UNKNOWN, compact, known_request, refusal, registering, send, success, uncalled,
};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    DeletedRequest, MockAnnotationRequestRegistry, Precondition, PreconditionFailed, RegistryError, Revision, TaskId,
};

const URL: &str = "/rosetta-open/annotation-requests/R";

#[actix_web::test]
async fn a_deleted_request_reports_how_many_tasks_it_had() {
    let mut registry = MockAnnotationRequestRegistry::new();
    registry
        .expect_delete()
        .withf(|id, _, precondition| id.as_str() == "R" && *precondition == Precondition::Known)
        .times(1)
        .returning(|_, _, _| Ok(DeletedRequest { tasks: 1930, revision: Revision::from(1_744_122_000_000_000) }));
    let request = TestRequest::delete().uri(URL).insert_header(("If-Match", "*"));
    let response = send(registering(registry), request).await;
    assert_eq!((response.status, response.text()), (200, compact(DELETED_TASKS).as_str()));
    assert_eq!(
        response.head(),
        format!(
            "cache-control: no-store\n\
             content-type: application/json\n\
             revision: 1744122000000000\n\
             server-timing: db;dur=0, total;dur=0\n\
             vary: accept-encoding\n\
             x-content-type-options: nosniff\n\
             x-request-id: {REQUEST_ID}\n"
        )
    );
}

#[actix_web::test]
async fn a_deleted_task_reports_the_state_of_its_request() {
    let mut registry = MockAnnotationRequestRegistry::new();
    registry
        .expect_delete_task()
        .withf(|id, task, _, precondition| {
            (id.as_str(), *task, precondition) == ("R/S", TaskId::from(-7), &Precondition::None)
        })
        .times(1)
        .returning(|id, _, _, _| Ok(known_request(id.as_str())));
    let request = TestRequest::delete().uri("/rosetta-open/annotation-requests/R%2FS/statistics/-7");
    let response = send(registering(registry), request).await;
    assert_eq!((response.status, response.text()), (200, success(r#"{"deletedTasks":1}"#).as_str()));
    assert_eq!(response.header("etag"), Some("\"1744122000000000\""));
    assert_eq!(response.header("revision"), Some("1744122000000000"));
}

#[actix_web::test]
async fn what_cannot_be_deleted_is_reported() {
    let id = || known_request("R").id;
    let changed = "Precondition Failed: annotation request `R` has been changed: its revision is 8";
    for (kind, status, body) in
        [(0, 404, compact(UNKNOWN)), (1, 404, refusal(404, "Not Found")), (2, 412, refusal(412, changed))]
    {
        let error = move || match kind {
            0 => RegistryError::UnknownAnnotationRequest(id()),
            1 => RegistryError::UnknownTask { annotation_request_id: id(), task: TaskId::from(7) },
            _ => PreconditionFailed { annotation_request_id: id(), current: Some(Revision::from(8)) }.into(),
        };
        let mut registry = MockAnnotationRequestRegistry::new();
        registry.expect_delete_task().returning(move |_, _, _, _| Err(error()));
        let response = send(registering(registry), TestRequest::delete().uri(&format!("{URL}/statistics/7"))).await;
        assert_eq!((response.status, response.text()), (status, body.as_str()));
    }
}

#[actix_web::test]
async fn a_request_that_has_statements_is_a_conflict() {
    let id = known_request("R").id;
    let mut registry = MockAnnotationRequestRegistry::new();
    registry.expect_delete().returning(move |_, _, _| Err(RegistryError::HasStatements { id: id.clone(), count: 3 }));
    let response = send(registering(registry), TestRequest::delete().uri(URL)).await;
    let why = "Conflict: annotation request `R` has 3 statements, and cannot be deleted";
    assert_eq!((response.status, response.text()), (409, refusal(409, why).as_str()));
}

#[actix_web::test]
async fn a_task_that_is_no_number_and_a_broken_condition_are_refused() {
    let response = send(uncalled(), TestRequest::delete().uri(&format!("{URL}/statistics/x"))).await;
    let why = "Invalid parameter: taskId must be a whole number of 64 bits, got \"x\"";
    assert_eq!((response.status, response.text()), (400, refusal(4005, why).as_str()));
    for url in [URL.to_owned(), format!("{URL}/statistics/7")] {
        let response = send(uncalled(), TestRequest::delete().uri(&url).insert_header(("If-Match", "7"))).await;
        let why = "Invalid parameter: If-Match must be * or a list of entity tags such as \"7\"";
        assert_eq!((response.status, response.text()), (400, refusal(4005, why).as_str()));
    }
}
