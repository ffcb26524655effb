//! Finds the first task of the stream that cannot be recorded, and its place; of small writes only what is twice in it.

use crate::DatabaseError;
use crate::recording::not_recorded::NotRecorded;
use crate::recording::statement::{Relations, Statement, Values};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleConflict, CountingRuleName, Place, Precondition, PreconditionFailed,
    RecordError, Revision, TaskId, TextError,
};
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::{OptionalExtension, QueryableByName, RunQueryDsl};
use std::fmt::Display;

/// The staged requests whose tasks may contradict them.
macro_rules! may_differ_in_campaign {
    () => {
        "(q.campaigns_differ OR q.campaign_id <> r.campaign_id)"
    };
}

macro_rules! may_differ_in_rule {
    () => {
        "(q.rules_differ OR (q.counting_rule <> r.counting_rule) OR
          (q.counting_rule IS NOT NULL AND r.counting_rule IS NULL AND r.task_count > 0))"
    };
}

/// Mostly there are none, and then the many tasks need not be read, as a planner that expects some would.
const FIND_SUSPECTS: &str = concat!(
    "
SELECT coalesce(bool_or(",
    may_differ_in_campaign!(),
    "), false) AS in_campaign, coalesce(bool_or(",
    may_differ_in_rule!(),
    "), false) AS in_rule
FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id"
);

/// The campaign of a request that this very transaction created is that of its first task in the stream.
const FIRST_CAMPAIGN_CONFLICT: &str = concat!(
    "
WITH suspects AS (
    SELECT q.id, r.campaign_id, r.revision FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id
    WHERE ",
    may_differ_in_campaign!(),
    "
), expected AS (
    SELECT DISTINCT ON (u.id) u.id, CASE u.revision WHEN 0 THEN s.campaign_id ELSE u.campaign_id END AS campaign_id
    FROM suspects AS u JOIN staged_tasks AS s ON s.annotation_request_id = u.id ORDER BY u.id, s.place
)
SELECT s.place, s.annotation_request_id, e.campaign_id AS recorded, s.campaign_id AS given
FROM expected AS e JOIN staged_tasks AS s ON s.annotation_request_id = e.id
WHERE s.campaign_id <> e.campaign_id
ORDER BY s.place LIMIT 1"
);

/// The rule of a request that has neither a rule nor tasks is the first that the stream states.
const FIRST_RULE_CONFLICT: &str = concat!(
    "
WITH suspects AS (
    SELECT q.id, r.counting_rule, r.task_count FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id
    WHERE ",
    may_differ_in_rule!(),
    "
), expected AS (
    SELECT DISTINCT ON (u.id) u.id,
           CASE u.task_count WHEN 0 THEN coalesce(u.counting_rule, s.counting_rule) ELSE u.counting_rule
           END AS counting_rule
    FROM suspects AS u JOIN staged_tasks AS s ON s.annotation_request_id = u.id AND s.counting_rule IS NOT NULL
    ORDER BY u.id, s.place
)
SELECT s.place, s.annotation_request_id, e.counting_rule AS recorded, s.counting_rule AS given
FROM expected AS e JOIN staged_tasks AS s ON s.annotation_request_id = e.id
WHERE s.counting_rule IS NOT NULL AND s.counting_rule IS DISTINCT FROM e.counting_rule
ORDER BY s.place LIMIT 1"
);

/// A staged request that this transaction created (`$1`: must not be), or that has none of the revisions `$2`.
const FAILED_PRECONDITION: &str = "
SELECT r.id, nullif(r.revision, 0) AS current
FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id
WHERE r.revision = 0 OR ($1 AND NOT r.revision = ANY($2))
ORDER BY r.id LIMIT 1";

const FIRST_DUPLICATE: &str = "
SELECT again.place, first.place AS first_place, again.annotation_request_id, again.task_id
FROM (SELECT annotation_request_id, task_id, min(place) AS place FROM staged_tasks
      GROUP BY annotation_request_id, task_id HAVING count(*) > 1) AS first
JOIN staged_tasks AS again
  ON again.annotation_request_id = first.annotation_request_id AND again.task_id = first.task_id
 AND again.place > first.place
ORDER BY again.place LIMIT 1";

#[derive(QueryableByName)]
struct Suspects {
    #[diesel(sql_type = Bool)]
    in_campaign: bool,
    #[diesel(sql_type = Bool)]
    in_rule: bool,
}

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
struct RuleConflict {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    annotation_request_id: String,
    #[diesel(sql_type = Nullable<Text>)]
    recorded: Option<String>,
    #[diesel(sql_type = Text)]
    given: String,
}

#[derive(QueryableByName)]
struct Failed {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    current: Option<i64>,
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

pub(super) fn refuse_failed_precondition(
    connection: &mut PgConnection,
    precondition: &Precondition,
) -> Result<(), NotRecorded> {
    let failed = failed_precondition(connection, precondition)?;
    failed.map_or(Ok(()), |failed| Err(NotRecorded(failed.into())))
}

pub(super) fn refuse_conflicts(connection: &mut PgConnection) -> Result<(), NotRecorded> {
    let suspects: Suspects = Statement::over_tables(FIND_SUSPECTS).get_result(connection)?;
    if suspects.in_campaign
        && let Some(conflict) = first_campaign_conflict(connection)?
    {
        return Err(NotRecorded(conflict));
    }
    if suspects.in_rule
        && let Some(conflict) = first_rule_conflict(connection)?
    {
        return Err(NotRecorded(conflict));
    }
    Ok(())
}

fn first_campaign_conflict(connection: &mut PgConnection) -> Result<Option<RecordError>, DatabaseError> {
    let found: Option<CampaignConflict> =
        Statement::over_tables(FIRST_CAMPAIGN_CONFLICT).get_result(connection).optional()?;
    found.map(|row| conflict(row).map_err(corrupt_stage)).transpose()
}

fn conflict(row: CampaignConflict) -> Result<RecordError, TextError> {
    Ok(RecordError::CampaignConflict {
        place: place(row.place),
        annotation_request_id: AnnotationRequestId::new(row.annotation_request_id)?,
        recorded: CampaignId::new(row.recorded)?,
        given: CampaignId::new(row.given)?,
    })
}

fn first_rule_conflict(connection: &mut PgConnection) -> Result<Option<RecordError>, DatabaseError> {
    let found: Option<RuleConflict> = Statement::over_tables(FIRST_RULE_CONFLICT).get_result(connection).optional()?;
    let Some(row) = found else { return Ok(None) };
    let rule = |name: String| CountingRuleName::new(name).map_err(corrupt_stage);
    let conflict = CountingRuleConflict {
        annotation_request_id: AnnotationRequestId::new(row.annotation_request_id).map_err(corrupt_stage)?,
        recorded: row.recorded.map(rule).transpose()?,
        given: rule(row.given)?,
    };
    Ok(Some(RecordError::CountingRuleConflict { place: place(row.place), conflict }))
}

fn failed_precondition(
    connection: &mut PgConnection,
    precondition: &Precondition,
) -> Result<Option<PreconditionFailed>, DatabaseError> {
    let accepted: Vec<i64> = match precondition {
        Precondition::None => return Ok(None),
        Precondition::Known => Vec::new(),
        Precondition::Revision(accepted) => accepted.iter().map(|revision| revision.number()).collect(),
    };
    let is_revision = Values::Flag(matches!(precondition, Precondition::Revision(_)));
    let statement =
        Statement::over_tables(FAILED_PRECONDITION).with_values(vec![is_revision, Values::BigInts(accepted)]);
    let found: Option<Failed> = statement.get_result(connection).optional()?;
    let Some(row) = found else { return Ok(None) };
    let annotation_request_id = AnnotationRequestId::new(row.id).map_err(corrupt_stage)?;
    Ok(Some(PreconditionFailed { annotation_request_id, current: row.current.map(Revision::from) }))
}

pub(super) fn first_duplicate(
    connection: &mut PgConnection,
    stage: Relations<'_>,
) -> Result<Option<RecordError>, DatabaseError> {
    let found: Option<Duplicate> = stage.statement(FIRST_DUPLICATE).get_result(connection).optional()?;
    found.map(|row| duplicate(row).map_err(corrupt_stage)).transpose()
}

fn duplicate(row: Duplicate) -> Result<RecordError, TextError> {
    Ok(RecordError::DuplicateTask {
        place: place(row.place),
        first: place(row.first_place),
        annotation_request_id: AnnotationRequestId::new(row.annotation_request_id)?,
        task: TaskId::from(row.task_id),
    })
}

pub(super) fn place(number: i64) -> Place {
    Place::from(number.unsigned_abs())
}

pub(super) fn corrupt_stage(error: impl Display) -> DatabaseError {
    DatabaseError::Corrupt(format!("staged_tasks: {error}"))
}
