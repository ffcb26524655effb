//! Updates known tasks of one request, with its sums and its new revision, in one statement (ADR 74).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::cell_totals::{add_to_cells, delete_from_cells, subtract_from_cells};
use crate::recording::merge::changes::UpdatedTask;
use crate::recording::merge::locked_requests::LockedRequest;
use crate::recording::merge::requests::{new_revision, revise};
use crate::recording::merge::tasks::update_tasks;
use crate::recording::merge::totals::{add_to_groups, add_to_items, subtract_from_groups, subtract_from_items};
use crate::recording::sum_columns::{CellColumns, GroupColumns, ItemColumns};
use crate::recording::sums::{Group, Item, Sums};
use annotation_statistics_domain::SourceName;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text};
use diesel::{QueryResult, RunQueryDsl};

/// Sums that only grow are added, and inserted where missing. The others are updated, as the CHECKs of a row to be inserted
/// would refuse a negative change even where there is a row to be updated (ADR 22). Sums as text: two counts can add up to
/// more than a `bigint`. Returns whether a sum may be left that no task adds to.
const CHANGE: &str = concat!(
    "
WITH changed_tasks AS (",
    update_tasks!(
        FROM "(
    SELECT task_id, status, pool_type, pool_name, instance_info::jsonb AS instance_info, instance_num, attribute_num,
           frame_num, source_name
    FROM unnest((SELECT $2), $3, $4, $5, $6, $7, $8, $9, $10)
        AS given (task_id, status, pool_type, pool_name, instance_info, instance_num, attribute_num, frame_num, source_name)
) AS s"
        WHERE "t.annotation_request_id = $1 AND t.task_id = s.task_id"
    ),
    "), grown_groups AS (",
    add_to_groups!(
        "SELECT $1, pool_type, status, tasks, instances::numeric, attributes::numeric, frames::numeric
FROM unnest((SELECT $11), $12, $13, $14, $15, $16)
    AS given (pool_type, status, tasks, instances, attributes, frames)"
    ),
    "), grown_items AS (",
    add_to_items!(
        "SELECT $1, item_key, total::numeric, tasks, tasks_of_slots, tasks_of_inputs
FROM unnest((SELECT $17), $18, $19, $20, $21) AS given (item_key, total, tasks, tasks_of_slots, tasks_of_inputs)"
    ),
    "), lessened_groups AS (",
    subtract_from_groups!(
        FROM "unnest((SELECT $22), $23, $24, $25::numeric[], $26::numeric[], $27::numeric[])
    AS c (pool_type, status, tasks, instances, attributes, frames)"
        WHERE "t.annotation_request_id = $1"
    ),
    " RETURNING t.tasks
), lessened_items AS (",
    subtract_from_items!(
        FROM "unnest((SELECT $28), $29::numeric[], $30, $31, $32)
    AS c (item_key, total, tasks, tasks_of_slots, tasks_of_inputs)"
        WHERE "t.annotation_request_id = $1"
    ),
    " RETURNING t.tasks
), grown_cells AS (",
    add_to_cells!(
        "SELECT $1, pool_type, status, item_key, total::numeric, tasks, tasks_of_slots, tasks_of_inputs
FROM unnest((SELECT $35), $36, $37, $38, $39, $40, $41)
    AS given (pool_type, status, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)
WHERE total::numeric >= 0 AND tasks >= 0 AND tasks_of_slots >= 0 AND tasks_of_inputs >= 0"
    ),
    "), lessened_cells AS (",
    subtract_from_cells!(
        FROM "unnest((SELECT $35), $36, $37, $38::numeric[], $39, $40, $41)
    AS c (pool_type, status, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)"
        WHERE "t.annotation_request_id = $1
    AND (c.total < 0 OR c.tasks < 0 OR c.tasks_of_slots < 0 OR c.tasks_of_inputs < 0)"
    ),
    "), emptied_cells AS (",
    delete_from_cells!(
        USING "unnest((SELECT $35), $36, $37, $39) AS c (pool_type, status, item_key, tasks)"
        WHERE "t.annotation_request_id = $1 AND c.tasks < 0"
    ),
    "), revised AS MATERIALIZED (SELECT 0::bigint AS inserted, NULL::text AS counting_rule, ",
    new_revision!(after "$33 + 1" as "$34"),
    ")",
    revise!(FROM "revised" WHERE "r.id = $1"),
    " RETURNING r.revision, EXISTS (SELECT FROM lessened_groups WHERE tasks = 0),
            EXISTS (SELECT FROM lessened_items WHERE tasks = 0)"
);

