//! Merges a stage in arrays: few tasks, and few statements, none of which leaves anything in the catalog (ADR 66).

use crate::DatabaseError;
use crate::recording::merge::append::{Appended, append};
use crate::recording::merge::change::change;
use crate::recording::merge::changes::Changes;
use crate::recording::merge::conflicts::{first_duplicate, refuse_conflicts, refuse_failed_precondition};
use crate::recording::merge::kinds;
use crate::recording::merge::known_tasks::{KnownTask, find_known_tasks, known_among};
use crate::recording::merge::locked_requests::{LockedRequest, deleted_revisions};
use crate::recording::merge::names::first_source_name_taken;
use crate::recording::not_recorded::NotRecorded;
use crate::recording::outcome::{Mark, Recording};
use crate::recording::stage::staged_in_arrays;
use crate::recording::statement::Relations;
use annotation_statistics_domain::{CountingRuleName, Precondition, Recorded, RecordedTask, Revision};
use diesel::pg::PgConnection;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The new revisions of the requests that are changed.
type Revisions<'a> = BTreeMap<&'a str, i64>;

/// Upserts all tasks, or fails with the first conflict, as [`merge_in_tables`](super::merge_in_tables) does.
pub(crate) fn merge(
    connection: &mut PgConnection,
    tasks: &[RecordedTask],
    precondition: &Precondition,
) -> Result<Recording, NotRecorded> {
    let requests = LockedRequest::lock_all(connection, tasks)?;
    let new_kinds = refuse_or_keep_kinds(connection, tasks, &requests, precondition)?;
    if let ([request], [task]) = (requests.as_slice(), tasks)
        && request.task_count > 0
        && let Some(revision) = append_unless_known(connection, request, task)?
    {
        let revised = Revisions::from([(request.id.as_str(), revision)]);
        return Ok(recording(&requests, &revised, Recorded { inserted: 1, ..Recorded::default() }));
    }
    let changes = Changes::new(tasks, known_tasks(connection, tasks, &requests)?)?;
    if let Some(conflict) = changes.first_source_name_conflict()? {
        return Err(NotRecorded(conflict));
    }
    let revised = merge_requests(connection, &requests, &changes, &new_kinds)?;
    let (inserted, updated) = (number(changes.new.len()), number(changes.updated.len()));
    let unchanged = number(tasks.len()).saturating_sub(inserted).saturating_sub(updated);
    Ok(recording(&requests, &revised, Recorded { inserted, updated, unchanged, revision: None }))
}

/// What was done. The revision is returned where all tasks were of one request.
fn recording(requests: &[LockedRequest], revised: &Revisions<'_>, recorded: Recorded) -> Recording {
    let first = revised.first_key_value();
    let revision = match requests {
        [request] => Some(first.map_or(request.revision, |(_, revision)| *revision)),
        _ => None,
    };
    let mark = first.map(|(id, revision)| Mark::new((*id).to_owned(), *revision));
    Recording { recorded: Recorded { revision: revision.map(Revision::from), ..recorded }, mark }
}

/// Appends the task, which mostly is new: then nothing need be read first. `None` where it is known.
fn append_unless_known(
    connection: &mut PgConnection,
    request: &LockedRequest,
    task: &RecordedTask,
) -> Result<Option<i64>, NotRecorded> {
    let counting_rule = task.counting_rule.as_ref().map(CountingRuleName::as_str);
    let appended = Appended { tasks: vec![task], counting_rule, last_revision: request.revision, revision: None };
    let revision = append(connection, request, &appended)?;
    if revision.is_some() {
        refuse_names_taken(connection, &appended.tasks)?;
    }
    Ok(revision)
}

/// Fails with what must not be recorded, as far as the counter rows say so. Returns the requests that have a new kind.
fn refuse_or_keep_kinds(
    connection: &mut PgConnection,
    tasks: &[RecordedTask],
    requests: &[LockedRequest],
    precondition: &Precondition,
) -> Result<Vec<String>, NotRecorded> {
    if !requests.iter().all(|request| precondition.holds(request.state())) {
        refuse_failed_precondition(connection, Relations::Arrays(&staged_in_arrays(tasks)?), precondition)?;
    }
    if !all_agree(tasks, requests) {
        refuse_conflicts(connection, Relations::Arrays(&staged_in_arrays(tasks)?))?;
    }
    let states_kinds = tasks.iter().any(|task| !task.item_kinds.is_empty());
    let new_kinds =
        if states_kinds { kinds::keep(connection, Relations::Arrays(&staged_in_arrays(tasks)?))? } else { Vec::new() };
    refuse_duplicates(connection, tasks)?;
    Ok(new_kinds)
}

