//! Keeps the stated kinds of operation items while tasks are merged (ADR 43).

use crate::DatabaseError;
use crate::reading;
use crate::recording::merge::by_request::by_request;
use crate::recording::merge::conflicts::{corrupt_stage, place};
use crate::recording::not_recorded::NotRecorded;
use crate::recording::stage::staged_in_arrays;
use crate::recording::statement::{Relations, Statement, Values};
use annotation_statistics_domain::{AnnotationRequestId, OperationItemKey, RecordError, RecordedTask};
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{OptionalExtension, QueryableByName, RunQueryDsl};

/// The first statement of each kind is kept, unless one is kept already.
const KEEP_FIRST_KINDS: &str = "
INSERT INTO operation_items (annotation_request_id, item_key, kind)
SELECT DISTINCT ON (s.annotation_request_id, item.key) s.annotation_request_id, item.key, item.value
FROM staged_tasks AS s, jsonb_each_text(s.item_kinds) AS item WHERE s.item_kinds IS NOT NULL
ORDER BY s.annotation_request_id, item.key, s.place
ON CONFLICT DO NOTHING RETURNING annotation_request_id";

/// The first that differs from what is kept by now.
macro_rules! first_kind_conflict {
    (OF $request:literal) => {
        concat!(
            "
SELECT s.place, s.annotation_request_id, item.key AS item_key, o.kind AS recorded, item.value AS given
FROM staged_tasks AS s, jsonb_each_text(s.item_kinds) AS item, operation_items AS o
WHERE s.item_kinds IS NOT NULL AND o.annotation_request_id = ",
            $request,
            " AND o.item_key = item.key
  AND o.kind <> item.value
ORDER BY s.place, item.key LIMIT 1"
        )
    };
}

const FIRST_KIND_CONFLICT: &str = first_kind_conflict!(OF "s.annotation_request_id");

/// Of staged tasks that are all of the request `$1` (ADR 76).
const FIRST_KIND_CONFLICT_OF_ONE: &str = first_kind_conflict!(OF "$1");

#[derive(QueryableByName)]
struct OfRequest {
    #[diesel(sql_type = Text)]
    annotation_request_id: String,
}

#[derive(QueryableByName)]
struct KindConflict {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    annotation_request_id: String,
    #[diesel(sql_type = Text)]
    item_key: String,
    #[diesel(sql_type = Text)]
    recorded: String,
    #[diesel(sql_type = Text)]
    given: String,
}

/// Keeps the kinds that the staged tasks state, or fails with the first that contradicts an earlier one. Returns the
/// requests for which one is new.
pub(super) fn keep_staged(connection: &mut PgConnection) -> Result<Vec<String>, NotRecorded> {
    let new = keep_first(connection, Relations::Tables)?;
    let found: Option<KindConflict> = Statement::over_tables(FIRST_KIND_CONFLICT).get_result(connection).optional()?;
    found.map_or(Ok(new), |row| Err(NotRecorded(conflict(row)?)))
}

/// The same of the tasks of a small write, by request.
pub(super) fn keep(connection: &mut PgConnection, tasks: &[&RecordedTask]) -> Result<Vec<String>, NotRecorded> {
    let new = keep_first(connection, Relations::Arrays(&staged_in_arrays(tasks.iter().copied())?))?;
    let mut found: Option<KindConflict> = None;
    for (request, tasks) in by_request(tasks, |task| task.annotation_request_id.as_str()) {
        let stage = staged_in_arrays(tasks.into_iter().copied())?;
        let statement = Statement::over_arrays(&stage, FIRST_KIND_CONFLICT_OF_ONE);
        let statement = statement.with_values(vec![Values::Text(request.to_owned())]);
        let first: Option<KindConflict> = statement.get_result(connection).optional()?;
        found = found.into_iter().chain(first).min_by_key(|row| row.place);
    }
    found.map_or(Ok(new), |row| Err(NotRecorded(conflict(row)?)))
}

fn keep_first(connection: &mut PgConnection, stage: Relations<'_>) -> Result<Vec<String>, DatabaseError> {
    let new: Vec<OfRequest> = stage.statement(KEEP_FIRST_KINDS).load(connection)?;
    let mut requests: Vec<String> = new.into_iter().map(|row| row.annotation_request_id).collect();
    requests.sort_unstable();
    requests.dedup();
    Ok(requests)
}

fn conflict(row: KindConflict) -> Result<RecordError, DatabaseError> {
    Ok(RecordError::ItemKindConflict {
        place: place(row.place),
        annotation_request_id: AnnotationRequestId::new(row.annotation_request_id).map_err(corrupt_stage)?,
        item: OperationItemKey::new(row.item_key).map_err(corrupt_stage)?,
        recorded: reading::kind(&row.recorded)?,
        given: reading::kind(&row.given)?,
    })
}
