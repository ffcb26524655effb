//! What may be shown of an access key, and what is needed to add one.

use crate::DatabaseError;
use crate::access_keys::rows;
use annotation_statistics_access::{KeyId, KeyScopes, KeySecret, Timestamp};
use annotation_statistics_domain::{CampaignScope, IdPrefix};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl};

/// All keys, the revoked ones too, in the order of their names. Times are in milliseconds.
const RECORDS_SQL: &str = "\
SELECT id, may_read, may_write, campaigns, id_prefix, accepts_v1, (extract(epoch FROM created_at) * 1000)::bigint AS created, \
(extract(epoch FROM expires_at) * 1000)::bigint AS expires, \
(extract(epoch FROM previous_expires_at) * 1000)::bigint AS previous_expires, \
(extract(epoch FROM revoked_at) * 1000)::bigint AS revoked, \
(extract(epoch FROM last_used_at) * 1000)::bigint AS last_used FROM access_keys ORDER BY id";

/// A key to be added.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its name.
    pub id: KeyId,
    /// Its secret.
    pub secret: KeySecret,
    /// What it may do.
    pub scopes: KeyScopes,
    /// The campaigns whose requests exist for it.
    pub campaigns: CampaignScope,
    /// The prefix of the ids of requests that it may register.
    pub id_prefix: Option<IdPrefix>,
    /// Whether reads may be signed by scheme v1.
    pub accepts_v1: bool,
    /// When it expires.
    pub expires: Option<Timestamp>,
}

/// What may be shown of a key: all but its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its name.
    pub id: KeyId,
    /// What it may do.
    pub scopes: KeyScopes,
    /// The campaigns whose requests exist for it.
    pub campaigns: CampaignScope,
    /// The prefix of the ids of requests that it may register.
    pub id_prefix: Option<IdPrefix>,
    /// Whether reads may be signed by scheme v1.
    pub accepts_v1: bool,
    /// When it was added.
    pub created: Timestamp,
    /// When it expires.
    pub expires: Option<Timestamp>,
    /// During a rotation, when the previous secret expires.
    pub previous_expires: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
    /// When it was last used, to a minute or so.
    pub last_used: Option<Timestamp>,
}

#[derive(QueryableByName)]
struct RecordRow {
    #[diesel(sql_type = Text)]
    id: String,
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
    #[diesel(sql_type = BigInt)]
    created: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    expires: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    previous_expires: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    revoked: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    last_used: Option<i64>,
}

pub(super) fn load(connection: &mut PgConnection) -> Result<Vec<KeyRecord>, DatabaseError> {
    let rows: Vec<RecordRow> = diesel::sql_query(RECORDS_SQL).load(connection)?;
    rows.into_iter().map(record).collect()
}

fn record(row: RecordRow) -> Result<KeyRecord, DatabaseError> {
    let name = row.id.clone();
    let wrong = |what: &dyn std::fmt::Display| DatabaseError::Corrupt(format!("access_keys of `{name}`: {what}"));
    let scopes = rows::scopes(row.may_read, row.may_write);
    Ok(KeyRecord {
        id: KeyId::new(row.id).map_err(|error| wrong(&error))?,
        scopes: scopes.ok_or_else(|| wrong(&"it may neither read nor write"))?,
        campaigns: rows::campaigns(row.campaigns).map_err(|error| wrong(&error))?,
        id_prefix: row.id_prefix.map(IdPrefix::new).transpose().map_err(|error| wrong(&error))?,
        accepts_v1: row.accepts_v1,
        created: row.created.into(),
        expires: row.expires.map(Timestamp::from),
        previous_expires: row.previous_expires.map(Timestamp::from),
        revoked: row.revoked.map(Timestamp::from),
        last_used: row.last_used.map(Timestamp::from),
    })
}
