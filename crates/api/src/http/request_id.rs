//! The id of a request: its W3C trace id.

use data_encoding::HEXLOWER;
use std::fmt;
use std::sync::Arc;

/// Identifies a request in its response and in its log lines: the W3C trace id, 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RequestId(u128);

impl RequestId {
    /// The id of this number; the number 0, which W3C forbids, counts as 1.
    pub fn new(number: u128) -> Self {
        Self(number.max(1))
    }

    /// The number itself.
    pub fn number(self) -> u128 {
        self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(HEXLOWER.encode_mut_str(&self.0.to_be_bytes(), &mut [0; 32]))
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Generates the ids of requests without a `traceparent`; injected, so that tests can compare whole bodies.
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

    #[test]
    fn an_id_has_all_of_its_digits_in_lower_case() {
        let id = RequestId::new(0x00ab_cdef_0123_4567_89ab_cdef_0123_4567);
        assert_eq!(id.to_string(), "00abcdef0123456789abcdef01234567");
    }

    #[test]
    fn the_number_zero_is_never_an_id() {
        assert_eq!(RequestId::new(0).to_string(), "00000000000000000000000000000001");
    }
}
