//! The tasks of a small write, where requests are sharded.

use crate::connection::prepared_statement;
use crate::recording::merge::tasks::update_tasks;
use annotation_statistics_domain::{SourceName, Statistics};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text};
use diesel::{QueryResult, RunQueryDsl};

/// The request itself is what says to which shard the rows go: from parameters alone they would go through the coordinator.
const INSERT_TASKS: &str = "
INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
                        instance_num, attribute_num, frame_num, source_name)
SELECT r.id, given.task_id, given.position, given.status, given.pool_type, given.pool_name, given.instance_info::jsonb,
       given.instance_num, given.attribute_num, given.frame_num, given.source_name
FROM annotation_requests AS r, unnest((SELECT $2), $3, $4, $5, $6, $7, $8, $9, $10, $11)
    AS given (task_id, position, status, pool_type, pool_name, instance_info, instance_num, attribute_num, frame_num,
              source_name)
WHERE r.id = $1
ON CONFLICT (annotation_request_id, task_id) DO NOTHING";

prepared_statement!(InsertTasks, INSERT_TASKS, (), {
    1 => request: &'a str as Text,
    2 => ids: Vec<i64> as Array<BigInt>,
    3 => positions: &'a [i64] as Array<BigInt>,
    4 => statuses: Vec<i32> as Array<Integer>,
    5 => pool_types: Vec<i16> as Array<SmallInt>,
    6 => pool_names: Vec<&'a str> as Array<Text>,
    7 => instance_infos: Vec<&'a str> as Array<Text>,
    8 => instances: Vec<i64> as Array<BigInt>,
    9 => attributes: Vec<i64> as Array<BigInt>,
    10 => frames: Vec<i64> as Array<BigInt>,
    11 => source_names: Vec<Option<&'a str>> as Array<Nullable<Text>>,
});

const UPDATE_TASKS: &str = update_tasks!(
    FROM "(
    SELECT task_id, status, pool_type, pool_name, instance_info::jsonb AS instance_info, instance_num, attribute_num,
           frame_num, source_name
    FROM unnest((SELECT $2), $3, $4, $5, $6, $7, $8, $9, $10)
        AS given (task_id, status, pool_type, pool_name, instance_info, instance_num, attribute_num, frame_num, source_name)
) AS s"
    WHERE "t.annotation_request_id = $1 AND t.task_id = s.task_id"
);

prepared_statement!(UpdateTasks, UPDATE_TASKS, (), {
    1 => request: &'a str as Text,
    2 => ids: Vec<i64> as Array<BigInt>,
    3 => statuses: Vec<i32> as Array<Integer>,
    4 => pool_types: Vec<i16> as Array<SmallInt>,
    5 => pool_names: Vec<&'a str> as Array<Text>,
    6 => instance_infos: Vec<&'a str> as Array<Text>,
    7 => instances: Vec<i64> as Array<BigInt>,
    8 => attributes: Vec<i64> as Array<BigInt>,
    9 => frames: Vec<i64> as Array<BigInt>,
    10 => source_names: Vec<Option<&'a str>> as Array<Nullable<Text>>,
});

/// Inserts those of the tasks that are not known, and returns how many.
pub(super) fn insert_tasks(
    connection: &mut PgConnection,
    request: &str,
    tasks: &[&Statistics],
    positions: &[i64],
) -> QueryResult<usize> {
    let UpdateTasks {
        ids,
        statuses,
        pool_types,
        pool_names,
        instance_infos,
        instances,
        attributes,
        frames,
        source_names,
        ..
    } = UpdateTasks::of(request, tasks);
    let statement = InsertTasks {
        request,
        ids,
        positions,
        statuses,
        pool_types,
        pool_names,
        instance_infos,
        instances,
        attributes,
        frames,
        source_names,
    };
    statement.execute(connection)
}

/// Updates the tasks, which are known.
pub(super) fn update_tasks(connection: &mut PgConnection, request: &str, tasks: &[&Statistics]) -> QueryResult<()> {
    UpdateTasks::of(request, tasks).execute(connection).map(drop)
}

impl<'a> UpdateTasks<'a> {
    fn of(request: &'a str, tasks: &[&'a Statistics]) -> Self {
        let tasks = || tasks.iter().copied();
        Self {
            request,
            ids: tasks().map(|task| task.id().get()).collect(),
            statuses: tasks().map(|task| task.status().code()).collect(),
            pool_types: tasks().map(|task| task.pool_type().number()).collect(),
            pool_names: tasks().map(|task| task.pool_name().as_str()).collect(),
            instance_infos: tasks().map(|task| task.instance_info().as_json()).collect(),
            instances: tasks().map(|task| task.instance_num().get()).collect(),
            attributes: tasks().map(|task| task.attribute_num().get()).collect(),
            frames: tasks().map(|task| task.frame_num().get()).collect(),
            source_names: tasks().map(|task| task.source_name().map(SourceName::as_str)).collect(),
        }
    }
}
