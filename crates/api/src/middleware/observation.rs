//! Observes each request: a log line, the observer, and the `Server-Timing` of the response.

use crate::http::{Admitted, DatabaseTime, RequestContext, address_text};
use crate::{ApiState, EndedRequest, ResponseCode};
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use std::net::IpAddr;
use std::time::Duration;

/// How long the response took, and how much of that the database.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

const UNMATCHED: &str = "unmatched";

/// The log line of a request. That of an unauthenticated one has a target of its own, so that these lines can be rate limited.
macro_rules! log {
    ($request:expr, $client:expr, $target:literal) => {{
        let EndedRequest { method, route, status, bytes, .. } = *$request;
        let parent_span_id = $request.parent.map(|parent| tracing::field::display(parent.span));
        tracing::info!(
            target: $target,
            client = $client,
            method,
            route,
            status,
            bytes,
            duration_ms = milliseconds($request.duration),
            database_ms = milliseconds($request.database),
            parent_span_id,
            "{}",
            if status.is_some() { "answered" } else { "given up: the client went away" }
        );
    }};
}

/// Observes a request from its head to its response, inside of the span of its context.
pub(crate) async fn observe_requests<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let state = request.app_data::<web::Data<ApiState>>().cloned();
    let database = request.extensions().get::<DatabaseTime>().cloned();
    let (Some(state), Some(context), Some(database)) = (state, RequestContext::of(request.request()), database) else {
        return next.call(request).await;
    };
    let admitted = Admitted::default();
    request.extensions_mut().insert(admitted.clone());
    let observation = Observation::start(state, context, database, admitted, &request);
    match next.call(request).await {
        Ok(mut response) => {
            let timing = observation.end(&Outcome::of(response.response(), observation.method));
            if let Ok(timing) = HeaderValue::try_from(timing) {
                response.headers_mut().insert(SERVER_TIMING, timing);
            }
            Ok(response)
        }
        Err(error) => {
            observation.end(&Outcome::of(&error.error_response(), observation.method));
            Err(error)
        }
    }
}

/// The outcome of a request.
#[derive(Default)]
struct Outcome {
    status: Option<u16>,
    refusal: Option<ResponseCode>,
    bytes: u64,
}

impl Outcome {
    fn of<B: MessageBody>(response: &HttpResponse<B>, method: &str) -> Self {
        let bytes = match response.body().size() {
            BodySize::Sized(bytes) if method != "HEAD" => bytes,
            BodySize::Sized(_) | BodySize::None | BodySize::Stream => 0,
        };
        let refusal = response.extensions().get::<ResponseCode>().copied();
        Self { status: Some(response.status().as_u16()), refusal, bytes }
    }
}

/// An in-flight request.
struct Observation {
    state: web::Data<ApiState>,
    context: RequestContext,
    client: Option<IpAddr>,
    method: &'static str,
    route: String,
    start: Duration,
    database: DatabaseTime,
    admitted: Admitted,
    ended: std::cell::Cell<bool>,
}

impl Observation {
    fn start(
        state: web::Data<ApiState>,
        context: RequestContext,
        database: DatabaseTime,
        admitted: Admitted,
        request: &ServiceRequest,
    ) -> Self {
        state.observer.arrived();
        Self {
            context,
            client: state.settings.proxies.client_of(request),
            method: name(request.method()),
            route: request.match_pattern().unwrap_or_else(|| UNMATCHED.into()),
            start: state.stopwatch.elapsed(),
            database,
            admitted,
            state,
            ended: false.into(),
        }
    }

    /// Reports the end to the log and the observer, and returns the value of `Server-Timing`.
    fn end(&self, outcome: &Outcome) -> String {
        self.ended.set(true);
        let duration = self.state.stopwatch.elapsed().saturating_sub(self.start);
        let database = self.database.spent();
        let request = EndedRequest {
            id: self.context.request_id,
            parent: self.context.parent,
            arrived: self.context.date,
            method: self.method,
            route: &self.route,
            status: outcome.status,
            refusal: outcome.refusal,
            bytes: outcome.bytes,
            duration,
            database,
        };
        let client = self.client.map(address_text);
        let client = client.as_deref();
        let is_refused = outcome.status.is_none_or(|status| (400..500).contains(&status));
        if is_refused && self.state.guard.is_some() && !self.admitted.is_recorded() {
            log!(&request, client, "request::stranger");
        } else {
            log!(&request, client, "request");
        }
        self.state.observer.ended(&request);
        let mut timing = String::with_capacity(48);
        // The time of the database would reveal whether a missing request exists in another campaign.
        let is_missing =
            [ResponseCode::UnknownAnnotationRequest, ResponseCode::NotFound].map(Some).contains(&outcome.refusal);
        if !is_missing {
            timing.push_str("db;dur=");
            push_milliseconds(&mut timing, database);
            timing.push_str(", ");
        }
        timing.push_str("total;dur=");
        push_milliseconds(&mut timing, duration);
        timing
    }
}

/// A client that disconnects drops its request before the response is complete.
impl Drop for Observation {
    fn drop(&mut self) {
        if !self.ended.get() {
            self.end(&Outcome::default());
        }
    }
}

/// With a precision of microseconds.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// Appends the digits of [`milliseconds`].
fn push_milliseconds(text: &mut String, time: Duration) {
    let microseconds = (time.as_nanos() + 500) / 1_000;
    text.push_str(itoa::Buffer::new().format(microseconds / 1_000));
    let rest = microseconds % 1_000;
    if rest > 0 {
        // With its leading zeros.
        let digits = itoa::Buffer::new().format(1_000 + rest).replacen('1', ".", 1);
        text.push_str(digits.trim_end_matches('0'));
    }
}

/// The method as a label: clients invent methods, and each would be a time series of its own.
fn name(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

#[cfg(test)]
#[path = "observation_tests.rs"]
mod tests;
