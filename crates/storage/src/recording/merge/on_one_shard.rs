//! What appends to a request or changes it, as a statement for each table, where requests are sharded: each goes to the one
//! shard that the request is in. As parts of one statement, their rows would go through the coordinator, and to a second node,
//! with which the commit would be a two-phase one then (ADR 89).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::append::Appended;
use crate::recording::merge::cell_totals::{add_to_cells, delete_from_cells, subtract_from_cells};
use crate::recording::merge::change::{cells, delete_empty, groups, items};
use crate::recording::merge::changes::UpdatedTask;
use crate::recording::merge::locked_requests::LockedRequest;
use crate::recording::merge::requests::revise;
use crate::recording::merge::tasks_on_one_shard::{insert_tasks, update_tasks};
use crate::recording::merge::totals::{add_to_groups, add_to_items, subtract_from_groups, subtract_from_items};
use crate::recording::sum_columns::{CellColumns, GroupColumns, ItemColumns};
use crate::recording::sums::{Addend, Sums};
use annotation_statistics_domain::Statistics;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text};
use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query};

const ADD_GROUPS: &str = add_to_groups!(
    "SELECT r.id, c.pool_type, c.status, c.tasks, c.instances::numeric, c.attributes::numeric, c.frames::numeric
FROM annotation_requests AS r, unnest((SELECT $2), $3, $4, $5, $6, $7)
    AS c (pool_type, status, tasks, instances, attributes, frames)
WHERE r.id = $1"
);

const SUBTRACT_GROUPS: &str = concat!(
    subtract_from_groups!(
        FROM "unnest((SELECT $2), $3, $4, $5::numeric[], $6::numeric[], $7::numeric[])
    AS c (pool_type, status, tasks, instances, attributes, frames)"
        WHERE "t.annotation_request_id = $1"
    ),
    " RETURNING t.tasks"
);

macro_rules! groups_statement {
    ($name:ident, $sql:expr, $columns:ty) => {
        prepared_statement!($name, $sql, $columns, {
            1 => request: &'a str as Text,
            2 => pool_types: Vec<i16> as Array<SmallInt>,
            3 => statuses: Vec<i32> as Array<Integer>,
            4 => tasks: Vec<i64> as Array<BigInt>,
            5 => instances: Vec<String> as Array<Text>,
            6 => attributes: Vec<String> as Array<Text>,
            7 => frames: Vec<String> as Array<Text>,
        });
    };
}
groups_statement!(AddGroups, ADD_GROUPS, ());
groups_statement!(SubtractGroups, SUBTRACT_GROUPS, BigInt);

const ADD_ITEMS: &str = add_to_items!(
    "SELECT r.id, c.item_key, c.total::numeric, c.tasks, c.tasks_of_slots, c.tasks_of_inputs
FROM annotation_requests AS r, unnest((SELECT $2), $3, $4, $5, $6)
    AS c (item_key, total, tasks, tasks_of_slots, tasks_of_inputs)
WHERE r.id = $1"
);

const SUBTRACT_ITEMS: &str = concat!(
    subtract_from_items!(
        FROM "unnest((SELECT $2), $3::numeric[], $4, $5, $6)
    AS c (item_key, total, tasks, tasks_of_slots, tasks_of_inputs)"
        WHERE "t.annotation_request_id = $1"
    ),
    " RETURNING t.tasks"
);

macro_rules! items_statement {
    ($name:ident, $sql:expr, $columns:ty) => {
        prepared_statement!($name, $sql, $columns, {
            1 => request: &'a str as Text,
            2 => keys: Vec<&'a str> as Array<Text>,
            3 => totals: Vec<String> as Array<Text>,
            4 => tasks: Vec<i64> as Array<BigInt>,
            5 => tasks_of_slots: Vec<i64> as Array<BigInt>,
            6 => tasks_of_inputs: Vec<i64> as Array<BigInt>,
        });
    };
}
items_statement!(AddItems, ADD_ITEMS, ());
items_statement!(SubtractItems, SUBTRACT_ITEMS, BigInt);

