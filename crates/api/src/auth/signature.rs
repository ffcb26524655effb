//! The signatures of both schemes, and their comparison in constant time.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// What is signed, of either scheme.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signed<'a> {
    /// The time and the key, and nothing else of the request.
    V1 { ts: &'a str, key: &'a str },
    /// The canonical string of the request.
    V2 { canonical: &'a str },
}

impl Signed<'_> {
    /// The signature by this secret, as in the header but without the name of the scheme.
    pub(crate) fn signature(self, secret: &str) -> String {
        match self {
            Self::V1 { ts, key } => {
                let signed = [ts.as_bytes(), b"&", secret.as_bytes(), b"&", key.as_bytes()];
                HEXLOWER.encode(&signed.iter().fold(Md5::new(), Digest::chain_update).finalize())
            }
            Self::V2 { canonical } => {
                // HMAC takes keys of any length, so the empty text, which no signature equals, never occurs.
                let Ok(mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
                HEXLOWER.encode(&mac.chain_update(canonical).finalize().into_bytes())
            }
        }
    }

    /// Whether one of the two secrets made the given signature, in constant time.
    pub(crate) fn is_by_one_of(self, given: &str, secrets: [&str; 2]) -> bool {
        let compared = secrets.map(|secret| {
            let signature = self.signature(secret);
            signature.as_bytes().ct_eq(given.as_bytes()) & Choice::from(u8::from(!signature.is_empty()))
        });
        bool::from(compared.into_iter().fold(Choice::from(0), |any, one| any | one))
    }
}

/// The lower-case hexadecimal SHA-256 of a body.
pub(crate) fn body_hash(body: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(body))
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
