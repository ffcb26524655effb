//! The nonce of a signed request, which makes a replay detectable.

use std::fmt;

/// A text that a client uses for one request and never again: 16 to 64 of the characters `A-Z a-z 0-9 _ -`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Nonce(Box<str>);

/// The error for a text that is not a valid nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a nonce is made of {} to {} letters, digits, `_` and `-`", Nonce::MIN_BYTES, Nonce::MAX_BYTES)]
pub struct InvalidNonce;

impl Nonce {
    /// The smallest size, in bytes.
    pub const MIN_BYTES: usize = 16;
    /// The largest size, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Checks and keeps a text.
    ///
    /// # Errors
    /// When the text is too short or too long, or has another character.
    pub fn new(text: impl Into<Box<str>>) -> Result<Self, InvalidNonce> {
        let text = text.into();
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        let is_right = (Self::MIN_BYTES..=Self::MAX_BYTES).contains(&text.len()) && text.bytes().all(is_allowed);
        if is_right { Ok(Self(text)) } else { Err(InvalidNonce) }
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_long_enough_to_be_used_once() {
        for nonce in ["0123456789abcdef", &"-".repeat(64), "A_z-0123456789AB"] {
            assert_eq!(Nonce::new(nonce).unwrap().as_str(), nonce);
        }
        for (text, reason) in [
            ("0123456789abcde", "too short"),
            (&*"a".repeat(65), "too long"),
            ("0123456789abcde.", "another character"),
            ("0123456789abcde\n", "what v2 joins with"),
        ] {
            assert_eq!(Nonce::new(text), Err(InvalidNonce), "{reason}");
        }
    }
}
