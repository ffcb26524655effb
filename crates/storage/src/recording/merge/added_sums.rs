//! Adds new tasks to the stored sums of their requests, where no other task is changed.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::cell_totals::add_to_cells;
use crate::recording::merge::totals::{add_to_groups, add_to_items};
use crate::recording::sum_columns::{CellColumns, GroupColumns, ItemColumns};
use crate::recording::sums::Sums;
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Integer, SmallInt, Text};

const ADD_GROUPS: &str = add_to_groups!(
    "SELECT annotation_request_id, pool_type, status, tasks, instances::numeric, attributes::numeric, frames::numeric
FROM unnest((SELECT $1), $2, $3, $4, $5, $6, $7)
    AS given (annotation_request_id, pool_type, status, tasks, instances, attributes, frames)"
);

prepared_statement!(AddGroups, ADD_GROUPS, (), {
    1 => requests: Vec<&'a str> as Array<Text>,
    2 => pool_types: Vec<i16> as Array<SmallInt>,
    3 => statuses: Vec<i32> as Array<Integer>,
    4 => tasks: Vec<i64> as Array<BigInt>,
    5 => instances: Vec<String> as Array<Text>,
    6 => attributes: Vec<String> as Array<Text>,
    7 => frames: Vec<String> as Array<Text>,
});

const ADD_ITEMS: &str = add_to_items!(
    "SELECT annotation_request_id, item_key, total::numeric, tasks, tasks_of_slots, tasks_of_inputs
FROM unnest((SELECT $1), $2, $3, $4, $5, $6)
    AS given (annotation_request_id, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)"
);

prepared_statement!(AddItems, ADD_ITEMS, (), {
    1 => requests: Vec<&'a str> as Array<Text>,
    2 => keys: Vec<&'a str> as Array<Text>,
    3 => totals: Vec<String> as Array<Text>,
    4 => tasks: Vec<i64> as Array<BigInt>,
    5 => tasks_of_slots: Vec<i64> as Array<BigInt>,
    6 => tasks_of_inputs: Vec<i64> as Array<BigInt>,
});

const ADD_CELLS: &str = add_to_cells!(
    "SELECT annotation_request_id, pool_type, status, item_key, total::numeric, tasks, tasks_of_slots, tasks_of_inputs
FROM unnest((SELECT $1), $2, $3, $4, $5, $6, $7, $8)
    AS given (annotation_request_id, pool_type, status, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)"
);

prepared_statement!(AddCells, ADD_CELLS, (), {
    1 => requests: Vec<&'a str> as Array<Text>,
    2 => pool_types: Vec<i16> as Array<SmallInt>,
    3 => statuses: Vec<i32> as Array<Integer>,
    4 => keys: Vec<&'a str> as Array<Text>,
    5 => totals: Vec<String> as Array<Text>,
    6 => tasks: Vec<i64> as Array<BigInt>,
    7 => tasks_of_slots: Vec<i64> as Array<BigInt>,
    8 => tasks_of_inputs: Vec<i64> as Array<BigInt>,
});

/// Adds them to the stored sums.
pub(super) fn add(connection: &mut PgConnection, sums: &Sums) -> Result<(), DatabaseError> {
    add_groups(connection, sums)?;
    add_items(connection, sums)?;
    add_cells(connection, sums)
}

fn add_groups(connection: &mut PgConnection, sums: &Sums) -> Result<(), DatabaseError> {
    let groups = sums.groups();
    let requests = groups.iter().map(|(request, ..)| *request).collect();
    let of: GroupColumns = groups.into_iter().map(|(_, pool_type, status, group)| (pool_type, status, group)).collect();
    let add_groups = AddGroups {
        requests,
        pool_types: of.pool_types,
        statuses: of.statuses,
        tasks: of.tasks,
        instances: of.instances,
        attributes: of.attributes,
        frames: of.frames,
    };
    add_groups.execute(connection)?;
    Ok(())
}

fn add_items(connection: &mut PgConnection, sums: &Sums) -> Result<(), DatabaseError> {
    let items = sums.items();
    if items.is_empty() {
        return Ok(());
    }
    let requests = items.iter().map(|(request, ..)| *request).collect();
    let of: ItemColumns<'_> = items.into_iter().map(|(_, key, item)| (key, item)).collect();
    let add_items = AddItems {
        requests,
        keys: of.keys,
        totals: of.totals,
        tasks: of.tasks,
        tasks_of_slots: of.tasks_of_slots,
        tasks_of_inputs: of.tasks_of_inputs,
    };
    add_items.execute(connection)?;
    Ok(())
}

fn add_cells(connection: &mut PgConnection, sums: &Sums) -> Result<(), DatabaseError> {
    let cells = sums.cells();
    if cells.is_empty() {
        return Ok(());
    }
    let requests = cells.iter().map(|(request, _)| *request).collect();
    let of: CellColumns<'_> = cells.into_iter().map(|(_, cell)| cell).collect();
    let add_cells = AddCells {
        requests,
        pool_types: of.pool_types,
        statuses: of.statuses,
        keys: of.items.keys,
        totals: of.items.totals,
        tasks: of.items.tasks,
        tasks_of_slots: of.items.tasks_of_slots,
        tasks_of_inputs: of.items.tasks_of_inputs,
    };
    add_cells.execute(connection)?;
    Ok(())
}
