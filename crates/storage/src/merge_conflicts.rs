//! Tells where in the stream the first task stands that cannot be recorded.

use crate::SessionError;
use annotation_statistics_domain::{AnnotationRequestId, CampaignId, Place, RecordError, TaskId, TextError};
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{OptionalExtension, QueryableByName, RunQueryDsl, sql_query};

/// A request without tasks was created by this very transaction, or nothing was ever recorded under it: its campaign
/// is that of its first task in the stream.
const FIRST_CAMPAIGN_CONFLICT: &str = "
WITH suspects AS (
    SELECT q.id, r.campaign_id, r.task_count FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id
    WHERE q.campaigns_differ OR q.campaign_id <> r.campaign_id
), expected AS (
    SELECT DISTINCT ON (u.id) u.id, CASE WHEN u.task_count > 0 THEN u.campaign_id ELSE s.campaign_id END AS campaign_id
    FROM suspects AS u JOIN staged_tasks AS s ON s.annotation_request_id = u.id ORDER BY u.id, s.place
)
SELECT s.place, s.annotation_request_id, e.campaign_id AS recorded, s.campaign_id AS given
FROM expected AS e JOIN staged_tasks AS s ON s.annotation_request_id = e.id
WHERE s.campaign_id <> e.campaign_id
ORDER BY s.place LIMIT 1";

const FIRST_DUPLICATE: &str = "
SELECT again.place, first.place AS first_place, again.annotation_request_id, again.task_id
FROM (SELECT annotation_request_id, task_id, min(place) AS place FROM staged_tasks
      GROUP BY annotation_request_id, task_id HAVING count(*) > 1) AS first
JOIN staged_tasks AS again
  ON again.annotation_request_id = first.annotation_request_id AND again.task_id = first.task_id
 AND again.place > first.place
ORDER BY again.place LIMIT 1";

#[derive(QueryableByName)]
struct CampaignConflict {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    annotation_request_id: String,
    #[diesel(sql_type = Text)]
    recorded: String,
    #[diesel(sql_type = Text)]
    given: String,
}

#[derive(QueryableByName)]
struct Duplicate {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = BigInt)]
    first_place: i64,
    #[diesel(sql_type = Text)]
    annotation_request_id: String,
    #[diesel(sql_type = BigInt)]
    task_id: i64,
}

pub(crate) fn first_campaign_conflict(connection: &mut PgConnection) -> Result<Option<RecordError>, SessionError> {
    let found: Option<CampaignConflict> = sql_query(FIRST_CAMPAIGN_CONFLICT).get_result(connection).optional()?;
    found.map(|row| conflict(row).map_err(of_the_stage)).transpose()
}

fn conflict(row: CampaignConflict) -> Result<RecordError, TextError> {
    Ok(RecordError::CampaignConflict {
        place: place(row.place),
        annotation_request_id: AnnotationRequestId::new(row.annotation_request_id)?,
        recorded: CampaignId::new(row.recorded)?,
        given: CampaignId::new(row.given)?,
    })
}

pub(crate) fn first_duplicate(connection: &mut PgConnection) -> Result<Option<RecordError>, SessionError> {
    let found: Option<Duplicate> = sql_query(FIRST_DUPLICATE).get_result(connection).optional()?;
    found.map(|row| duplicate(row).map_err(of_the_stage)).transpose()
}

fn duplicate(row: Duplicate) -> Result<RecordError, TextError> {
    Ok(RecordError::DuplicateTask {
        place: place(row.place),
        first: place(row.first_place),
        annotation_request_id: AnnotationRequestId::new(row.annotation_request_id)?,
        task: TaskId::from(row.task_id),
    })
}

fn place(number: i64) -> Place {
    Place::from(number.unsigned_abs())
}

fn of_the_stage(fault: TextError) -> SessionError {
    SessionError::Corrupt(format!("staged_tasks: {fault}"))
}
