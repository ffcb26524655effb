//! The rows of statements: each statement of SQL is about one request.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::stored_time;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, PreviousStatement, Revision, RowsDigest, Sha256, SigningKeyId,
    Statement, StatementHead, StatementName, StatementNumber,
};
use diesel::data_types::PgTimestamp;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Bytea, Nullable, Text, Timestamptz};
use diesel::{OptionalExtension, RunQueryDsl};
use std::num::NonZeroU32;

macro_rules! head_columns {
    () => {
        "number, name, campaign_id, counting_rule, revision, task_count, rows_sha256, rows_bytes, sha256, key_id, actor, \
         created_at"
    };
}

pub(super) use head_columns;

/// The statement of the request `$1` with the name `$2`.
pub const STATEMENT_SQL: &str = concat!(
    "SELECT ",
    head_columns!(),
    ", body, signature FROM statements WHERE annotation_request_id = $1 AND name = $2"
);

/// The latest `$3` statements of the request `$1` before the number `$2`.
pub const STATEMENTS_SQL: &str = concat!(
    "SELECT ",
    head_columns!(),
    " FROM statements WHERE annotation_request_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3"
);

/// The latest statement of the request `$1`.
pub const LAST_STATEMENT_SQL: &str =
    "SELECT number, sha256 FROM statements WHERE annotation_request_id = $1 ORDER BY number DESC LIMIT 1";

const INSERT_STATEMENT: &str = "\
INSERT INTO statements (annotation_request_id, number, name, campaign_id, counting_rule, revision, task_count, \
rows_sha256, rows_bytes, sha256, key_id, actor, created_at, body, signature) \
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

/// Meets those who delete the request, and no others: a deletion writes this row, and no recording does. What is committed there
/// since the snapshot is an error of serialization (ADR 102). A request that is known again has a later revision all the same.
const KEEP_REQUEST: &str = "\
INSERT INTO deleted_annotation_requests AS d (annotation_request_id, revision) VALUES ($1, $2) \
ON CONFLICT (annotation_request_id) DO UPDATE SET revision = d.revision";

/// How many statements the request `$1` has.
const COUNT: &str = "SELECT count(*) FROM statements WHERE annotation_request_id = $1";

type HeadColumns = (BigInt, Text, Text, Nullable<Text>, BigInt, BigInt, Bytea, BigInt, Bytea, Text, Text, Timestamptz);
pub(super) type HeadRow =
    (i64, String, String, Option<String>, i64, i64, Vec<u8>, i64, Vec<u8>, String, String, PgTimestamp);
type Columns =
    (BigInt, Text, Text, Nullable<Text>, BigInt, BigInt, Bytea, BigInt, Bytea, Text, Text, Timestamptz, Bytea, Bytea);
type Row = (
    i64,
    String,
    String,
    Option<String>,
    i64,
    i64,
    Vec<u8>,
    i64,
    Vec<u8>,
    String,
    String,
    PgTimestamp,
    Vec<u8>,
    Vec<u8>,
);

