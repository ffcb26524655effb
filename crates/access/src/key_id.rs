//! The id of an access key.

use std::borrow::Borrow;
use std::fmt;

/// Identifies an access key: 1 to 64 of the characters `A-Z a-z 0-9 . _ -`, so that it needs no quoting anywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(Box<str>);

/// The error for a text that is not a valid key id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key id is made of 1 to {} letters, digits and `._-`", KeyId::MAX_BYTES)]
pub struct InvalidKeyId;

impl KeyId {
    /// The largest size, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Checks and keeps a text.
    ///
    /// # Errors
    /// When the text is empty, too long, or has another character.
    pub fn new(text: impl Into<Box<str>>) -> Result<Self, InvalidKeyId> {
        let text = text.into();
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if (1..=Self::MAX_BYTES).contains(&text.len()) && text.bytes().all(is_allowed) {
            Ok(Self(text))
        } else {
            Err(InvalidKeyId)
        }
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for KeyId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_id_needs_no_quoting_anywhere() {
        for id in ["a", "AK-7.b_c", &"a".repeat(64)] {
            assert_eq!(KeyId::new(id).unwrap().as_str(), id);
        }
        for (text, reason) in [
            ("", "empty"),
            (&*"a".repeat(65), "too long"),
            ("a b", "a blank"),
            ("a&b", "what v1 joins with"),
            ("a\nb", "what v2 joins with"),
            ("a,b", "what a proxy joins two headers with"),
            ("é", "not ASCII"),
        ] {
            assert_eq!(KeyId::new(text), Err(InvalidKeyId), "{reason}");
        }
    }
}
