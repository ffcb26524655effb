//! Makes, lists, rotates and revokes access keys.

use crate::access_keys::key_record::{self, KeyRecord, NewKey};
use crate::access_keys::rows;
use crate::access_keys::watch::CHANNEL;
use crate::pool::CountedError;
use crate::{Database, DatabaseError, MasterKey};
use annotation_statistics_access::{Access, AccessKey, InvalidKeySecret, KeyId, KeySecret, Timestamp};
use annotation_statistics_domain::{CampaignId, CampaignScope, IdPrefix};
use data_encoding::HEXLOWER;
use diesel::pg::PgConnection;
use diesel::result::Error as DieselError;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text};
use diesel::{Connection, OptionalExtension, QueryableByName, RunQueryDsl, sql_query};

/// How many keys there are, revoked or not.
const COUNT_SQL: &str = "SELECT count(*) AS number FROM access_keys";

/// A secret of any key that is not revoked, to try the master key with.
const ANY_SQL: &str = "SELECT id, secret, revoked_at IS NOT NULL AS revoked FROM access_keys \
WHERE revoked_at IS NULL ORDER BY id LIMIT 1";

/// The key `$1`, which no other may change until the end of the transaction.
const LOCK_SQL: &str = "SELECT id, secret, revoked_at IS NOT NULL AS revoked FROM access_keys WHERE id = $1 FOR UPDATE";

/// A new key; no row where there is one of this name. Times are in milliseconds.
const ADD_SQL: &str = "\
INSERT INTO access_keys (id, secret, may_read, may_write, campaigns, accepts_v1, expires_at, id_prefix, created_at) \
VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::double precision / 1000), $8, now()) ON CONFLICT (id) DO NOTHING";

/// The key `$1` gets the secret `$2`; the one that it had is good until `$3`, in milliseconds.
const ROTATE_SQL: &str = "\
UPDATE access_keys SET previous_secret = secret, secret = $2, \
previous_expires_at = to_timestamp($3::double precision / 1000) WHERE id = $1";

/// A revoked key keeps nothing that could prove it.
const REVOKE_SQL: &str = "\
UPDATE access_keys SET revoked_at = now(), previous_secret = NULL, previous_expires_at = NULL WHERE id = $1";

/// The keys that are not revoked and were made before `$1`, in microseconds.
const MADE_BEFORE_SQL: &str = "SELECT id FROM access_keys \
WHERE revoked_at IS NULL AND created_at < timestamptz 'epoch' + $1 * interval '1 microsecond' ORDER BY id";

/// The same of all keys that were made before `$1`, in microseconds.
const REVOKE_BEFORE_SQL: &str = "\
UPDATE access_keys SET revoked_at = now(), previous_secret = NULL, previous_expires_at = NULL \
WHERE revoked_at IS NULL AND created_at < timestamptz 'epoch' + $1 * interval '1 microsecond' RETURNING id";

const ANNOUNCE_SQL: &str = "SELECT pg_notify($1, '')";

/// Keeps the access keys of a database, for its administrators.
#[derive(Clone)]
pub struct PostgresKeyRegistry {
    database: Database,
}

/// Why the keys were not changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyRegistryError {
    /// There is a key of this name already, revoked or not.
    #[error("there is a key `{0}` already; a revoked one keeps its name")]
    Exists(KeyId),
    /// There is no key of this name.
    #[error("there is no key `{0}`; `annotation-statistics keys list` lists them")]
    Unknown(KeyId),
    /// The key was revoked, and stays so.
    #[error("the key `{0}` is revoked; add another one")]
    Revoked(KeyId),
    /// There are as many as servers keep in memory.
    #[error("there are {} keys already, which is the most", PostgresKeyRegistry::MAX_KEYS)]
    TooMany,
    /// The stored keys were encrypted with another master key.
    #[error("this is not the master key that the other keys are encrypted with (auth.master_key_file)")]
    OtherMasterKey,
    /// The database did not do it.
    #[error(transparent)]
    Connection(#[from] DatabaseError),
}