prepared_statement!(OneStatement, STATEMENT_SQL, Columns, { 1 => id: &'a str as Text, 2 => name: &'a str as Text, });
prepared_statement!(SomeStatements, STATEMENTS_SQL, HeadColumns, {
    1 => id: &'a str as Text,
    2 => before: i64 as BigInt,
    3 => limit: i64 as BigInt,
});
prepared_statement!(LastStatement, LAST_STATEMENT_SQL, (BigInt, Bytea), { 1 => id: &'a str as Text, });
prepared_statement!(Count, COUNT, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(KeepRequest, KEEP_REQUEST, BigInt, { 1 => id: &'a str as Text, 2 => revision: i64 as BigInt, });
prepared_statement!(InsertStatement, INSERT_STATEMENT, BigInt, {
    1 => id: &'a str as Text,
    2 => number: i64 as BigInt,
    3 => name: &'a str as Text,
    4 => campaign_id: &'a str as Text,
    5 => counting_rule: Option<&'a str> as Nullable<Text>,
    6 => revision: i64 as BigInt,
    7 => task_count: i64 as BigInt,
    8 => rows_sha256: &'a [u8] as Bytea,
    9 => rows_bytes: i64 as BigInt,
    10 => sha256: &'a [u8] as Bytea,
    11 => key_id: &'a str as Text,
    12 => actor: &'a str as Text,
    13 => created_at: PgTimestamp as Timestamptz,
    14 => body: &'a [u8] as Bytea,
    15 => signature: &'a [u8] as Bytea,
});

diesel::define_sql_function! { fn statement_timestamp() -> Timestamptz; }

pub(super) fn find(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    name: &StatementName,
) -> Result<Option<Statement>, DatabaseError> {
    let row: Option<Row> = OneStatement { id: id.as_str(), name: name.as_str() }.get_result(connection).optional()?;
    row.map(|row| statement(id, row)).transpose()
}

pub(super) fn list(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    before: Option<StatementNumber>,
    limit: NonZeroU32,
) -> Result<Vec<StatementHead>, DatabaseError> {
    let before = before.map_or(i64::MAX, |before| i64::try_from(before.get()).unwrap_or(i64::MAX));
    let rows: Vec<HeadRow> = SomeStatements { id: id.as_str(), before, limit: limit.get().into() }.load(connection)?;
    rows.into_iter().map(|row| head(id, row)).collect()
}

/// The time of the snapshot, and the latest statement in it.
pub(super) fn last(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
) -> Result<Option<PreviousStatement>, DatabaseError> {
    let row: Option<(i64, Vec<u8>)> = LastStatement { id: id.as_str() }.get_result(connection).optional()?;
    let previous =
        |(number, sha256)| Ok(PreviousStatement { number: positive(id, number)?, sha256: digest(id, sha256)? });
    row.map(previous).transpose()
}

/// Takes the snapshot of the transaction.
pub(super) fn snapshot_time(connection: &mut PgConnection) -> Result<PgTimestamp, DatabaseError> {
    Ok(diesel::select(statement_timestamp()).get_result(connection)?)
}

/// Keeps the request from being deleted until the end of the transaction; refused where it was since the snapshot.
pub(super) fn keep_request(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    revision: Revision,
) -> Result<(), DatabaseError> {
    KeepRequest { id: id.as_str(), revision: revision.number() }.execute(connection)?;
    Ok(())
}

/// How many statements a request has.
pub(crate) fn count(connection: &mut PgConnection, id: &AnnotationRequestId) -> Result<u64, DatabaseError> {
    let count: i64 = Count { id: id.as_str() }.get_result(connection)?;
    u64::try_from(count).map_err(|error| corrupt(id, "number", &error))
}

pub(super) fn insert(connection: &mut PgConnection, statement: &Statement) -> Result<(), DatabaseError> {
    let Statement { head, body, signature } = statement;
    let insert = InsertStatement {
        id: head.annotation_request_id.as_str(),
        number: signed(head.number.get()),
        name: head.name.as_str(),
        campaign_id: head.campaign_id.as_str(),
        counting_rule: head.counting_rule.as_ref().map(CountingRuleName::as_str),
        revision: head.revision.number(),
        task_count: signed(head.task_count),
        rows_sha256: &head.rows.sha256.0,
        rows_bytes: signed(head.rows.bytes),
        sha256: &head.sha256.0,
        key_id: head.key_id.as_str(),
        actor: &head.actor,
        created_at: stored_time::of(head.created_at),
        body,
        signature,
    };
    insert.execute(connection)?;
    Ok(())
}

/// Numbers of rows and bytes, which are far below the limit.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn statement(id: &AnnotationRequestId, row: Row) -> Result<Statement, DatabaseError> {
    let (number, name, campaign, rule, revision, tasks, rows, bytes, sha256, key, actor, at, body, signature) = row;
    let head = head(id, (number, name, campaign, rule, revision, tasks, rows, bytes, sha256, key, actor, at))?;
    let signature = signature.try_into().map_err(|_| corrupt(id, "signature", &"it has no 64 bytes"))?;
    Ok(Statement { head, body, signature })
}

pub(super) fn head(id: &AnnotationRequestId, row: HeadRow) -> Result<StatementHead, DatabaseError> {
    let (number, name, campaign, rule, revision, tasks, rows, bytes, sha256, key, actor, created_at) = row;
    Ok(StatementHead {
        annotation_request_id: id.clone(),
        campaign_id: CampaignId::new(campaign).map_err(|error| corrupt(id, "campaign_id", &error))?,
        counting_rule: rule
            .map(CountingRuleName::new)
            .transpose()
            .map_err(|error| corrupt(id, "counting_rule", &error))?,
        number: positive(id, number)?,
        name: StatementName::new(name).map_err(|error| corrupt(id, "name", &error))?,
        revision: Revision::from(revision),
        task_count: u64::try_from(tasks).map_err(|error| corrupt(id, "task_count", &error))?,
        rows: RowsDigest {
            sha256: digest(id, rows)?,
            bytes: u64::try_from(bytes).map_err(|error| corrupt(id, "rows_bytes", &error))?,
        },
        sha256: digest(id, sha256)?,
        key_id: SigningKeyId::try_from(key).map_err(|error| corrupt(id, "key_id", &error))?,
        actor,
        created_at: stored_time::time(created_at).ok_or_else(|| corrupt(id, "created_at", &"it is no time"))?,
    })
}

fn positive(id: &AnnotationRequestId, number: i64) -> Result<StatementNumber, DatabaseError> {
    let number = u64::try_from(number).ok().and_then(StatementNumber::new);
    number.ok_or_else(|| corrupt(id, "number", &"it is not positive"))
}

fn digest(id: &AnnotationRequestId, bytes: Vec<u8>) -> Result<Sha256, DatabaseError> {
    Ok(Sha256(bytes.try_into().map_err(|_| corrupt(id, "sha256", &"it has no 32 bytes"))?))
}

fn corrupt(id: &AnnotationRequestId, column: &str, what: &dyn std::fmt::Display) -> DatabaseError {
    DatabaseError::Corrupt(format!("statements.{column} of `{id}`: {what}"))
}
