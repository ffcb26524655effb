//! The bytes of a body, as they were sent and signed.

use crate::ApiState;
use crate::auth::body_hash;
use crate::body::reader::BodyReader;
use crate::http::Caller;
use crate::response::ApiError;
use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::Method;
use actix_web::web::BytesMut;

/// Takes the body out of a request, still compressed where it was and within the limits of a body, and puts it back for
/// whoever reads it next. Returns its hash.
///
/// The memory stays with the request, as the body does: the nonce may be waited for. Whoever reads the body next takes it again.
pub(crate) async fn hash_body(
    request: &mut ServiceRequest,
    caller: Caller,
    state: &ApiState,
) -> Result<String, ApiError> {
    let (mut reader, mut body) = (BodyReader::new(request.take_payload(), caller, state), BytesMut::new());
    while let Some(chunk) = reader.next().await? {
        body.extend_from_slice(&chunk);
    }
    let body = body.freeze();
    let hash = body_hash(&body);
    // Nobody reads the body of a question in a URL; it would only take memory.
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let held = reader.into_held();
        request.set_payload(Payload::from(body));
        request.extensions_mut().insert(held);
    }
    Ok(hash)
}
