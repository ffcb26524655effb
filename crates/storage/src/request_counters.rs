//! The first statement of a read: what the counter rows of the asked requests say.

use crate::SessionError;
use crate::prepared_statement::prepared_statement;
use annotation_statistics_domain::{AnnotationRequestId, CampaignId, RepositoryError, Revision};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Text};
use std::collections::HashMap;

/// The counter rows of the requests `$1`, in no order; those that are unknown have none.
pub const REQUEST_COUNTERS_SQL: &str =
    "SELECT id, campaign_id, task_count, revision FROM annotation_requests WHERE id = ANY($1)";

/// The counter row of the request `$1`, if it is known.
///
/// One id is what most clients ask for. With `=` Postgres keeps the plan; for a short array it plans each time anew.
pub const REQUEST_COUNTER_SQL: &str =
    "SELECT id, campaign_id, task_count, revision FROM annotation_requests WHERE id = $1";

/// How many tasks a request has, and in which state it is.
#[derive(Debug, Clone)]
pub(crate) struct RequestCounter {
    pub(crate) campaign_id: CampaignId,
    pub(crate) task_count: u64,
    pub(crate) revision: Revision,
}

type Columns = (Text, Text, BigInt, BigInt);

prepared_statement!(CounterOfOne, REQUEST_COUNTER_SQL, Columns, { 1 => id: &'a str as Text, });
prepared_statement!(CountersOfMany, REQUEST_COUNTERS_SQL, Columns, { 1 => ids: &'a [&'a str] as Array<Text>, });

/// The counters of the requests, in the order asked.
///
/// The inner error names all that are unknown.
pub(crate) fn load(
    connection: &mut PgConnection,
    requests: &[AnnotationRequestId],
) -> Result<Result<Vec<RequestCounter>, RepositoryError>, SessionError> {
    let ids: Vec<&str> = requests.iter().map(AnnotationRequestId::as_str).collect();
    let rows: Vec<(String, String, i64, i64)> = match ids.as_slice() {
        [id] => CounterOfOne { id }.load(connection)?,
        ids => CountersOfMany { ids }.load(connection)?,
    };
    let mut found = HashMap::with_capacity(rows.len());
    for (id, campaign_id, task_count, revision) in rows {
        let counter = counter(&id, campaign_id, task_count, revision)?;
        found.insert(id, counter);
    }
    if found.len() < ids.len() {
        let unknown = requests.iter().filter(|id| !found.contains_key(id.as_str())).cloned().collect();
        return Ok(Err(RepositoryError::UnknownAnnotationRequests(unknown)));
    }
    Ok(Ok(ids.iter().filter_map(|id| found.remove(*id)).collect()))
}

fn counter(id: &str, campaign_id: String, task_count: i64, revision: i64) -> Result<RequestCounter, SessionError> {
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        SessionError::Corrupt(format!("annotation_requests.{column} of `{id}`: {what}"))
    };
    Ok(RequestCounter {
        campaign_id: CampaignId::new(campaign_id).map_err(|fault| corrupt("campaign_id", &fault))?,
        task_count: u64::try_from(task_count).map_err(|_| corrupt("task_count", &"it is negative"))?,
        revision: Revision::from(revision),
    })
}
