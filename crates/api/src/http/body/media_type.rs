//! The media type of a request body.

use crate::ResponseCode;
use crate::response::ApiError;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

/// A media type that some operation reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaType {
    /// `application/json`
    Json,
    /// `application/x-ndjson`: one JSON object per line.
    JsonLines,
}

impl MediaType {
    /// The media type of the headers, if it is one of the `readable` ones, in UTF-8 and not compressed.
    ///
    /// # Errors
    /// [`ResponseCode::UnsupportedMediaType`]
    pub(super) fn of(headers: &HeaderMap, readable: &[Self]) -> Result<Self, ApiError> {
        let mut types = headers.get_all(CONTENT_TYPE).filter_map(|value| value.to_str().ok());
        let only = types.next().filter(|_| types.next().is_none() && is_plain(headers));
        let found = only.and_then(Self::read).filter(|found| readable.contains(found));
        found.ok_or(ApiError::Refused(ResponseCode::UnsupportedMediaType))
    }

    fn read(value: &str) -> Option<Self> {
        let mut parts = value.split(';').map(str::trim);
        let name = parts.next()?;
        let kinds = [("application/json", Self::Json), ("application/x-ndjson", Self::JsonLines)];
        let (_, kind) = kinds.into_iter().find(|(known, _)| name.eq_ignore_ascii_case(known))?;
        parts.all(is_harmless).then_some(kind)
    }
}

/// Only the charset matters.
fn is_harmless(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
}

fn is_plain(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_ENCODING).all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn read(types: &[&str], coding: Option<&str>) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        for value in types {
            headers.append(CONTENT_TYPE, HeaderValue::from_str(value).unwrap());
        }
        if let Some(value) = coding {
            headers.append(CONTENT_ENCODING, HeaderValue::from_str(value).unwrap());
        }
        MediaType::of(&headers, &[MediaType::Json, MediaType::JsonLines]).ok()
    }

    #[test]
    fn a_body_is_json_or_json_lines_in_utf_8_and_nothing_else() {
        let (json, lines) = (Some(MediaType::Json), Some(MediaType::JsonLines));
        for (types, coding, expected, reason) in [
            (vec!["application/json"], None, json, "JSON"),
            (vec!["Application/JSON; Charset=\"UTF-8\""], None, json, "in UTF-8"),
            (vec!["application/x-ndjson;version=1"], Some("identity"), lines, "lines, not compressed"),
            (vec![], None, None, "it says nothing"),
            (vec!["text/plain"], None, None, "text"),
            (vec!["application/json; charset=latin1"], None, None, "another charset"),
            (vec!["application/json", "application/json"], None, None, "two types"),
            (vec!["application/json"], Some("gzip"), None, "compressed"),
        ] {
            assert_eq!(read(&types, coding), expected, "{reason}");
        }
        assert!(MediaType::of(&HeaderMap::new(), &[]).is_err());
    }

    #[test]
    fn a_kind_that_an_operation_does_not_read_is_refused() {
        let mut headers = HeaderMap::new();
        headers.append(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        assert!(MediaType::of(&headers, &[MediaType::Json]).is_err());
    }
}
