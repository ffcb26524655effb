//! The envelope of six fields, which is the body of every response.

use crate::http::RequestContext;
use crate::response::bounded_body::BoundedBody;
#[cfg(feature = "openapi")]
use crate::response::schema;
use crate::{RequestId, ResponseCode};
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::tz::Offset;
use serde::Serialize;
use std::io::{self, Write};
use utoipa::ToSchema;

/// The media type of every envelope.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An upper bound of the size of an envelope without its data.
pub(crate) const ENVELOPE_BYTES: usize = 256;

/// The size of an envelope of a success without its data.
pub(crate) const SUCCESS_BYTES: usize = r#"{"code":2000,"message":"Success","data":,"#.len()
    + r#""date":"2025-04-08 04:02:00","requestId":"00000000000000000000000000000007","success":true}"#.len();

/// How the date of a response is written.
const DATE: DateTimePrinter = DateTimePrinter::new().separator(b' ').precision(Some(0));

/// Data that cannot be written as JSON: a bug.
#[derive(Debug, thiserror::Error)]
#[error("the response cannot be written")]
pub(crate) struct Unwritable(#[from] io::Error);

/// Marks a response that needs no envelope, whatever its status.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WithoutEnvelope;

// As the document describes it. It is written by hand, so that rows need no general serializer.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct Envelope<'a, T> {
    #[schema(value_type = i32)]
    code: u32,
    message: &'a str,
    #[schema(value_type = T, required)]
    data: Option<&'a T>,
    /// When the request arrived, UTC.
    #[schema(value_type = String, pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$")]
    date: Timestamp,
    /// The W3C trace id of the request.
    #[schema(value_type = String, pattern = "^[0-9a-f]{32}$")]
    request_id: RequestId,
    #[schema(schema_with = schema::success)]
    success: bool,
}

/// The response that carries `data`, of about `size` bytes.
///
/// # Errors
/// When the data cannot be written as JSON: a bug.
pub(crate) fn success<T: Serialize>(
    context: &RequestContext,
    data: &T,
    size: usize,
) -> Result<HttpResponse, Unwritable> {
    let code = ResponseCode::Success;
    Ok(write(context, code, code.message(), size, |body| Ok(serde_json::to_writer(body, data)?))?)
}

/// The response that carries the data that `write_data` writes, of about `size` bytes and at most `max`; `None` where it would
/// be larger. `with_data` is given the data as it was written.
///
/// # Errors
/// When the data cannot be written as JSON: a bug.
pub(crate) fn success_within(
    context: &RequestContext,
    size: usize,
    max: usize,
    write_data: impl FnOnce(&mut BoundedBody<'_>) -> io::Result<()>,
    with_data: impl FnOnce(&[u8]),
) -> Result<Option<HttpResponse>, Unwritable> {
    let code = ResponseCode::Success;
    let written = write(context, code, code.message(), size.min(max), |body| {
        let start = body.len();
        write_data(&mut BoundedBody::after(body, max))?;
        with_data(body.get(start..).unwrap_or_default());
        Ok(())
    });
    match written {
        Ok(response) => Ok(Some(response)),
        Err(error) if error.kind() == BoundedBody::LIMIT_REACHED => Ok(None),
        Err(error) => Err(Unwritable(error)),
    }
}

/// The response that carries data that is JSON already: the bytes of [`success`].
///
/// # Errors
/// Never: it only writes to memory.
pub(crate) fn success_around(context: &RequestContext, data: &[u8]) -> Result<HttpResponse, Unwritable> {
    let code = ResponseCode::Success;
    Ok(write(context, code, code.message(), data.len(), |body| body.write_all(data))?)
}

/// The response that reports an error by the message of its code.
pub(crate) fn failure(context: &RequestContext, code: ResponseCode) -> HttpResponse {
    refusal(context, code, code.message())
}

/// The same with the parameter or the state that caused it.
pub(crate) fn failure_because(context: &RequestContext, code: ResponseCode, why: &str) -> HttpResponse {
    refusal(context, code, &format!("{}: {why}", code.message().trim_end_matches('.')))
}

fn refusal(context: &RequestContext, code: ResponseCode, message: &str) -> HttpResponse {
    let written = write(context, code, message, message.len(), |body| body.write_all(b"null"));
    // Texts and numbers can always be written; if ever not, the status stays.
    let mut response = written.unwrap_or_else(|_| HttpResponse::new(code.status()));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // For the metrics.
    response.extensions_mut().insert(code);
    response
}

fn write(
    context: &RequestContext,
    code: ResponseCode,
    message: &str,
    size: usize,
    write_data: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<HttpResponse> {
    let RequestContext { date, request_id, .. } = *context;
    let mut body = Vec::with_capacity(ENVELOPE_BYTES + size);
    body.extend_from_slice(b"{\"code\":");
    body.extend_from_slice(itoa::Buffer::new().format(code.code()).as_bytes());
    body.extend_from_slice(b",\"message\":");
    serde_json::to_writer(&mut body, message)?;
    body.extend_from_slice(b",\"data\":");
    write_data(&mut body)?;
    body.extend_from_slice(b",\"date\":\"");
    DATE.print_datetime(&Offset::UTC.to_datetime(date), &mut body).map_err(io::Error::other)?;
    body.extend_from_slice(b"\",\"requestId\":\"");
    body.extend_from_slice(request_id.to_string().as_bytes());
    body.extend_from_slice(if code.is_success() { b"\",\"success\":true}" } else { b"\",\"success\":false}" });
    Ok(HttpResponse::build(code.status()).insert_header((CONTENT_TYPE, JSON)).body(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::{MessageBody, to_bytes};

    fn context() -> RequestContext {
        let date = "2025-04-08T04:02:00.987Z".parse().unwrap();
        RequestContext { date, request_id: RequestId::new(7), parent: None }
    }

    #[actix_web::test]
    async fn data_that_is_json_already_is_in_the_same_envelope() {
        let context = context();
        let data = serde_json::json!({ "count": 1, "data": ["\u{8f66} \"x\""] });
        let bytes = async |response: HttpResponse| {
            assert_eq!((response.status().as_u16(), response.headers().get(CONTENT_TYPE)), (200, Some(&JSON)));
            to_bytes(response.into_body().boxed()).await.unwrap()
        };
        let expected = bytes(success(&context, &data, 0).unwrap()).await;
        assert_eq!(bytes(success_around(&context, data.to_string().as_bytes()).unwrap()).await, expected);
        assert_eq!(expected.len() - data.to_string().len(), SUCCESS_BYTES);
    }

    #[actix_web::test]
    async fn data_is_written_up_to_its_limit_and_given_as_it_was_written() {
        let mut given = Vec::new();
        let mut written = |max| {
            success_within(&context(), 0, max, |body| body.write_all(b"four"), |data| given = data.to_vec()).unwrap()
        };
        assert!(written(3).is_none());
        let written = to_bytes(written(4).unwrap().into_body().boxed()).await.unwrap();
        assert_eq!(given, b"four");
        let expected = success_around(&context(), b"four").unwrap();
        assert_eq!(written, to_bytes(expected.into_body().boxed()).await.unwrap());
    }
}