prepared_statement!(#[derive(Default)] Change, CHANGE, (BigInt, Bool, Bool), {
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
    11 => grown_pool_types: Vec<i16> as Array<SmallInt>,
    12 => grown_statuses: Vec<i32> as Array<Integer>,
    13 => grown_tasks: Vec<i64> as Array<BigInt>,
    14 => grown_instances: Vec<String> as Array<Text>,
    15 => grown_attributes: Vec<String> as Array<Text>,
    16 => grown_frames: Vec<String> as Array<Text>,
    17 => grown_keys: Vec<&'a str> as Array<Text>,
    18 => grown_totals: Vec<String> as Array<Text>,
    19 => grown_item_tasks: Vec<i64> as Array<BigInt>,
    20 => grown_of_slots: Vec<i64> as Array<BigInt>,
    21 => grown_of_inputs: Vec<i64> as Array<BigInt>,
    22 => lessened_pool_types: Vec<i16> as Array<SmallInt>,
    23 => lessened_statuses: Vec<i32> as Array<Integer>,
    24 => lessened_tasks: Vec<i64> as Array<BigInt>,
    25 => lessened_instances: Vec<String> as Array<Text>,
    26 => lessened_attributes: Vec<String> as Array<Text>,
    27 => lessened_frames: Vec<String> as Array<Text>,
    28 => lessened_keys: Vec<&'a str> as Array<Text>,
    29 => lessened_totals: Vec<String> as Array<Text>,
    30 => lessened_item_tasks: Vec<i64> as Array<BigInt>,
    31 => lessened_of_slots: Vec<i64> as Array<BigInt>,
    32 => lessened_of_inputs: Vec<i64> as Array<BigInt>,
    33 => last_revision: i64 as BigInt,
    34 => revision: Option<i64> as Nullable<BigInt>,
    35 => cell_pool_types: Vec<i16> as Array<SmallInt>,
    36 => cell_statuses: Vec<i32> as Array<Integer>,
    37 => cell_keys: Vec<&'a str> as Array<Text>,
    38 => cell_totals: Vec<String> as Array<Text>,
    39 => cell_tasks: Vec<i64> as Array<BigInt>,
    40 => cell_tasks_of_slots: Vec<i64> as Array<BigInt>,
    41 => cell_tasks_of_inputs: Vec<i64> as Array<BigInt>,
});

const DELETE_EMPTY_GROUPS: &str = "DELETE FROM statistics_totals WHERE annotation_request_id = $1 AND tasks = 0";

prepared_statement!(DeleteEmptyGroups, DELETE_EMPTY_GROUPS, (), {
    1 => request: &'a str as Text,
});

const DELETE_EMPTY_ITEMS: &str = "DELETE FROM operation_item_totals WHERE annotation_request_id = $1 AND tasks = 0";

prepared_statement!(DeleteEmptyItems, DELETE_EMPTY_ITEMS, (), {
    1 => request: &'a str as Text,
});

