//! The bytes of a body, as they were sent and signed.

use crate::ApiState;
use crate::body_reader::BodyReader;
use crate::caller::Caller;
use crate::error::ApiError;
use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;
use actix_web::web::{Bytes, BytesMut};

/// Takes the body out of a request: still compressed where it was, and within the limits of a body.
///
/// The memory is given back when the body is complete: whoever reads it next takes it again.
pub(crate) async fn take_body(
    request: &mut ServiceRequest,
    caller: Caller,
    state: &ApiState,
) -> Result<Bytes, ApiError> {
    let (mut reader, mut body) = (BodyReader::new(request.take_payload(), caller, state), BytesMut::new());
    while let Some(chunk) = reader.next().await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
