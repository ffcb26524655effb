//! Appends new tasks to one request, with their sums and its new revision, in one statement (ADR 74).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::cell_totals::add_to_cells;
use crate::recording::merge::locked_requests::LockedRequest;
use crate::recording::merge::requests::{new_revision, revise};
use crate::recording::merge::totals::{add_to_groups, add_to_items};
use crate::recording::sum_columns::{CellColumns, GroupColumns, ItemColumns};
use crate::recording::sums::Sums;
use annotation_statistics_domain::{RecordedTask, SourceName};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text};
use diesel::{OptionalExtension, RunQueryDsl};

/// Nothing but the tasks themselves is written where one of them, `$24` in all, is known: those that are not have positions
/// then that must not stay. Sums as text: two counts can add up to more than a `bigint`.
const APPEND: &str = concat!(
    "
WITH inserted AS (
    INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
                            instance_num, attribute_num, frame_num, source_name)
    SELECT $1, task_id, position, status, pool_type, pool_name, instance_info::jsonb, instance_num, attribute_num,
           frame_num, source_name
    FROM unnest((SELECT $2), $3, $4, $5, $6, $7, $8, $9, $10, $11)
        AS given (task_id, position, status, pool_type, pool_name, instance_info, instance_num, attribute_num, frame_num,
                  source_name)
    ON CONFLICT (annotation_request_id, task_id) DO NOTHING RETURNING task_id
), kept_groups AS (",
    add_to_groups!(
        "SELECT $1, pool_type, status, tasks, instances::numeric, attributes::numeric, frames::numeric
FROM unnest((SELECT $12), $13, $14, $15, $16, $17)
    AS given (pool_type, status, tasks, instances, attributes, frames)
WHERE (SELECT count(*) FROM inserted) = $24"
    ),
    "), kept_items AS (",
    add_to_items!(
        "SELECT $1, item_key, total::numeric, tasks, tasks_of_slots, tasks_of_inputs
FROM unnest((SELECT $18), $19, $20, $21, $22) AS given (item_key, total, tasks, tasks_of_slots, tasks_of_inputs)
WHERE (SELECT count(*) FROM inserted) = $24"
    ),
    "), kept_cells AS (",
    add_to_cells!(
        "SELECT $1, pool_type, status, item_key, total::numeric, tasks, tasks_of_slots, tasks_of_inputs
FROM unnest((SELECT $27), $28, $29, $30, $31, $32, $33)
    AS given (pool_type, status, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)
WHERE (SELECT count(*) FROM inserted) = $24"
    ),
    "), revised AS MATERIALIZED (SELECT $24 AS inserted, $23 AS counting_rule, ",
    new_revision!(after "$25 + 1" as "$26"),
    ")",
    revise!(FROM "revised" WHERE "r.id = $1 AND (SELECT count(*) FROM inserted) = c.inserted"),
    " RETURNING r.revision"
);

prepared_statement!(#[derive(Default)] Append, APPEND, BigInt, {
    1 => request: &'a str as Text,
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
    12 => group_pool_types: Vec<i16> as Array<SmallInt>,
    13 => group_statuses: Vec<i32> as Array<Integer>,
    14 => group_tasks: Vec<i64> as Array<BigInt>,
    15 => group_instances: Vec<String> as Array<Text>,
    16 => group_attributes: Vec<String> as Array<Text>,
    17 => group_frames: Vec<String> as Array<Text>,
    18 => item_keys: Vec<&'a str> as Array<Text>,
    19 => item_totals: Vec<String> as Array<Text>,
    20 => item_tasks: Vec<i64> as Array<BigInt>,
    21 => tasks_of_slots: Vec<i64> as Array<BigInt>,
    22 => tasks_of_inputs: Vec<i64> as Array<BigInt>,
    23 => counting_rule: Option<&'a str> as Nullable<Text>,
    24 => number: i64 as BigInt,
    25 => last_revision: i64 as BigInt,
    26 => revision: Option<i64> as Nullable<BigInt>,
    27 => cell_pool_types: Vec<i16> as Array<SmallInt>,
    28 => cell_statuses: Vec<i32> as Array<Integer>,
    29 => cell_keys: Vec<&'a str> as Array<Text>,
    30 => cell_totals: Vec<String> as Array<Text>,
    31 => cell_tasks: Vec<i64> as Array<BigInt>,
    32 => cell_tasks_of_slots: Vec<i64> as Array<BigInt>,
    33 => cell_tasks_of_inputs: Vec<i64> as Array<BigInt>,
});

