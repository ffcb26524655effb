//! Keys of Ed25519 as PEM files, the form of `openssl genpkey -algorithm ed25519`.

use annotation_statistics_domain::{PublicKey, Sha256, SigningKeyId};
use data_encoding::BASE64;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox, SecretString};
use sha2::{Digest, Sha256 as Hash};
use std::fmt;

/// What RFC 8410 puts in front of the 32 bytes of a public key.
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// What it puts in front of the 32 bytes of a private key.
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// A key that statements are signed with. Its private half never prints.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

/// Why a text is no key to sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSigningKey {
    /// There is nothing.
    #[error("it is empty")]
    Empty,
    /// There is no block of a private key, or a broken one.
    #[error("it has no whole PRIVATE KEY block in PEM (PKCS#8), such as `openssl genpkey -algorithm ed25519` prints")]
    NoBlock,
    /// It is the public half.
    #[error("it is a public key; statements are signed with the private one")]
    Public,
    /// It is encrypted with a password.
    #[error("it is encrypted with a password; `openssl pkey -in FILE` prints it without")]
    Encrypted,
    /// It is a key of another algorithm.
    #[error("it is not a key of Ed25519; statements are signed with no other")]
    NotEd25519,
}

/// Why a text is no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it has no PUBLIC KEY block of Ed25519 in PEM")]
pub struct InvalidPublicKey;

impl SigningKey {
    /// The PEM file of a new key, by the random numbers of the system; `None` where it has none.
    pub fn generate() -> Option<SecretString> {
        let mut der = SecretBox::new(Box::new([0; PKCS8_PREFIX.len() + 32]));
        let (prefix, key) = der.expose_secret_mut().split_at_mut(PKCS8_PREFIX.len());
        prefix.copy_from_slice(&PKCS8_PREFIX);
        SystemRandom::new().fill(key).ok()?;
        // Not by `generate_pkcs8` of ring, whose form openssl 3.0 does not read.
        Some(SecretString::from(block("PRIVATE KEY", der.expose_secret())))
    }

    /// Reads a key.
    ///
    /// # Errors
    /// When the text is not the PEM file of one.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidSigningKey> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| InvalidSigningKey::of(pem))?;
        // What openssl writes has no public half to compare with.
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der());
        let pair = pair.map_err(|_| InvalidSigningKey::NotEd25519)?;
        let bytes = pair.public_key().as_ref().try_into().map_err(|_| InvalidSigningKey::NotEd25519)?;
        Ok(Self { pair, public: with_id(bytes) })
    }

    /// Its public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The signature of these bytes; the same for the same bytes.
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        // Ed25519 has signatures of 64 bytes.
        signature.iter_mut().zip(self.pair.sign(bytes).as_ref()).for_each(|(byte, signed)| *byte = *signed);
        signature
    }
}

impl InvalidSigningKey {
    /// Why a text has no block of a private key.
    fn of(pem: &str) -> Self {
        let has = |label| pem.contains(&format!("-----BEGIN {label}-----"));
        if pem.trim_ascii().is_empty() {
            Self::Empty
        } else if has("ENCRYPTED PRIVATE KEY") {
            Self::Encrypted
        } else if has("PUBLIC KEY") {
            Self::Public
        } else if has("RSA PRIVATE KEY") || has("EC PRIVATE KEY") {
            Self::NotEd25519
        } else {
            Self::NoBlock
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SigningKey").field("id", &self.public.id).finish_non_exhaustive()
    }
}

/// Whether this is the signature of these bytes by this key.
pub fn is_signed(bytes: &[u8], signature: &[u8], key: &PublicKey) -> bool {
    UnparsedPublicKey::new(&ED25519, key.bytes).verify(bytes, signature).is_ok()
}

/// The PEM file of a public key, the form of `openssl pkey -pubout`.
pub fn public_key_to_pem(key: &PublicKey) -> String {
    block("PUBLIC KEY", &[SPKI_PREFIX.as_slice(), &key.bytes].concat())
}

/// Reads the PEM file of a public key.
///
/// # Errors
/// When the text is not one of Ed25519.
pub fn public_key_from_pem(pem: &str) -> Result<PublicKey, InvalidPublicKey> {
    let der = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes()).map_err(|_| InvalidPublicKey)?;
    let bytes = der.as_ref().strip_prefix(&SPKI_PREFIX).ok_or(InvalidPublicKey)?;
    Ok(with_id(bytes.try_into().map_err(|_| InvalidPublicKey)?))
}

fn with_id(bytes: [u8; 32]) -> PublicKey {
    PublicKey { id: key_id_of(&bytes), bytes }
}

/// The id of the public key of these bytes.
pub(crate) fn key_id_of(bytes: &[u8; 32]) -> SigningKeyId {
    SigningKeyId::of(Sha256(Hash::digest(bytes).into()))
}

/// A short block of PEM, which fits lines of 64 characters.
fn block(label: &str, der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\n");
    format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n")
}
