//! Finds the first task of the stream whose source name contradicts what is recorded (ADR 42).

use crate::DatabaseError;
use crate::recording::merge::by_request::by_request;
use crate::recording::merge::conflicts::{corrupt_stage, place};
use crate::recording::not_recorded::NotRecorded;
use crate::recording::stage::staged_in_arrays;
use crate::recording::statement::{Statement, Values};
use annotation_statistics_domain::{AnnotationRequestId, RecordError, RecordedTask, SourceName, TaskId, TextError};
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{OptionalExtension, QueryableByName, RunQueryDsl, sql_query};

/// Of the known tasks that differ, one that was made of something else.
const FIRST_SOURCE_NAME_CONFLICT: &str = "
SELECT place, annotation_request_id, task_id, source_name AS recorded, given_source_name AS given FROM changed_tasks
WHERE source_name <> given_source_name
ORDER BY place LIMIT 1";

/// Of the new tasks, one that is recorded already under an id of the other kind.
macro_rules! first_source_name_taken {
    (OF $request:literal) => {
        concat!(
            "
SELECT s.place, s.annotation_request_id, s.source_name, t.task_id AS recorded, s.task_id AS given
FROM staged_tasks AS s JOIN statistics AS t
  ON t.annotation_request_id = ",
            $request,
            " AND t.source_name = s.source_name
WHERE s.source_name IS NOT NULL AND t.source_name IS NOT NULL AND s.task_id <> t.task_id
  AND (s.task_id = s.id_of_name OR t.task_id = s.id_of_name)
ORDER BY s.place LIMIT 1"
        )
    };
}

const FIRST_SOURCE_NAME_TAKEN: &str = first_source_name_taken!(OF "s.annotation_request_id");

/// Of staged tasks that are all of the request `$1` (ADR 76).
const FIRST_SOURCE_NAME_TAKEN_OF_ONE: &str = first_source_name_taken!(OF "$1");

#[derive(QueryableByName)]
struct SourceNameConflict {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    annotation_request_id: String,
    #[diesel(sql_type = BigInt)]
    task_id: i64,
    #[diesel(sql_type = Text)]
    recorded: String,
    #[diesel(sql_type = Text)]
    given: String,
}

#[derive(QueryableByName)]
struct SourceNameTaken {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    annotation_request_id: String,
    #[diesel(sql_type = Text)]
    source_name: String,
    #[diesel(sql_type = BigInt)]
    recorded: i64,
    #[diesel(sql_type = BigInt)]
    given: i64,
}

pub(super) fn first_source_name_conflict(connection: &mut PgConnection) -> Result<Option<RecordError>, DatabaseError> {
    let found: Option<SourceNameConflict> = sql_query(FIRST_SOURCE_NAME_CONFLICT).get_result(connection).optional()?;
    found.map(|row| other_source(row).map_err(corrupt_stage)).transpose()
}

fn other_source(row: SourceNameConflict) -> Result<RecordError, TextError> {
    Ok(RecordError::SourceNameConflict {
        place: place(row.place),
        annotation_request_id: AnnotationRequestId::new(row.annotation_request_id)?,
        task: TaskId::from(row.task_id),
        recorded: SourceName::new(row.recorded)?,
        given: SourceName::new(row.given)?,
    })
}

pub(super) fn first_staged_source_name_taken(
    connection: &mut PgConnection,
) -> Result<Option<RecordError>, DatabaseError> {
    let found: Option<SourceNameTaken> =
        Statement::over_tables(FIRST_SOURCE_NAME_TAKEN).get_result(connection).optional()?;
    found.map(|row| taken(row).map_err(corrupt_stage)).transpose()
}

/// The same of the tasks of a small write, by request.
pub(super) fn first_source_name_taken(
    connection: &mut PgConnection,
    tasks: &[&RecordedTask],
) -> Result<Option<RecordError>, NotRecorded> {
    let mut found: Option<SourceNameTaken> = None;
    for (request, tasks) in by_request(tasks, |task| task.annotation_request_id.as_str()) {
        let stage = staged_in_arrays(tasks.into_iter().copied())?;
        let statement = Statement::over_arrays(&stage, FIRST_SOURCE_NAME_TAKEN_OF_ONE);
        let statement = statement.with_values(vec![Values::Text(request.to_owned())]);
        let first: Option<SourceNameTaken> = statement.get_result(connection).optional()?;
        found = found.into_iter().chain(first).min_by_key(|row| row.place);
    }
    Ok(found.map(|row| taken(row).map_err(corrupt_stage)).transpose()?)
}

fn taken(row: SourceNameTaken) -> Result<RecordError, TextError> {
    Ok(RecordError::SourceNameTaken {
        place: place(row.place),
        annotation_request_id: AnnotationRequestId::new(row.annotation_request_id)?,
        source_name: SourceName::new(row.source_name)?,
        recorded: TaskId::from(row.recorded),
        given: TaskId::from(row.given),
    })
}
