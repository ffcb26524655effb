//! Merges a stage in a temporary table. What is in between is in temporary tables, too, so memory does not grow with it.

use crate::DatabaseError;
use crate::recording::merge::added_sums;
use crate::recording::merge::conflicts::{first_duplicate, refuse_conflicts, refuse_failed_precondition};
use crate::recording::merge::kinds;
use crate::recording::merge::names::{first_source_name_conflict, first_staged_source_name_taken};
use crate::recording::merge::requests::{RevisedRequest, count_and_revise, is_changed, lock_requests};
use crate::recording::merge::tasks::{
    CREATE_NEXT_POSITIONS, INSERT_BLOCKS, INSERT_NEW_TASKS, task_differs, update_tasks,
};
use crate::recording::merge::totals;
use crate::recording::not_recorded::NotRecorded;
use crate::recording::outcome::{Mark, Recording};
use crate::recording::stage::{Staged, staged_requests};
use crate::recording::statement::{Relations, Statement, Values};
use annotation_statistics_domain::{Precondition, Recorded, Revision};
use diesel::pg::PgConnection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{BigInt, Bool, Nullable};
use diesel::{Connection, OptionalExtension, QueryResult, QueryableByName, RunQueryDsl};

const CREATE_STAGED_REQUESTS: &str =
    concat!("CREATE TEMPORARY TABLE staged_requests ON COMMIT DROP AS ", staged_requests!());

const FIND_KNOWN: &str = "
SELECT coalesce(sum(r.task_count), 0)::bigint AS tasks, coalesce(bool_and(q.is_block), false) AS are_blocks
FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id";

const NOTE_NEW_KINDS: &str = "UPDATE staged_requests SET has_new_kinds = true WHERE id = ANY($1)";

/// The known tasks that differ from what is staged, as they are recorded.
const CREATE_CHANGED_TASKS: &str = concat!(
    "
CREATE TEMPORARY TABLE changed_tasks ON COMMIT DROP AS
SELECT t.annotation_request_id, t.task_id, t.status, t.pool_type, t.instance_info, t.instance_num, t.attribute_num,
       t.frame_num, t.source_name, s.source_name AS given_source_name, s.place
FROM statistics AS t JOIN staged_tasks AS s
  ON t.annotation_request_id = s.annotation_request_id AND t.task_id = s.task_id
WHERE ",
    task_differs!()
);

const UPDATE_CHANGED_TASKS: &str = update_tasks!(
    FROM "staged_tasks AS s JOIN changed_tasks AS c
  ON c.annotation_request_id = s.annotation_request_id AND c.task_id = s.task_id"
    WHERE "t.annotation_request_id = s.annotation_request_id AND t.task_id = s.task_id"
);

const COUNT_CHANGED_TASKS: &str = "
UPDATE staged_requests AS q SET updated = c.number
FROM (SELECT annotation_request_id, count(*) AS number FROM changed_tasks GROUP BY annotation_request_id) AS c
WHERE q.id = c.annotation_request_id";

/// Leaves on the stage only the tasks that are not recorded yet.
const UNSTAGE_KNOWN_TASKS: &str = "
DELETE FROM staged_tasks AS s USING statistics AS t
WHERE t.annotation_request_id = s.annotation_request_id AND t.task_id = s.task_id";

const COUNT_NEW_TASKS: &str = "
UPDATE staged_requests AS q SET inserted = c.number
FROM (SELECT annotation_request_id, count(*) AS number FROM staged_tasks GROUP BY annotation_request_id) AS c
WHERE q.id = c.annotation_request_id";

/// Where no task is known. What was counted with the requests need not be counted again.
const ALL_TASKS_ARE_NEW: &str = "UPDATE staged_requests SET inserted = tasks";

const TOTALS: &str = "
SELECT sum(q.inserted)::bigint AS inserted, sum(q.updated)::bigint AS updated,
       CASE count(*) WHEN 1 THEN max(r.revision) END AS revision
FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id";

/// Any of the requests that this transaction changed; one stands for all.
const FIRST_CHANGED_REQUEST: &str = concat!(
    "
SELECT r.id, r.revision
FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id
WHERE ",
    is_changed!(),
    " ORDER BY r.id LIMIT 1"
);

#[derive(QueryableByName)]
struct Known {
    /// How many tasks the requests have.
    #[diesel(sql_type = BigInt)]
    tasks: i64,
    /// Whether each of the requests is a block of the stream.
    #[diesel(sql_type = Bool)]
    are_blocks: bool,
}

#[derive(QueryableByName)]
struct Totals {
    #[diesel(sql_type = BigInt)]
    inserted: i64,
    #[diesel(sql_type = BigInt)]
    updated: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    revision: Option<i64>,
}

