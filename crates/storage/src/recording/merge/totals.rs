//! Keeps the sums of requests correct while tasks are merged: changes are added up first, then added to the stored sums
//! (ADR 22).

use crate::recording::merge::cell_totals;
use crate::recording::statement::Statement;
use diesel::QueryResult;
use diesel::pg::PgConnection;

const CREATE_GROUP_CHANGES: &str = "
CREATE TEMPORARY TABLE changed_groups (
    annotation_request_id text COLLATE \"C\", pool_type smallint, status integer, tasks bigint, instances numeric,
    attributes numeric, frames numeric
) ON COMMIT DROP";

const CREATE_ITEM_CHANGES: &str = "
CREATE TEMPORARY TABLE changed_items (
    annotation_request_id text COLLATE \"C\", pool_type smallint, status integer, item_key text COLLATE \"C\",
    total numeric, tasks bigint, tasks_of_slots bigint, tasks_of_inputs bigint
) ON COMMIT DROP";

/// What tasks add to their groups: those on the stage, all of which are new.
const GROUPS_OF_NEW_TASKS: &str = "
INSERT INTO changed_groups
SELECT annotation_request_id, pool_type, status, count(*), sum(instance_num), sum(attribute_num), sum(frame_num)
FROM staged_tasks GROUP BY annotation_request_id, pool_type, status";

const ITEMS_OF_NEW_TASKS: &str = "
INSERT INTO changed_items
SELECT s.annotation_request_id, s.pool_type, s.status, item.key, sum(item.value::bigint), count(*),
       count(*) FILTER (WHERE s.attribute_num = 0), count(*) FILTER (WHERE s.instance_num = 0)
FROM staged_tasks AS s, jsonb_each_text(s.instance_info) AS item WHERE item.value <> '0'
GROUP BY s.annotation_request_id, s.pool_type, s.status, item.key";

/// What `change`s add to their groups and items: `sign` is 1 for what a task is now, and -1 for what it was.
macro_rules! changed_groups {
    (FROM $changes:literal) => {
        concat!(
            "SELECT annotation_request_id, pool_type, status, sum(sign) AS tasks, sum(sign * instance_num::numeric) AS instances,
       sum(sign * attribute_num::numeric) AS attributes, sum(sign * frame_num::numeric) AS frames
FROM ",
            $changes,
            " AS change GROUP BY annotation_request_id, pool_type, status"
        )
    };
}

macro_rules! changed_items {
    (FROM $changes:literal) => {
        concat!(
            "SELECT change.annotation_request_id, change.pool_type, change.status, item.key AS item_key,
       sum(sign * item.value::text::numeric) AS total, sum(sign) AS tasks, coalesce(sum(sign) FILTER (WHERE attribute_num = 0), 0) AS tasks_of_slots,
       coalesce(sum(sign) FILTER (WHERE instance_num = 0), 0) AS tasks_of_inputs
FROM ",
            $changes,
            " AS change, jsonb_each(change.instance_info) AS item WHERE item.value <> '0'
GROUP BY change.annotation_request_id, change.pool_type, change.status, item.key"
        )
    };
}

/// What changed tasks no longer add, and what they add now.
const GROUPS_OF_CHANGED_TASKS: &str = concat!(
    "INSERT INTO changed_groups ",
    changed_groups!(
        FROM "(
    SELECT annotation_request_id, pool_type, status, -1 AS sign, instance_num, attribute_num, frame_num
    FROM changed_tasks
    UNION ALL
    SELECT s.annotation_request_id, s.pool_type, s.status, 1, s.instance_num, s.attribute_num, s.frame_num
    FROM staged_tasks AS s JOIN changed_tasks AS c
      ON c.annotation_request_id = s.annotation_request_id AND c.task_id = s.task_id
)"
    )
);

