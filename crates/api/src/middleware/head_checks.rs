//! Refuses a request by its head, before a handler is looked for.

use crate::middleware::body_limit::refuse_large_body;
use crate::middleware::host_check::refuse_other_host;
use crate::middleware::request_target::refuse_ambiguous_request;
use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

/// Refuses a request whose target or host is ambiguous, then one for another host, then one with too large a body.
///
/// They are one middleware, as each allocates a future and moves request and response.
pub(crate) async fn check_heads(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let checks = [refuse_ambiguous_request, refuse_other_host, refuse_large_body];
    match checks.iter().try_for_each(|check| check(&request)) {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(error) => Ok(request.error_response(error)),
    }
}
