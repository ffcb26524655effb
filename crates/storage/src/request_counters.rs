//! The first statement of a read: what the counter rows of the asked requests say.

use crate::SessionError;
use annotation_statistics_domain::{AnnotationRequestId, CampaignId, RepositoryError, Revision};
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Text};
use diesel::{QueryResult, RunQueryDsl};
use std::collections::HashMap;

/// The counter rows of the requests `$1`, in no order; those that are unknown have none.
pub const REQUEST_COUNTERS_SQL: &str =
    "SELECT id, campaign_id, task_count, revision FROM annotation_requests WHERE id = ANY($1)";

/// How many tasks a request has, and in which state it is.
#[derive(Debug, Clone)]
pub(crate) struct RequestCounter {
    pub(crate) campaign_id: CampaignId,
    pub(crate) task_count: u64,
    pub(crate) revision: Revision,
}

struct RequestCounters<'a>(&'a [&'a str]);

impl Query for RequestCounters<'_> {
    type SqlType = (Text, Text, BigInt, BigInt);
}

impl QueryId for RequestCounters<'_> {
    type QueryId = RequestCounters<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for RequestCounters<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        push_sql_with_binds(&mut out, REQUEST_COUNTERS_SQL, |out, _| out.push_bind_param::<Array<Text>, _>(&self.0))
    }
}

impl RunQueryDsl<PgConnection> for RequestCounters<'_> {}

/// Pushes a statement, and at each `$n` the n-th value: the text stays whole, so that tests and benchmarks use the very
/// same one.
pub(crate) fn push_sql_with_binds<'b>(
    out: &mut AstPass<'_, 'b, Pg>,
    sql: &str,
    mut bind: impl FnMut(&mut AstPass<'_, 'b, Pg>, usize) -> QueryResult<()>,
) -> QueryResult<()> {
    for (number, part) in sql.split('$').enumerate() {
        if number == 0 {
            out.push_sql(part);
        } else {
            bind(out, number)?;
            out.push_sql(part.trim_start_matches(|character: char| character.is_ascii_digit()));
        }
    }
    Ok(())
}

/// The counters of the requests, in the order asked.
///
/// The inner error names all that are unknown.
pub(crate) fn load(
    connection: &mut PgConnection,
    requests: &[AnnotationRequestId],
) -> Result<Result<Vec<RequestCounter>, RepositoryError>, SessionError> {
    let ids: Vec<&str> = requests.iter().map(AnnotationRequestId::as_str).collect();
    let rows: Vec<(String, String, i64, i64)> = RequestCounters(&ids).load(connection)?;
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
