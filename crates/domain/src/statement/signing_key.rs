//! Digests, and the keys that statements are signed with.

use std::fmt;
use std::time::SystemTime;

/// A SHA-256 digest; displayed as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256(pub [u8; 32]);

impl fmt::Display for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// The id of a key: the first 16 hexadecimal digits of the SHA-256 of the public key, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct SigningKeyId(String);

/// Why a text is not the id of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be {} hexadecimal digits in lower case", SigningKeyId::DIGITS)]
pub struct InvalidSigningKeyId;

impl SigningKeyId {
    /// How many digits it has.
    pub const DIGITS: usize = 16;

    /// That of the public key with this digest.
    pub fn of(digest: Sha256) -> Self {
        let mut id = digest.to_string();
        id.truncate(Self::DIGITS);
        Self(id)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SigningKeyId {
    type Error = InvalidSigningKeyId;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        if id.len() == Self::DIGITS && id.bytes().all(is_digit) { Ok(Self(id)) } else { Err(InvalidSigningKeyId) }
    }
}

impl From<SigningKeyId> for String {
    fn from(id: SigningKeyId) -> Self {
        id.0
    }
}

impl fmt::Display for SigningKeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The public half of a key of Ed25519.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Its id.
    pub id: SigningKeyId,
    /// The 32 bytes of RFC 8032.
    pub bytes: [u8; 32],
}

/// A public key that clients verify statements with. It stays published when it is retired, as what it has signed stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedKey {
    /// The key.
    pub key: PublicKey,
    /// When it was first used.
    pub created_at: SystemTime,
    /// From when on nothing is signed with it any more.
    pub retired_at: Option<SystemTime>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_key_is_the_start_of_its_digest() {
        let mut digest = [0xab; 32];
        digest[7] = 0x0c;
        let id = SigningKeyId::of(Sha256(digest));
        assert_eq!(id.as_str(), "ababababababab0c");
        assert_eq!(SigningKeyId::try_from("ababababababab0c".to_owned()), Ok(id));
        for (text, reason) in [
            ("ABABABABABABAB0C", "capitals"),
            ("abababababababab0", "17 digits"),
            ("ababababababab0", "15 digits"),
            ("ababababababab0g", "no digit"),
        ] {
            assert_eq!(SigningKeyId::try_from(text.to_owned()), Err(InvalidSigningKeyId), "{reason}");
        }
    }
}
