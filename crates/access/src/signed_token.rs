//! What a browser shows in place of a signature: a session, or a share link.

use crate::{AccessKey, KeyId, KeySecret, Timestamp, TokenKey};
use annotation_statistics_domain::{AnnotationRequestId, AnnotationRequestIds, StatementName};
use data_encoding::BASE64URL_NOPAD;
use std::fmt;
use subtle::{Choice, ConstantTimeEq};

/// Names an access key and a time, and proves that the service made it for that key. Nothing of it is stored.
///
/// The secret of the key is part of what is authenticated: a token is good as long as a signature by that secret would
/// be. When the key expires, is revoked or loses that secret, its tokens end, too.
///
/// As text: the time, in milliseconds since 1970, the MAC in base64url, and the id of the key, with a dot between each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedToken {
    key: KeyId,
    expires: Timestamp,
    mac: [u8; 32],
}

/// What a token is good for.
#[derive(Debug, Clone, Copy)]
pub enum Grant<'a> {
    /// To read whatever its key may read.
    Session,
    /// To read these annotation requests, in this order, if its key may.
    Share(&'a AnnotationRequestIds),
    /// To read one statement of an annotation request, and nothing else of that, if its key may.
    Statement(&'a AnnotationRequestId, &'a StatementName),
}

impl SignedToken {
    /// The largest size as text, in bytes: a time, a MAC and a key id.
    pub const MAX_BYTES: usize = 20 + 1 + 43 + 1 + KeyId::MAX_BYTES;

    /// Makes a token of a key and one of its secrets.
    pub fn issue(token_key: &TokenKey, key: &KeyId, secret: &KeySecret, expires: Timestamp, grant: Grant<'_>) -> Self {
        Self { mac: mac(token_key, key, secret, expires, grant), key: key.clone(), expires }
    }

    /// Reads a text that may be a token; it proves nothing until it is verified.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = Some(text).filter(|text| text.len() <= Self::MAX_BYTES)?.splitn(3, '.');
        let expires = Timestamp::from(parts.next()?.parse::<i64>().ok()?);
        let mac = BASE64URL_NOPAD.decode(parts.next()?.as_bytes()).ok()?.try_into().ok()?;
        let token = Self { key: KeyId::new(parts.next()?).ok()?, expires, mac };
        // There is one spelling of each token.
        (token.to_string() == text).then_some(token)
    }

    /// The key that it names.
    pub fn key(&self) -> &KeyId {
        &self.key
    }

    /// When it expires.
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// Whether the service made it for this grant and this key, with a secret that is still valid, and it has not expired.
    ///
    /// Without a key the same is computed with the decoy, so that the time does not reveal which keys exist.
    pub fn is_valid(
        &self,
        token_key: &TokenKey,
        key: Option<&AccessKey>,
        decoy: &KeySecret,
        grant: Grant<'_>,
        now: Timestamp,
    ) -> bool {
        let key = key.filter(|key| key.is_valid_at(now));
        let current = key.map_or(decoy, |key| &key.secret);
        let previous = key.and_then(|key| key.previous_at(now)).unwrap_or(decoy);
        let is_made = [current, previous].into_iter().fold(Choice::from(0), |any, secret| {
            any | mac(token_key, &self.key, secret, self.expires, grant).ct_eq(&self.mac)
        });
        bool::from(is_made) && key.is_some_and(|key| key.id == self.key) && now < self.expires
    }
}

impl fmt::Display for SignedToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.expires.millis(), BASE64URL_NOPAD.encode(&self.mac), self.key)
    }
}

fn mac(token_key: &TokenKey, key: &KeyId, secret: &KeySecret, expires: Timestamp, grant: Grant<'_>) -> [u8; 32] {
    let expires = expires.millis().to_be_bytes();
    let (label, named): (&[u8], Vec<&str>) = match grant {
        Grant::Session => (b"session", Vec::new()),
        Grant::Share(ids) => (b"share", ids.as_slice().iter().map(AnnotationRequestId::as_str).collect()),
        Grant::Statement(request, name) => (b"statement", vec![request.as_str(), name.as_str()]),
    };
    let mut parts = vec![label, key.as_str().as_bytes(), secret.reveal().as_bytes(), &expires];
    parts.extend(named.into_iter().map(str::as_bytes));
    token_key.mac(&parts)
}

#[cfg(test)]
#[path = "signed_token_tests.rs"]
mod tests;
