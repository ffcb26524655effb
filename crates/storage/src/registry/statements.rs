//! The SQL statements of the registry, each about one request.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::{self, RequestColumns, RequestRow, request_columns};
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, CountingRuleName, DeletedRequest, NewAnnotationRequest, Revision, TaskId,
};
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{OptionalExtension, QueryResult, RunQueryDsl};

const FIND: &str = concat!("SELECT ", request_columns!(), " FROM annotation_requests AS r WHERE r.id = $1");

const LOCK: &str = concat!("SELECT ", request_columns!(), " FROM annotation_requests AS r WHERE r.id = $1 FOR UPDATE");

/// Locks the request too; revision 0 is that of a row that this very statement created.
const CREATE_OR_LOCK: &str = concat!(
    "INSERT INTO annotation_requests AS r (id, campaign_id, task_count, revision, created_at, updated_at) \
     VALUES ($1, $2, 0, 0, transaction_timestamp(), transaction_timestamp()) \
     ON CONFLICT (id) DO UPDATE SET campaign_id = r.campaign_id RETURNING ",
    request_columns!()
);

/// The next revision, as where tasks are recorded: later than the last one of the request (ADR 11).
macro_rules! next_revision {
    ($last:literal) => {
        concat!("greatest(", $last, " + 1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint)")
    };
}

/// Timestamps are those of revisions.
macro_rules! revise {
    ($set:literal, $last:literal) => {
        concat!(
            "UPDATE annotation_requests AS r SET ",
            $set,
            ", revision = ",
            next_revision!($last),
            ", created_at = CASE r.revision WHEN 0 THEN timestamptz 'epoch' + ",
            next_revision!($last),
            " * interval '1 microsecond' ELSE r.created_at END, updated_at = timestamptz 'epoch' + ",
            next_revision!($last),
            " * interval '1 microsecond' WHERE r.id = $1 RETURNING ",
            request_columns!()
        )
    };
}

const SET_RULE: &str = revise!("counting_rule = $2", "$3");

const ONE_TASK_LESS: &str = revise!("task_count = r.task_count - 1", "r.revision");

const RECOUNT: &str =
    revise!("task_count = (SELECT count(*) FROM statistics AS s WHERE s.annotation_request_id = r.id)", "r.revision");

/// The last revision of the request `$1` when it was deleted.
const LAST_REVISION: &str = "SELECT revision FROM deleted_annotation_requests WHERE annotation_request_id = $1";

/// Deleting is a change, too: the revision is later than any that the request had.
const KEEP_LAST_REVISION: &str = concat!(
    "INSERT INTO deleted_annotation_requests (annotation_request_id, revision) SELECT r.id, ",
    next_revision!("r.revision"),
    " FROM annotation_requests AS r WHERE r.id = $1 \
     ON CONFLICT (annotation_request_id) DO UPDATE SET revision = excluded.revision RETURNING revision"
);

const DELETE_REQUEST: &str = "DELETE FROM annotation_requests WHERE id = $1";

const DELETE_TASKS: &str = "DELETE FROM statistics WHERE annotation_request_id = $1";

const DELETE_TOTALS: &str = "DELETE FROM statistics_totals WHERE annotation_request_id = $1";

const DELETE_ITEM_TOTALS: &str = "DELETE FROM operation_item_totals WHERE annotation_request_id = $1";

const DELETE_ITEM_KINDS: &str = "DELETE FROM operation_items WHERE annotation_request_id = $1";

/// The same statement subtracts the deleted row from the stored sums (ADR 22).
const DELETE_TASK: &str = "\
WITH gone AS (DELETE FROM statistics WHERE annotation_request_id = $1 AND task_id = $2 RETURNING *), \
lessened AS (UPDATE statistics_totals AS t SET tasks = t.tasks - 1, instances = t.instances - gone.instance_num, \
attributes = t.attributes - gone.attribute_num, frames = t.frames - gone.frame_num FROM gone \
WHERE t.annotation_request_id = $1 AND t.pool_type = gone.pool_type AND t.status = gone.status), \
items AS (SELECT item.key, item.value::text::numeric AS number, (gone.attribute_num = 0)::integer AS slots, \
(gone.instance_num = 0)::integer AS inputs FROM gone, jsonb_each(gone.instance_info) AS item WHERE item.value <> '0'), \
fewer AS (UPDATE operation_item_totals AS t SET total = t.total - items.number, tasks = t.tasks - 1, \
tasks_of_slots = t.tasks_of_slots - items.slots, tasks_of_inputs = t.tasks_of_inputs - items.inputs FROM items \
WHERE t.annotation_request_id = $1 AND t.item_key = items.key) \
SELECT position FROM gone";

const DELETE_EMPTY_TOTALS: &str = "DELETE FROM statistics_totals WHERE annotation_request_id = $1 AND tasks = 0";

const DELETE_EMPTY_ITEM_TOTALS: &str =
    "DELETE FROM operation_item_totals WHERE annotation_request_id = $1 AND tasks = 0";