const ITEMS_OF_CHANGED_TASKS: &str = concat!(
    "INSERT INTO changed_items ",
    changed_items!(
        FROM "(
    SELECT annotation_request_id, pool_type, status, -1 AS sign, instance_info, instance_num, attribute_num
    FROM changed_tasks
    UNION ALL
    SELECT s.annotation_request_id, s.pool_type, s.status, 1, s.instance_info, s.instance_num, s.attribute_num
    FROM staged_tasks AS s JOIN changed_tasks AS c
      ON c.annotation_request_id = s.annotation_request_id AND c.task_id = s.task_id
)"
    )
);

/// Adds what only grows: where no task was changed, nothing is subtracted.
macro_rules! add_to_groups {
    ($sums:expr) => {
        concat!(
            "
INSERT INTO statistics_totals AS t (annotation_request_id, pool_type, status, tasks, instances, attributes, frames)
",
            $sums,
            "
ON CONFLICT (annotation_request_id, pool_type, status) DO UPDATE
SET tasks = t.tasks + excluded.tasks, instances = t.instances + excluded.instances,
    attributes = t.attributes + excluded.attributes, frames = t.frames + excluded.frames"
        )
    };
}
pub(super) use add_to_groups;

macro_rules! add_to_items {
    ($sums:expr) => {
        concat!(
            "
INSERT INTO operation_item_totals AS t (annotation_request_id, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)
",
            $sums,
            "
ON CONFLICT (annotation_request_id, item_key) DO UPDATE
SET total = t.total + excluded.total, tasks = t.tasks + excluded.tasks,
    tasks_of_slots = t.tasks_of_slots + excluded.tasks_of_slots,
    tasks_of_inputs = t.tasks_of_inputs + excluded.tasks_of_inputs"
        )
    };
}
pub(super) use add_to_items;

const ADD_TO_ALL_GROUPS: &str = add_to_groups!(
    "SELECT annotation_request_id, pool_type, status, sum(tasks), sum(instances), sum(attributes), sum(frames)
FROM changed_groups GROUP BY annotation_request_id, pool_type, status"
);

const ADD_TO_ALL_ITEMS: &str = add_to_items!(
    "SELECT annotation_request_id, item_key, sum(total), sum(tasks), sum(tasks_of_slots), sum(tasks_of_inputs)
FROM changed_items GROUP BY annotation_request_id, item_key"
);

/// Adds changes that may be negative to sums that are stored.
macro_rules! subtract_from_groups {
    (FROM $changes:literal WHERE $found:literal) => {
        concat!(
            "
UPDATE statistics_totals AS t
SET tasks = t.tasks + c.tasks, instances = t.instances + c.instances, attributes = t.attributes + c.attributes,
    frames = t.frames + c.frames
FROM ",
            $changes,
            " WHERE ",
            $found,
            " AND t.pool_type = c.pool_type AND t.status = c.status"
        )
    };
}
pub(super) use subtract_from_groups;

macro_rules! subtract_from_items {
    (FROM $changes:literal WHERE $found:literal) => {
        concat!(
            "
UPDATE operation_item_totals AS t
SET total = t.total + c.total, tasks = t.tasks + c.tasks, tasks_of_slots = t.tasks_of_slots + c.tasks_of_slots,
    tasks_of_inputs = t.tasks_of_inputs + c.tasks_of_inputs
FROM ",
            $changes,
            " WHERE ",
            $found,
            " AND t.item_key = c.item_key"
        )
    };
}
pub(super) use subtract_from_items;

/// Where tasks were changed: UPDATE, then INSERT where missing, and no `ON CONFLICT DO UPDATE`, as the CHECKs of the row to
/// be inserted would refuse a negative change even where there is a row to be updated. The counter rows are locked, so no
/// other writer comes in between (ADR 22).
const ADD_TO_GROUPS: &str = subtract_from_groups!(
    FROM "(
    SELECT annotation_request_id, pool_type, status, sum(tasks) AS tasks, sum(instances) AS instances,
           sum(attributes) AS attributes, sum(frames) AS frames
    FROM changed_groups GROUP BY annotation_request_id, pool_type, status
) AS c"
    WHERE "t.annotation_request_id = c.annotation_request_id"
);

