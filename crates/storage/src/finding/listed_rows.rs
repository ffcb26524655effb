//! Annotation requests with the sums over their tasks.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::{RequestColumns, RequestRow, request, request_columns};
use annotation_statistics_domain::{ListedRequest, RequestPosition, TaskStatus, Totals};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text};
use std::collections::HashMap;

/// The requests `$1`, in no order: their sums, how many of their tasks are complete, and whether one has the status `$2`.
///
/// One statement, so that the sums of a request are of its revision wherever it is.
pub const LISTED_REQUESTS_SQL: &str = concat!(
    "SELECT ",
    request_columns!(),
    ", coalesce(sum(t.tasks), 0)::bigint, coalesce(sum(t.tasks) FILTER (WHERE t.pool_type = 5), 0)::bigint, \
     coalesce(sum(t.instances), 0)::text, coalesce(sum(t.attributes), 0)::text, coalesce(sum(t.frames), 0)::text, \
     coalesce(bool_or(t.status = $2), false) \
     FROM annotation_requests AS r LEFT JOIN statistics_totals AS t ON t.annotation_request_id = r.id \
     WHERE r.id = ANY($1) GROUP BY r.id"
);

type SumColumns = (BigInt, BigInt, Text, Text, Text, Bool);
type SumRow = (i64, i64, String, String, String, bool);

prepared_statement!(ListedRequests, LISTED_REQUESTS_SQL, (RequestColumns, SumColumns), {
    1 => ids: &'a [&'a str] as Array<Text>,
    2 => status: Option<i32> as Nullable<Integer>,
});

/// The requests at these places, by their ids, and whether they have a task with the status.
pub(super) fn load(
    connection: &mut PgConnection,
    places: &[RequestPosition],
    status: Option<TaskStatus>,
) -> Result<HashMap<String, (ListedRequest, bool)>, DatabaseError> {
    if places.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<&str> = places.iter().map(|place| place.id.as_str()).collect();
    let rows: Vec<(RequestRow, SumRow)> =
        ListedRequests { ids: &ids, status: status.map(TaskStatus::code) }.load(connection)?;
    rows.into_iter().map(|(row, sums)| listed(row, sums)).collect()
}

fn listed(row: RequestRow, sums: SumRow) -> Result<(String, (ListedRequest, bool)), DatabaseError> {
    let (tasks, complete, instances, attributes, frames, has_status) = sums;
    let request = request(row)?;
    let id = request.id.as_str().to_owned();
    let corrupt = |what: &dyn std::fmt::Display| DatabaseError::Corrupt(format!("statistics_totals of `{id}`: {what}"));
    let number = |sum: &str| sum.parse::<u128>().map_err(|error| corrupt(&error));
    let totals = Totals {
        tasks: u64::try_from(tasks).map_err(|error| corrupt(&error))?,
        instances: number(&instances)?,
        attributes: number(&attributes)?,
        frames: number(&frames)?,
    };
    let complete = u64::try_from(complete).map_err(|error| corrupt(&error))?;
    let listed = ListedRequest::new(request, totals, complete).map_err(|error| corrupt(&error))?;
    Ok((id.clone(), (listed, has_status)))
}
