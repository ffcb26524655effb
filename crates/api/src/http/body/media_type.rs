//! The media type of a request body.

use crate::ResponseCode;
use crate::response::ApiError;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use annotation_statistics_reconciliation::SheetFormat;

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

/// The media types of sheets; one of any bytes says nothing of its format.
const SHEETS: [(&str, Option<SheetFormat>); 4] = [
    ("text/csv", Some(SheetFormat::Csv)),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Some(SheetFormat::Xlsx)),
    ("application/x-ndjson", Some(SheetFormat::JsonLines)),
    ("application/octet-stream", None),
];

/// The format that the headers state of a sheet, which is not compressed. `None` where they say nothing of it.
///
/// # Errors
/// [`ResponseCode::UnsupportedMediaType`]
pub(super) fn sheet_format(headers: &HeaderMap) -> Result<Option<SheetFormat>, ApiError> {
    let mut types = headers.get_all(CONTENT_TYPE);
    let (first, is_only) = (types.next(), types.next().is_none() && is_plain(headers));
    let read = |value: &str| {
        let mut parts = value.split(';').map(str::trim);
        let name = parts.next()?;
        let (_, format) = SHEETS.into_iter().find(|(known, _)| name.eq_ignore_ascii_case(known))?;
        parts.all(is_harmless).then_some(format)
    };
    let found = first.map_or(Some(None), |value| value.to_str().ok().and_then(read));
    found.filter(|_| is_only).ok_or(ApiError::Refused(ResponseCode::UnsupportedMediaType))
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
    fn a_sheet_is_of_a_known_media_type_or_of_none_and_not_compressed() {
        let read = |types: &[&str], coding: Option<&str>| {
            let mut headers = HeaderMap::new();
            for value in types {
                headers.append(CONTENT_TYPE, HeaderValue::from_str(value).unwrap());
            }
            if let Some(value) = coding {
                headers.append(CONTENT_ENCODING, HeaderValue::from_str(value).unwrap());
            }
            sheet_format(&headers).ok()
        };
        for (types, coding, expected, reason) in [
            (&["text/csv"][..], None, Some(Some(SheetFormat::Csv)), "CSV"),
            (&["Text/CSV; charset=utf-8; header=present"], None, Some(Some(SheetFormat::Csv)), "in UTF-8"),
            (&[SHEETS[1].0], Some("identity"), Some(Some(SheetFormat::Xlsx)), "a workbook"),
            (&["application/x-ndjson"], None, Some(Some(SheetFormat::JsonLines)), "lines"),
            (&["application/octet-stream"], None, Some(None), "any bytes"),
            (&[], None, Some(None), "it says nothing"),
            (&["text/csv; charset=latin1"], None, None, "another charset"),
            (&["text/csv", "text/csv"], None, None, "two types"),
            (&["text/csv"], Some("gzip"), None, "compressed"),
            (&[], Some("gzip"), None, "nothing but that it is compressed"),
            (&["application/json"], None, None, "one object"),
            (&["application/x-www-form-urlencoded"], None, None, "a form"),
        ] {
            assert_eq!(read(types, coding), expected, "{reason}");
        }
    }

    #[test]
    fn a_kind_that_an_operation_does_not_read_is_refused() {
        let mut headers = HeaderMap::new();
        headers.append(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        assert!(MediaType::of(&headers, &[MediaType::Json]).is_err());
    }
}
