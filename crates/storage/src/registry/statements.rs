//! The SQL statements of the registry, each about one request.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::{self, RequestColumns, RequestRow, request_columns};
use crate::recording::subtract_task;
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, CampaignScope, CountingRuleName, NewAnnotationRequest, TaskId,
};
use diesel::data_types::PgTimestamp;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};
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
pub(super) use next_revision;

/// The time of the next revision. Worked out without the time zone of the session: what depends on one is refused in a
/// sharded database where it refers to a column.
macro_rules! revised_at {
    ($last:literal) => {
        concat!("(timestamp 'epoch' + ", next_revision!($last), " * interval '1 microsecond') AT TIME ZONE 'UTC'")
    };
}

/// Timestamps are those of revisions.
macro_rules! revise {
    ($set:expr, $last:literal) => {
        concat!(
            "UPDATE annotation_requests AS r SET ",
            $set,
            ", revision = ",
            next_revision!($last),
            ", summed_revision = r.summed_revision - r.revision + ",
            next_revision!($last),
            ", updated_at = ",
            revised_at!($last),
            " WHERE r.id = $1 RETURNING ",
            request_columns!()
        )
    };
}

const SET_RULE: &str = revise!("counting_rule = $2", "$3");

/// The same of a request that was created in this transaction.
const SET_FIRST_RULE: &str = revise!(concat!("counting_rule = $2, created_at = ", revised_at!("$3")), "$3");

/// Its position stays, without a task (ADR 68). Also returns how many such positions there are now.
const ONE_TASK_LESS: &str = concat!(
    revise!(
        "task_count = r.task_count - 1, removed_count = r.removed_count + 1, \
         next_position = r.task_count + r.removed_count, layout = greatest(r.layout, r.revision) + 1",
        "r.revision"
    ),
    ", r.removed_count"
);

/// Where no position is without a task.
const RECOUNT: &str = revise!(
    "task_count = (SELECT count(*) FROM statistics AS s WHERE s.annotation_request_id = $1), removed_count = 0, \
     next_position = NULL, layout = greatest(r.layout, r.revision) + 1",
    "r.revision"
);

/// The last revision of the request `$1` when it was deleted.
const LAST_REVISION: &str = "SELECT revision FROM deleted_annotation_requests WHERE annotation_request_id = $1";

/// The same statement subtracts the deleted row from the stored sums (ADR 22), and keeps its position as a removed one, so
/// that no other task has to move (ADR 68).
const DELETE_TASK: &str = "\
WITH gone AS (DELETE FROM statistics WHERE annotation_request_id = $1 AND task_id = $2 RETURNING *), \
emptied AS (INSERT INTO removed_positions (annotation_request_id, position) \
SELECT annotation_request_id, position FROM gone), \
lessened AS (UPDATE statistics_totals AS t SET tasks = t.tasks - 1, instances = t.instances - gone.instance_num, \
attributes = t.attributes - gone.attribute_num, frames = t.frames - gone.frame_num FROM gone \
WHERE t.annotation_request_id = $1 AND t.pool_type = gone.pool_type AND t.status = gone.status), \
items AS (SELECT item.key, item.value::text::numeric AS number, (gone.attribute_num = 0)::integer AS slots, \
(gone.instance_num = 0)::integer AS inputs, gone.pool_type, gone.status FROM gone, jsonb_each(gone.instance_info) AS item WHERE item.value <> '0'), \
fewer AS (UPDATE operation_item_totals AS t SET total = t.total - items.number, tasks = t.tasks - 1, \
tasks_of_slots = t.tasks_of_slots - items.slots, tasks_of_inputs = t.tasks_of_inputs - items.inputs FROM items \
WHERE t.annotation_request_id = $1 AND t.item_key = items.key), \
fewer_of_group AS (UPDATE item_group_totals AS t SET total = t.total - items.number, tasks = t.tasks - 1, \
tasks_of_slots = t.tasks_of_slots - items.slots, tasks_of_inputs = t.tasks_of_inputs - items.inputs FROM items \
WHERE t.annotation_request_id = $1 AND t.item_key = items.key AND t.pool_type = items.pool_type \
AND t.status = items.status AND t.tasks <> 1 AND (SELECT r.summed_revision = r.revision \
FROM annotation_requests AS r WHERE r.id = $1)), \
none_of_group AS (DELETE FROM item_group_totals AS t USING items \
WHERE t.annotation_request_id = $1 AND t.item_key = items.key AND t.pool_type = items.pool_type \
AND t.status = items.status AND t.tasks = 1) \
SELECT position FROM gone";

/// The task alone, where requests are sharded.
const TAKE_TASK: &str = "DELETE FROM statistics WHERE annotation_request_id = $1 AND task_id = $2 RETURNING position";

const KEEP_POSITION: &str = "INSERT INTO removed_positions (annotation_request_id, position) VALUES ($1, $2)";

/// Whether the sums by item, pool and status are kept.
const HAS_CELLS: &str = "SELECT r.summed_revision = r.revision FROM annotation_requests AS r WHERE r.id = $1";

