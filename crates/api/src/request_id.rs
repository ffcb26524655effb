//! The name of a request: its W3C trace id.

use actix_web::http::header::HeaderMap;
use std::fmt;
use std::sync::Arc;

/// Names one request, in its answer and in every log line about it: the W3C trace id, 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RequestId(u128);

impl RequestId {
    /// The id of this number; the number 0, which W3C forbids, counts as 1.
    pub fn new(number: u128) -> Self {
        Self(number.max(1))
    }

    /// The trace id of a valid `traceparent` header; `None` without one, with a broken one or with several.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all("traceparent");
        let only = values.next()?;
        if values.next().is_some() { None } else { Self::from_traceparent(only.as_bytes()) }
    }

    /// Reads `version-traceid-parentid-flags`; a version of the future may have more after it.
    fn from_traceparent(header: &[u8]) -> Option<Self> {
        let mut fields = header.splitn(5, |byte| *byte == b'-');
        let version = hex(fields.next()?, 2)?;
        let trace = hex(fields.next()?, 32)?;
        let parent = hex(fields.next()?, 16)?;
        hex(fields.next()?, 2)?;
        let more = fields.next().is_some();
        let valid = version != 0xff && !(version == 0 && more) && trace != 0 && parent != 0;
        valid.then_some(Self(trace))
    }
}

fn hex(field: &[u8], digits: usize) -> Option<u128> {
    let lower = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if field.len() != digits || !field.iter().all(lower) {
        return None;
    }
    std::str::from_utf8(field).ok().and_then(|text| u128::from_str_radix(text, 16).ok())
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Makes the ids of requests that come without one; injected, so that tests can compare whole bodies.
#[derive(Clone)]
pub struct RequestIds(Arc<dyn Fn() -> RequestId + Send + Sync>);

impl RequestIds {
    /// Random ids.
    pub fn random() -> Self {
        Self::new(|| RequestId::new(rand::random()))
    }

    /// A source of your own.
    pub fn new(next: impl Fn() -> RequestId + Send + Sync + 'static) -> Self {
        Self(Arc::new(next))
    }

    /// The next id.
    pub fn next_id(&self) -> RequestId {
        (self.0)()
    }
}

impl fmt::Debug for RequestIds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RequestIds")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    const TRACE: &str = "9876543210abcdef9876543210abcdef";

    fn read(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HeaderName::from_static("traceparent"), HeaderValue::from_str(value).unwrap());
        }
        RequestId::from_headers(&headers).map(|id| id.to_string())
    }

    #[test]
    fn a_valid_traceparent_gives_its_trace_id() {
        for (value, reason) in [
            (format!("00-{TRACE}-00f067aa0ba902b7-01"), "version 00"),
            (format!("00-{TRACE}-00f067aa0ba902b7-fe"), "flags of the future"),
            (format!("cc-{TRACE}-00f067aa0ba902b7-01"), "a version of the future"),
            (format!("cc-{TRACE}-00f067aa0ba902b7-01-what-the-future-adds"), "which may have more"),
        ] {
            assert_eq!(read(&[&value]).as_deref(), Some(TRACE), "{reason}");
        }
    }

    #[test]
    fn a_traceparent_that_is_not_valid_is_ignored() {
        let valid = format!("00-{TRACE}-00f067aa0ba902b7-01");
        for (values, reason) in [
            (vec![], "none"),
            (vec![valid.clone(), valid.clone()], "given twice"),
            (vec![String::new()], "empty"),
            (vec![format!("ff-{TRACE}-00f067aa0ba902b7-01")], "version ff is forbidden"),
            (vec![format!("0-{TRACE}-00f067aa0ba902b7-01")], "a short version"),
            (vec![format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32))], "the zero trace"),
            (vec![format!("00-{TRACE}-0000000000000000-01")], "the zero parent"),
            (vec![format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase())], "upper case"),
            (vec![format!("00-+{}-00f067aa0ba902b7-01", TRACE.split_at(1).1)], "a sign is no digit"),
            (vec![format!("{valid}-more")], "version 00 has four fields"),
            (vec![format!("{valid}-")], "even with an empty fifth"),
            (vec![format!("00-{TRACE}-00f067aa0ba902b7")], "no flags"),
            (vec![format!("cc-{TRACE}-00f067aa0ba902b7-01.more")], "more without its dash"),
        ] {
            let values: Vec<_> = values.iter().map(String::as_str).collect();
            assert_eq!(read(&values), None, "{reason}");
        }
    }

    #[test]
    fn the_number_zero_is_never_an_id() {
        assert_eq!(RequestId::new(0).to_string(), "00000000000000000000000000000001");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = RequestId::from_traceparent(&bytes);
        }
    }
}
