//! The public keys of statements, as they are kept.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::stored_time;
use annotation_statistics_domain::{PublicKey, PublishedKey, SigningKeyId};
use diesel::data_types::PgTimestamp;
use diesel::pg::PgConnection;
use diesel::sql_types::{Bytea, Nullable, Text, Timestamptz};
use diesel::{OptionalExtension, RunQueryDsl};

macro_rules! key_columns {
    () => {
        "key_id, public_key, created_at, retired_at"
    };
}

/// All, in the order in which they were published: each id is behind the empty text, as `$1`.
const KEYS: &str =
    concat!("SELECT ", key_columns!(), " FROM statement_keys WHERE key_id > $1 ORDER BY created_at, key_id");

const KEY: &str = concat!("SELECT ", key_columns!(), " FROM statement_keys WHERE key_id = $1");

const PUBLISH: &str = "\
INSERT INTO statement_keys (key_id, public_key, created_at) VALUES ($1, $2, statement_timestamp()) \
ON CONFLICT (key_id) DO NOTHING";

/// Not retired until the end of the transaction; of a snapshot from before it was, it could not be serialized.
const KEEP: &str = concat!("SELECT ", key_columns!(), " FROM statement_keys WHERE key_id = $1 FOR SHARE");

/// Once and for all.
const RETIRE: &str = concat!(
    "UPDATE statement_keys SET retired_at = coalesce(retired_at, statement_timestamp()) WHERE key_id = $1 RETURNING ",
    key_columns!()
);

type Columns = (Text, Bytea, Timestamptz, Nullable<Timestamptz>);
type Row = (String, Vec<u8>, PgTimestamp, Option<PgTimestamp>);

prepared_statement!(Keys, KEYS, Columns, { 1 => behind: &'a str as Text, });
prepared_statement!(Key, KEY, Columns, { 1 => id: &'a str as Text, });
prepared_statement!(Keep, KEEP, Columns, { 1 => id: &'a str as Text, });
prepared_statement!(Publish, PUBLISH, Text, { 1 => id: &'a str as Text, 2 => key: &'a [u8] as Bytea, });
prepared_statement!(Retire, RETIRE, Columns, { 1 => id: &'a str as Text, });

pub(super) fn list(connection: &mut PgConnection) -> Result<Vec<PublishedKey>, DatabaseError> {
    let rows: Vec<Row> = Keys { behind: "" }.load(connection)?;
    rows.into_iter().map(published).collect()
}

/// Whether nothing may be signed with it any more.
pub(super) fn is_retired(connection: &mut PgConnection, id: &SigningKeyId) -> Result<bool, DatabaseError> {
    let known: Option<Row> = Key { id: id.as_str() }.get_result(connection).optional()?;
    Ok(known.map(published).transpose()?.is_some_and(|key| key.retired_at.is_some()))
}

/// Publishes a key that is not published, and keeps it from being retired until the end of the transaction.
pub(super) fn publish(connection: &mut PgConnection, key: &PublicKey) -> Result<(), DatabaseError> {
    let id = key.id.as_str();
    Publish { id, key: &key.bytes }.execute(connection)?;
    Keep { id }.execute(connection)?;
    Ok(())
}

pub(super) fn retire(connection: &mut PgConnection, id: &SigningKeyId) -> Result<Option<PublishedKey>, DatabaseError> {
    let row: Option<Row> = Retire { id: id.as_str() }.get_result(connection).optional()?;
    row.map(published).transpose()
}

fn published((id, bytes, created_at, retired_at): Row) -> Result<PublishedKey, DatabaseError> {
    let corrupt = |what: &str| DatabaseError::Corrupt(format!("statement_keys.{what}"));
    let at = |time: PgTimestamp| stored_time::time(time).ok_or_else(|| corrupt("created_at, retired_at: no time"));
    Ok(PublishedKey {
        created_at: at(created_at)?,
        retired_at: retired_at.map(at).transpose()?,
        key: PublicKey {
            bytes: bytes.try_into().map_err(|_| corrupt("public_key: it has no 32 bytes"))?,
            id: SigningKeyId::try_from(id).map_err(|error| corrupt(&format!("key_id: {error}")))?,
        },
    })
}