const DELETE_EMPTY_TOTALS: &str = "DELETE FROM statistics_totals WHERE annotation_request_id = $1 AND tasks = 0";

const DELETE_EMPTY_ITEM_TOTALS: &str =
    "DELETE FROM operation_item_totals WHERE annotation_request_id = $1 AND tasks = 0";

prepared_statement!(Find, FIND, RequestColumns, { 1 => id: &'a str as Text, });
prepared_statement!(Lock, LOCK, RequestColumns, { 1 => id: &'a str as Text, });
prepared_statement!(CreateOrLock, CREATE_OR_LOCK, RequestColumns, { 1 => id: &'a str as Text, 2 => campaign: &'a str as Text, });
prepared_statement!(SetRule, SET_RULE, RequestColumns, {
    1 => id: &'a str as Text,
    2 => rule: Option<&'a str> as Nullable<Text>,
    3 => last: i64 as BigInt,
});
prepared_statement!(SetFirstRule, SET_FIRST_RULE, RequestColumns, {
    1 => id: &'a str as Text,
    2 => rule: Option<&'a str> as Nullable<Text>,
    3 => last: i64 as BigInt,
});
prepared_statement!(LastRevision, LAST_REVISION, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(OneTaskLess, ONE_TASK_LESS, LessColumns, { 1 => id: &'a str as Text, });
prepared_statement!(Recount, RECOUNT, RequestColumns, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteEmptyTotals, DELETE_EMPTY_TOTALS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteEmptyItemTotals, DELETE_EMPTY_ITEM_TOTALS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteTask, DELETE_TASK, BigInt, { 1 => id: &'a str as Text, 2 => task: i64 as BigInt, });
prepared_statement!(TakeTask, TAKE_TASK, BigInt, { 1 => id: &'a str as Text, 2 => task: i64 as BigInt, });
prepared_statement!(KeepPosition, KEEP_POSITION, (), { 1 => id: &'a str as Text, 2 => position: i64 as BigInt, });
prepared_statement!(HasCells, HAS_CELLS, Bool, { 1 => id: &'a str as Text, });

type LessColumns = (Text, Text, Nullable<Text>, BigInt, BigInt, Timestamptz, Timestamptz, BigInt);
type LessRow = (String, String, Option<String>, i64, i64, PgTimestamp, PgTimestamp, i64);

/// The request, if it is known.
/// Whether there is such a request in the scope.
pub(crate) fn is_known(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    scope: &CampaignScope,
) -> Result<bool, DatabaseError> {
    Ok(find(connection, id)?.is_some_and(|request| scope.covers(&request.campaign_id)))
}

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
    let row: RequestRow = match request.revision.number() {
        0 => {
            let before: Option<i64> = LastRevision { id }.get_result(connection).optional()?;
            SetFirstRule { id, rule, last: before.unwrap_or(0) }.get_result(connection)?
        }
        last => SetRule { id, rule, last }.get_result(connection)?,
    };
    reading::request(row)
}

/// A request with a task less.
pub(super) struct OneLess {
    pub(super) request: AnnotationRequest,
    /// How many of its positions have no task any more.
    pub(super) removed_count: u64,
}

/// Deletes the task, whose position stays empty; `None` when there is no such task.
pub(super) fn delete_task(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    task: TaskId,
) -> Result<Option<OneLess>, DatabaseError> {
    let id = id.as_str();
    let gone: Option<i64> = DeleteTask { id, task: task.get() }.get_result(connection).optional()?;
    if gone.is_none() {
        return Ok(None);
    }
    DeleteEmptyTotals { id }.execute(connection)?;
    DeleteEmptyItemTotals { id }.execute(connection)?;
    one_task_less(connection, id).map(Some)
}

/// The same where requests are sharded, as a statement for each table: each goes to the shard that the request is in, and the
/// commit is that of its node alone (ADR 89, ADR 91).
pub(super) fn delete_task_on_one_shard(
    connection: &mut PgConnection,
    request: &AnnotationRequest,
    task: TaskId,
) -> Result<Option<OneLess>, DatabaseError> {
    let Some(found) = reading::find_task(connection, request, task)? else { return Ok(None) };
    let id = request.id.as_str();
    let position: i64 = TakeTask { id, task: task.get() }.get_result(connection)?;
    KeepPosition { id, position }.execute(connection)?;
    let has_cells: bool = HasCells { id }.get_result(connection)?;
    subtract_task(connection, id, &found, has_cells)?;
    one_task_less(connection, id).map(Some)
}

fn one_task_less(connection: &mut PgConnection, id: &str) -> Result<OneLess, DatabaseError> {
    let (id, campaign, rule, tasks, revision, created, updated, removed): LessRow =
        OneTaskLess { id }.get_result(connection)?;
    let request = reading::request((id, campaign, rule, tasks, revision, created, updated))?;
    Ok(OneLess { request, removed_count: removed.unsigned_abs() })
}

/// Counts the tasks of the request again, and gives it its next revision.
pub(crate) fn recount(connection: &mut PgConnection, id: &AnnotationRequestId) -> QueryResult<()> {
    Recount { id: id.as_str() }.execute(connection).map(drop)
}
