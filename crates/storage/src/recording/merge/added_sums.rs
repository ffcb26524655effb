//! Adds new tasks to the stored sums of their requests, where no other task is changed.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::totals::{add_to_groups, add_to_items};
use crate::recording::sums::Sums;
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Integer, SmallInt, Text};

/// Sums as text: two counts can add up to more than a `bigint`.
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

/// Adds them to the stored sums.
pub(super) fn add(connection: &mut PgConnection, sums: &Sums) -> Result<(), DatabaseError> {
    let groups = sums.groups();
    let add_groups = AddGroups {
        requests: groups.iter().map(|(request, ..)| *request).collect(),
        pool_types: groups.iter().map(|(_, pool_type, ..)| *pool_type).collect(),
        statuses: groups.iter().map(|(_, _, status, _)| *status).collect(),
        tasks: groups.iter().map(|(.., group)| group.tasks).collect(),
        instances: groups.iter().map(|(.., group)| group.instances.to_string()).collect(),
        attributes: groups.iter().map(|(.., group)| group.attributes.to_string()).collect(),
        frames: groups.iter().map(|(.., group)| group.frames.to_string()).collect(),
    };
    add_groups.execute(connection)?;
    let items = sums.items();
    if items.is_empty() {
        return Ok(());
    }
    let add_items = AddItems {
        requests: items.iter().map(|(request, ..)| *request).collect(),
        keys: items.iter().map(|(_, key, _)| *key).collect(),
        totals: items.iter().map(|(.., item)| item.total.to_string()).collect(),
        tasks: items.iter().map(|(.., item)| item.tasks).collect(),
        tasks_of_slots: items.iter().map(|(.., item)| item.tasks_of_slots).collect(),
        tasks_of_inputs: items.iter().map(|(.., item)| item.tasks_of_inputs).collect(),
    };
    add_items.execute(connection)?;
    Ok(())
}
