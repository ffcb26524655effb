//! Inserts the new tasks of a small write, at positions that the locked counter rows give.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::locked_requests::LockedRequest;
use annotation_statistics_domain::{RecordedTask, SourceName};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text};
use std::collections::HashMap;

const INSERT_TASKS: &str = "
INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
                        instance_num, attribute_num, frame_num, source_name)
SELECT annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info::jsonb,
       instance_num, attribute_num, frame_num, source_name
FROM unnest((SELECT $1), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    AS given (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
              instance_num, attribute_num, frame_num, source_name)";

prepared_statement!(InsertTasks, INSERT_TASKS, (), {
    1 => requests: Vec<&'a str> as Array<Text>,
    2 => ids: Vec<i64> as Array<BigInt>,
    3 => positions: Vec<i64> as Array<BigInt>,
    4 => statuses: Vec<i32> as Array<Integer>,
    5 => pool_types: Vec<i16> as Array<SmallInt>,
    6 => pool_names: Vec<&'a str> as Array<Text>,
    7 => instance_infos: Vec<&'a str> as Array<Text>,
    8 => instances: Vec<i64> as Array<BigInt>,
    9 => attributes: Vec<i64> as Array<BigInt>,
    10 => frames: Vec<i64> as Array<BigInt>,
    11 => source_names: Vec<Option<&'a str>> as Array<Nullable<Text>>,
});

/// Appends tasks to their requests, in their order.
pub(super) fn insert_tasks(
    connection: &mut PgConnection,
    requests: &[LockedRequest],
    tasks: &[&RecordedTask],
) -> Result<(), DatabaseError> {
    let statement = InsertTasks {
        requests: tasks.iter().map(|task| task.annotation_request_id.as_str()).collect(),
        ids: tasks.iter().map(|task| task.statistics.id().get()).collect(),
        positions: positions(requests, tasks),
        statuses: tasks.iter().map(|task| task.statistics.status().code()).collect(),
        pool_types: tasks.iter().map(|task| task.statistics.pool_type().number()).collect(),
        pool_names: tasks.iter().map(|task| task.statistics.pool_name().as_str()).collect(),
        instance_infos: tasks.iter().map(|task| task.statistics.instance_info().as_json()).collect(),
        instances: tasks.iter().map(|task| task.statistics.instance_num().get()).collect(),
        attributes: tasks.iter().map(|task| task.statistics.attribute_num().get()).collect(),
        frames: tasks.iter().map(|task| task.statistics.frame_num().get()).collect(),
        source_names: tasks.iter().map(|task| task.statistics.source_name().map(SourceName::as_str)).collect(),
    };
    statement.execute(connection)?;
    Ok(())
}

/// Every position has a task or is known as removed, so that a page is found without counting (ADR 9, 68).
fn positions(requests: &[LockedRequest], tasks: &[&RecordedTask]) -> Vec<i64> {
    let mut next: HashMap<&str, i64> =
        requests.iter().map(|request| (request.id.as_str(), request.next_position())).collect();
    let mut positions = Vec::with_capacity(tasks.len());
    for task in tasks {
        let next = next.entry(task.annotation_request_id.as_str()).or_default();
        positions.push(*next);
        *next += 1;
    }
    positions
}
