//! Converts every error into an envelope.

use crate::ResponseCode;
use crate::http::RequestContext;
use crate::response::ApiError;
use crate::response::envelope::{self, WithoutEnvelope};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ALLOW, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "annotation_statistics_api::error_answers";

/// Converts the errors of our handlers, and those of extractors and services of the framework.
pub(crate) async fn convert_errors(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    let needs_none = response.response().extensions().get::<WithoutEnvelope>().is_some();
    if needs_none || !status.is_client_error() && !status.is_server_error() {
        return Ok(response);
    }
    let Some(context) = RequestContext::of(response.request()) else {
        return Ok(response);
    };
    let ours = response.response().error().and_then(Error::as_error::<ApiError>);
    let envelope = ours.map_or_else(|| of_framework(response.response(), &context), |error| error.response(&context));
    Ok(response.into_response(envelope))
}

/// An error of the framework has a status and hardly ever more.
fn of_framework(found: &HttpResponse, context: &RequestContext) -> HttpResponse {
    if found.status().is_server_error() {
        let cause = found.error().map(ToString::to_string).unwrap_or_default();
        tracing::error!(target: TARGET, status = found.status().as_u16(), cause, "the framework failed");
    }
    let code = ResponseCode::of_status(found.status());
    let mut envelope = if code == ResponseCode::InvalidParameter {
        envelope::failure_because(context, code, "the request cannot be read")
    } else {
        envelope::failure(context, code)
    };
    for name in [ALLOW, RETRY_AFTER] {
        if let Some(value) = found.headers().get(&name) {
            envelope.headers_mut().insert(name, value.clone());
        }
    }
    envelope
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::middleware::with_request_context::with_request_context;
    use crate::test_support::{refusal, uncalled};
    use actix_web::error::{ErrorBadGateway, ErrorImATeapot, ErrorServiceUnavailable, ErrorTooManyRequests};
    use actix_web::http::StatusCode;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service, read_body};
    use actix_web::{App, web};

    /// Handlers and extractors that fail like the framework does, behind the two middlewares that convert it.
    async fn fail(request: TestRequest) -> (StatusCode, String, Option<String>) {
        let app = App::new()
            .app_data(web::Data::new(uncalled()))
            .app_data(web::PayloadConfig::new(10))
            .service(web::resource("/body").to(|_: web::Bytes| async { "read" }))
            .service(web::resource("/json").to(|_: web::Json<u8>| async { "read" }))
            .service(web::resource("/path/{number}").to(|_: web::Path<u8>| async { "read" }))
            .service(web::resource("/missing").to(|_: web::Data<u8>| async { "read" }))
            .service(web::resource("/teapot").to(|| async { Err::<&str, _>(ErrorImATeapot("short and stout")) }))
            .service(web::resource("/kind").to(|| async { HttpResponse::UnsupportedMediaType().body("text") }))
            .service(web::resource("/slow").to(|| async { HttpResponse::RequestTimeout().body("slow") }))
            .service(web::resource("/gateway").to(|| async { Err::<&str, _>(ErrorBadGateway("host db-7")) }))
            .service(web::resource("/busy").to(|| async { Err::<&str, _>(ErrorServiceUnavailable("host db-7")) }))
            .service(web::resource("/many").to(|| async { Err::<&str, _>(ErrorTooManyRequests("7 a second")) }))
            .service(
                web::resource("/retry")
                    .to(|| async { HttpResponse::TooManyRequests().insert_header((RETRY_AFTER, "7")).finish() }),
            )
            .wrap(from_fn(convert_errors))
            .wrap(from_fn(with_request_context));
        let response = call_service(&init_service(app).await, request.to_request()).await;
        let retry_after = response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap().to_owned());
        let status = response.status();
        (status, String::from_utf8(read_body(response).await.to_vec()).unwrap(), retry_after)
    }

    #[actix_web::test]
    async fn an_error_of_the_framework_is_an_envelope_of_its_status() {
        let unreadable = "Invalid parameter: the request cannot be read";
        let hiccup = "Service hiccuped, please try again later.";
        let json = ("Content-Type", "application/json");
        for (request, status, code, message) in [
            (TestRequest::post().uri("/body").set_payload("eleven byte"), 413, 413, "Payload Too Large"),
            (TestRequest::post().uri("/json").insert_header(json).set_payload("{"), 400, 4005, unreadable),
            (TestRequest::post().uri("/kind"), 415, 415, "Unsupported Media Type"),
            (TestRequest::get().uri("/path/x"), 404, 404, "Not Found"),
            (TestRequest::get().uri("/missing"), 500, 5000, hiccup),
            (TestRequest::get().uri("/teapot"), 400, 4005, unreadable),
            (TestRequest::get().uri("/slow"), 408, 408, "Request Timeout"),
            (TestRequest::get().uri("/gateway"), 500, 5000, hiccup),
            (TestRequest::get().uri("/busy"), 503, 5000, hiccup),
            (TestRequest::get().uri("/many"), 429, 429, "Too Many Requests"),
            (TestRequest::get().uri("/nowhere"), 404, 404, "Not Found"),
        ] {
            let (got, body, _) = fail(request).await;
            assert_eq!((got.as_u16(), body), (status, refusal(code, message)));
        }
    }

    #[actix_web::test]
    async fn an_error_of_the_framework_keeps_the_headers_with_advice() {
        let (_, body, retry_after) = fail(TestRequest::get().uri("/retry")).await;
        assert_eq!((body, retry_after.as_deref()), (refusal(429, "Too Many Requests"), Some("7")));
    }
}