impl From<DieselError> for KeyRegistryError {
    fn from(error: DieselError) -> Self {
        Self::Connection(error.into())
    }
}

impl CountedError for KeyRegistryError {
    fn reason(&self) -> Option<&'static str> {
        if let Self::Connection(error) = self { Some(error.reason()) } else { None }
    }
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Binary)]
    secret: Vec<u8>,
    #[diesel(sql_type = Bool)]
    revoked: bool,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    id: String,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl PostgresKeyRegistry {
    /// The most keys: servers keep all of them in memory.
    pub const MAX_KEYS: i64 = 10_000;

    /// Of the given database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Whether there is any key, revoked or not: then there is a master key that must be used.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn is_empty(&self) -> Result<bool, KeyRegistryError> {
        self.database.write(|connection| Ok(count(connection)? == 0)).await
    }

    /// All keys, by name.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list(&self) -> Result<Vec<KeyRecord>, KeyRegistryError> {
        self.database.write(|connection| Ok(key_record::load(connection)?)).await
    }

    /// A key that is not revoked, with its secret.
    ///
    /// # Errors
    /// When there is no such key, or the master key is not that of the keys.
    pub async fn find(&self, id: KeyId, master_key: MasterKey) -> Result<AccessKey, KeyRegistryError> {
        let found = self.database.write(move |connection| {
            let opened = rows::load(connection, 0)?.open(|| Ok::<_, KeyRegistryError>(master_key))?;
            let usable: Vec<AccessKey> = opened.keys.into_iter().filter_map(Result::ok).collect();
            if usable.is_empty() && count(connection)? > 0 {
                return Err(KeyRegistryError::OtherMasterKey);
            }
            usable.into_iter().find(|key| key.id == id).ok_or(KeyRegistryError::Unknown(id))
        });
        found.await
    }

    /// Makes a key; servers know it at once.
    ///
    /// # Errors
    /// When there is one of this name, or too many, or the master key is not that of the others.
    pub async fn add(&self, key: NewKey, master_key: MasterKey) -> Result<(), KeyRegistryError> {
        self.change(move |connection| {
            try_master_key(connection, &master_key)?;
            if count(connection)? >= Self::MAX_KEYS {
                return Err(KeyRegistryError::TooMany);
            }
            let sealed = master_key.seal(&key.id, &key.secret).map_err(|_| KeyRegistryError::OtherMasterKey)?;
            if insert(connection, &key, &sealed)? { Ok(()) } else { Err(KeyRegistryError::Exists(key.id)) }
        })
        .await
    }

    /// Gives a key another secret; the current one is valid until the given timestamp, one before it no longer.
    ///
    /// # Errors
    /// When there is no such key, it is revoked, or the master key is not that of the others.
    pub async fn rotate(
        &self,
        id: KeyId,
        secret: KeySecret,
        until: Timestamp,
        master_key: MasterKey,
    ) -> Result<(), KeyRegistryError> {
        self.change(move |connection| {
            let stored = lock(connection, &id)?;
            if stored.revoked {
                return Err(KeyRegistryError::Revoked(id));
            }
            master_key.open(&id, &stored.secret).map_err(|_| KeyRegistryError::OtherMasterKey)?;
            let sealed = master_key.seal(&id, &secret).map_err(|_| KeyRegistryError::OtherMasterKey)?;
            let update = sql_query(ROTATE_SQL).bind::<Text, _>(id.as_str()).bind::<Binary, _>(&sealed);
            update.bind::<BigInt, _>(until.millis()).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Revokes a key for good; one that is revoked already stays so.
    ///
    /// # Errors
    /// When there is no such key.
    pub async fn revoke(&self, id: KeyId) -> Result<(), KeyRegistryError> {
        self.change(move |connection| {
            if !lock(connection, &id)?.revoked {
                sql_query(REVOKE_SQL).bind::<Text, _>(id.as_str()).execute(connection)?;
            }
            Ok(())
        })
        .await
    }

    /// The names of the keys that are not revoked and were made before then, in microseconds since 1970; in order.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn made_before(&self, micros: i64) -> Result<Vec<String>, KeyRegistryError> {
        let made = self.database.write(move |connection| {
            Ok::<Vec<Named>, KeyRegistryError>(sql_query(MADE_BEFORE_SQL).bind::<BigInt, _>(micros).load(connection)?)
        });
        Ok(made.await?.into_iter().map(|key| key.id).collect())
    }

    /// Revokes for good all keys that were made before then, in microseconds since 1970; returns their names, in order.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn revoke_all_before(&self, micros: i64) -> Result<Vec<String>, KeyRegistryError> {
        self.change(move |connection| {
            let revoked: Vec<Named> = sql_query(REVOKE_BEFORE_SQL).bind::<BigInt, _>(micros).load(connection)?;
            let mut names: Vec<String> = revoked.into_iter().map(|key| key.id).collect();
            names.sort_unstable();
            Ok(names)
        })
        .await
    }

    /// Changes all or nothing, and announces it.
    async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, KeyRegistryError> + Send + 'static,
    ) -> Result<T, KeyRegistryError> {
        let changed = self.database.write(move |connection| {
            connection.transaction(|connection| {
                let done = work(connection)?;
                sql_query(ANNOUNCE_SQL).bind::<Text, _>(CHANNEL).execute(connection)?;
                Ok(done)
            })
        });
        changed.await
    }
}