/// Closes the gap (ADR 19) by deleting rows and inserting them one position further up. The sort makes sure that all
/// are deleted before the first one is inserted: an UPDATE would violate the unique position of a task that has not
/// moved yet.
const MOVE_UP: &str = "\
WITH moved AS (DELETE FROM statistics WHERE annotation_request_id = $1 AND position > $2 RETURNING *) \
INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info, \
instance_num, attribute_num, frame_num, source_name) \
SELECT annotation_request_id, task_id, position - 1, status, pool_type, pool_name, instance_info, \
instance_num, attribute_num, frame_num, source_name FROM moved ORDER BY position";

prepared_statement!(Find, FIND, RequestColumns, { 1 => id: &'a str as Text, });
prepared_statement!(Lock, LOCK, RequestColumns, { 1 => id: &'a str as Text, });
prepared_statement!(CreateOrLock, CREATE_OR_LOCK, RequestColumns, { 1 => id: &'a str as Text, 2 => campaign: &'a str as Text, });
prepared_statement!(SetRule, SET_RULE, RequestColumns, {
    1 => id: &'a str as Text,
    2 => rule: Option<&'a str> as Nullable<Text>,
    3 => last: i64 as BigInt,
});
prepared_statement!(LastRevision, LAST_REVISION, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(KeepLastRevision, KEEP_LAST_REVISION, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(OneTaskLess, ONE_TASK_LESS, RequestColumns, { 1 => id: &'a str as Text, });
prepared_statement!(Recount, RECOUNT, RequestColumns, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteRequest, DELETE_REQUEST, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteTasks, DELETE_TASKS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteTotals, DELETE_TOTALS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteItemTotals, DELETE_ITEM_TOTALS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteItemKinds, DELETE_ITEM_KINDS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteEmptyTotals, DELETE_EMPTY_TOTALS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteEmptyItemTotals, DELETE_EMPTY_ITEM_TOTALS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteTask, DELETE_TASK, BigInt, { 1 => id: &'a str as Text, 2 => task: i64 as BigInt, });
prepared_statement!(MoveUp, MOVE_UP, BigInt, { 1 => id: &'a str as Text, 2 => from: i64 as BigInt, });

/// The request, if it is known.
pub(super) fn find(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
) -> Result<Option<AnnotationRequest>, DatabaseError> {
    let row: Option<RequestRow> = Find { id: id.as_str() }.get_result(connection).optional()?;
    row.map(reading::request).transpose()
}

/// The request, if it is known, locked until the end of the transaction.
pub(super) fn lock(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
) -> Result<Option<AnnotationRequest>, DatabaseError> {
    let row: Option<RequestRow> = Lock { id: id.as_str() }.get_result(connection).optional()?;
    row.map(reading::request).transpose()
}

/// The request as it was before, locked until the end of the transaction, or a new one with revision 0.
pub(super) fn create_or_lock(
    connection: &mut PgConnection,
    new: &NewAnnotationRequest,
) -> Result<AnnotationRequest, DatabaseError> {
    let (id, campaign) = (new.id.as_str(), new.campaign_id.as_str());
    reading::request(CreateOrLock { id, campaign }.get_result(connection)?)
}

/// Sets the rule, and gives the request its next revision.
pub(super) fn set_rule(
    connection: &mut PgConnection,
    request: &AnnotationRequest,
    rule: Option<&CountingRuleName>,
) -> Result<AnnotationRequest, DatabaseError> {
    let (id, rule) = (request.id.as_str(), rule.map(CountingRuleName::as_str));
    let before: Option<i64> = match request.revision.number() {
        0 => LastRevision { id }.get_result(connection).optional()?,
        known => Some(known),
    };
    let row: RequestRow = SetRule { id, rule, last: before.unwrap_or(0) }.get_result(connection)?;
    reading::request(row)
}

/// Deletes the request, which must exist.
pub(super) fn delete(connection: &mut PgConnection, id: &AnnotationRequestId) -> Result<DeletedRequest, DatabaseError> {
    let id = id.as_str();
    let revision: i64 = KeepLastRevision { id }.get_result(connection)?;
    let tasks = DeleteTasks { id }.execute(connection)?;
    DeleteTotals { id }.execute(connection)?;
    DeleteItemTotals { id }.execute(connection)?;
    DeleteItemKinds { id }.execute(connection)?;
    DeleteRequest { id }.execute(connection)?;
    let tasks = u64::try_from(tasks).map_err(|error| DatabaseError::Corrupt(error.to_string()))?;
    Ok(DeletedRequest { tasks, revision: Revision::from(revision) })
}

/// Deletes the task and closes the gap; `None` when there is no such task.
pub(super) fn delete_task(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    task: TaskId,
) -> Result<Option<AnnotationRequest>, DatabaseError> {
    let id = id.as_str();
    let gone: Option<i64> = DeleteTask { id, task: task.get() }.get_result(connection).optional()?;
    let Some(from) = gone else { return Ok(None) };
    DeleteEmptyTotals { id }.execute(connection)?;
    DeleteEmptyItemTotals { id }.execute(connection)?;
    MoveUp { id, from }.execute(connection)?;
    let row: QueryResult<RequestRow> = OneTaskLess { id }.get_result(connection);
    reading::request(row?).map(Some)
}

/// Counts the tasks of the request again, and gives it its next revision.
pub(crate) fn recount(connection: &mut PgConnection, id: &AnnotationRequestId) -> QueryResult<()> {
    Recount { id: id.as_str() }.execute(connection).map(drop)
}
