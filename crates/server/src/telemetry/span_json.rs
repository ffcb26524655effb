//! Spans as OTLP's JSON has them.

use crate::version::VERSION;
use annotation_statistics_api::{EndedRequest, ParentSpan, RequestId, SpanId};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;

/// `SPAN_KIND_SERVER`
const SERVER: u8 = 2;
/// `STATUS_CODE_ERROR`
const ERROR: u8 = 2;

/// One request, kept until it is exported.
#[derive(Debug, Clone)]
pub(super) struct RequestSpan {
    trace: RequestId,
    id: SpanId,
    parent: Option<ParentSpan>,
    method: &'static str,
    route: String,
    status: Option<u16>,
    bytes: u64,
    arrived: Timestamp,
    duration: Duration,
    database: Duration,
}

impl RequestSpan {
    pub(super) fn new(request: &EndedRequest<'_>, id: SpanId) -> Self {
        Self {
            trace: request.id,
            id,
            parent: request.parent,
            method: request.method,
            route: request.route.to_owned(),
            status: request.status,
            bytes: request.bytes,
            arrived: request.arrived,
            duration: request.duration,
            database: request.database,
        }
    }

    fn json(&self) -> Value {
        let start = self.arrived.as_nanosecond();
        let end = start.saturating_add(i128::try_from(self.duration.as_nanos()).unwrap_or_default());
        let mut attributes = vec![
            attribute("http.request.method", json!({ "stringValue": self.method })),
            attribute("http.route", json!({ "stringValue": self.route })),
            attribute("http.response.body.size", json!({ "intValue": self.bytes.to_string() })),
            attribute("annotation_statistics.database.duration", json!({ "doubleValue": self.database.as_secs_f64() })),
        ];
        attributes.extend(
            self.status.map(|status| attribute("http.response.status_code", json!({ "intValue": status.to_string() }))),
        );
        let failed = self.status.is_none_or(|status| status >= 500);
        json!({
            "traceId": self.trace.to_string(),
            "spanId": self.id.to_string(),
            "parentSpanId": self.parent.map(|parent| parent.span.to_string()).unwrap_or_default(),
            "name": format!("{} {}", self.method, self.route),
            "kind": SERVER,
            "startTimeUnixNano": start.to_string(),
            "endTimeUnixNano": end.to_string(),
            "attributes": attributes,
            "status": if failed { json!({ "code": ERROR }) } else { json!({}) },
        })
    }
}

/// The body of one export.
pub(super) fn export_json(spans: &[RequestSpan]) -> Value {
    json!({ "resourceSpans": [{
        "resource": { "attributes": [
            attribute("service.name", json!({ "stringValue": "annotation-statistics" })),
            attribute("service.version", json!({ "stringValue": VERSION.as_str() })),
        ] },
        "scopeSpans": [{
            "scope": { "name": "annotation-statistics" },
            "spans": spans.iter().map(RequestSpan::json).collect::<Vec<_>>(),
        }],
    }] })
}

#[expect(clippy::needless_pass_by_value, reason = "made for this attribute alone")]
fn attribute(key: &str, value: Value) -> Value {
    json!({ "key": key, "value": value })
}
