//! Gives each request its context and a span, and each response the headers that all responses have.

use crate::ApiState;
use crate::http::{DatabaseTime, RequestContext, TraceParent};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::STRICT_TRANSPORT_SECURITY;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use tracing::{Instrument, error_span};

/// Inserts the context into the request, and puts its id into a span around all that follows.
pub(crate) async fn with_request_context<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let Some(state) = request.app_data::<web::Data<ApiState>>().cloned() else {
        return next.call(request).await;
    };
    let caller = TraceParent::from_headers(request.headers());
    let request_id = caller.map_or_else(|| state.request_ids.next_id(), |caller| caller.trace);
    let context = RequestContext { date: state.clock.now(), request_id, parent: caller.map(|caller| caller.parent) };
    request.extensions_mut().insert(context);
    request.extensions_mut().insert(DatabaseTime::new(state.stopwatch.clone()));
    // Of the highest level, so that no filter removes the id from a line that it lets through.
    let span = error_span!("request", %request_id);
    let mut response = next.call(request).instrument(span).await?;
    context.set_headers(response.headers_mut());
    if let Some(policy) = &state.transport_security {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, policy.clone());
    }
    state.shutdown.close_connection(&mut response);
    Ok(response)
}
