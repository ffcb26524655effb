//! Upserts the staged tasks into what is recorded, in the transaction that staged them.

mod conflicts;
mod kinds;
mod names;
mod totals;

use crate::DatabaseError;
use crate::recording::merge::conflicts::{
    failed_precondition, first_campaign_conflict, first_duplicate, first_rule_conflict,
};
use crate::recording::merge::names::{first_source_name_conflict, first_source_name_taken};
use crate::recording::not_recorded::NotRecorded;
use crate::recording::outcome::{Mark, Recording};
use crate::recording::stage::Staged;
use annotation_statistics_domain::{Precondition, Recorded, Revision};
use diesel::pg::PgConnection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{BigInt, Nullable};
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query};

/// One row per staged request.
const CREATE_STAGED_REQUESTS: &str = "
CREATE TEMPORARY TABLE staged_requests ON COMMIT DROP AS
SELECT annotation_request_id AS id, min(campaign_id) AS campaign_id,
       min(campaign_id) <> max(campaign_id) AS campaigns_differ, min(counting_rule) AS counting_rule,
       min(counting_rule) <> max(counting_rule) AS rules_differ, 0::bigint AS inserted, 0::bigint AS updated,
       false AS has_new_kinds, 0::bigint AS revision
FROM staged_tasks GROUP BY annotation_request_id";

/// Creates the counter rows that are missing and locks all of them, in the order of the ids so that writers never
/// deadlock (ADR 17). The update changes nothing: it is the lock, which `ON CONFLICT DO NOTHING` would not take.
/// Revision 0 is that of a row that this very transaction created.
const LOCK_REQUESTS: &str = "
INSERT INTO annotation_requests AS r (id, campaign_id, task_count, revision, created_at, updated_at)
SELECT id, campaign_id, 0, 0, transaction_timestamp(), transaction_timestamp() FROM staged_requests ORDER BY id
ON CONFLICT (id) DO UPDATE SET campaign_id = r.campaign_id";

const COUNT_KNOWN_TASKS: &str = "
SELECT coalesce(sum(r.task_count), 0)::bigint AS number
FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id";

/// The known tasks that differ from what is staged, as they are recorded. `IS DISTINCT FROM`, as a source name may be
/// NULL; a task that comes without one keeps the one it has (ADR 42).
const CREATE_CHANGED_TASKS: &str = "
CREATE TEMPORARY TABLE changed_tasks ON COMMIT DROP AS
SELECT t.annotation_request_id, t.task_id, t.status, t.pool_type, t.instance_info, t.instance_num, t.attribute_num,
       t.frame_num, t.source_name, s.source_name AS given_source_name, s.place
FROM statistics AS t JOIN staged_tasks AS s
  ON t.annotation_request_id = s.annotation_request_id AND t.task_id = s.task_id
WHERE (t.status, t.pool_type, t.pool_name, t.instance_info, t.instance_num, t.attribute_num, t.frame_num,
       t.source_name)
      IS DISTINCT FROM
      (s.status, s.pool_type, s.pool_name, s.instance_info, s.instance_num, s.attribute_num, s.frame_num,
       coalesce(s.source_name, t.source_name))";

/// Updates them in place: a task keeps its position (ADR 9).
const UPDATE_CHANGED_TASKS: &str = "
UPDATE statistics AS t
SET status = s.status, pool_type = s.pool_type, pool_name = s.pool_name, instance_info = s.instance_info,
    instance_num = s.instance_num, attribute_num = s.attribute_num, frame_num = s.frame_num,
    source_name = coalesce(t.source_name, s.source_name)
FROM staged_tasks AS s JOIN changed_tasks AS c
  ON c.annotation_request_id = s.annotation_request_id AND c.task_id = s.task_id
WHERE t.annotation_request_id = s.annotation_request_id AND t.task_id = s.task_id";

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

/// Appends what is left on the stage to its requests, in the order of the stream. Positions stay dense, so that a page
/// is found without counting (ADR 9); the lock on the counter row makes `task_count` the next free one.
const INSERT_NEW_TASKS: &str = "
INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
                        instance_num, attribute_num, frame_num, source_name)
SELECT s.annotation_request_id, s.task_id,
       r.task_count + row_number() OVER (PARTITION BY s.annotation_request_id ORDER BY s.place) - 1,
       s.status, s.pool_type, s.pool_name, s.instance_info, s.instance_num, s.attribute_num, s.frame_num,
       s.source_name
FROM staged_tasks AS s JOIN annotation_requests AS r ON r.id = s.annotation_request_id";

/// A revision is the time of the change in microseconds, or one more than the last one where the clock has not moved on
/// (ADR 11). That of a request which was deleted goes on from its last one, so that no entity tag becomes valid
/// again.
const NEXT_REVISIONS: &str = "
UPDATE staged_requests AS q
SET revision = greatest(r.revision + 1, d.revision + 1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint)
FROM annotation_requests AS r
LEFT JOIN deleted_annotation_requests AS d ON d.annotation_request_id = r.id AND r.revision = 0
WHERE r.id = q.id AND (q.inserted > 0 OR q.updated > 0 OR q.has_new_kinds)";

