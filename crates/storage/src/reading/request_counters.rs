//! The first statement of a read: the counter rows of the requested ids (ADR 12).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CampaignScope, CountingRuleName, RepositoryError, RequestState, Revision,
};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use diesel::{QueryResult, RunQueryDsl};
use std::collections::HashMap;

/// The counter rows of the requests `$1`, in no order; those that are unknown have none.
pub const REQUEST_COUNTERS_SQL: &str = "\
SELECT id, campaign_id, task_count, revision, counting_rule, removed_count, layout \
FROM annotation_requests WHERE id = ANY($1)";

/// The counter row of the request `$1`, if it is known.
///
/// Most summaries are of one. With `=` Postgres keeps the plan; for a short array it plans each time (ADR 12).
pub const REQUEST_COUNTER_SQL: &str = "\
SELECT id, campaign_id, task_count, revision, counting_rule, removed_count, layout \
FROM annotation_requests WHERE id = $1";

/// The ids `$1` in the order in which shards have them: each has a part of the values that this function returns. In any other
/// order the counters would be the same.
const IN_ORDER_OF_SHARDS: &str = "SELECT id FROM unnest($1) AS id ORDER BY hashtext(id)";

/// The most ids of one statement where requests are sharded. It goes to each of the shards with all of its ids, and each plans
/// for every one of them; a smaller statement goes to fewer shards, but each takes a round trip (ADR 91).
const IDS_OF_A_STATEMENT: usize = 250;

/// How many tasks a request has, and its state.
#[derive(Debug, Clone)]
pub(super) struct RequestCounter {
    pub(super) campaign_id: CampaignId,
    pub(super) task_count: u64,
    pub(super) revision: Revision,
    pub(super) counting_rule: Option<CountingRuleName>,
    /// How many of its positions have no task any more (ADR 68).
    pub(super) removed_count: u64,
    /// The same as long as those are the same.
    pub(super) layout: i64,
}

impl From<RequestCounter> for RequestState {
    fn from(counter: RequestCounter) -> Self {
        let RequestCounter { task_count, revision, counting_rule, .. } = counter;
        Self { task_count, revision, counting_rule }
    }
}

/// Campaign, tasks, revision, counting rule, removed positions, layout.
pub(super) type CounterColumns = (Text, BigInt, BigInt, Nullable<Text>, BigInt, BigInt);
pub(super) type CounterRow = (String, i64, i64, Option<String>, i64, i64);

type Columns = (Text, Text, BigInt, BigInt, Nullable<Text>, BigInt, BigInt);
type Row = (String, String, i64, i64, Option<String>, i64, i64);

prepared_statement!(CounterOfOne, REQUEST_COUNTER_SQL, Columns, { 1 => id: &'a str as Text, });
prepared_statement!(InOrderOfShards, IN_ORDER_OF_SHARDS, Text, { 1 => ids: &'a [&'a str] as Array<Text>, });
prepared_statement!(CountersOfMany, REQUEST_COUNTERS_SQL, Columns, { 1 => ids: &'a [&'a str] as Array<Text>, });

/// The counters of requests by their ids, or how they are corrupt; those that are unknown have none.
pub(super) struct RequestCounters(HashMap<String, Result<RequestCounter, DatabaseError>>);

/// The counters of the requests, each id once; by several statements where there are many, and requests are sharded.
pub(super) fn load_all(
    connection: &mut PgConnection,
    ids: &[&str],
    is_sharded: bool,
) -> Result<RequestCounters, DatabaseError> {
    let rows: Vec<Row> = match ids {
        [id] => CounterOfOne { id }.load(connection)?,
        ids if is_sharded && ids.len() > IDS_OF_A_STATEMENT => load_in_parts(connection, ids)?,
        ids => CountersOfMany { ids }.load(connection)?,
    };
    let found =
        rows.into_iter().map(|(id, campaign_id, task_count, revision, counting_rule, removed_count, layout)| {
            let counter = counter(&id, (campaign_id, task_count, revision, counting_rule, removed_count, layout));
            (id, counter)
        });
    Ok(RequestCounters(found.collect()))
}

fn load_in_parts(connection: &mut PgConnection, ids: &[&str]) -> QueryResult<Vec<Row>> {
    let ordered: Vec<String> = InOrderOfShards { ids }.load(connection)?;
    let ordered: Vec<&str> = ordered.iter().map(String::as_str).collect();
    let mut rows = Vec::with_capacity(ids.len());
    for ids in ordered.chunks(IDS_OF_A_STATEMENT) {
        rows.extend(CountersOfMany { ids }.load::<Row>(connection)?);
    }
    Ok(rows)
}

impl RequestCounters {
    /// The counters of some of the requests, in the order requested.
    ///
    /// The inner error names all that are unknown or outside the scope.
    pub(super) fn of(
        &self,
        requests: &[AnnotationRequestId],
        scope: &CampaignScope,
    ) -> Result<Result<Vec<RequestCounter>, RepositoryError>, DatabaseError> {
        let (mut counters, mut unknown) = (Vec::with_capacity(requests.len()), Vec::new());
        for id in requests {
            match self.0.get(id.as_str()).cloned().transpose()? {
                Some(counter) if scope.covers(&counter.campaign_id) => counters.push(counter),
                Some(_) | None => unknown.push(id.clone()),
            }
        }
        Ok(if unknown.is_empty() { Ok(counters) } else { Err(RepositoryError::UnknownAnnotationRequests(unknown)) })
    }
}

/// The counters of the requests, in the order requested.
///
/// The inner error names all that are unknown or outside the scope.
pub(super) fn load(
    connection: &mut PgConnection,
    requests: &[AnnotationRequestId],
    scope: &CampaignScope,
    is_sharded: bool,
) -> Result<Result<Vec<RequestCounter>, RepositoryError>, DatabaseError> {
    let ids: Vec<&str> = requests.iter().map(AnnotationRequestId::as_str).collect();
    load_all(connection, &ids, is_sharded)?.of(requests, scope)
}

/// The columns as types of the domain.
pub(super) fn counter(id: &str, row: CounterRow) -> Result<RequestCounter, DatabaseError> {
    let (campaign_id, task_count, revision, counting_rule, removed_count, layout) = row;
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        DatabaseError::Corrupt(format!("annotation_requests.{column} of `{id}`: {what}"))
    };
    Ok(RequestCounter {
        campaign_id: CampaignId::new(campaign_id).map_err(|error| corrupt("campaign_id", &error))?,
        task_count: u64::try_from(task_count).map_err(|_| corrupt("task_count", &"it is negative"))?,
        revision: Revision::from(revision),
        counting_rule: counting_rule
            .map(CountingRuleName::new)
            .transpose()
            .map_err(|error| corrupt("counting_rule", &error))?,
        removed_count: u64::try_from(removed_count).map_err(|_| corrupt("removed_count", &"it is negative"))?,
        layout,
    })
}
