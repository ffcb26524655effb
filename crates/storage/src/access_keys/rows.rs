//! Access keys as they are stored.

use crate::{DatabaseError, MasterKey};
use annotation_statistics_access::{AccessKey, KeyId, KeyScopes, PreviousSecret, Timestamp};
use annotation_statistics_domain::{CampaignId, CampaignScope, IdPrefix};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl};

/// The keys that are not revoked. Times are in milliseconds.
const KEYS_SQL: &str = "\
SELECT id, secret, previous_secret, (extract(epoch FROM previous_expires_at) * 1000)::bigint AS previous_expires, \
may_read, may_write, campaigns, id_prefix, accepts_v1, (extract(epoch FROM expires_at) * 1000)::bigint AS expires \
FROM access_keys WHERE revoked_at IS NULL";

#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Binary)]
    secret: Vec<u8>,
    #[diesel(sql_type = Nullable<Binary>)]
    previous_secret: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<BigInt>)]
    previous_expires: Option<i64>,
    #[diesel(sql_type = Bool)]
    may_read: bool,
    #[diesel(sql_type = Bool)]
    may_write: bool,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    campaigns: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    id_prefix: Option<String>,
    #[diesel(sql_type = Bool)]
    accepts_v1: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    expires: Option<i64>,
}

/// The keys, or why one of them cannot be used, with its id.
pub(super) fn load<E: From<DatabaseError>>(
    connection: &mut PgConnection,
    master_key: impl FnOnce() -> Result<MasterKey, E>,
) -> Result<Vec<Result<AccessKey, String>>, E> {
    let rows: Vec<KeyRow> = diesel::sql_query(KEYS_SQL).load(connection).map_err(DatabaseError::from)?;
    // Without keys no master key is needed.
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let master_key = master_key()?;
    Ok(rows.into_iter().map(|row| access_key(row, &master_key)).collect())
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