/// Timestamps are those of revisions, so they are in the order of the changes, however long each transaction took.
const COUNT_AND_REVISE: &str = "
UPDATE annotation_requests AS r
SET task_count = r.task_count + q.inserted,
    counting_rule = coalesce(r.counting_rule, q.counting_rule),
    revision = q.revision,
    created_at = CASE r.revision
                     WHEN 0 THEN timestamptz 'epoch' + q.revision * interval '1 microsecond' ELSE r.created_at
                 END,
    updated_at = timestamptz 'epoch' + q.revision * interval '1 microsecond'
FROM staged_requests AS q
WHERE r.id = q.id AND q.revision > 0";

const TOTALS: &str = "
SELECT sum(q.inserted)::bigint AS inserted, sum(q.updated)::bigint AS updated,
       CASE count(*) WHEN 1 THEN max(r.revision) END AS revision
FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id";

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
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
pub(super) fn merge(
    connection: &mut PgConnection,
    staged: Staged,
    precondition: &Precondition,
) -> Result<Recording, NotRecorded> {
    sql_query(CREATE_STAGED_REQUESTS).execute(connection)?;
    sql_query(LOCK_REQUESTS).execute(connection)?;
    refuse_conflicts(connection, precondition)?;
    if staged.states_kinds {
        kinds::keep(connection)?;
    }
    totals::begin(connection)?;
    let known: Number = sql_query(COUNT_KNOWN_TASKS).get_result(connection)?;
    if known.number > 0 {
        merge_known_tasks(connection, staged)?;
    }
    sql_query(COUNT_NEW_TASKS).execute(connection)?;
    insert_new_tasks(connection)?;
    totals::note_new_tasks_and_keep(connection)?;
    sql_query(NEXT_REVISIONS).execute(connection)?;
    sql_query(COUNT_AND_REVISE).execute(connection)?;
    let totals: Totals = sql_query(TOTALS).get_result(connection)?;
    let (inserted, updated) = (totals.inserted.unsigned_abs(), totals.updated.unsigned_abs());
    let unchanged = staged.tasks.saturating_sub(inserted).saturating_sub(updated);
    let recorded = Recorded { inserted, updated, unchanged, revision: totals.revision.map(Revision::from) };
    Ok(Recording { recorded, mark: Mark::leave(connection)? })
}

/// Updates the known tasks that differ, and leaves only new ones on the stage.
fn merge_known_tasks(connection: &mut PgConnection, staged: Staged) -> Result<(), NotRecorded> {
    // Checked first: an UPDATE that joins a task twice would silently take either.
    if let Some(duplicate) = first_duplicate(connection)? {
        return Err(NotRecorded(duplicate));
    }
    update_changed_tasks(connection)?;
    sql_query(UNSTAGE_KNOWN_TASKS).execute(connection)?;
    if staged.has_names
        && let Some(taken) = first_source_name_taken(connection)?
    {
        return Err(NotRecorded(taken));
    }
    Ok(())
}

fn update_changed_tasks(connection: &mut PgConnection) -> Result<(), NotRecorded> {
    let changed = sql_query(CREATE_CHANGED_TASKS).execute(connection)?;
    if changed > 0 {
        if let Some(conflict) = first_source_name_conflict(connection)? {
            return Err(NotRecorded(conflict));
        }
        sql_query("ANALYZE changed_tasks (annotation_request_id, task_id)").execute(connection)?;
        sql_query(UPDATE_CHANGED_TASKS).execute(connection)?;
        sql_query(COUNT_CHANGED_TASKS).execute(connection)?;
        totals::note_changed_tasks(connection)?;
    }
    Ok(())
}

fn refuse_conflicts(connection: &mut PgConnection, precondition: &Precondition) -> Result<(), NotRecorded> {
    if let Some(failed) = failed_precondition(connection, precondition)? {
        return Err(NotRecorded(failed.into()));
    }
    let conflict =
        first_campaign_conflict(connection)?.map_or_else(|| first_rule_conflict(connection), |c| Ok(Some(c)));
    conflict?.map_or(Ok(()), |conflict| Err(NotRecorded(conflict)))
}

/// A duplicate among new tasks is found by the primary key, which costs nothing extra; the savepoint (a nested
/// transaction) keeps the stage readable, to find its place (ADR 17).
fn insert_new_tasks(connection: &mut PgConnection) -> Result<(), NotRecorded> {
    let inserted: diesel::QueryResult<usize> =
        connection.transaction(|connection| sql_query(INSERT_NEW_TASKS).execute(connection));
    match inserted {
        Ok(_) => Ok(()),
        Err(error @ DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            let duplicate = first_duplicate(connection)?;
            Err(duplicate.map_or_else(|| DatabaseError::from(error).into(), NotRecorded))
        }
        Err(error) => Err(error.into()),
    }
}
