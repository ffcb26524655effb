//! The sums by operation item, pool type and status, kept beside those by operation item (ADR 84).

use crate::recording::statement::Statement;
use diesel::QueryResult;
use diesel::pg::PgConnection;

/// Adds what only grows.
macro_rules! add_to_cells {
    ($sums:expr) => {
        concat!(
            "
INSERT INTO item_group_totals AS t (annotation_request_id, pool_type, status, item_key, total, tasks, tasks_of_slots,
                                    tasks_of_inputs)
",
            $sums,
            "
ON CONFLICT (annotation_request_id, item_key, pool_type, status) DO UPDATE
SET total = t.total + excluded.total, tasks = t.tasks + excluded.tasks,
    tasks_of_slots = t.tasks_of_slots + excluded.tasks_of_slots,
    tasks_of_inputs = t.tasks_of_inputs + excluded.tasks_of_inputs"
        )
    };
}
pub(super) use add_to_cells;

/// Adds changes that may be negative to sums that are stored; those that no task adds to any more are for
/// `delete_from_cells`.
macro_rules! subtract_from_cells {
    (FROM $changes:literal WHERE $found:literal) => {
        concat!(
            "
UPDATE item_group_totals AS t
SET total = t.total + c.total, tasks = t.tasks + c.tasks, tasks_of_slots = t.tasks_of_slots + c.tasks_of_slots,
    tasks_of_inputs = t.tasks_of_inputs + c.tasks_of_inputs
FROM ",
            $changes,
            " WHERE ",
            $found,
            " AND t.item_key = c.item_key AND t.pool_type = c.pool_type AND t.status = c.status AND t.tasks + c.tasks <> 0"
        )
    };
}
pub(super) use subtract_from_cells;

/// The others: a statement may not update a row and delete it.
macro_rules! delete_from_cells {
    (USING $changes:literal WHERE $found:literal) => {
        concat!(
            "
DELETE FROM item_group_totals AS t USING ",
            $changes,
            " WHERE ",
            $found,
            " AND t.item_key = c.item_key AND t.pool_type = c.pool_type AND t.status = c.status AND t.tasks + c.tasks = 0"
        )
    };
}
pub(super) use delete_from_cells;

/// All changes of a cell together. Those of requests whose sums by group are not kept are left out: nothing is subtracted
/// from what may not be there.
const CREATE_CHANGED_CELLS: &str = "
CREATE TEMPORARY TABLE changed_cells ON COMMIT DROP AS
SELECT annotation_request_id, pool_type, status, item_key, sum(total) AS total, sum(tasks)::bigint AS tasks,
       sum(tasks_of_slots)::bigint AS tasks_of_slots, sum(tasks_of_inputs)::bigint AS tasks_of_inputs
FROM changed_items GROUP BY annotation_request_id, pool_type, status, item_key";

const FIND_UNSUMMED: &str = "
CREATE TEMPORARY TABLE unsummed_requests ON COMMIT DROP AS
SELECT q.id FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id
WHERE r.summed_revision <> r.revision";

const LEAVE_OUT_UNSUMMED: &str = "
DELETE FROM changed_cells AS c USING unsummed_requests AS q WHERE c.annotation_request_id = q.id";

/// Deleted first: what is added to in the same place is stored by the next statements.
const DELETE_CELLS: &str =
    delete_from_cells!(USING "changed_cells AS c" WHERE "t.annotation_request_id = c.annotation_request_id");

const ADD_TO_CELLS: &str =
    subtract_from_cells!(FROM "changed_cells AS c" WHERE "t.annotation_request_id = c.annotation_request_id");

/// A sum that something was subtracted from is stored already, or was deleted.
const NEW_CELLS: &str = "
INSERT INTO item_group_totals (annotation_request_id, pool_type, status, item_key, total, tasks, tasks_of_slots,
                               tasks_of_inputs)
SELECT annotation_request_id, pool_type, status, item_key, total, tasks, tasks_of_slots, tasks_of_inputs
FROM changed_cells WHERE total > 0 AND tasks > 0 AND tasks_of_slots >= 0 AND tasks_of_inputs >= 0
ON CONFLICT (annotation_request_id, item_key, pool_type, status) DO NOTHING";

const ADD_TO_ALL_CELLS: &str = add_to_cells!(
    "SELECT annotation_request_id, pool_type, status, item_key, sum(total), sum(tasks), sum(tasks_of_slots),
       sum(tasks_of_inputs)
FROM changed_items GROUP BY annotation_request_id, pool_type, status, item_key"
);

/// Adds the changes in `changed_items`; `subtracts` where some of them are of tasks that were known.
pub(super) fn keep(connection: &mut PgConnection, subtracts: bool) -> QueryResult<()> {
    let statements: &[_] = if subtracts {
        &[CREATE_CHANGED_CELLS, FIND_UNSUMMED, LEAVE_OUT_UNSUMMED, DELETE_CELLS, ADD_TO_CELLS, NEW_CELLS]
    } else {
        &[ADD_TO_ALL_CELLS]
    };
    statements.iter().try_for_each(|statement| Statement::over_tables(statement).run(connection).map(drop))
}