const ADD_CELLS: &str = add_to_cells!(
    "SELECT r.id, c.pool_type, c.status, c.item_key, c.total::numeric, c.tasks, c.tasks_of_slots, c.tasks_of_inputs
FROM annotation_requests AS r, unnest((SELECT $2), $3, $4, $5, $6, $7, $8)
    AS c (pool_type, status, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)
WHERE r.id = $1"
);

const DELETE_CELLS: &str = delete_from_cells!(
    USING "unnest((SELECT $2), $3, $4, $5::numeric[], $6, $7, $8)
    AS c (pool_type, status, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)"
    WHERE "t.annotation_request_id = $1"
);

const SUBTRACT_CELLS: &str = subtract_from_cells!(
    FROM "unnest((SELECT $2), $3, $4, $5::numeric[], $6, $7, $8)
    AS c (pool_type, status, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)"
    WHERE "t.annotation_request_id = $1"
);

macro_rules! cells_statement {
    ($name:ident, $sql:expr) => {
        prepared_statement!($name, $sql, (), {
            1 => request: &'a str as Text,
            2 => pool_types: &'a [i16] as Array<SmallInt>,
            3 => statuses: &'a [i32] as Array<Integer>,
            4 => keys: &'a [&'a str] as Array<Text>,
            5 => totals: &'a [String] as Array<Text>,
            6 => tasks: &'a [i64] as Array<BigInt>,
            7 => tasks_of_slots: &'a [i64] as Array<BigInt>,
            8 => tasks_of_inputs: &'a [i64] as Array<BigInt>,
        });

        impl<'a> $name<'a> {
            fn of(request: &'a str, cells: &'a CellColumns<'a>) -> Self {
                let CellColumns { pool_types, statuses, items } = cells;
                let ItemColumns { keys, totals, tasks, tasks_of_slots, tasks_of_inputs } = items;
                Self { request, pool_types, statuses, keys, totals, tasks, tasks_of_slots, tasks_of_inputs }
            }
        }
    };
}
cells_statement!(AddCells, ADD_CELLS);
cells_statement!(DeleteCells, DELETE_CELLS);
cells_statement!(SubtractCells, SUBTRACT_CELLS);

const REVISE: &str = revise!(
    FROM "(SELECT $2::bigint AS inserted, $3::text AS counting_rule, $4::bigint AS revision)"
    WHERE "r.id = $1"
);

prepared_statement!(Revise, REVISE, (), {
    1 => request: &'a str as Text,
    2 => inserted: i64 as BigInt,
    3 => counting_rule: Option<&'a str> as Nullable<Text>,
    4 => revision: i64 as BigInt,
});

/// By itself: a function of the time in the update would be worked out on the coordinator.
const TIME: &str = "SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS time";

#[derive(QueryableByName)]
struct Time {
    #[diesel(sql_type = BigInt)]
    time: i64,
}

/// As [`append`](super::append::append).
pub(super) fn append(
    connection: &mut PgConnection,
    request: &LockedRequest,
    appended: &Appended<'_>,
) -> Result<Option<i64>, DatabaseError> {
    let positions: Vec<i64> = (request.next_position()..).zip(&appended.tasks).map(|(position, _)| position).collect();
    let tasks: Vec<&Statistics> = appended.tasks.iter().map(|task| &task.statistics).collect();
    if !tasks.is_empty() {
        if insert_tasks(connection, &request.id, &tasks, &positions)? != tasks.len() {
            return Ok(None);
        }
        let mut sums = Sums::default();
        appended.tasks.iter().for_each(|task| sums.add(task));
        add(connection, &request.id, &sums)?;
        add_cells(connection, &request.id, &cells(&sums, false))?;
    }
    let Appended { counting_rule, last_revision, revision, .. } = *appended;
    Ok(Some(revise(connection, &request.id, tasks.len(), counting_rule, last_revision, revision)?))
}

