//! The bytes of a body, as they were sent and signed.

use crate::body_memory::HeldMemory;
use crate::error::ApiError;
use crate::statistics_params::InvalidParameter;
use crate::{ApiState, ResponseCode};
use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::web::{Bytes, BytesMut};
use futures_util::StreamExt;

/// Takes the body out of a request: still compressed where it was, and within the limits of a body.
///
/// The memory is given back when the body is complete: whoever reads it next takes it again.
pub(crate) async fn take_body(request: &mut ServiceRequest, state: &ApiState) -> Result<Bytes, ApiError> {
    let collected = collect(request.take_payload(), state);
    let read = actix_web::rt::time::timeout(state.settings.body_timeout, collected).await;
    read.map_err(|_| ApiError::Refused(ResponseCode::RequestTimeout))?
}

async fn collect(mut payload: Payload, state: &ApiState) -> Result<Bytes, ApiError> {
    let (mut body, mut held) = (BytesMut::new(), HeldMemory::default());
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| InvalidParameter("the body ends too early".to_owned()))?;
        if body.len().saturating_add(chunk.len()) > state.settings.max_body {
            return Err(ApiError::Refused(ResponseCode::PayloadTooLarge));
        }
        state.body_memory.take(&mut held, chunk.len())?;
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