/// Upserts all `staged` tasks, or fails with the first conflict. Not `INSERT ... ON CONFLICT`: what is the same must
/// not be written, sums need the old values (ADR 22), and positions must have no gaps (ADR 9).
pub(crate) fn merge(
    connection: &mut PgConnection,
    staged: &Staged,
    precondition: &Precondition,
) -> Result<Recording, NotRecorded> {
    run(connection, CREATE_STAGED_REQUESTS)?;
    run(connection, lock_requests!())?;
    refuse_failed_precondition(connection, precondition)?;
    refuse_conflicts(connection)?;
    if staged.states_kinds {
        keep_kinds(connection)?;
    }
    let known: Known = Statement::over_tables(FIND_KNOWN).get_result(connection)?;
    match &staged.sums {
        Some(sums) if known.tasks == 0 => {
            insert_all(connection, staged.is_in_order && known.are_blocks)?;
            added_sums::add(connection, sums)?;
        }
        _ => merge_tasks(connection, staged, known.tasks > 0)?,
    }
    run(connection, count_and_revise!())?;
    let totals: Totals = Statement::over_tables(TOTALS).get_result(connection)?;
    let (inserted, updated) = (totals.inserted.unsigned_abs(), totals.updated.unsigned_abs());
    let unchanged = staged.tasks.saturating_sub(inserted).saturating_sub(updated);
    let recorded = Recorded { inserted, updated, unchanged, revision: totals.revision.map(Revision::from) };
    let changed: Option<RevisedRequest> =
        Statement::over_tables(FIRST_CHANGED_REQUEST).get_result(connection).optional()?;
    let mark = changed.map(|request| Mark::new(request.id, request.revision));
    Ok(Recording { recorded, mark })
}

/// Inserts all tasks, none of which is known; `in_blocks` where each request is one.
fn insert_all(connection: &mut PgConnection, in_blocks: bool) -> Result<(), NotRecorded> {
    run(connection, ALL_TASKS_ARE_NEW)?;
    insert_new_tasks(connection, if in_blocks { INSERT_BLOCKS } else { INSERT_NEW_TASKS })
}

/// Updates and inserts tasks, and keeps the sums by what is on the stage.
fn merge_tasks(connection: &mut PgConnection, staged: &Staged, any_known: bool) -> Result<(), NotRecorded> {
    totals::begin(connection)?;
    // Autovacuum never analyses a temporary table. Where all tasks are new, no plan depends on it.
    run(connection, "ANALYZE staged_tasks (annotation_request_id, task_id)")?;
    let changed = if any_known { merge_known_tasks(connection, staged)? } else { 0 };
    run(connection, COUNT_NEW_TASKS)?;
    insert_new_tasks(connection, INSERT_NEW_TASKS)?;
    totals::note_new_tasks(connection)?;
    Ok(totals::keep(connection, changed > 0)?)
}

fn run(connection: &mut PgConnection, text: &'static str) -> QueryResult<usize> {
    Statement::over_tables(text).run(connection)
}

fn keep_kinds(connection: &mut PgConnection) -> Result<(), NotRecorded> {
    let requests = kinds::keep_staged(connection)?;
    if !requests.is_empty() {
        Statement::over_tables(NOTE_NEW_KINDS).with_values(vec![Values::Texts(requests)]).run(connection)?;
    }
    Ok(())
}

/// Updates the known tasks that differ, and leaves only new ones on the stage. Returns how many differed.
fn merge_known_tasks(connection: &mut PgConnection, staged: &Staged) -> Result<usize, NotRecorded> {
    // Checked first: an UPDATE that joins a task twice would silently take either.
    if let Some(duplicate) = first_duplicate(connection, Relations::Tables)? {
        return Err(NotRecorded(duplicate));
    }
    let changed = update_changed_tasks(connection)?;
    run(connection, UNSTAGE_KNOWN_TASKS)?;
    if staged.has_names
        && let Some(taken) = first_staged_source_name_taken(connection)?
    {
        return Err(NotRecorded(taken));
    }
    Ok(changed)
}

fn update_changed_tasks(connection: &mut PgConnection) -> Result<usize, NotRecorded> {
    let changed = run(connection, CREATE_CHANGED_TASKS)?;
    if changed > 0 {
        if let Some(conflict) = first_source_name_conflict(connection)? {
            return Err(NotRecorded(conflict));
        }
        run(connection, "ANALYZE changed_tasks (annotation_request_id, task_id)")?;
        run(connection, UPDATE_CHANGED_TASKS)?;
        run(connection, COUNT_CHANGED_TASKS)?;
        totals::note_changed_tasks(connection)?;
    }
    Ok(changed)
}

/// A duplicate among new tasks is found by the primary key, which costs nothing extra; the savepoint (a nested
/// transaction) keeps the stage readable, to find its place (ADR 17).
fn insert_new_tasks(connection: &mut PgConnection, statement: &'static str) -> Result<(), NotRecorded> {
    run(connection, CREATE_NEXT_POSITIONS)?;
    // So that the few requests are hashed, and not the many tasks, which would lose their order.
    run(connection, "ANALYZE next_positions (id)")?;
    let inserted: QueryResult<usize> = connection.transaction(|connection| run(connection, statement));
    match inserted {
        Ok(_) => Ok(()),
        Err(error) if is_duplicate(&error) => {
            let duplicate = first_duplicate(connection, Relations::Tables)?;
            Err(duplicate.map_or_else(|| DatabaseError::from(error).into(), NotRecorded))
        }
        Err(error) => Err(error.into()),
    }
}

/// Where requests are sharded, rows of a stage are copied to the nodes, whose errors come back by their message alone.
fn is_duplicate(error: &DieselError) -> bool {
    let DieselError::DatabaseError(kind, error) = error else { return false };
    matches!(kind, DatabaseErrorKind::UniqueViolation) || error.message().starts_with("duplicate key value")
}