/// What is appended to a request.
pub(super) struct Appended<'a> {
    /// Tasks, in their order.
    pub(super) tasks: Vec<&'a RecordedTask>,
    /// The rule by which they were counted, if it is stated.
    pub(super) counting_rule: Option<&'a str>,
    /// The last revision that the request had.
    pub(super) last_revision: i64,
    /// The revision that the same write gave to another request.
    pub(super) revision: Option<i64>,
}

/// Appends them, and returns the new revision of the request. `None` where one of them is known; then nothing is done if it
/// is the only one, and the transaction must be rolled back if it is not.
pub(super) fn append(
    connection: &mut PgConnection,
    request: &LockedRequest,
    appended: &Appended<'_>,
) -> Result<Option<i64>, DatabaseError> {
    let mut sums = Sums::default();
    appended.tasks.iter().for_each(|task| sums.add(task));
    Ok(Append::of(request, appended, &sums).get_result(connection).optional()?)
}

impl<'a> Append<'a> {
    fn of(request: &'a LockedRequest, appended: &'a Appended<'_>, sums: &'a Sums) -> Self {
        let tasks = &appended.tasks;
        let groups: GroupColumns =
            sums.groups().into_iter().map(|(_, pool, status, group)| (pool, status, group)).collect();
        let items: ItemColumns<'a> = sums.items().into_iter().map(|(_, key, item)| (key, item)).collect();
        Self {
            request: &request.id,
            ids: tasks.iter().map(|task| task.statistics.id().get()).collect(),
            // Every position has a task or is known as removed, so that a page is found without counting (ADR 9, 68).
            positions: (request.next_position()..).zip(tasks).map(|(position, _)| position).collect(),
            statuses: tasks.iter().map(|task| task.statistics.status().code()).collect(),
            pool_types: tasks.iter().map(|task| task.statistics.pool_type().number()).collect(),
            pool_names: tasks.iter().map(|task| task.statistics.pool_name().as_str()).collect(),
            instance_infos: tasks.iter().map(|task| task.statistics.instance_info().as_json()).collect(),
            instances: tasks.iter().map(|task| task.statistics.instance_num().get()).collect(),
            attributes: tasks.iter().map(|task| task.statistics.attribute_num().get()).collect(),
            frames: tasks.iter().map(|task| task.statistics.frame_num().get()).collect(),
            source_names: tasks.iter().map(|task| task.statistics.source_name().map(SourceName::as_str)).collect(),
            group_pool_types: groups.pool_types,
            group_statuses: groups.statuses,
            group_tasks: groups.tasks,
            group_instances: groups.instances,
            group_attributes: groups.attributes,
            group_frames: groups.frames,
            item_keys: items.keys,
            item_totals: items.totals,
            item_tasks: items.tasks,
            tasks_of_slots: items.tasks_of_slots,
            tasks_of_inputs: items.tasks_of_inputs,
            counting_rule: appended.counting_rule,
            number: i64::try_from(tasks.len()).unwrap_or(i64::MAX),
            last_revision: appended.last_revision,
            revision: appended.revision,
            ..Self::of_cells(sums)
        }
    }

    fn of_cells(sums: &'a Sums) -> Self {
        let cells: CellColumns<'a> = sums.cells().into_iter().map(|(_, cell)| cell).collect();
        Self {
            cell_pool_types: cells.pool_types,
            cell_statuses: cells.statuses,
            cell_keys: cells.items.keys,
            cell_totals: cells.items.totals,
            cell_tasks: cells.items.tasks,
            cell_tasks_of_slots: cells.items.tasks_of_slots,
            cell_tasks_of_inputs: cells.items.tasks_of_inputs,
            ..Self::default()
        }
    }
}
