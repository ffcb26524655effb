//! Makes the sums of a request true again.

use crate::{SessionError, SessionSettings};
use annotation_statistics_domain::{AnnotationRequestId, BoxError, RepositoryError};
use diesel::pg::PgConnection;
use diesel::sql_types::Text;
use diesel::{Connection, RunQueryDsl, sql_query};

/// Nobody writes to the request meanwhile.
const LOCK: &str = "SELECT FROM annotation_requests WHERE id = $1 FOR UPDATE";

/// Anew from the tasks; sums of a request that is gone go too.
const STATEMENTS: [&str; 5] = [
    "DELETE FROM statistics_totals WHERE annotation_request_id = $1",
    "DELETE FROM operation_item_totals WHERE annotation_request_id = $1",
    "DELETE FROM operation_items WHERE annotation_request_id = $1 \
     AND NOT EXISTS (SELECT FROM annotation_requests WHERE id = $1)",
    "INSERT INTO statistics_totals (annotation_request_id, pool_type, status, tasks, instances, attributes, frames) \
     SELECT annotation_request_id, pool_type, status, count(*), sum(instance_num), sum(attribute_num), sum(frame_num) \
     FROM statistics WHERE annotation_request_id = $1 \
     AND EXISTS (SELECT FROM annotation_requests WHERE id = $1) GROUP BY annotation_request_id, pool_type, status",
    "INSERT INTO operation_item_totals (annotation_request_id, item_key, total, tasks, tasks_of_slots, tasks_of_inputs) \
     SELECT s.annotation_request_id, item.key, sum(item.value::text::numeric), count(*), \
     count(*) FILTER (WHERE s.attribute_num = 0), count(*) FILTER (WHERE s.instance_num = 0) \
     FROM statistics AS s, jsonb_each(s.instance_info) AS item \
     WHERE s.annotation_request_id = $1 AND item.value <> '0' \
     AND EXISTS (SELECT FROM annotation_requests WHERE id = $1) GROUP BY s.annotation_request_id, item.key",
];

/// Adds up the sums of a request anew from its tasks. Tasks, their order and their number are left as they are.
///
/// # Errors
/// When the database cannot be reached or refuses; the sums are as they were then.
pub fn repair_sums(settings: &SessionSettings, id: &AnnotationRequestId) -> Result<(), RepositoryError> {
    let unavailable = |fault: SessionError| RepositoryError::Unavailable(BoxError::from(fault));
    let mut connection = settings.open().map_err(unavailable)?;
    Ok(connection.transaction(|connection| repair(connection, id))?)
}

fn repair(connection: &mut PgConnection, id: &AnnotationRequestId) -> Result<(), SessionError> {
    for statement in std::iter::once(LOCK).chain(STATEMENTS) {
        sql_query(statement).bind::<Text, _>(id.as_str()).execute(connection)?;
    }
    Ok(())
}
