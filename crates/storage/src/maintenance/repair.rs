//! Repairs the count, the positions and the sums of a request, from its tasks.

use crate::ConnectionSettings;
use crate::DatabaseError;
use crate::maintenance::verification;
use crate::registry;
use annotation_statistics_domain::{AnnotationRequestId, BoxError, RepositoryError};
use diesel::pg::PgConnection;
use diesel::sql_types::Text;
use diesel::{Connection, QueryResult, RunQueryDsl, sql_query};

/// Keeps other writers out of the request.
const LOCK: &str = "SELECT FROM annotation_requests WHERE id = $1 FOR UPDATE";

/// The same where the request is gone: a writer that creates it waits for this row, which is deleted again before COMMIT.
const STAND_IN: &str = "\
INSERT INTO annotation_requests (id, campaign_id, task_count, revision, created_at, updated_at) \
VALUES ($1, 'none', 0, 0, transaction_timestamp(), transaction_timestamp()) ON CONFLICT (id) DO NOTHING";

const DELETE_STAND_IN: &str = "DELETE FROM annotation_requests WHERE id = $1";

/// The sums, and the removed positions: after a repair there are none.
const DELETE_DERIVED: [&str; 4] = [
    "DELETE FROM statistics_totals WHERE annotation_request_id = $1",
    "DELETE FROM operation_item_totals WHERE annotation_request_id = $1",
    "DELETE FROM item_group_totals WHERE annotation_request_id = $1",
    "DELETE FROM removed_positions WHERE annotation_request_id = $1",
];

/// What is stated cannot be computed from tasks: it is deleted only where the request is gone.
const DELETE_STATED: [&str; 2] = [
    "DELETE FROM operation_items WHERE annotation_request_id = $1",
    "DELETE FROM request_items WHERE annotation_request_id = $1",
];

const ADD_UP: [&str; 4] = [
    "INSERT INTO statistics_totals (annotation_request_id, pool_type, status, tasks, instances, attributes, frames) \
     SELECT annotation_request_id, pool_type, status, count(*), sum(instance_num), sum(attribute_num), sum(frame_num) \
     FROM statistics WHERE annotation_request_id = $1 GROUP BY annotation_request_id, pool_type, status",
    "INSERT INTO operation_item_totals (annotation_request_id, item_key, total, tasks, tasks_of_slots, tasks_of_inputs) \
     SELECT s.annotation_request_id, item.key, sum(item.value::text::numeric), count(*), \
     count(*) FILTER (WHERE s.attribute_num = 0), count(*) FILTER (WHERE s.instance_num = 0) \
     FROM statistics AS s, jsonb_each(s.instance_info) AS item \
     WHERE s.annotation_request_id = $1 AND item.value <> '0' GROUP BY s.annotation_request_id, item.key",
    "INSERT INTO item_group_totals (annotation_request_id, item_key, pool_type, status, total, tasks, tasks_of_slots, \
     tasks_of_inputs) \
     SELECT s.annotation_request_id, item.key, s.pool_type, s.status, sum(item.value::text::numeric), count(*), \
     count(*) FILTER (WHERE s.attribute_num = 0), count(*) FILTER (WHERE s.instance_num = 0) \
     FROM statistics AS s, jsonb_each(s.instance_info) AS item \
     WHERE s.annotation_request_id = $1 AND item.value <> '0' \
     GROUP BY s.annotation_request_id, item.key, s.pool_type, s.status",
    "UPDATE annotation_requests SET summed_revision = revision WHERE id = $1",
];

/// Tasks keep their order. Deleted and inserted again, all before the first: an UPDATE would meet the position of a task
/// that has not moved yet.
const CLOSE_GAPS: &str = "\
WITH placed AS (SELECT task_id, row_number() OVER (ORDER BY position) - 1 AS place \
FROM statistics WHERE annotation_request_id = $1), \
moved AS (DELETE FROM statistics AS s USING placed AS p \
WHERE s.annotation_request_id = $1 AND s.task_id = p.task_id AND s.position <> p.place \
RETURNING p.place, s.*) \
INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info, \
instance_num, attribute_num, frame_num, source_name) \
SELECT annotation_request_id, task_id, place, status, pool_type, pool_name, instance_info, \
instance_num, attribute_num, frame_num, source_name FROM moved ORDER BY place";

/// Closes gaps between the positions of the tasks, counts them and adds up the sums again, and gives the request its
/// next revision, as its response changes. Sums of a request that is gone are deleted, tasks of one are kept. Returns
/// whether there was something to repair.
///
/// Writes to the request wait for it, and it for them.
///
/// # Errors
/// When the database cannot be reached or refuses, or a task breaks a rule; all is as it was then.
pub fn repair(settings: &ConnectionSettings, id: &AnnotationRequestId) -> Result<bool, RepositoryError> {
    let unavailable = |error: DatabaseError| RepositoryError::Unavailable(BoxError::from(error));
    let mut connection = settings.open().map_err(unavailable)?;
    Ok(connection.transaction(|connection| repair_locked(connection, id))?)
}

fn repair_locked(connection: &mut PgConnection, id: &AnnotationRequestId) -> Result<bool, DatabaseError> {
    loop {
        if run(connection, LOCK, id)? > 0 {
            return rebuild(connection, id);
        }
        if run(connection, STAND_IN, id)? > 0 {
            return delete_orphans(connection, id);
        }
        // Another writer has just created the request: it can be locked now.
    }
}

fn rebuild(connection: &mut PgConnection, id: &AnnotationRequestId) -> Result<bool, DatabaseError> {
    // Verified again under the lock: by now it may be another request of this id, or repaired already.
    if verification::drifts(connection, id)?.is_empty() {
        return Ok(false);
    }
    for statement in [CLOSE_GAPS].into_iter().chain(DELETE_DERIVED).chain(ADD_UP) {
        run(connection, statement, id)?;
    }
    registry::recount(connection, id)?;
    Ok(true)
}

fn delete_orphans(connection: &mut PgConnection, id: &AnnotationRequestId) -> Result<bool, DatabaseError> {
    let mut gone = 0;
    for statement in DELETE_DERIVED.into_iter().chain(DELETE_STATED) {
        gone += run(connection, statement, id)?;
    }
    run(connection, DELETE_STAND_IN, id)?;
    Ok(gone > 0)
}

fn run(connection: &mut PgConnection, statement: &str, id: &AnnotationRequestId) -> QueryResult<usize> {
    sql_query(statement).bind::<Text, _>(id.as_str()).execute(connection)
}
