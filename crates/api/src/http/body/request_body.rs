//! The body of a request, read within a size, a time and a share of the memory.

use crate::http::body::media_type::MediaType;
use crate::http::body::reader::BodyReader;
use crate::http::{Caller, HeldMemory};
use crate::response::{ApiError, InvalidParameter};
use crate::{ApiState, ResponseCode};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpMessage, HttpRequest, web};
use annotation_statistics_domain::wire;

/// A whole body, and the memory that is reserved for it until it is dropped.
#[derive(Debug)]
pub(crate) struct RequestBody {
    pub(crate) kind: MediaType,
    text: String,
    _held: HeldMemory,
}

impl RequestBody {
    /// Reads the body, if it is of one of these media types.
    ///
    /// # Errors
    /// When it is of another media type, too large, too slow, cut off or not UTF-8, or when the bodies of other requests take
    /// all the memory.
    pub(crate) async fn read(
        request: &HttpRequest,
        payload: web::Payload,
        readable: &[MediaType],
        state: &ApiState,
    ) -> Result<Self, ApiError> {
        let kind = MediaType::of(request.headers(), readable)?;
        // The authorization has read and verified this body; its memory is reserved again below.
        drop(request.extensions_mut().remove::<HeldMemory>());
        let (mut reader, mut bytes) = (BodyReader::new(payload, Caller::of(request), state), Vec::new());
        while let Some(chunk) = reader.next().await? {
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let place = error.utf8_error().valid_up_to().saturating_add(1);
            InvalidParameter(format!("the body is not UTF-8 at byte {place}"))
        })?;
        Ok(Self { kind, text, _held: reader.into_held() })
    }

    /// Reads the JSON of a request that may have no body at all, and then no media type.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub(crate) async fn read_if_any(
        request: &HttpRequest,
        payload: web::Payload,
        state: &ApiState,
    ) -> Result<Option<Self>, ApiError> {
        if request.headers().contains_key(CONTENT_TYPE) {
            let body = Self::read(request, payload, &[MediaType::Json], state).await?;
            return Ok(Some(body).filter(|body| !body.text.is_empty()));
        }
        drop(request.extensions_mut().remove::<HeldMemory>());
        let mut reader = BodyReader::new(payload, Caller::of(request), state);
        while let Some(chunk) = reader.next().await? {
            if !chunk.is_empty() {
                return Err(ApiError::Refused(ResponseCode::UnsupportedMediaType));
            }
        }
        Ok(None)
    }

    /// The text, without a byte order mark.
    pub(crate) fn text(&self) -> &str {
        self.text.strip_prefix(wire::BYTE_ORDER_MARK).unwrap_or(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ApiSettings;
    use crate::state::ROWS_OF_A_BODY;
    use crate::test_support::{ports, settings, state_of};
    use actix_web::FromRequest;
    use actix_web::dev::Payload;
    use actix_web::error::PayloadError;
    use actix_web::test::TestRequest;
    use actix_web::web::Bytes;
    use futures_util::{StreamExt, stream};
    use std::time::Duration;

    async fn read(
        chunks: impl stream::Stream<Item = Result<Bytes, PayloadError>> + 'static,
        state: &ApiState,
    ) -> Result<RequestBody, ApiError> {
        let request = TestRequest::default().insert_header(("Content-Type", "application/json")).to_http_request();
        let payload = web::Payload::from_request(&request, &mut Payload::from(chunks.boxed_local())).await;
        RequestBody::read(&request, payload.unwrap(), &[MediaType::Json], state).await
    }

    fn chunks(texts: &[&'static str]) -> impl stream::Stream<Item = Result<Bytes, PayloadError>> + use<> {
        stream::iter(texts.iter().map(|text| Ok(Bytes::from_static(text.as_bytes()))).collect::<Vec<_>>())
    }

    fn state(max_body: usize, max_bodies: usize) -> ApiState {
        let body_timeout = Duration::from_millis(1);
        state_of(
            ports(),
            ApiSettings { max_body, max_bodies: max_bodies + ROWS_OF_A_BODY * max_body, body_timeout, ..settings() },
        )
    }

    #[actix_web::test]
    async fn a_body_is_assembled_without_its_byte_order_mark() {
        let body = read(chunks(&["\u{feff}[1", ",2]"]), &state(10, 10)).await.unwrap();
        assert_eq!((body.text(), body.kind), ("[1,2]", MediaType::Json));
    }

    #[actix_web::test]
    async fn a_body_gives_its_memory_back_when_it_is_dropped() {
        let state = state(10, 12);
        let first = read(chunks(&["[1,2", ",3]"]), &state).await.unwrap();
        assert!(matches!(read(chunks(&["[1,2", ",3]"]), &state).await, Err(ApiError::BodiesTooMany(_))));
        drop(first);
        assert!(read(chunks(&["[1,2", ",3]"]), &state).await.is_ok());
    }

    #[actix_web::test]
    async fn a_body_that_is_too_large_too_slow_or_cut_off_is_refused() {
        let state = state(4, 10);
        let large = read(chunks(&["[1,2", "]"]), &state).await;
        assert!(matches!(large, Err(ApiError::Refused(ResponseCode::PayloadTooLarge))));
        let slow = read(chunks(&["[1"]).chain(stream::pending()), &state).await;
        assert!(matches!(slow, Err(ApiError::Refused(ResponseCode::RequestTimeout))));
        let cut = read(chunks(&["[1"]).chain(stream::iter([Err(PayloadError::Incomplete(None))])), &state).await;
        assert_eq!(cut.unwrap_err().to_string(), "the body ends too early");
    }
}