fn number(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

fn all_agree(tasks: &[RecordedTask], requests: &[LockedRequest]) -> bool {
    let requests: HashMap<&str, &LockedRequest> =
        requests.iter().map(|request| (request.id.as_str(), request)).collect();
    let request = |task: &RecordedTask| requests.get(task.annotation_request_id.as_str());
    tasks.iter().all(|task| request(task).is_some_and(|request| request.agrees_with(task)))
}

fn refuse_duplicates(connection: &mut PgConnection, tasks: &[RecordedTask]) -> Result<(), NotRecorded> {
    let mut seen = HashSet::with_capacity(tasks.len());
    if tasks.iter().all(|task| seen.insert((&task.annotation_request_id, task.statistics.id()))) {
        return Ok(());
    }
    let duplicate = first_duplicate(connection, Relations::Arrays(&staged_in_arrays(tasks)?))?;
    duplicate.map_or(Ok(()), |duplicate| Err(NotRecorded(duplicate)))
}

/// Those of the tasks that are known, as they are recorded.
fn known_tasks(
    connection: &mut PgConnection,
    tasks: &[RecordedTask],
    requests: &[LockedRequest],
) -> Result<Vec<KnownTask>, NotRecorded> {
    let given = by_request(tasks, |task| task.annotation_request_id.as_str());
    let mut found = Vec::new();
    for request in requests.iter().filter(|request| request.task_count > 0) {
        let given = given.get(request.id.as_str()).map_or(&[][..], Vec::as_slice);
        // Mostly none is known: then only their ids are compared. A single one was not appended, so it is.
        let is_single = tasks.len() == 1;
        let known = if is_single { given.to_vec() } else { known_among(connection, &request.id, given)? };
        if !known.is_empty() {
            found.append(&mut find_known_tasks(connection, &request.id, &known)?);
        }
    }
    Ok(found)
}

/// Updates, appends and revises request by request. Returns the new revisions of those that changed.
fn merge_requests<'a>(
    connection: &mut PgConnection,
    requests: &'a [LockedRequest],
    changes: &Changes<'_>,
    new_kinds: &[String],
) -> Result<Revisions<'a>, NotRecorded> {
    let mut revised = Revisions::new();
    let updated = by_request(&changes.updated, |task| task.given.annotation_request_id.as_str());
    for request in requests {
        if let Some(updated) = updated.get(request.id.as_str()) {
            revised.insert(&request.id, change(connection, request, updated, first(&revised))?);
        }
    }
    // Not before: a known task may have got a name.
    if requests.iter().any(|request| request.task_count > 0) {
        refuse_names_taken(connection, &changes.new)?;
    }
    let deleted = deleted_revisions(connection, requests)?;
    let new = by_request(&changes.new, |task| task.annotation_request_id.as_str());
    for request in requests {
        let id = request.id.as_str();
        let tasks: Vec<&RecordedTask> = new.get(id).into_iter().flatten().map(|task| **task).collect();
        if tasks.is_empty() && (revised.contains_key(id) || !new_kinds.contains(&request.id)) {
            continue;
        }
        let counting_rule = tasks.iter().find_map(|task| task.counting_rule.as_ref()).map(CountingRuleName::as_str);
        let last_revision = deleted.get(id).copied().unwrap_or(request.revision);
        let appended = Appended { tasks, counting_rule, last_revision, revision: first(&revised) };
        let revision = append(connection, request, &appended)?;
        let unlocked = || DatabaseError::Corrupt(format!("statistics: a task of `{id}` was recorded without its lock"));
        revised.insert(id, revision.ok_or_else(unlocked)?);
    }
    Ok(revised)
}

fn first(revised: &Revisions<'_>) -> Option<i64> {
    revised.values().next().copied()
}

fn by_request<T>(tasks: &[T], request: impl Fn(&T) -> &str) -> HashMap<&str, Vec<&T>> {
    let mut requests: HashMap<&str, Vec<&T>> = HashMap::new();
    for task in tasks {
        requests.entry(request(task)).or_default().push(task);
    }
    requests
}

/// Fails with the first of these new tasks that is recorded already under an id of the other kind.
fn refuse_names_taken(connection: &mut PgConnection, new: &[&RecordedTask]) -> Result<(), NotRecorded> {
    if new.iter().all(|task| task.statistics.source_name().is_none()) {
        return Ok(());
    }
    let stage = staged_in_arrays(new.iter().copied())?;
    let taken = first_source_name_taken(connection, Relations::Arrays(&stage))?;
    taken.map_or(Ok(()), |taken| Err(NotRecorded(taken)))
}