/// A sum that something was subtracted from is stored already. No join with the stored sums: they may be sharded, and
/// temporary tables are not (ADR 74).
const NEW_GROUPS: &str = "
INSERT INTO statistics_totals (annotation_request_id, pool_type, status, tasks, instances, attributes, frames)
SELECT annotation_request_id, pool_type, status, sum(tasks), sum(instances), sum(attributes), sum(frames)
FROM changed_groups GROUP BY annotation_request_id, pool_type, status
HAVING sum(tasks) > 0 AND sum(instances) >= 0 AND sum(attributes) >= 0 AND sum(frames) >= 0
ON CONFLICT (annotation_request_id, pool_type, status) DO NOTHING";

const ADD_TO_ITEMS: &str = subtract_from_items!(
    FROM "(
    SELECT annotation_request_id, item_key, sum(total) AS total, sum(tasks) AS tasks,
           sum(tasks_of_slots) AS tasks_of_slots, sum(tasks_of_inputs) AS tasks_of_inputs
    FROM changed_items GROUP BY annotation_request_id, item_key
) AS c"
    WHERE "t.annotation_request_id = c.annotation_request_id"
);

const NEW_ITEMS: &str = "
INSERT INTO operation_item_totals (annotation_request_id, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)
SELECT annotation_request_id, item_key, sum(total), sum(tasks), sum(tasks_of_slots), sum(tasks_of_inputs)
FROM changed_items GROUP BY annotation_request_id, item_key
HAVING sum(total) > 0 AND sum(tasks) > 0 AND sum(tasks_of_slots) >= 0 AND sum(tasks_of_inputs) >= 0
ON CONFLICT (annotation_request_id, item_key) DO NOTHING";

const DELETE_EMPTY_GROUPS: &str = "
DELETE FROM statistics_totals AS t USING changed_groups AS c
WHERE t.annotation_request_id = c.annotation_request_id AND t.pool_type = c.pool_type AND t.status = c.status
  AND t.tasks = 0";

const DELETE_EMPTY_ITEMS: &str = "
DELETE FROM operation_item_totals AS t USING changed_items AS c
WHERE t.annotation_request_id = c.annotation_request_id AND t.item_key = c.item_key AND t.tasks = 0";

/// Begins with no change.
pub(super) fn begin(connection: &mut PgConnection) -> QueryResult<()> {
    run_all(connection, &[CREATE_GROUP_CHANGES, CREATE_ITEM_CHANGES])
}

/// Adds up what the tasks in `changed_tasks` were, and are now by the stage.
pub(super) fn note_changed_tasks(connection: &mut PgConnection) -> QueryResult<()> {
    run_all(connection, &[GROUPS_OF_CHANGED_TASKS, ITEMS_OF_CHANGED_TASKS])
}

/// Adds up the tasks on the stage, all of which are new by now.
pub(super) fn note_new_tasks(connection: &mut PgConnection) -> QueryResult<()> {
    run_all(connection, &[GROUPS_OF_NEW_TASKS, ITEMS_OF_NEW_TASKS])
}

/// Adds all changes to the stored sums; `subtracts` where some of them are of tasks that were known.
pub(super) fn keep(connection: &mut PgConnection, subtracts: bool) -> QueryResult<()> {
    let statements: &[_] = if subtracts {
        &[ADD_TO_GROUPS, NEW_GROUPS, DELETE_EMPTY_GROUPS, ADD_TO_ITEMS, NEW_ITEMS, DELETE_EMPTY_ITEMS]
    } else {
        &[ADD_TO_ALL_GROUPS, ADD_TO_ALL_ITEMS]
    };
    run_all(connection, statements)?;
    cell_totals::keep(connection, subtracts)
}

fn run_all(connection: &mut PgConnection, statements: &[&'static str]) -> QueryResult<()> {
    statements.iter().try_for_each(|statement| Statement::over_tables(statement).run(connection).map(drop))
}
