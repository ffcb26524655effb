//! No error leaves without its envelope.

use crate::ResponseCode;
use crate::envelope;
use crate::error::ApiError;
use crate::stamp::Stamp;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ALLOW, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

/// Makes the envelope of every error, whoever found it: a handler of ours, or an extractor or a service of the framework.
pub(crate) async fn answer_errors(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return Ok(response);
    }
    let Some(stamp) = Stamp::of(response.request()) else {
        return Ok(response);
    };
    let ours = response.response().error().and_then(Error::as_error::<ApiError>);
    let answer = ours.map_or_else(|| of_framework(response.response(), &stamp), |error| error.answer(&stamp));
    Ok(response.into_response(answer))
}

/// An error that the framework found has a status and hardly ever more.
fn of_framework(found: &HttpResponse, stamp: &Stamp) -> HttpResponse {
    if found.status().is_server_error() {
        let cause = found.error().map(ToString::to_string).unwrap_or_default();
        tracing::error!(status = found.status().as_u16(), cause, "the framework failed");
    }
    let code = ResponseCode::of_status(found.status());
    let mut answer = if code == ResponseCode::InvalidParameter {
        envelope::invalid(stamp, "the request cannot be read")
    } else {
        envelope::failure(stamp, code)
    };
    for name in [ALLOW, RETRY_AFTER] {
        if let Some(value) = found.headers().get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}
