//! The hash of the bytes of a body as they were sent, for the signature. See ADR 56.

use crate::ApiState;
use crate::auth::body_hash;
use crate::http::Caller;
use crate::http::body::body_limit::BodyLimit;
use crate::http::body::reader::BodyReader;
use crate::response::ApiError;
use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::Method;
use actix_web::web::BytesMut;

/// Reads the body of a request within the limits of a body, without decompressing it, and puts it back for the handler.
/// Returns its hash.
///
/// Its memory stays reserved with the request, which may wait for the nonce, until the handler reads the body again.
pub(crate) async fn hash_body(
    request: &mut ServiceRequest,
    caller: Caller,
    state: &ApiState,
) -> Result<String, ApiError> {
    let limit = BodyLimit::of(request.request(), &state.settings);
    let payload = request.take_payload();
    let mut body = BytesMut::with_capacity(limit.capacity(request.headers(), &state.settings));
    let mut reader = BodyReader::within(limit, payload, caller, state);
    while let Some(chunk) = reader.next().await? {
        body.extend_from_slice(&chunk);
    }
    let body = body.freeze();
    let hash = body_hash(&body);
    // No handler reads the body of a GET; it would only hold memory.
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let held = reader.into_held();
        request.set_payload(Payload::from(body));
        request.extensions_mut().insert(held);
    }
    Ok(hash)
}
