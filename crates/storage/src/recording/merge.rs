//! Upserts the staged tasks into what is recorded, in the transaction that staged them. The rules are statements over the
//! stage, the same for both kinds of stage.

mod changes;
mod conflicts;
mod in_arrays;
mod in_tables;
mod kinds;
mod known_tasks;
mod names;
mod totals;

use crate::recording::merge::conflicts::{failed_precondition, first_campaign_conflict, first_rule_conflict};
use crate::recording::not_recorded::NotRecorded;
use crate::recording::statement::{ArrayRelation, Statement};
use annotation_statistics_domain::Precondition;
use diesel::QueryableByName;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};

pub(super) use in_arrays::merge as merge_in_arrays;
pub(super) use in_tables::merge as merge_in_tables;

/// Where the relations of a statement are.
#[derive(Clone, Copy)]
enum Relations<'a> {
    /// In temporary tables.
    Tables,
    /// In arrays that come with the statement.
    Arrays(&'a ArrayRelation),
}

impl<'a> Relations<'a> {
    fn statement(self, text: &'static str) -> Statement<'a> {
        match self {
            Relations::Tables => Statement::over_tables(text),
            Relations::Arrays(relation) => Statement::over_arrays(relation, text),
        }
    }
}

/// A request that this transaction has changed.
#[derive(QueryableByName)]
struct RevisedRequest {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = BigInt)]
    revision: i64,
}

/// Creates the counter rows that are missing and locks all of them, in the order of the ids so that writers never
/// deadlock (ADR 17). The update changes nothing: it is the lock, which `ON CONFLICT DO NOTHING` would not take.
/// Revision 0 is that of a row that this very transaction created.
macro_rules! lock_requests {
    () => {
        "
INSERT INTO annotation_requests AS r (id, campaign_id, task_count, revision, created_at, updated_at)
SELECT id, campaign_id, 0, 0, transaction_timestamp(), transaction_timestamp() FROM staged_requests ORDER BY id
ON CONFLICT (id) DO UPDATE SET campaign_id = r.campaign_id"
    };
}
use lock_requests;

/// Whether a known task `t` differs from what is staged, `s`. `IS DISTINCT FROM`, as a source name may be NULL; a task that
/// comes without one keeps the one it has (ADR 42).
macro_rules! task_differs {
    () => {
        "(t.status, t.pool_type, t.pool_name, t.instance_info, t.instance_num, t.attribute_num, t.frame_num,
       t.source_name)
      IS DISTINCT FROM
      (s.status, s.pool_type, s.pool_name, s.instance_info, s.instance_num, s.attribute_num, s.frame_num,
       coalesce(s.source_name, t.source_name))"
    };
}
use task_differs;

/// Updates known tasks in place: a task keeps its position (ADR 9).
macro_rules! update_tasks {
    (FROM $staged:literal) => {
        concat!(
            "
UPDATE statistics AS t
SET status = s.status, pool_type = s.pool_type, pool_name = s.pool_name, instance_info = s.instance_info,
    instance_num = s.instance_num, attribute_num = s.attribute_num, frame_num = s.frame_num,
    source_name = coalesce(t.source_name, s.source_name)
FROM ",
            $staged,
            " WHERE t.annotation_request_id = s.annotation_request_id AND t.task_id = s.task_id"
        )
    };
}
use update_tasks;

/// Appends what is on the stage to its requests, in the order of the stream. Positions stay dense, so that a page is
/// found without counting (ADR 9); the lock on the counter row makes `task_count` the next free one.
const INSERT_NEW_TASKS: &str = "
INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
                        instance_num, attribute_num, frame_num, source_name)
SELECT s.annotation_request_id, s.task_id,
       r.task_count + row_number() OVER (PARTITION BY s.annotation_request_id ORDER BY s.place) - 1,
       s.status, s.pool_type, s.pool_name, s.instance_info, s.instance_num, s.attribute_num, s.frame_num,
       s.source_name
FROM staged_tasks AS s JOIN annotation_requests AS r ON r.id = s.annotation_request_id";

/// The staged requests that this transaction changes.
macro_rules! is_changed {
    () => {
        "(q.inserted > 0 OR q.updated > 0 OR q.has_new_kinds)"
    };
}
use is_changed;

/// A revision is the time of the change in microseconds, or one more than the last one where the clock has not moved on
/// (ADR 11). That of a request which was deleted goes on from its last one, so that no entity tag becomes valid
/// again. Timestamps are those of revisions, so they are in the order of the changes, however long each transaction took.
macro_rules! count_and_revise {
    () => {
        concat!(
            "
UPDATE annotation_requests AS r
SET task_count = r.task_count + c.inserted,
    counting_rule = coalesce(r.counting_rule, c.counting_rule),
    revision = c.revision,
    created_at = CASE r.revision
                     WHEN 0 THEN timestamptz 'epoch' + c.revision * interval '1 microsecond' ELSE r.created_at
                 END,
    updated_at = timestamptz 'epoch' + c.revision * interval '1 microsecond'
FROM (
    SELECT q.id, q.inserted, q.counting_rule,
           greatest(r.revision + 1, d.revision + 1, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint)
               AS revision
    FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id
    LEFT JOIN deleted_annotation_requests AS d ON d.annotation_request_id = r.id AND r.revision = 0
    WHERE ",
            is_changed!(),
            "
) AS c
WHERE r.id = c.id"
        )
    };
}
use count_and_revise;

fn refuse_failed_precondition(
    connection: &mut PgConnection,
    stage: Relations<'_>,
    precondition: &Precondition,
) -> Result<(), NotRecorded> {
    let failed = failed_precondition(connection, stage, precondition)?;
    failed.map_or(Ok(()), |failed| Err(NotRecorded(failed.into())))
}

fn refuse_conflicts(connection: &mut PgConnection, stage: Relations<'_>) -> Result<(), NotRecorded> {
    let conflict = first_campaign_conflict(connection, stage)?
        .map_or_else(|| first_rule_conflict(connection, stage), |conflict| Ok(Some(conflict)));
    conflict?.map_or(Ok(()), |conflict| Err(NotRecorded(conflict)))
}
