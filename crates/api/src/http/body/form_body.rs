//! The body that a form of the HTML page sends.

use crate::http::body::reader::BodyReader;
use crate::http::{Caller, HeldMemory, decode};
use crate::response::{ApiError, InvalidParameter};
use crate::{ApiState, ResponseCode};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, web};

/// `application/x-www-form-urlencoded`
const FORM: &str = "application/x-www-form-urlencoded";

/// A form, and the memory that is reserved for it until it is dropped.
#[derive(Debug)]
pub(crate) struct FormBody {
    text: String,
    _held: HeldMemory,
}

impl FormBody {
    /// Reads the body, if it is a form of at most so many bytes.
    ///
    /// # Errors
    /// When it is of another media type, too large, too slow, cut off or not UTF-8, or when the bodies of other requests
    /// take all the memory.
    pub(crate) async fn read(
        request: &HttpRequest,
        payload: web::Payload,
        max: usize,
        state: &ApiState,
    ) -> Result<Self, ApiError> {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(FORM) {
            return Err(ApiError::Refused(ResponseCode::UnsupportedMediaType));
        }
        let (mut reader, mut bytes) = (BodyReader::new(payload, Caller::of(request), state), Vec::new());
        while let Some(chunk) = reader.next().await? {
            if bytes.len().saturating_add(chunk.len()) > max {
                return Err(ApiError::Refused(ResponseCode::PayloadTooLarge));
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(bytes).map_err(|_| InvalidParameter("the form is not UTF-8".to_owned()))?;
        Ok(Self { text, _held: reader.into_held() })
    }

    /// The value of a field; empty where it is missing, is there twice or cannot be decoded.
    pub(crate) fn field(&self, name: &str) -> String {
        let pairs = self.text.split('&').filter_map(|pair| pair.split_once('='));
        let mut values = pairs.filter(|(given, _)| *given == name).map(|(_, value)| decode(value));
        match (values.next(), values.next()) {
            (Some(Ok(value)), None) => value.into_owned(),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::uncalled;
    use actix_web::FromRequest;
    use actix_web::dev::Payload;
    use actix_web::test::TestRequest;

    async fn read(media_type: &str, text: &'static str) -> Result<FormBody, ApiError> {
        let request = TestRequest::default().insert_header((CONTENT_TYPE, media_type)).to_http_request();
        let mut payload = Payload::from(web::Bytes::from_static(text.as_bytes()));
        let payload = web::Payload::from_request(&request, &mut payload).await.unwrap();
        FormBody::read(&request, payload, 20, &uncalled()).await
    }

    #[actix_web::test]
    async fn a_field_is_decoded_and_counts_only_where_it_is_there_once() {
        let form = read("application/x-www-form-urlencoded; charset=UTF-8", "a=1%26+2&b=3&b=4&c&d").await.unwrap();
        assert_eq!(["a", "b", "c", "e"].map(|name| form.field(name)), ["1& 2", "", "", ""]);
    }

    #[actix_web::test]
    async fn another_media_type_and_a_large_form_are_refused() {
        for (media_type, text, code) in [
            ("application/json", "a=1", ResponseCode::UnsupportedMediaType),
            ("text/plain", "a=1", ResponseCode::UnsupportedMediaType),
            (FORM, "a=123456789012345678901", ResponseCode::PayloadTooLarge),
        ] {
            assert_eq!(read(media_type, text).await.unwrap_err().code(), code, "{media_type}");
        }
    }
}
