//! The encoding of a URL: strict when read, canonical when written.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;
use std::fmt::Display;

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Why a text cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecodeError {
    #[error("has a % without two hexadecimal digits after it")]
    Percent,
    #[error("is not UTF-8 when decoded")]
    Utf8,
}

/// Decodes a part of a query once: `+` is a space, `%` and two hexadecimal digits are a byte, and the bytes are UTF-8.
pub(crate) fn decode(text: &str) -> Result<Cow<'_, str>, DecodeError> {
    decode_with(text, b' ')
}

/// Decodes a part of a path: the same, but that `+` is a plus.
pub(crate) fn decode_path(text: &str) -> Result<Cow<'_, str>, DecodeError> {
    decode_with(text, b'+')
}

fn decode_with(text: &str, plus: u8) -> Result<Cow<'_, str>, DecodeError> {
    if !text.bytes().any(|byte| byte == b'%' || byte == b'+') {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => plus,
            b'%' => escaped(bytes.next(), bytes.next()).ok_or(DecodeError::Percent)?,
            plain => plain,
        });
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| DecodeError::Utf8)
}

fn escaped(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high?)? * 16 + digit(low?)?)
}

/// The text, percent-encoded, so that every decoder returns the same.
pub(crate) fn encoded(text: &str) -> impl Display {
    utf8_percent_encode(text, RESERVED)
}

/// Appends the text, percent-encoded.
pub(crate) fn encode_into(target: &mut String, text: &str) {
    // Most ids are.
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)) {
        target.push_str(text);
    } else {
        target.extend(utf8_percent_encode(text, RESERVED));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_is_decoded_once() {
        for (text, decoded) in
            [("a-b", "a-b"), ("a+b", "a b"), ("%2B", "+"), ("%25zz", "%zz"), ("%c3%A9", "é"), ("é", "é"), ("", "")]
        {
            assert_eq!(decode(text).as_deref(), Ok(decoded), "{text}");
        }
        assert_eq!(decode_path("a+b%2B%20").as_deref(), Ok("a+b+ "));
    }

    #[test]
    fn a_text_that_cannot_be_decoded_is_refused() {
        for (text, error) in [
            ("%", DecodeError::Percent),
            ("%2", DecodeError::Percent),
            ("%zz", DecodeError::Percent),
            ("%+1", DecodeError::Percent),
            ("%é", DecodeError::Percent),
            ("%FF", DecodeError::Utf8),
            ("%C3", DecodeError::Utf8),
            ("%ED%A0%80", DecodeError::Utf8),
        ] {
            assert_eq!(decode(text), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_itself(text in any::<String>()) {
            let mut encoded = String::new();
            encode_into(&mut encoded, &text);
            prop_assert_eq!(decode(&encoded), Ok(Cow::Owned(text)));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "[%+0-9a-zé]{0,12}") {
            let _ = decode(&text);
        }
    }
}
