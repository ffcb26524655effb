//! Secrets at rest: encrypted, and bound to the id of their key.

use annotation_statistics_access::{KeyId, KeySecret, TokenKey};
use annotation_statistics_domain::BoxError;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox};
use std::fmt;
use std::sync::Arc;

/// Part of the associated data, so that no other ciphertext of the same master key passes for a secret.
const PURPOSE: &str = "annotation-statistics access key secret: ";

const NONCE_BYTES: usize = 24;

/// Encrypts the secrets of access keys. It never prints, and is zeroed when it is dropped.
pub struct MasterKey(SecretBox<[u8; 32]>);

/// Gives the master key when there is something to decrypt.
pub type MasterKeySource = Arc<dyn Fn() -> Result<MasterKey, BoxError> + Send + Sync>;

/// A text that is no master key; the text is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 64 hexadecimal digits, such as `openssl rand -hex 32` prints")]
pub struct InvalidMasterKey;

/// Bytes that this master key did not encrypt for this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret was not encrypted with this master key, or not for this key")]
pub(super) struct NotOurs;

impl MasterKey {
    /// A new one.
    pub fn random() -> Self {
        Self(SecretBox::init_with(rand::random))
    }

    /// Reads one; blanks and line breaks around it do not matter.
    ///
    /// # Errors
    /// When the text is not 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<Self, InvalidMasterKey> {
        let mut key = SecretBox::<[u8; 32]>::default();
        let digits = text.trim().as_bytes();
        if HEXLOWER_PERMISSIVE.decode_len(digits.len()) != Ok(32) {
            return Err(InvalidMasterKey);
        }
        HEXLOWER_PERMISSIVE.decode_mut(digits, key.expose_secret_mut()).map_err(|_| InvalidMasterKey)?;
        Ok(Self(key))
    }

    /// As text, to be kept in a file that only the program can read.
    pub fn to_hex(&self) -> String {
        HEXLOWER.encode(self.0.expose_secret())
    }

    /// The key of the tokens of browsers, which is derived from this one.
    pub fn token_key(&self) -> TokenKey {
        TokenKey::derive(self.0.expose_secret())
    }

    pub(super) fn seal(&self, id: &KeyId, secret: &KeySecret) -> Result<Vec<u8>, NotOurs> {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let bound = bound_to(id);
        let payload = Payload { msg: secret.reveal().as_bytes(), aad: bound.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| NotOurs)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(super) fn open(&self, id: &KeyId, sealed: &[u8]) -> Result<KeySecret, NotOurs> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(NotOurs)?;
        let bound = bound_to(id);
        let payload = Payload { msg: sealed, aad: bound.as_bytes() };
        let secret = self.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| NotOurs)?;
        let text = String::from_utf8(secret).map_err(|_| NotOurs)?;
        KeySecret::new(text).map_err(|_| NotOurs)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.0.expose_secret().into())
    }
}

impl Clone for MasterKey {
    fn clone(&self) -> Self {
        Self(SecretBox::init_with(|| *self.0.expose_secret()))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(secret)")
    }
}

fn bound_to(id: &KeyId) -> String {
    format!("{PURPOSE}{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> KeyId {
        KeyId::new(text).unwrap()
    }

    #[test]
    fn a_secret_is_opened_by_its_master_key_for_its_key_and_by_no_other() {
        let (master, secret) = (MasterKey::random(), KeySecret::new("0123456789abcdef").unwrap());
        let sealed = master.seal(&id("a"), &secret).unwrap();
        assert_eq!(master.open(&id("a"), &sealed), Ok(secret.clone()));
        assert_eq!(master.open(&id("b"), &sealed), Err(NotOurs), "moved to another row");
        assert_eq!(MasterKey::random().open(&id("a"), &sealed), Err(NotOurs), "another master key");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(master.open(&id("a"), &changed), Err(NotOurs), "byte {place}");
        }
        assert_eq!(master.open(&id("a"), &sealed[..20]), Err(NotOurs), "cut off");
        assert_ne!(master.seal(&id("a"), &secret), Ok(sealed.clone()), "never the same twice");
        assert_eq!(sealed.len(), 24 + 16 + 16);
    }

    #[test]
    fn a_master_key_is_sixty_four_hexadecimal_digits_and_never_prints() {
        let master = MasterKey::random();
        let read = MasterKey::from_hex(&format!(" {}\n", master.to_hex().to_uppercase())).unwrap();
        assert_eq!(read.0.expose_secret(), master.0.expose_secret());
        assert_eq!(format!("{master:?}"), "(secret)");
        for text in ["", "ab", &"g".repeat(64), &"+1".repeat(32), &"é".repeat(32)] {
            assert_eq!(MasterKey::from_hex(text).unwrap_err(), InvalidMasterKey, "{text}");
        }
    }
}
