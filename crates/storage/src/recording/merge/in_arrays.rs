//! Merges a stage in arrays: few tasks, and few statements, none of which leaves anything in the catalog (ADR 66).

use crate::DatabaseError;
use crate::recording::merge::append::{self, Appended};
use crate::recording::merge::append_one::append_one;
use crate::recording::merge::by_request::by_request;
use crate::recording::merge::change;
use crate::recording::merge::changes::{Changes, UpdatedTask};
use crate::recording::merge::conflicts::first_duplicate;
use crate::recording::merge::contradictions::{first_conflict, first_failed_precondition};
use crate::recording::merge::kinds;
use crate::recording::merge::known_tasks::{KnownTask, find_known_tasks, known_among};
use crate::recording::merge::locked_requests::{LockedRequest, deleted_revisions};
use crate::recording::merge::names::first_source_name_taken;
use crate::recording::merge::on_one_shard;
use crate::recording::not_recorded::NotRecorded;
use crate::recording::outcome::{Mark, Recording};
use crate::recording::stage::staged_in_arrays;
use crate::recording::statement::Relations;
use annotation_statistics_domain::{CountingRuleName, Precondition, Recorded, RecordedTask, Revision};
use diesel::pg::PgConnection;
use std::collections::{BTreeMap, HashSet};

type Append = fn(&mut PgConnection, &LockedRequest, &Appended<'_>) -> Result<Option<i64>, DatabaseError>;
type Change = fn(&mut PgConnection, &LockedRequest, &[&UpdatedTask<'_>], Option<i64>) -> Result<i64, DatabaseError>;

/// How what changes in one request is written.
struct Statements {
    append: Append,
    change: Change,
}

/// All of it by one statement (ADR 74).
const WHOLE: Statements = Statements { append: append_whole, change: change::change };
/// A statement for each table (ADR 89).
const SHARDED: Statements = Statements { append: on_one_shard::append, change: on_one_shard::change };

/// One task by a statement of its own (ADR 90).
fn append_whole(
    connection: &mut PgConnection,
    request: &LockedRequest,
    appended: &Appended<'_>,
) -> Result<Option<i64>, DatabaseError> {
    match appended.tasks.as_slice() {
        [task] => append_one(connection, request, appended, task),
        _ => append::append(connection, request, appended),
    }
}

/// The new revisions of the requests that are changed.
type Revisions<'a> = BTreeMap<&'a str, i64>;

/// Upserts all tasks, or fails with the first conflict, as [`merge_in_tables`](super::merge_in_tables) does.
pub(crate) fn merge(
    connection: &mut PgConnection,
    tasks: &[RecordedTask],
    precondition: &Precondition,
    is_sharded: bool,
) -> Result<Recording, NotRecorded> {
    let statements = if is_sharded { SHARDED } else { WHOLE };
    let requests = LockedRequest::lock_all(connection, tasks)?;
    let new_kinds = refuse_or_keep_kinds(connection, tasks, &requests, precondition)?;
    if let ([request], [task]) = (requests.as_slice(), tasks)
        && request.task_count > 0
        && let Some(revision) = append_unless_known(connection, &statements, request, task)?
    {
        let revised = Revisions::from([(request.id.as_str(), revision)]);
        return Ok(recording(&requests, &revised, Recorded { inserted: 1, ..Recorded::default() }));
    }
    let changes = Changes::new(tasks, known_tasks(connection, tasks, &requests)?)?;
    if let Some(conflict) = changes.first_source_name_conflict()? {
        return Err(NotRecorded(conflict));
    }
    let revised = merge_requests(connection, &statements, &requests, &changes, &new_kinds)?;
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
    statements: &Statements,
    request: &LockedRequest,
    task: &RecordedTask,
) -> Result<Option<i64>, NotRecorded> {
    let counting_rule = task.counting_rule.as_ref().map(CountingRuleName::as_str);
    let appended = Appended { tasks: vec![task], counting_rule, last_revision: request.revision, revision: None };
    let revision = (statements.append)(connection, request, &appended)?;
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
    if let Some(failed) = first_failed_precondition(requests, precondition)? {
        return Err(NotRecorded(failed));
    }
    if let Some(conflict) = first_conflict(tasks, requests)? {
        return Err(NotRecorded(conflict));
    }
    let stating: Vec<&RecordedTask> = tasks.iter().filter(|task| !task.item_kinds.is_empty()).collect();
    let new_kinds = if stating.is_empty() { Vec::new() } else { kinds::keep(connection, &stating)? };
    refuse_duplicates(connection, tasks)?;
    Ok(new_kinds)
}

fn number(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
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
    statements: &Statements,
    requests: &'a [LockedRequest],
    changes: &Changes<'_>,
    new_kinds: &[String],
) -> Result<Revisions<'a>, NotRecorded> {
    let mut revised = Revisions::new();
    let updated = by_request(&changes.updated, |task| task.given.annotation_request_id.as_str());
    for request in requests {
        if let Some(updated) = updated.get(request.id.as_str()) {
            revised.insert(&request.id, (statements.change)(connection, request, updated, first(&revised))?);
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
        let revision = (statements.append)(connection, request, &appended)?;
        let unlocked = || DatabaseError::Corrupt(format!("statistics: a task of `{id}` was recorded without its lock"));
        revised.insert(id, revision.ok_or_else(unlocked)?);
    }
    Ok(revised)
}

fn first(revised: &Revisions<'_>) -> Option<i64> {
    revised.values().next().copied()
}

/// Fails with the first of these new tasks that is recorded already under an id of the other kind.
fn refuse_names_taken(connection: &mut PgConnection, new: &[&RecordedTask]) -> Result<(), NotRecorded> {
    let named: Vec<&RecordedTask> =
        new.iter().filter(|task| task.statistics.source_name().is_some()).copied().collect();
    let taken = first_source_name_taken(connection, &named)?;
    taken.map_or(Ok(()), |taken| Err(NotRecorded(taken)))
}
