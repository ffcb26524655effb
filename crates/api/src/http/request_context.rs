//! The context of a request from its arrival on: request id, date, and the span of the caller.

use crate::RequestId;
use crate::http::trace_parent::ParentSpan;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpMessage, HttpRequest};
use jiff::Timestamp;

/// The header that echoes the request id.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// When a request arrived, its id, and the span of the caller that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestContext {
    pub(crate) date: Timestamp,
    pub(crate) request_id: RequestId,
    pub(crate) parent: Option<ParentSpan>,
}

impl RequestContext {
    /// The context of a request; every request of the application has one.
    pub(crate) fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().copied()
    }

    /// Sets the headers that every response has.
    pub(crate) fn set_headers(&self, headers: &mut HeaderMap) {
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(id) = HeaderValue::try_from(self.request_id.to_string()) {
            headers.insert(X_REQUEST_ID, id);
        }
    }
}
