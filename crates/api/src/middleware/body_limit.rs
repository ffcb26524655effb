//! The limit of the body of a request.

use crate::response::ApiError;
use crate::{ApiState, ResponseCode};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::middleware::Next;
use actix_web::{Error, web};

/// Refuses a request that announces a body over the limit, before anything is read of it.
///
/// A body that announces no size is measured by the handler that reads it, against the same limit.
pub(crate) async fn refuse_large_bodies(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if is_too_large(&request) {
        return Ok(request.error_response(ApiError::Refused(ResponseCode::PayloadTooLarge)));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// A length that is no number never gets here: the HTTP parser refuses it.
fn is_too_large(request: &ServiceRequest) -> bool {
    let Some(length) = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()) else {
        return false;
    };
    let max = request.app_data::<web::Data<ApiState>>().map(|state| state.settings.max_body);
    max.is_some_and(|max| length.trim().parse::<usize>().is_ok_and(|bytes| bytes > max))
}
