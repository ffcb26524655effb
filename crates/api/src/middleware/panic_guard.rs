//! Converts a panic of a handler into a response.

use crate::http::RequestContext;
use crate::response::ApiError;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, ResponseError};
use futures_util::FutureExt;
use std::any::Any;
use std::fmt;
use std::panic::AssertUnwindSafe;

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "annotation_statistics_api::panic_guard";

/// Converts a panic of a handler or of an inner middleware into an envelope with status 500, and logs it with the request id.
pub(crate) async fn catch_panics<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let context = RequestContext::of(request.request());
    // The request is dropped with the panic, so no state that the panic left inconsistent is seen again.
    let called = AssertUnwindSafe(async { next.call(request).await }).catch_unwind().await;
    called.unwrap_or_else(|panic| {
        tracing::error!(target: TARGET, panic = text(panic.as_ref()), "a handler panicked");
        Err(Panicked { context }.into())
    })
}

fn text(panic: &(dyn Any + Send)) -> &str {
    let borrowed = panic.downcast_ref::<&str>().copied();
    borrowed.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("not a text")
}

/// The response to a request that panicked: the request is gone, through which a response is returned, so it is returned as
/// an error that renders its own body.
#[derive(Debug)]
struct Panicked {
    context: Option<RequestContext>,
}

impl fmt::Display for Panicked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a handler panicked")
    }
}

impl ResponseError for Panicked {
    fn status_code(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    fn error_response(&self) -> HttpResponse {
        let Some(context) = self.context else {
            return HttpResponse::new(self.status_code());
        };
        let mut response = ApiError::Panicked.response(&context);
        context.set_headers(response.headers_mut());
        response
    }
}
