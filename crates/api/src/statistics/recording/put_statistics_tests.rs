use crate::test_support::{
    HICCUP, INVALID_ROWS, Logs, RECORDED, REQUEST_ID, TestResponse, UNKNOWN, compact, known_request, ports, refusal,
    registering, send, settings, state_of, success, with_json,
};
use crate::{ApiSettings, ApiState, Ports};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    CampaignId, CampaignScope, MockAnnotationRequestRegistry, MockStatisticsRecorder, Precondition, PreconditionFailed,
    RecordError, Recorded, RegistryError, Revision,
};
use std::sync::Arc;

const URL: &str = "/rosetta-open/annotation-requests/R/statistics";
const ROW: &str = concat!(
    r#"{"id":7,"status":11,"poolName":"complete pool","poolType":5,"instanceInfo":{"car":2},"#,
    r#""instanceNum":2,"attributeNum":0,"frameNum":1}"#
);

fn knowing() -> MockAnnotationRequestRegistry {
    let mut registry = MockAnnotationRequestRegistry::new();
    registry
        .expect_find()
        .withf(|id, scope| id.as_str() == "R" && *scope == CampaignScope::All)
        .returning(|id, _| Ok(known_request(id.as_str())));
    registry
}

fn recording(recorder: MockStatisticsRecorder) -> ApiState {
    state_of(Ports { registry: Arc::new(knowing()), recorder: Arc::new(recorder), ..ports() }, settings())
}

fn put(body: &str) -> TestRequest {
    with_json(TestRequest::put(), URL, body)
}

fn one_row() -> TestRequest {
    put(&format!("[{ROW}]"))
}

async fn refused_by(error: impl Fn() -> RecordError + Send + 'static) -> TestResponse {
    let mut recorder = MockStatisticsRecorder::new();
    recorder.expect_record().times(1).returning(move |_, _| Err(error()));
    send(recording(recorder), one_row()).await
}

#[actix_web::test]
async fn rows_are_recorded_into_their_known_request_and_counted() {
    let mut recorder = MockStatisticsRecorder::new();
    recorder.expect_record().times(2).returning(|tasks, precondition| {
        let tasks: Vec<_> = tasks.map(Result::unwrap).collect();
        assert_eq!((tasks.len(), tasks[0].annotation_request_id.as_str()), (1, "R"));
        assert_eq!(tasks[0].statistics.campaign_id().as_str(), "1001");
        assert_eq!(precondition, Precondition::Known);
        Ok(Recorded { inserted: 2, updated: 1, unchanged: 7, revision: Some(Revision::from(8)) })
    });
    let state = recording(recorder);
    let response = send(state.clone(), one_row()).await;
    assert_eq!((response.status, response.text()), (200, compact(RECORDED).as_str()));
    assert_eq!(
        response.head(),
        format!(
            "cache-control: no-store\n\
             content-type: application/json\n\
             etag: \"8\"\n\
             revision: 8\n\
             server-timing: db;dur=0, total;dur=0\n\
             vary: accept-encoding\n\
             x-content-type-options: nosniff\n\
             x-request-id: {REQUEST_ID}\n"
        )
    );
    let lines = put(&format!("{ROW}\n")).insert_header(("Content-Type", "application/x-ndjson"));
    assert_eq!(send(state, lines.insert_header(("If-Match", "*"))).await.status, 200);
}

#[actix_web::test]
async fn rows_are_recorded_only_into_the_state_that_the_client_knows() {
    let mut recorder = MockStatisticsRecorder::new();
    recorder
        .expect_record()
        .withf(|_, precondition| *precondition == Precondition::Revision(vec![Revision::from(7)]))
        .times(1)
        .returning(|_, _| Ok(Recorded::default()));
    let request = one_row().insert_header(("If-Match", "\"7\", W/\"8\""));
    assert_eq!(send(recording(recorder), request).await.status, 200);
}

