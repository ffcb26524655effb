//! Access keys, cached in memory and encrypted at rest, and used nonces.

mod cache;
mod clock_skew;
mod key_record;
mod keys;
mod nonces;
mod registry;
mod rows;
mod sealed_secret;
mod watch;

pub use clock_skew::ClockSkew;
pub use key_record::{KeyRecord, NewKey};
pub use keys::PostgresKeys;
pub use nonces::PostgresNonces;
pub use registry::{KeyRegistryError, PostgresKeyRegistry, random_secret};
pub use sealed_secret::{InvalidMasterKey, MasterKey, MasterKeySource};
pub use watch::KeysLimits;
