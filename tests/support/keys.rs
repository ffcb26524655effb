//! Access keys: in a database, in memory, and to sign with.

mod database;
mod holder;
mod signer;

pub use database::{KeyDatabase, new_key};
pub use holder::{KeyHolder, access_key, key_secret, nonce, seconds_from_now};
pub use signer::Signer;
