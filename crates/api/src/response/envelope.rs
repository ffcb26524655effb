//! The envelope of six fields, which is the body of every response.

use crate::http::RequestContext;
use crate::response::bounded_body::BoundedBody;
#[cfg(feature = "openapi")]
use crate::response::schema;
use crate::{RequestId, ResponseCode};
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use jiff::Timestamp;
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

/// The JSON that `write_data` writes, of about `size` bytes and at most `max`; `None` where it would be larger.
///
/// # Errors
/// When the data cannot be written as JSON: a bug.
pub(crate) fn write_within(
    size: usize,
    max: usize,
    write_data: impl FnOnce(&mut BoundedBody) -> io::Result<()>,
) -> Result<Option<Vec<u8>>, Unwritable> {
    let mut body = BoundedBody::new(size, max);
    match write_data(&mut body) {
        Ok(()) => Ok(Some(body.into_bytes())),
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
    refusal(context, code, &format!("{}: {why}", code.message()))
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
    write!(body, "{{\"code\":{},\"message\":", code.code())?;
    serde_json::to_writer(&mut body, message)?;
    body.write_all(b",\"data\":")?;
    write_data(&mut body)?;
    let date = date.strftime("%Y-%m-%d %H:%M:%S");
    write!(body, ",\"date\":\"{date}\",\"requestId\":\"{request_id}\",\"success\":{}}}", code.is_success())?;
    Ok(HttpResponse::build(code.status()).insert_header((CONTENT_TYPE, JSON)).body(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::{MessageBody, to_bytes};

    #[actix_web::test]
    async fn data_that_is_json_already_is_in_the_same_envelope() {
        let context = RequestContext {
            date: "2025-04-08T04:02:00.987Z".parse().unwrap(),
            request_id: RequestId::new(7),
            parent: None,
        };
        let data = serde_json::json!({ "count": 1, "data": ["\u{8f66} \"x\""] });
        let bytes = async |response: HttpResponse| {
            assert_eq!((response.status().as_u16(), response.headers().get(CONTENT_TYPE)), (200, Some(&JSON)));
            to_bytes(response.into_body().boxed()).await.unwrap()
        };
        let expected = bytes(success(&context, &data, 0).unwrap()).await;
        assert_eq!(bytes(success_around(&context, data.to_string().as_bytes()).unwrap()).await, expected);
        assert_eq!(expected.len() - data.to_string().len(), SUCCESS_BYTES);
    }

    #[test]
    fn data_is_written_up_to_its_limit() {
        let written = |max| write_within(0, max, |body| body.write_all(b"four")).unwrap();
        assert_eq!(written(4).as_deref(), Some(&b"four"[..]));
        assert_eq!(written(3), None);
    }
}
