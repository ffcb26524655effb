//! Access keys, cached in memory and encrypted at rest, and used nonces.

mod clock_skew;
mod key_cache;
mod key_record;
mod key_registry;
mod keys;
mod nonces;
mod rows;
mod sealed_secret;
mod watch;

pub use clock_skew::ClockSkew;
pub use key_record::{KeyRecord, NewKey};
pub use key_registry::{KeyRegistryError, PostgresKeyRegistry, random_secret};
pub use keys::PostgresKeys;
pub use nonces::PostgresNonces;
pub use sealed_secret::{InvalidMasterKey, MasterKey, MasterKeySource};
pub use watch::KeysLimits;
