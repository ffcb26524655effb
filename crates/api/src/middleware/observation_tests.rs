use super::*;
use crate::test_support::{Logs, REQUEST_ID, get, page, responding, send, state, uncalled};
use crate::{Observer, Stopwatch};
use actix_web::test::TestRequest;
use annotation_statistics_domain::MockStatisticsRepository;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

const URL: &str = "/rosetta-open/statistics?annotationRequestId=canary";
const ROUTE: &str = "/rosetta-open/statistics";

/// Records the notifications, a line each.
#[derive(Default)]
struct Memory {
    arrived: AtomicU64,
    ended: Mutex<Vec<String>>,
}

impl Observer for Memory {
    fn arrived(&self) {
        self.arrived.fetch_add(1, Ordering::Relaxed);
    }

    fn ended(&self, request: &EndedRequest<'_>) {
        let EndedRequest { method, route, status, refusal, .. } = *request;
        self.ended.lock().unwrap().push(format!("{method} {route} {status:?} {:?}", refusal.map(ResponseCode::name)));
    }
}

/// A stopwatch that advances by a millisecond each time that it is read.
fn ticking() -> Stopwatch {
    let looks = AtomicU64::new(0);
    Stopwatch::new(move || Duration::from_millis(looks.fetch_add(1, Ordering::Relaxed)))
}

fn panicking() -> ApiState {
    let mut repository = MockStatisticsRepository::new();
    repository.expect_find_page().returning(|_, _, _| panic!("of a test"));
    state(repository)
}

#[actix_web::test]
async fn every_end_of_a_request_is_reported_by_route_method_status_and_reason() {
    for (state, request, reported, reason) in [
        (responding(|| Ok(page(1, 1))), TestRequest::get().uri(URL), format!("GET {ROUTE} Some(200) None"), "answered"),
        (
            uncalled(),
            TestRequest::get().uri("/rosetta-open/statistics"),
            format!("GET {ROUTE} Some(400) Some(\"invalid_parameter\")"),
            "refused by the handler",
        ),
        (
            uncalled(),
            TestRequest::get().uri("/a/canary"),
            "GET unmatched Some(404) Some(\"not_found\")".into(),
            "no path",
        ),
        (
            uncalled(),
            TestRequest::default().method(Method::from_bytes(b"BREW").unwrap()).uri(URL),
            format!("other {ROUTE} Some(405) Some(\"method_not_allowed\")"),
            "a method that the client made up",
        ),
        (panicking(), TestRequest::get().uri(URL), format!("GET {ROUTE} Some(500) Some(\"broken\")"), "a panic"),
        (uncalled(), TestRequest::get().uri("/docs/"), "GET /docs/{file:.*} Some(200) None".into(), "a pattern"),
    ] {
        let memory = Arc::new(Memory::default());
        send(state.with_observer(memory.clone()), request).await;
        assert_eq!(memory.ended.lock().unwrap().as_slice(), [reported], "{reason}");
        assert_eq!(memory.arrived.load(Ordering::Relaxed), 1, "{reason}");
    }
}

#[actix_web::test]
async fn a_request_whose_client_went_away_ends_without_a_status() {
    let memory = Arc::new(Memory::default());
    let state = uncalled().with_observer(memory.clone());
    let service = actix_web::test::init_service(
        actix_web::App::new()
            .app_data(web::Data::new(state))
            .service(web::resource("/endless").to(std::future::pending::<HttpResponse>))
            .wrap(actix_web::middleware::from_fn(observe_requests))
            .wrap(actix_web::middleware::from_fn(crate::middleware::with_request_context::with_request_context)),
    )
    .await;
    let call = actix_web::dev::Service::call(&service, TestRequest::get().uri("/endless").to_request());
    assert!(futures_util::FutureExt::now_or_never(call).is_none());
    assert_eq!(memory.ended.lock().unwrap().as_slice(), ["GET /endless None None"]);
}

#[actix_web::test]
async fn the_response_has_its_duration_and_that_of_the_database() {
    let response = get(responding(|| Ok(page(1, 1))).with_stopwatch(ticking()), URL).await;
    assert_eq!(response.header("server-timing"), Some("db;dur=1, total;dur=3"));
    let response = get(uncalled().with_stopwatch(ticking()), "/health/live").await;
    assert_eq!(response.header("server-timing"), Some("db;dur=0, total;dur=1"), "it does not query the database");
}

#[actix_web::test]
async fn each_request_is_one_line_with_its_units_its_id_and_nothing_of_its_query() {
    let logs = Logs::default();
    let guard = tracing::subscriber::set_default(logs.subscriber_from(tracing::Level::INFO));
    let parent = ("traceparent", format!("00-{REQUEST_ID}-00f067aa0ba902b7-01"));
    let request = TestRequest::get().uri(URL).insert_header(parent);
    let response = send(responding(|| Ok(page(1, 1))).with_stopwatch(ticking()), request).await;
    get(uncalled(), "/rosetta-open/statistics?offset=canary").await;
    drop(guard);
    let bytes = response.body.len();
    assert_eq!(
        logs.lines(),
        [
            format!(
                " INFO request{{request_id={REQUEST_ID}}}: request: answered method=\"GET\" route=\"{ROUTE}\" \
                 status=200 bytes={bytes} duration_ms=3.0 database_ms=1.0 parent_span_id=00f067aa0ba902b7"
            ),
            format!(
                " INFO request{{request_id={REQUEST_ID}}}: request: answered method=\"GET\" route=\"{ROUTE}\" \
                 status=400 bytes=201 duration_ms=0.0 database_ms=0.0"
            ),
        ]
    );
}

#[test]
fn a_duration_has_the_digits_that_its_number_of_milliseconds_is_displayed_with() {
    let nanoseconds =
        [0, 499, 500, 1_000, 9_999, 10_000, 999_499, 999_500, 1_000_000, 12_345_678, 120_000_000, 61_001_010_000];
    for time in nanoseconds.map(Duration::from_nanos) {
        let mut text = String::new();
        push_milliseconds(&mut text, time);
        assert_eq!(text, milliseconds(time).to_string());
    }
}
