//! Finds what contradicts the counter rows of a small write, in memory: they are locked and read by then, and where requests
//! are sharded, a join with them would go to all shards (ADR 76).

use crate::DatabaseError;
use crate::recording::merge::locked_requests::LockedRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleConflict, CountingRuleName, Precondition, PreconditionFailed,
    RecordError, RecordedTask,
};
use std::collections::HashMap;
use std::fmt::Display;

type RequestsById<'a> = HashMap<&'a str, &'a LockedRequest>;

/// The first request, by its id, that is not in the state that is expected.
pub(super) fn first_failed_precondition(
    requests: &[LockedRequest],
    precondition: &Precondition,
) -> Result<Option<RecordError>, DatabaseError> {
    let failed = requests.iter().filter(|request| !precondition.holds(request.state()));
    let Some(first) = failed.min_by_key(|request| &request.id) else { return Ok(None) };
    let annotation_request_id = AnnotationRequestId::new(first.id.clone()).map_err(corrupt)?;
    Ok(Some(PreconditionFailed { annotation_request_id, current: first.state() }.into()))
}

/// The first task of another campaign than its request; if there is none, the first of another rule.
pub(super) fn first_conflict(
    tasks: &[RecordedTask],
    requests: &[LockedRequest],
) -> Result<Option<RecordError>, DatabaseError> {
    let requests = requests.iter().map(|request| (request.id.as_str(), request)).collect();
    let mut tasks: Vec<&RecordedTask> = tasks.iter().collect();
    tasks.sort_by_key(|task| task.place);
    match first_campaign_conflict(&tasks, &requests)? {
        Some(conflict) => Ok(Some(conflict)),
        None => first_rule_conflict(&tasks, &requests),
    }
}

/// The campaign of a request that this very transaction created is that of its first task.
fn first_campaign_conflict(
    tasks: &[&RecordedTask],
    requests: &RequestsById<'_>,
) -> Result<Option<RecordError>, DatabaseError> {
    let mut firsts: HashMap<&str, &CampaignId> = HashMap::new();
    for task in tasks {
        let (id, given) = (&task.annotation_request_id, task.statistics.campaign_id());
        let first = *firsts.entry(id.as_str()).or_insert(given);
        let Some(request) = requests.get(id.as_str()) else { continue };
        let recorded = if request.revision == 0 { first.as_str() } else { request.campaign_id.as_str() };
        if recorded != given.as_str() {
            return Ok(Some(RecordError::CampaignConflict {
                place: task.place,
                annotation_request_id: id.clone(),
                recorded: CampaignId::new(recorded.to_owned()).map_err(corrupt)?,
                given: given.clone(),
            }));
        }
    }
    Ok(None)
}

/// The rule of a request that has neither a rule nor tasks is the first that is stated.
fn first_rule_conflict(
    tasks: &[&RecordedTask],
    requests: &RequestsById<'_>,
) -> Result<Option<RecordError>, DatabaseError> {
    let mut firsts: HashMap<&str, &CountingRuleName> = HashMap::new();
    for task in tasks {
        let (id, Some(given)) = (&task.annotation_request_id, &task.counting_rule) else { continue };
        let first = *firsts.entry(id.as_str()).or_insert(given);
        let Some(request) = requests.get(id.as_str()) else { continue };
        let of_first = (request.task_count == 0).then_some(first.as_str());
        let recorded = request.counting_rule.as_deref().or(of_first);
        if recorded != Some(given.as_str()) {
            let recorded = recorded.map(|rule| CountingRuleName::new(rule.to_owned())).transpose().map_err(corrupt)?;
            let annotation_request_id = id.clone();
            let conflict = CountingRuleConflict { annotation_request_id, recorded, given: given.clone() };
            return Ok(Some(RecordError::CountingRuleConflict { place: task.place, conflict }));
        }
    }
    Ok(None)
}

fn corrupt(error: impl Display) -> DatabaseError {
    DatabaseError::Corrupt(format!("annotation_requests: {error}"))
}
