//! Spans that are exported to an `OpenTelemetry` collector.

use annotation_statistics_tests::{Collector, RunningService, TestDatabase, record, task, wait_until};
use serde_json::{Value, json};

const QUERY: &str = "/statistics?annotationRequestId=a";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

async fn service(endpoint: &str, more: &str) -> (TestDatabase, RunningService) {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let settings = format!("telemetry.otlp_endpoint = '{endpoint}'\ntelemetry.export_interval = '50ms'\n{more}");
    let service = RunningService::with(&database.url(), &settings);
    (database, service)
}

fn traceparent(flags: &str) -> String {
    format!("traceparent: 00-{TRACE}-{PARENT}-{flags}\r\n")
}

fn lost(service: &RunningService) -> f64 {
    service.metrics().value("annotation_statistics_trace_spans_lost_total")
}

/// The value of an attribute, whatever its type.
fn attribute<'a>(span: &'a Value, key: &str) -> Option<&'a Value> {
    let attributes = span["attributes"].as_array().unwrap();
    let found = attributes.iter().find(|attribute| attribute["key"] == key)?;
    found["value"].as_object().unwrap().values().next()
}

#[tokio::test]
async fn a_request_becomes_a_span_of_its_callers_trace() {
    let collector = Collector::answering("200 OK");
    let (_database, service) = service(collector.endpoint(), "").await;
    let response = service.fetch("GET", QUERY, &traceparent("01"));
    let (head, body) = collector.next_export();
    assert!(head.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{head}");
    assert!(head.to_lowercase().contains("content-type: application/json\r\n"), "{head}");
    let resource = &body["resourceSpans"][0]["resource"]["attributes"][0];
    assert_eq!(resource, &json!({ "key": "service.name", "value": { "stringValue": "annotation-statistics" } }));
    let span = &body["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
    assert_eq!((&span["traceId"], &span["parentSpanId"]), (&json!(TRACE), &json!(PARENT)));
    assert_eq!((&span["name"], &span["kind"], &span["status"]), (&json!("GET /statistics"), &json!(2), &json!({})));
    let id = span["spanId"].as_str().unwrap();
    assert!(id.len() == 16 && id != PARENT && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    assert_eq!(attribute(span, "http.request.method"), Some(&json!("GET")));
    assert_eq!(attribute(span, "http.route"), Some(&json!("/statistics")));
    assert_eq!(attribute(span, "http.response.status_code"), Some(&json!("200")));
    assert_eq!(attribute(span, "http.response.body.size"), Some(&json!(response.body.len().to_string())));
    let spent = attribute(span, "annotation_statistics.database.duration").unwrap().as_f64().unwrap();
    let nanoseconds = |name: &str| span[name].as_str().unwrap().parse::<u64>().unwrap();
    let took = nanoseconds("endTimeUnixNano") - nanoseconds("startTimeUnixNano");
    assert!(spent > 0.0 && std::time::Duration::from_secs_f64(spent).as_nanos() < took.into(), "{spent} {took}");
}

#[tokio::test]
async fn the_caller_decides_whether_its_trace_is_kept_and_the_setting_decides_for_the_others() {
    let collector = Collector::answering("200 OK");
    let (_database, service) = service(collector.endpoint(), "telemetry.sampled_per_thousand = 0").await;
    service.get(QUERY);
    service.fetch("GET", QUERY, &traceparent("00"));
    service.fetch("GET", "/nowhere", &traceparent("01"));
    assert_eq!(collector.next_spans().len(), 1, "neither the one that nobody asked for nor the one not to keep");
    drop(service);
}

#[tokio::test]
async fn a_fault_is_an_error_of_its_span_and_the_last_spans_are_exported_at_the_end() {
    let collector = Collector::answering("200 OK");
    let settings = "telemetry.export_interval = '1h'\ndatabase.connect_timeout = '300ms'";
    let database = TestDatabase::new();
    let endpoint = format!("telemetry.otlp_endpoint = '{}/'\n{settings}", collector.endpoint());
    let service = RunningService::with(&database.url(), &endpoint);
    annotation_statistics_tests::Implementation::cut_off(&database);
    assert_eq!(service.get(QUERY).status, 503);
    drop(service);
    let spans = collector.next_spans();
    assert_eq!((spans.len(), &spans[0]["status"]), (1, &json!({ "code": 2 })));
    assert_eq!(spans[0]["parentSpanId"], "", "the trace starts here");
}

#[tokio::test]
async fn a_collector_that_refuses_or_is_away_costs_spans_and_nothing_else() {
    let refusing = Collector::answering("503 Service Unavailable");
    for endpoint in [refusing.endpoint(), "http://127.0.0.1:1"] {
        let (_database, service) = service(endpoint, "").await;
        assert_eq!(service.get(QUERY).count(), 1);
        wait_until("the span is given up", || lost(&service) > 0.5);
        assert!(service.metrics().value("annotation_statistics_trace_spans_exported_total") < 0.5);
    }
}
