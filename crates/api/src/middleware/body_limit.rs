//! The limit of the body of a request.

use crate::http::body::BodyLimit;
use crate::response::ApiError;
use crate::{ApiState, ResponseCode};
use actix_web::dev::ServiceRequest;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web;

/// Refuses a request that announces a body over the limit, before anything is read of it.
///
/// A body that announces no size is measured by the handler that reads it, against the same limit.
pub(super) fn refuse_large_body(request: &ServiceRequest) -> Result<(), ApiError> {
    if is_too_large(request) { Err(ApiError::Refused(ResponseCode::PayloadTooLarge)) } else { Ok(()) }
}

/// A length that is no number never gets here: the HTTP parser refuses it.
fn is_too_large(request: &ServiceRequest) -> bool {
    let Some(length) = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()) else {
        return false;
    };
    let settings = request.app_data::<web::Data<ApiState>>().map(|state| &state.settings);
    settings.is_some_and(|settings| {
        length.trim().parse::<usize>().is_ok_and(|bytes| {
            bytes > settings.max_body && bytes > BodyLimit::of(request.request(), settings).max(settings)
        })
    })
}