/// Updates these tasks in their place, all of which differ from what is recorded. Returns the new revision of the request:
/// the given one that the same write gave to another request, if that is later than its last.
pub(super) fn change(
    connection: &mut PgConnection,
    request: &LockedRequest,
    tasks: &[&UpdatedTask<'_>],
    revision: Option<i64>,
) -> Result<i64, DatabaseError> {
    let mut sums = Sums::default();
    for task in tasks {
        sums.change(&request.id, -1, &task.addend_before());
        sums.change(&request.id, 1, &task.addend());
    }
    let statement = Change { revision, ..Change::of(request, tasks, &sums) };
    let (revision, has_empty_group, has_empty_item) = statement.get_result(connection)?;
    delete_empty(connection, &request.id, has_empty_group, has_empty_item)?;
    Ok(revision)
}

/// What no task adds to any more is no sum.
pub(super) fn delete_empty(connection: &mut PgConnection, request: &str, groups: bool, items: bool) -> QueryResult<()> {
    if groups {
        DeleteEmptyGroups { request }.execute(connection)?;
    }
    if items {
        DeleteEmptyItems { request }.execute(connection)?;
    }
    Ok(())
}

impl<'a> Change<'a> {
    fn of(request: &'a LockedRequest, tasks: &'a [&UpdatedTask<'_>], sums: &'a Sums) -> Self {
        let given = || tasks.iter().map(|task| &task.given.statistics);
        Self {
            request: &request.id,
            ids: given().map(|task| task.id().get()).collect(),
            statuses: given().map(|task| task.status().code()).collect(),
            pool_types: given().map(|task| task.pool_type().number()).collect(),
            pool_names: given().map(|task| task.pool_name().as_str()).collect(),
            instance_infos: given().map(|task| task.instance_info().as_json()).collect(),
            instances: given().map(|task| task.instance_num().get()).collect(),
            attributes: given().map(|task| task.attribute_num().get()).collect(),
            frames: given().map(|task| task.frame_num().get()).collect(),
            source_names: given().map(|task| task.source_name().map(SourceName::as_str)).collect(),
            last_revision: request.revision,
            ..Self::of_sums(sums).with_cells(request, sums)
        }
    }

    fn of_sums(sums: &'a Sums) -> Self {
        let (grown, lessened) = (groups(sums, false), groups(sums, true));
        let (grown_items, lessened_items) = (items(sums, false), items(sums, true));
        Self {
            grown_pool_types: grown.pool_types,
            grown_statuses: grown.statuses,
            grown_tasks: grown.tasks,
            grown_instances: grown.instances,
            grown_attributes: grown.attributes,
            grown_frames: grown.frames,
            grown_keys: grown_items.keys,
            grown_totals: grown_items.totals,
            grown_item_tasks: grown_items.tasks,
            grown_of_slots: grown_items.tasks_of_slots,
            grown_of_inputs: grown_items.tasks_of_inputs,
            lessened_pool_types: lessened.pool_types,
            lessened_statuses: lessened.statuses,
            lessened_tasks: lessened.tasks,
            lessened_instances: lessened.instances,
            lessened_attributes: lessened.attributes,
            lessened_frames: lessened.frames,
            lessened_keys: lessened_items.keys,
            lessened_totals: lessened_items.totals,
            lessened_item_tasks: lessened_items.tasks,
            lessened_of_slots: lessened_items.tasks_of_slots,
            lessened_of_inputs: lessened_items.tasks_of_inputs,
            ..Self::default()
        }
    }

    fn with_cells(self, request: &LockedRequest, sums: &'a Sums) -> Self {
        if !request.has_groups {
            // Nothing is subtracted from what may not be there.
            return self;
        }
        let cells = sums.cells().into_iter().map(|(_, cell)| cell).filter(|cell| !cell.item.is_zero());
        let cells: CellColumns<'a> = cells.collect();
        Self {
            cell_pool_types: cells.pool_types,
            cell_statuses: cells.statuses,
            cell_keys: cells.items.keys,
            cell_totals: cells.items.totals,
            cell_tasks: cells.items.tasks,
            cell_tasks_of_slots: cells.items.tasks_of_slots,
            cell_tasks_of_inputs: cells.items.tasks_of_inputs,
            ..self
        }
    }
}

pub(super) fn groups(sums: &Sums, subtracts: bool) -> GroupColumns {
    let is_meant = |group: &Group| group.subtracts() == subtracts && !group.is_zero();
    let groups = sums.groups().into_iter().filter(|(.., group)| is_meant(group));
    groups.map(|(_, pool_type, status, group)| (pool_type, status, group)).collect()
}

pub(super) fn items(sums: &Sums, subtracts: bool) -> ItemColumns<'_> {
    let is_meant = |item: &Item| item.subtracts() == subtracts && !item.is_zero();
    let items = sums.items().into_iter().filter(|(.., item)| is_meant(item));
    items.map(|(_, key, item)| (key, item)).collect()
}

/// Of those that change, those that only grow or the others.
pub(super) fn cells(sums: &Sums, subtracts: bool) -> CellColumns<'_> {
    let is_meant = |item: &Item| item.subtracts() == subtracts && !item.is_zero();
    sums.cells().into_iter().map(|(_, cell)| cell).filter(|cell| is_meant(cell.item)).collect()
}
