//! Appends one new task: what most small writes are. Its columns are parameters as they are, and of its counts there is one
//! array, of which both sums by item are made (ADR 90).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::append::Appended;
use crate::recording::merge::cell_totals::add_to_cells;
use crate::recording::merge::locked_requests::LockedRequest;
use crate::recording::merge::requests::{new_revision, revise};
use crate::recording::merge::totals::{add_to_groups, add_to_items};
use annotation_statistics_domain::{RecordedTask, SourceName};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text};
use diesel::{OptionalExtension, RunQueryDsl};

/// Where the task is known, `inserted` is empty, and so is all that comes after it: nothing is written.
const APPEND_ONE: &str = concat!(
    "
WITH inserted AS (
    INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
                            instance_num, attribute_num, frame_num, source_name)
    VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11)
    ON CONFLICT (annotation_request_id, task_id) DO NOTHING RETURNING task_id
), kept_groups AS (",
    add_to_groups!("SELECT $1, $5, $4, 1, $8::numeric, $9::numeric, $10::numeric FROM inserted"),
    "), kept_items AS (",
    add_to_items!(
        "SELECT $1, item_key, count::numeric, 1, $14, $15
FROM inserted, unnest((SELECT $12), $13) AS given (item_key, count)"
    ),
    "), kept_cells AS (",
    add_to_cells!(
        "SELECT $1, $5, $4, item_key, count::numeric, 1, $14, $15
FROM inserted, unnest((SELECT $12), $13) AS given (item_key, count)"
    ),
    "), revised AS MATERIALIZED (SELECT 1::bigint AS inserted, $16 AS counting_rule, ",
    new_revision!(after "$17 + 1" as "$18"),
    " FROM inserted)",
    revise!(FROM "revised" WHERE "r.id = $1"),
    " RETURNING r.revision"
);

prepared_statement!(AppendOne, APPEND_ONE, BigInt, {
    1 => request: &'a str as Text,
    2 => id: i64 as BigInt,
    3 => position: i64 as BigInt,
    4 => status: i32 as Integer,
    5 => pool_type: i16 as SmallInt,
    6 => pool_name: &'a str as Text,
    7 => instance_info: &'a str as Text,
    8 => instances: i64 as BigInt,
    9 => attributes: i64 as BigInt,
    10 => frames: i64 as BigInt,
    11 => source_name: Option<&'a str> as Nullable<Text>,
    12 => keys: Vec<&'a str> as Array<Text>,
    13 => counts: Vec<i64> as Array<BigInt>,
    14 => of_slots: i64 as BigInt,
    15 => of_inputs: i64 as BigInt,
    16 => counting_rule: Option<&'a str> as Nullable<Text>,
    17 => last_revision: i64 as BigInt,
    18 => revision: Option<i64> as Nullable<BigInt>,
});

/// Appends it, and returns the new revision of the request. `None` where it is known; then nothing is done.
pub(super) fn append_one(
    connection: &mut PgConnection,
    request: &LockedRequest,
    appended: &Appended<'_>,
    task: &RecordedTask,
) -> Result<Option<i64>, DatabaseError> {
    let task = &task.statistics;
    // An item of which there is none adds nothing.
    let items = task.instance_info().iter().filter(|(_, count)| count.get() > 0);
    let (keys, counts) = items.map(|(key, count)| (key, count.get())).unzip();
    let statement = AppendOne {
        request: &request.id,
        id: task.id().get(),
        position: request.next_position(),
        status: task.status().code(),
        pool_type: task.pool_type().number(),
        pool_name: task.pool_name().as_str(),
        instance_info: task.instance_info().as_json(),
        instances: task.instance_num().get(),
        attributes: task.attribute_num().get(),
        frames: task.frame_num().get(),
        source_name: task.source_name().map(SourceName::as_str),
        keys,
        counts,
        of_slots: i64::from(task.attribute_num().get() == 0),
        of_inputs: i64::from(task.instance_num().get() == 0),
        counting_rule: appended.counting_rule,
        last_revision: appended.last_revision,
        revision: appended.revision,
    };
    Ok(statement.get_result(connection).optional()?)
}