#[actix_web::test]
async fn no_rows_change_nothing_and_the_condition_holds_or_not_all_the_same() {
    let empty = |tag: &'static str| put("[]").insert_header(("If-Match", tag));
    let response = send(recording(MockStatisticsRecorder::new()), empty("\"1744122000000000\"")).await;
    let nothing = success(r#"{"inserted":0,"updated":0,"unchanged":0}"#);
    assert_eq!((response.status, response.text()), (200, nothing.as_str()));
    assert_eq!(response.header("etag"), Some("\"1744122000000000\""));
    let response = send(recording(MockStatisticsRecorder::new()), empty("\"7\"")).await;
    let message = "Precondition Failed: annotation request `R` has been changed: its revision is 1744122000000000";
    assert_eq!((response.status, response.text()), (412, refusal(412, message).as_str()));
}

#[actix_web::test]
async fn an_invalid_row_keeps_all_from_being_recorded() {
    let rows = [ROW.replace("\"poolType\":5", "\"poolType\":9"), ROW.to_owned(), ROW.replace(",\"frameNum\":1", "")];
    let response = send(recording(MockStatisticsRecorder::new()), put(&format!("[{}]", rows.join(",")))).await;
    assert_eq!((response.status, response.text()), (400, compact(INVALID_ROWS).as_str()));
}

#[actix_web::test]
async fn a_request_must_be_known_before_its_rows_are() {
    let mut registry = MockAnnotationRequestRegistry::new();
    registry.expect_find().returning(|id, _| Err(RegistryError::UnknownAnnotationRequest(id.clone())));
    let response = send(registering(registry), one_row()).await;
    assert_eq!((response.status, response.text()), (404, compact(UNKNOWN).as_str()));
}

#[actix_web::test]
async fn what_the_recorder_refuses_has_its_code() {
    let failed = |current: Option<i64>| {
        let annotation_request_id = known_request("R").id;
        RecordError::from(PreconditionFailed { annotation_request_id, current: current.map(Revision::from) })
    };
    let deleted = refused_by(move || failed(None)).await;
    assert_eq!((deleted.status, deleted.text()), (404, compact(UNKNOWN).as_str()), "it was deleted meanwhile");
    let changed = refused_by(move || failed(Some(8))).await;
    let message = "Precondition Failed: annotation request `R` has been changed: its revision is 8";
    assert_eq!((changed.status, changed.text()), (412, refusal(412, message).as_str()));
    let moved = refused_by(|| RecordError::CampaignConflict {
        place: 0.into(),
        annotation_request_id: known_request("R").id,
        recorded: CampaignId::new("1002").unwrap(),
        given: CampaignId::new("1001").unwrap(),
    });
    let message = "Conflict: annotation request `R` belongs to campaign `1002`, not `1001`";
    let moved = moved.await;
    assert_eq!((moved.status, moved.text()), (409, refusal(409, message).as_str()));
}

#[test]
fn a_request_that_became_another_campaigns_is_gone_for_who_may_not_see_it() {
    let conflict = || RecordError::CampaignConflict {
        place: 0.into(),
        annotation_request_id: known_request("R").id,
        recorded: CampaignId::new("theirs").unwrap(),
        given: CampaignId::new("1001").unwrap(),
    };
    let ours = CampaignScope::Only([CampaignId::new("1001").unwrap()].into());
    let gone = super::unless_seen(conflict(), &ours).to_string();
    assert_eq!(gone, "annotation request `R` is unknown");
    assert_eq!(super::unless_seen(conflict(), &CampaignScope::All).to_string(), conflict().to_string());
}

#[actix_web::test]
async fn what_the_rows_do_not_cause_is_a_hiccup_and_its_cause_is_logged_once() {
    let unavailable = || RecordError::Unavailable("no route to host".into());
    let corrupt = || RecordError::Corrupt { what: "annotation_requests.campaign_id of R".into() };
    let unknown = || RecordError::OutcomeUnknown("the connection was lost".into());
    let table: [(fn() -> RecordError, u16); 3] = [(unavailable, 503), (unknown, 503), (corrupt, 500)];
    for (error, status) in table {
        let logs = Logs::default();
        let _guard = tracing::subscriber::set_default(logs.subscriber());
        let response = refused_by(error).await;
        assert_eq!((response.status, response.text()), (status, compact(HICCUP).as_str()));
        assert_eq!((response.header("retry-after").is_some(), logs.lines().len()), (status == 503, 1));
    }
}

#[actix_web::test]
async fn a_body_of_another_media_type_is_refused_before_any_port_is_called() {
    let state = || state_of(ports(), settings());
    let plain = TestRequest::put().uri(URL).set_payload("[]");
    let text = put("[]").insert_header(("Content-Type", "text/csv"));
    let packed = put("[]").insert_header(("Content-Encoding", "gzip"));
    for request in [plain, text, packed] {
        let response = send(state(), request).await;
        assert_eq!((response.status, response.text()), (415, refusal(415, "Unsupported Media Type").as_str()));
    }
    let response = send(state(), put("[]").set_payload(&b"[\"\xFF\"]"[..])).await;
    let why = refusal(4005, "Invalid parameter: the body is not UTF-8 at byte 3");
    assert_eq!((response.status, response.text()), (400, why.as_str()));
}

#[actix_web::test]
async fn a_body_without_a_length_is_measured_while_it_is_read() {
    for (max_body, max_bodies, status, body) in
        [(100, 200, 413, refusal(413, "Payload Too Large")), (200, 100, 503, compact(HICCUP))]
    {
        let logs = Logs::default();
        let _guard = tracing::subscriber::set_default(logs.subscriber());
        let state = state_of(ports(), ApiSettings { max_body, max_bodies, ..settings() });
        let response = send(state.clone(), one_row()).await;
        assert_eq!((response.status, response.text()), (status, body.as_str()));
        assert_eq!(
            (response.header("retry-after").is_some(), logs.lines().len()),
            (status == 503, usize::from(status == 503))
        );
    }
}
