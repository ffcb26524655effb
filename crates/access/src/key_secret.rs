//! The secret of an access key, which signs requests.

use data_encoding::HEXLOWER;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// The secret of an access key: 16 to 255 visible ASCII characters. It never prints, and is zeroed when it is dropped.
#[derive(Clone)]
pub struct KeySecret(SecretString);

/// A text that is no secret; the text is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret is made of {} to {} visible ASCII characters", KeySecret::MIN_BYTES, KeySecret::MAX_BYTES)]
pub struct InvalidKeySecret;

impl KeySecret {
    /// The smallest size, in bytes.
    pub const MIN_BYTES: usize = 16;
    /// The largest size, in bytes.
    pub const MAX_BYTES: usize = 255;

    /// Checks and keeps a text.
    ///
    /// # Errors
    /// When the text is too short or too long, or has another character.
    pub fn new(text: impl Into<Box<str>>) -> Result<Self, InvalidKeySecret> {
        // Wrapped before it is checked, so that a text that is refused is zeroed too.
        let text = SecretString::from(text.into());
        let bytes = text.expose_secret().as_bytes();
        let is_valid =
            (Self::MIN_BYTES..=Self::MAX_BYTES).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
        if is_valid { Ok(Self(text)) } else { Err(InvalidKeySecret) }
    }

    /// These bytes, as hexadecimal digits.
    pub fn hexadecimal(bytes: &[u8; 32]) -> Self {
        Self(SecretString::from(HEXLOWER.encode(bytes)))
    }

    /// The text itself, to sign with it, to encrypt it, or to show it once.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Not in constant time: authentication compares signatures, not secrets.
impl PartialEq for KeySecret {
    fn eq(&self, other: &Self) -> bool {
        self.reveal() == other.reveal()
    }
}

impl Eq for KeySecret {}

impl fmt::Debug for KeySecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints() {
        let secret = KeySecret::new("0123456789abcdef").unwrap();
        assert_eq!(format!("{secret:?}"), "(secret)");
        assert_eq!(secret.reveal(), "0123456789abcdef");
    }

    #[test]
    fn a_text_that_is_no_secret_is_refused() {
        for (text, reason) in [
            ("0123456789abcde", "too short to be one"),
            (&*"a".repeat(256), "too long"),
            ("0123456789 abcdef", "a blank, which is easily lost"),
            ("0123456789abcdé", "not ASCII: clients would disagree about its bytes"),
        ] {
            assert_eq!(KeySecret::new(text), Err(InvalidKeySecret), "{reason}");
        }
    }
}
