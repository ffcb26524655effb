//! Access keys and used nonces.

pub(crate) mod key_registry;
pub(crate) mod keys;
pub(crate) mod nonces;
pub(crate) mod record;
pub(crate) mod rows;
pub(crate) mod sealed_secret;
pub(crate) mod watch;
