//! What tells two answers with the same content apart.

use crate::http::database_time::DatabaseTime;
use crate::http::trace_parent::{ParentSpan, TraceParent};
use crate::{ApiState, RequestId};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};
use jiff::Timestamp;
use tracing::{Instrument, error_span};

/// The header that echoes the request id.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// When a request arrived, its name, and the caller's span that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    pub(crate) date: Timestamp,
    pub(crate) request_id: RequestId,
    pub(crate) parent: Option<ParentSpan>,
}

impl Stamp {
    /// The stamp of a request; every request has one that came through [`stamp_requests`].
    pub(crate) fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().copied()
    }

    /// Sets the headers that every answer has.
    pub(crate) fn mark(&self, headers: &mut HeaderMap) {
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(id) = HeaderValue::try_from(self.request_id.to_string()) {
            headers.insert(X_REQUEST_ID, id);
        }
    }
}

/// Stamps the request, puts its id into a span around everything that happens next, and marks the answer.
pub(crate) async fn stamp_requests<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let Some(state) = request.app_data::<web::Data<ApiState>>() else {
        return next.call(request).await;
    };
    let caller = TraceParent::from_headers(request.headers());
    let request_id = caller.map_or_else(|| state.request_ids.next_id(), |caller| caller.trace);
    let stamp = Stamp { date: state.clock.now(), request_id, parent: caller.map(|caller| caller.parent) };
    let (time, drain) = (DatabaseTime::new(state.stopwatch.clone()), state.drain.clone());
    let transport_security = state.transport_security.clone();
    request.extensions_mut().insert(stamp);
    request.extensions_mut().insert(time);
    // Of the highest level, so that no filter takes the id from a line that it lets through.
    let span = error_span!("request", %request_id);
    let mut response = next.call(request).instrument(span).await?;
    stamp.mark(response.headers_mut());
    if let Some(policy) = transport_security {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, policy);
    }
    drain.send_away(&mut response);
    Ok(response)
}
