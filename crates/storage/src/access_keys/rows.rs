//! Access keys as they are stored.

use crate::connection::prepared_statement;
use crate::{DatabaseError, MasterKey};
use annotation_statistics_access::{AccessKey, KeyId, KeyScopes, PreviousSecret, Timestamp, TokenKey};
use annotation_statistics_domain::{CampaignId, CampaignScope, IdPrefix};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text};
use diesel::{Queryable, RunQueryDsl};

/// How far the database's clock is ahead of `$1`, in microseconds, and the keys that are not revoked, whose times are in
/// milliseconds; one row without a key where there is none.
const KEYS_SQL: &str = "\
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - $1, id, secret, previous_secret, \
(extract(epoch FROM previous_expires_at) * 1000)::bigint, may_read, may_write, campaigns, id_prefix, accepts_v1, \
(extract(epoch FROM expires_at) * 1000)::bigint \
FROM (SELECT 1) AS always LEFT JOIN access_keys ON revoked_at IS NULL";

type KeyColumns = (
    Text,
    Binary,
    Nullable<Binary>,
    Nullable<BigInt>,
    Bool,
    Bool,
    Nullable<Array<Text>>,
    Nullable<Text>,
    Bool,
    Nullable<BigInt>,
);

prepared_statement!(Keys, KEYS_SQL, (BigInt, Nullable<KeyColumns>), { 1 => our_micros: &'a i64 as BigInt, });

#[derive(Queryable)]
struct KeyRow {
    id: String,
    secret: Vec<u8>,
    previous_secret: Option<Vec<u8>>,
    previous_expires: Option<i64>,
    may_read: bool,
    may_write: bool,
    campaigns: Option<Vec<String>>,
    id_prefix: Option<String>,
    accepts_v1: bool,
    expires: Option<i64>,
}

/// The keys as they are stored, and the database's clock.
pub(super) struct StoredKeys {
    rows: Vec<KeyRow>,
    /// How far the database's clock was ahead of the given time, in microseconds.
    pub(super) ahead_micros: i64,
}

/// Loads the keys, and compares the database's clock with this time, in microseconds since 1970. One round trip of a
/// prepared statement, as it is done all the time.
pub(super) fn load(connection: &mut PgConnection, our_micros: i64) -> Result<StoredKeys, DatabaseError> {
    let rows: Vec<(i64, Option<KeyRow>)> = Keys { our_micros: &our_micros }.load(connection)?;
    let ahead_micros = rows.first().map_or(0, |(ahead, _)| *ahead);
    Ok(StoredKeys { rows: rows.into_iter().filter_map(|(_, key)| key).collect(), ahead_micros })
}

/// The keys with their secrets.
pub(super) struct OpenedKeys {
    /// Each of them, or why it cannot be used, with its id.
    pub(super) keys: Vec<Result<AccessKey, String>>,
    /// The key of the tokens of browsers; `None` without keys.
    pub(super) token_key: Option<TokenKey>,
}

impl StoredKeys {
    /// Decrypts the secrets. Without keys no master key is needed.
    pub(super) fn open<E>(self, master_key: impl FnOnce() -> Result<MasterKey, E>) -> Result<OpenedKeys, E> {
        if self.rows.is_empty() {
            return Ok(OpenedKeys { keys: Vec::new(), token_key: None });
        }
        let master_key = master_key()?;
        let keys = self.rows.into_iter().map(|row| access_key(row, &master_key)).collect();
        Ok(OpenedKeys { keys, token_key: Some(master_key.token_key()) })
    }
}

fn access_key(row: KeyRow, master_key: &MasterKey) -> Result<AccessKey, String> {
    let name = row.id.clone();
    let wrong = |what: &dyn std::fmt::Display| format!("access_keys of `{name}`: {what}");
    let id = KeyId::new(row.id).map_err(|error| wrong(&error))?;
    let open = |sealed: &[u8]| master_key.open(&id, sealed).map_err(|error| wrong(&error));
    let previous = match (row.previous_secret, row.previous_expires) {
        (Some(sealed), Some(expires)) => Some(PreviousSecret { secret: open(&sealed)?, expires: expires.into() }),
        _ => None,
    };
    let scopes = scopes(row.may_read, row.may_write).ok_or_else(|| wrong(&"it may neither read nor write"))?;
    Ok(AccessKey {
        secret: open(&row.secret)?,
        previous,
        scopes,
        campaigns: campaigns(row.campaigns).map_err(|error| wrong(&error))?,
        id_prefix: row.id_prefix.map(IdPrefix::new).transpose().map_err(|error| wrong(&error))?,
        accepts_v1: row.accepts_v1,
        expires: row.expires.map(Timestamp::from),
        id,
    })
}

pub(super) fn scopes(may_read: bool, may_write: bool) -> Option<KeyScopes> {
    match (may_read, may_write) {
        (true, true) => Some(KeyScopes::ReadAndWrite),
        (true, false) => Some(KeyScopes::Read),
        (false, true) => Some(KeyScopes::Write),
        (false, false) => None,
    }
}

pub(super) fn campaigns(stored: Option<Vec<String>>) -> Result<CampaignScope, String> {
    let Some(stored) = stored else { return Ok(CampaignScope::All) };
    let campaigns: Result<_, _> = stored.into_iter().map(CampaignId::new).collect();
    campaigns.map(CampaignScope::Only).map_err(|error| format!("a campaign {error}"))
}