fn count(connection: &mut PgConnection) -> Result<i64, KeyRegistryError> {
    let counted: Counted = sql_query(COUNT_SQL).get_result(connection)?;
    Ok(counted.number)
}

/// Keys of a second master key could not be used by servers that have only the first.
fn try_master_key(connection: &mut PgConnection, master_key: &MasterKey) -> Result<(), KeyRegistryError> {
    let any: Option<Stored> = sql_query(ANY_SQL).get_result(connection).optional()?;
    let Some(stored) = any else { return Ok(()) };
    let id = KeyId::new(stored.id).map_err(|_| KeyRegistryError::OtherMasterKey)?;
    master_key.open(&id, &stored.secret).map(drop).map_err(|_| KeyRegistryError::OtherMasterKey)
}

fn lock(connection: &mut PgConnection, id: &KeyId) -> Result<Stored, KeyRegistryError> {
    let found: Option<Stored> = sql_query(LOCK_SQL).bind::<Text, _>(id.as_str()).get_result(connection).optional()?;
    found.ok_or_else(|| KeyRegistryError::Unknown(id.clone()))
}

/// Whether the name was free.
fn insert(connection: &mut PgConnection, key: &NewKey, sealed: &[u8]) -> Result<bool, KeyRegistryError> {
    let campaigns: Option<Vec<&str>> = match &key.campaigns {
        CampaignScope::All => None,
        CampaignScope::Only(campaigns) => Some(campaigns.iter().map(CampaignId::as_str).collect()),
    };
    let insert = sql_query(ADD_SQL).bind::<Text, _>(key.id.as_str()).bind::<Binary, _>(sealed);
    let insert =
        insert.bind::<Bool, _>(key.scopes.allow(Access::Read)).bind::<Bool, _>(key.scopes.allow(Access::Write));
    let insert = insert.bind::<Nullable<Array<Text>>, _>(campaigns).bind::<Bool, _>(key.accepts_v1);
    let insert = insert.bind::<Nullable<BigInt>, _>(key.expires.map(Timestamp::millis));
    let inserted =
        insert.bind::<Nullable<Text>, _>(key.id_prefix.as_ref().map(IdPrefix::as_str)).execute(connection)?;
    Ok(inserted == 1)
}

/// A random secret of 256 bits, as 64 hexadecimal digits.
///
/// # Errors
/// Never; only the type of secrets has them.
pub fn random_secret() -> Result<KeySecret, InvalidKeySecret> {
    KeySecret::new(HEXLOWER.encode(&rand::random::<[u8; 32]>()))
}
