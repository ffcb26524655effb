//! The W3C header `traceparent`.

use crate::RequestId;
use actix_web::http::header::{HeaderMap, HeaderName};
use std::fmt;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The contents of a valid `traceparent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TraceParent {
    pub(crate) trace: RequestId,
    pub(crate) parent: ParentSpan,
}

/// The span of the caller that a request belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParentSpan {
    /// Its id.
    pub span: SpanId,
    /// Whether the caller samples the trace.
    pub sampled: bool,
}

/// The id of a span, 16 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SpanId(u64);

impl SpanId {
    /// The id of this number; the number 0, which W3C forbids, counts as 1.
    pub fn new(number: u64) -> Self {
        Self(number.max(1))
    }

    /// An id for a span of our own.
    pub fn random() -> Self {
        Self::new(rand::random())
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

impl fmt::Debug for SpanId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl TraceParent {
    /// The one valid `traceparent` header; `None` without one, with an invalid one or with several.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(TRACEPARENT);
        let only = values.next()?;
        if values.next().is_some() { None } else { Self::read(only.as_bytes()) }
    }

    /// Reads `version-traceid-parentid-flags`; a version of the future may have more after it.
    fn read(header: &[u8]) -> Option<Self> {
        let mut fields = header.splitn(5, |byte| *byte == b'-');
        let version = hex(fields.next()?, 2)?;
        let trace = hex(fields.next()?, 32)?;
        let parent = hex(fields.next()?, 16)?;
        let flags = hex(fields.next()?, 2)?;
        let more = fields.next().is_some();
        let valid = version != 0xff && !(version == 0 && more) && trace != 0 && parent != 0;
        let parent = ParentSpan { span: SpanId::new(u64::try_from(parent).ok()?), sampled: flags & 1 == 1 };
        valid.then_some(Self { trace: RequestId::new(trace), parent })
    }
}

fn hex(field: &[u8], digits: usize) -> Option<u128> {
    let lower = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if field.len() != digits || !field.iter().all(lower) {
        return None;
    }
    std::str::from_utf8(field).ok().and_then(|text| u128::from_str_radix(text, 16).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;
    use proptest::prelude::*;

    const TRACE: &str = "9876543210abcdef9876543210abcdef";

    fn read(values: &[&str]) -> Option<TraceParent> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HeaderName::from_static("traceparent"), HeaderValue::from_str(value).unwrap());
        }
        TraceParent::from_headers(&headers)
    }

    #[test]
    fn a_valid_traceparent_gives_trace_parent_and_whether_it_is_kept() {
        for (value, sampled, reason) in [
            (format!("00-{TRACE}-00f067aa0ba902b7-01"), true, "version 00"),
            (format!("00-{TRACE}-00f067aa0ba902b7-00"), false, "not sampled"),
            (format!("00-{TRACE}-00f067aa0ba902b7-fe"), false, "flags of the future"),
            (format!("cc-{TRACE}-00f067aa0ba902b7-01"), true, "a version of the future"),
            (format!("cc-{TRACE}-00f067aa0ba902b7-01-what-the-future-adds"), true, "which may have more"),
        ] {
            let read = read(&[&value]).unwrap();
            let parts = (read.trace.to_string(), read.parent.span.to_string(), read.parent.sampled);
            assert_eq!(parts, (TRACE.into(), "00f067aa0ba902b7".into(), sampled), "{reason}");
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

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = TraceParent::read(&bytes);
        }
    }
}
