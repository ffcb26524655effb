//! The heads of the statements of one name of several requests, without their documents.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::statements::statement_rows::{HeadRow, head, head_columns};
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, RepositoryError, StatementHead, StatementName,
};
use diesel::RunQueryDsl;
use diesel::data_types::PgTimestamp;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bytea, Nullable, Text, Timestamptz};
use std::collections::HashMap;

/// The statements with the name `$2` of the requests `$1`, in no order.
const STATEMENT_HEADS_SQL: &str = concat!(
    "SELECT annotation_request_id, ",
    head_columns!(),
    " FROM statements WHERE annotation_request_id = ANY($1) AND name = $2"
);

/// That of the request `$1`. With `=` Postgres keeps the plan; for a short array it plans each time (ADR 12).
const STATEMENT_HEAD_SQL: &str = concat!(
    "SELECT annotation_request_id, ",
    head_columns!(),
    " FROM statements WHERE annotation_request_id = $1 AND name = $2"
);

/// Those of the requests `$1` that are known, and their campaigns.
const CAMPAIGNS: &str = "SELECT id, campaign_id FROM annotation_requests WHERE id = ANY($1)";

type Columns =
    (Text, BigInt, Text, Text, Nullable<Text>, BigInt, BigInt, Bytea, BigInt, Bytea, Text, Text, Timestamptz);
type Row = (String, i64, String, String, Option<String>, i64, i64, Vec<u8>, i64, Vec<u8>, String, String, PgTimestamp);

prepared_statement!(Heads, STATEMENT_HEADS_SQL, Columns, {
    1 => ids: &'a [&'a str] as Array<Text>,
    2 => name: &'a str as Text,
});
prepared_statement!(HeadOfOne, STATEMENT_HEAD_SQL, Columns, { 1 => id: &'a str as Text, 2 => name: &'a str as Text, });
prepared_statement!(Campaigns, CAMPAIGNS, (Text, Text), { 1 => ids: &'a [&'a str] as Array<Text>, });

/// The heads in the order given. The inner error names all that are unknown or outside the scope, or else all that have no such
/// statement.
pub(super) fn load(
    connection: &mut PgConnection,
    requests: &AnnotationRequestIds,
    name: &StatementName,
    scope: &CampaignScope,
) -> Result<Result<Vec<StatementHead>, RepositoryError>, DatabaseError> {
    let ids: Vec<&str> = requests.as_slice().iter().map(AnnotationRequestId::as_str).collect();
    let rows: Vec<Row> = match ids.as_slice() {
        [id] => HeadOfOne { id, name: name.as_str() }.load(connection)?,
        ids => Heads { ids, name: name.as_str() }.load(connection)?,
    };
    let mut found: HashMap<String, HeadRow> = rows.into_iter().map(by_id).collect();
    let (mut heads, mut missing) = (Vec::with_capacity(ids.len()), Vec::new());
    for id in requests.as_slice() {
        match found.remove(id.as_str()).map(|row| head(id, row)).transpose()? {
            Some(head) if scope.covers(&head.campaign_id) => heads.push(head),
            Some(_) | None => missing.push(id.clone()),
        }
    }
    Ok(if missing.is_empty() { Ok(heads) } else { Err(missed(connection, missing, name, scope)?) })
}

/// Why requests have no statement that may be read.
fn missed(
    connection: &mut PgConnection,
    missing: Vec<AnnotationRequestId>,
    name: &StatementName,
    scope: &CampaignScope,
) -> Result<RepositoryError, DatabaseError> {
    let ids: Vec<&str> = missing.iter().map(AnnotationRequestId::as_str).collect();
    let campaigns: HashMap<String, String> =
        Campaigns { ids: &ids }.load::<(String, String)>(connection)?.into_iter().collect();
    let is_known = |id: &AnnotationRequestId| match (scope, campaigns.get(id.as_str())) {
        (_, None) => false,
        (CampaignScope::All, Some(_)) => true,
        (CampaignScope::Only(seen), Some(campaign)) => seen.contains(campaign.as_str()),
    };
    let unknown: Vec<_> = missing.iter().filter(|id| !is_known(id)).cloned().collect();
    Ok(if unknown.is_empty() {
        RepositoryError::UnknownStatements { name: name.clone(), requests: missing }
    } else {
        RepositoryError::UnknownAnnotationRequests(unknown)
    })
}

fn by_id(row: Row) -> (String, HeadRow) {
    let (id, number, name, campaign, rule, revision, tasks, rows, bytes, sha256, key, actor, at) = row;
    (id, (number, name, campaign, rule, revision, tasks, rows, bytes, sha256, key, actor, at))
}
