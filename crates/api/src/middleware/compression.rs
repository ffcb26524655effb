//! Compresses responses where the client accepts it and it pays off. See ADR 15.

use crate::ApiState;
use crate::http::ContentCoding;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, HeaderMap, HeaderValue, VARY};
use actix_web::middleware::Next;
use actix_web::web::{self, Bytes};
use actix_web::{Error, HttpResponse};
use std::io;

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "annotation_statistics_api::compression";

/// A body from this size on is compressed on another thread, so that it does not block other requests.
const OFFLOADED_BYTES: usize = 131_072;

/// Compresses the whole body of a response, so that its length is known and HEAD has the headers of GET.
pub(crate) async fn compress_responses(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let accepted = request.headers().get_all(ACCEPT_ENCODING).filter_map(|value| value.to_str().ok());
    let coding = ContentCoding::choose(accepted);
    let least = request.app_data::<web::Data<ApiState>>().map_or(usize::MAX, |state| state.settings.min_compressed);
    let response = next.call(request).await?.map_into_boxed_body();
    let (request, mut response) = response.into_parts();
    if !has_body(response.status()) {
        return Ok(ServiceResponse::new(request, response));
    }
    response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    let response = match coding {
        Some(coding) if may_encode(response.headers()) => encode(response, coding, least).await,
        _ => response,
    };
    Ok(ServiceResponse::new(request, response))
}

fn has_body(status: StatusCode) -> bool {
    !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// Not what is coded already, nor a file whose bytes are what was signed.
fn may_encode(headers: &HeaderMap) -> bool {
    let caching = headers.get_all(CACHE_CONTROL).filter_map(|value| value.to_str().ok());
    let is_final = caching.flat_map(|value| value.split(',')).any(|directive| directive.trim() == "no-transform");
    !is_final && !headers.contains_key(CONTENT_ENCODING)
}

async fn encode(response: HttpResponse, coding: ContentCoding, least: usize) -> HttpResponse {
    let (response, body) = response.into_parts();
    let body = match body.try_into_bytes() {
        Ok(body) => body,
        Err(stream) => return response.set_body(stream),
    };
    if body.len() < least {
        return response.set_body(BoxBody::new(body));
    }
    match compressed(coding, body.clone()).await {
        Ok(smaller) => {
            let mut response = response.set_body(BoxBody::new(smaller));
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
            response
        }
        Err(error) => {
            tracing::error!(target: TARGET, coding = coding.name(), cause = %error, "a response is sent uncompressed: it cannot be compressed");
            response.set_body(BoxBody::new(body))
        }
    }
}

async fn compressed(coding: ContentCoding, body: Bytes) -> io::Result<Vec<u8>> {
    if body.len() < OFFLOADED_BYTES {
        return coding.compress(&body);
    }
    web::block(move || coding.compress(&body)).await.map_err(io::Error::other)?
}

#[cfg(test)]
#[path = "compression_tests.rs"]
mod tests;
