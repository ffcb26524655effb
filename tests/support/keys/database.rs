//! Access keys in a database for one test.

use super::holder::{KeyHolder, access_key};
use super::signer::Signer;
use crate::{Implementation, TestDatabase};
use annotation_statistics_access::{AccessKey, KeyId, KeyScopes, KeySecret, Keys, Nonces, Timestamp};
use annotation_statistics_storage::{
    KeyRegistryError, KeysLimits, MasterKey, NewKey, PostgresKeyRegistry, PostgresKeys, PostgresNonces,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::block_in_place;

/// A database with access keys in it, dropped with this value.
pub struct KeyDatabase {
    /// The database itself.
    pub database: TestDatabase,
}

impl KeyDatabase {
    /// What the secrets are encrypted with.
    pub const MASTER_KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    /// The same, to be used.
    pub fn master_key() -> MasterKey {
        MasterKey::from_hex(Self::MASTER_KEY).unwrap()
    }

    /// Those who administrate the keys.
    pub fn registry(&self) -> PostgresKeyRegistry {
        PostgresKeyRegistry::new(self.database.database())
    }

    /// Adds a key that may read and write everything; returns what signs with it.
    pub fn add_writer(&self, id: &str) -> Signer {
        let key = AccessKey { scopes: KeyScopes::ReadAndWrite, ..access_key(id) };
        self.add(key.clone());
        Signer::new(key.id.as_str(), key.secret.reveal())
    }

    fn wait<T>(done: impl Future<Output = Result<T, KeyRegistryError>>) -> T {
        block_in_place(|| Handle::current().block_on(done)).unwrap()
    }
}

/// A key as it is made; its secret before a rotation is left out.
pub fn new_key(key: AccessKey) -> NewKey {
    let AccessKey { id, secret, scopes, campaigns, id_prefix, accepts_v1, expires, previous: _ } = key;
    NewKey { id, secret, scopes, campaigns, id_prefix, accepts_v1, expires }
}

impl KeyHolder for KeyDatabase {
    fn empty() -> Self {
        Self { database: TestDatabase::new() }
    }

    fn keys(&self) -> Arc<dyn Keys> {
        let limits = KeysLimits {
            poll_interval: Duration::from_millis(500),
            max_age: Self::MAX_AGE,
            last_use_interval: Duration::from_secs(60),
            max_clock_skew: Duration::from_secs(60),
        };
        let master_key = Arc::new(|| Ok(Self::master_key()));
        Arc::new(PostgresKeys::start(self.database.session_settings(), limits, master_key).unwrap())
    }

    fn nonces(&self) -> Arc<dyn Nonces> {
        Arc::new(PostgresNonces::new(self.database.database()))
    }

    fn add(&self, key: AccessKey) {
        Self::wait(self.registry().add(new_key(key), Self::master_key()));
    }

    fn rotate(&self, id: &KeyId, secret: &KeySecret, until: Timestamp) {
        Self::wait(self.registry().rotate(id.clone(), secret.clone(), until, Self::master_key()));
    }

    fn revoke(&self, id: &KeyId) {
        Self::wait(self.registry().revoke(id.clone()));
    }

    fn last_use(&self, id: &KeyId) -> Option<Timestamp> {
        let records = Self::wait(self.registry().list());
        records.into_iter().find(|record| record.id == *id).and_then(|record| record.last_used)
    }

    fn remembered(&self) -> usize {
        self.database.query("SELECT 1 FROM access_key_nonces").len()
    }

    fn cut_off(&self) {
        self.database.cut_off();
    }

    fn reconnect(&self) {
        self.database.reconnect();
    }
}