/// As [`change`](super::change::change).
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
    let tasks: Vec<&Statistics> = tasks.iter().map(|task| &task.given.statistics).collect();
    update_tasks(connection, &request.id, &tasks)?;
    add(connection, &request.id, &sums)?;
    let (has_empty_group, has_empty_item) = subtract(connection, &request.id, &sums)?;
    // Nothing is subtracted from what may not be there.
    if request.has_groups {
        subtract_cells(connection, &request.id, &cells(&sums, true))?;
        add_cells(connection, &request.id, &cells(&sums, false))?;
    }
    let revision = revise(connection, &request.id, 0, None, request.revision, revision)?;
    delete_empty(connection, &request.id, has_empty_group, has_empty_item)?;
    Ok(revision)
}

/// Subtracts a task that was deleted from the sums of its request; also from those by item, pool and status, if they are kept.
pub(crate) fn subtract_task(
    connection: &mut PgConnection,
    request: &str,
    task: &Statistics,
    has_cells: bool,
) -> QueryResult<()> {
    let mut sums = Sums::default();
    sums.change(request, -1, &Addend::from(task));
    let (has_empty_group, has_empty_item) = subtract(connection, request, &sums)?;
    if has_cells {
        subtract_cells(connection, request, &cells(&sums, true))?;
    }
    delete_empty(connection, request, has_empty_group, has_empty_item)
}

/// Adds what only grows to the stored sums.
fn add(connection: &mut PgConnection, request: &str, sums: &Sums) -> QueryResult<()> {
    let GroupColumns { pool_types, statuses, tasks, instances, attributes, frames } = groups(sums, false);
    if !tasks.is_empty() {
        AddGroups { request, pool_types, statuses, tasks, instances, attributes, frames }.execute(connection)?;
    }
    let ItemColumns { keys, totals, tasks, tasks_of_slots, tasks_of_inputs } = items(sums, false);
    if !tasks.is_empty() {
        AddItems { request, keys, totals, tasks, tasks_of_slots, tasks_of_inputs }.execute(connection)?;
    }
    Ok(())
}

/// Adds the other changes. Returns whether a sum of groups, and one of items, may be left that no task adds to.
fn subtract(connection: &mut PgConnection, request: &str, sums: &Sums) -> QueryResult<(bool, bool)> {
    let (mut groups_left, mut items_left): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
    let GroupColumns { pool_types, statuses, tasks, instances, attributes, frames } = groups(sums, true);
    if !tasks.is_empty() {
        let statement = SubtractGroups { request, pool_types, statuses, tasks, instances, attributes, frames };
        groups_left = statement.load(connection)?;
    }
    let ItemColumns { keys, totals, tasks, tasks_of_slots, tasks_of_inputs } = items(sums, true);
    if !tasks.is_empty() {
        let statement = SubtractItems { request, keys, totals, tasks, tasks_of_slots, tasks_of_inputs };
        items_left = statement.load(connection)?;
    }
    Ok((groups_left.contains(&0), items_left.contains(&0)))
}

fn add_cells(connection: &mut PgConnection, request: &str, cells: &CellColumns<'_>) -> QueryResult<()> {
    if !cells.statuses.is_empty() {
        AddCells::of(request, cells).execute(connection)?;
    }
    Ok(())
}

/// Those that no task adds to any more are deleted first: after the others are changed, they cannot be distinguished.
fn subtract_cells(connection: &mut PgConnection, request: &str, cells: &CellColumns<'_>) -> QueryResult<()> {
    if !cells.statuses.is_empty() {
        DeleteCells::of(request, cells).execute(connection)?;
        SubtractCells::of(request, cells).execute(connection)?;
    }
    Ok(())
}

/// Counts up what was inserted, and returns the new revision: the given one, or the time, if that is later than the last.
fn revise(
    connection: &mut PgConnection,
    request: &str,
    inserted: usize,
    counting_rule: Option<&str>,
    last: i64,
    given: Option<i64>,
) -> QueryResult<i64> {
    let time = match given {
        Some(time) => time,
        None => sql_query(TIME).get_result::<Time>(connection)?.time,
    };
    let (inserted, revision) = (i64::try_from(inserted).unwrap_or(i64::MAX), time.max(last.saturating_add(1)));
    Revise { request, inserted, counting_rule, revision }.execute(connection)?;
    Ok(revision)
}
