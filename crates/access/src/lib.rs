//! Access keys and nonces, and the ports around them.
//!
//! Depend on this crate when you authenticate requests ([`Keys`]), refuse replays ([`Nonces`]), or keep access keys
//! somewhere else and implement these ports. A [`SignedToken`] is what a browser shows in place of a signature. For statistics alone, `annotation-statistics-domain` is enough.
//!
//! # Features
//!
//! * `mock`: `MockKeys` and `MockNonces`, for unit tests.

mod access_key;
mod key_id;
mod key_secret;
mod keys;
mod nonce;
mod nonces;
mod signed_token;
mod timestamp;
mod token_key;

pub use access_key::{Access, AccessKey, KeyScopes, PreviousSecret};
pub use key_id::{InvalidKeyId, KeyId};
pub use key_secret::{InvalidKeySecret, KeySecret};
pub use keys::{Keys, KeysUnavailable};
pub use nonce::{InvalidNonce, Nonce};
pub use nonces::{Nonces, NoncesUnavailable};
pub use signed_token::{Grant, SignedToken};
pub use timestamp::Timestamp;
pub use token_key::TokenKey;

#[cfg(feature = "mock")]
pub use keys::MockKeys;
#[cfg(feature = "mock")]
pub use nonces::MockNonces;
