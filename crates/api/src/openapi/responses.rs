//! The answers that the `OpenAPI` document describes.

use crate::ResponseCode;
use crate::openapi::schemas::{REFUSAL, number, text, trace_id};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder, Responses, ResponsesBuilder};
use utoipa::openapi::{Content, KnownFormat, ObjectBuilder, Ref};

const JSON: &str = "application/json";

/// The answers with a status of success, and then the refusals that any path may give.
pub(crate) fn responses(
    ours: impl IntoIterator<Item = (&'static str, Response)>,
    refusals: &[ResponseCode],
) -> Responses {
    let mut responses = ResponsesBuilder::new();
    for (status, response) in ours {
        responses = responses.response(status, response);
    }
    for code in refusals {
        responses = responses.response(code.status().as_str(), refusal(*code));
    }
    responses.build()
}

/// An envelope of the component schema `schema`.
pub(crate) fn answer(about: &str, schema: &str) -> ResponseBuilder {
    stamped(about).content(JSON, Content::new(Some(Ref::from_schema_name(schema))))
}

/// What every answer has, with a body or without.
pub(crate) fn stamped(about: &str) -> ResponseBuilder {
    let request_id = header("The W3C trace id of the request, as `requestId` of the envelope.", trace_id());
    ResponseBuilder::new().description(about).header("X-Request-Id", request_id)
}

/// The refusal with its code.
pub(crate) fn refusal(code: ResponseCode) -> Response {
    // Two codes share a status, and the document has one answer for each.
    let codes = ResponseCode::ALL.into_iter().filter(|other| other.status() == code.status());
    let about = codes.map(|code| format!("`{}` {}", code.code(), code.message())).collect::<Vec<_>>().join(", or ");
    let answer = answer(&about, REFUSAL);
    let retry_after = || header("Seconds after which to ask again.", number(KnownFormat::Int32).minimum(Some(1)));
    match code.status().as_u16() {
        405 => answer.header("Allow", header("The methods that the path knows.", text())),
        401 => answer.header("WWW-Authenticate", header("What is wrong, where that may be told.", text())),
        429 | 503 => answer.header("Retry-After", retry_after()),
        _ => answer,
    }
    .build()
}

pub(crate) fn header(about: &str, schema: ObjectBuilder) -> Header {
    HeaderBuilder::new().description(Some(about)).schema(Some(schema)).build()
}
