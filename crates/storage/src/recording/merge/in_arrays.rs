//! Merges a stage in arrays: few tasks, and few statements, none of which leaves anything in the catalog (ADR 66).

use crate::DatabaseError;
use crate::recording::merge::added_sums;
use crate::recording::merge::changes::Changes;
use crate::recording::merge::conflicts::{first_duplicate, refuse_conflicts, refuse_failed_precondition};
use crate::recording::merge::kinds;
use crate::recording::merge::known_tasks::{KnownTask, find_known_tasks, known_among};
use crate::recording::merge::locked_requests::{Growth, LockedRequest, revise};
use crate::recording::merge::names::first_source_name_taken;
use crate::recording::merge::new_tasks::insert_tasks;
use crate::recording::merge::requests::RevisedRequest;
use crate::recording::merge::tasks::update_tasks;
use crate::recording::merge::totals;
use crate::recording::not_recorded::NotRecorded;
use crate::recording::outcome::{Mark, Recording};
use crate::recording::stage::staged_in_arrays;
use crate::recording::statement::Relations;
use crate::recording::sums::Sums;
use annotation_statistics_domain::{CountingRuleName, Precondition, Recorded, RecordedTask, Revision};
use diesel::pg::PgConnection;
use std::collections::{HashMap, HashSet};

const UPDATE_CHANGED_TASKS: &str = update_tasks!(FROM "staged_tasks AS s");

/// Upserts all tasks, or fails with the first conflict, as [`merge_in_tables`](super::merge_in_tables) does.
pub(crate) fn merge(
    connection: &mut PgConnection,
    tasks: &[RecordedTask],
    precondition: &Precondition,
) -> Result<Recording, NotRecorded> {
    let requests = LockedRequest::lock_all(connection, tasks)?;
    let new_kinds = refuse_or_keep_kinds(connection, tasks, &requests, precondition)?;
    let any_known = requests.iter().any(|request| request.task_count > 0);
    let known = if any_known { known_tasks(connection, tasks)? } else { Vec::new() };
    let changes = Changes::new(tasks, known);
    update(connection, &changes)?;
    insert(connection, &requests, &changes, any_known)?;
    keep_sums(connection, &changes)?;
    let revised = revise_changed(connection, &requests, &changes, &new_kinds, tasks)?;
    let (inserted, updated) = (number(changes.new.len()), number(changes.updated.len()));
    let unchanged = number(tasks.len()).saturating_sub(inserted).saturating_sub(updated);
    let revision = revision_of_all(&requests, &revised).map(Revision::from);
    let first = revised.iter().min_by_key(|request| &request.id);
    let mark = first.map(|request| Mark::leave(connection, &request.id, request.revision)).transpose()?;
    Ok(Recording { recorded: Recorded { inserted, updated, unchanged, revision }, mark })
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

/// Those of the tasks that are known. Mostly none is: then only their ids were compared.
fn known_tasks(connection: &mut PgConnection, tasks: &[RecordedTask]) -> Result<Vec<KnownTask>, NotRecorded> {
    let known = known_among(connection, tasks)?;
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let stage = staged_in_arrays(known)?;
    Ok(find_known_tasks(connection, Relations::Arrays(&stage))?)
}

fn update(connection: &mut PgConnection, changes: &Changes<'_>) -> Result<(), NotRecorded> {
    if changes.updated.is_empty() {
        return Ok(());
    }
    if let Some(conflict) = changes.first_source_name_conflict()? {
        return Err(NotRecorded(conflict));
    }
    let stage = staged_in_arrays(changes.updated.iter().map(|(task, _)| *task))?;
    Relations::Arrays(&stage).statement(UPDATE_CHANGED_TASKS).run(connection)?;
    Ok(())
}

fn insert(
    connection: &mut PgConnection,
    requests: &[LockedRequest],
    changes: &Changes<'_>,
    any_known: bool,
) -> Result<(), NotRecorded> {
    if changes.new.is_empty() {
        return Ok(());
    }
    let has_names = changes.new.iter().any(|task| task.statistics.source_name().is_some());
    if any_known && has_names {
        let stage = staged_in_arrays(changes.new.iter().copied())?;
        if let Some(taken) = first_source_name_taken(connection, Relations::Arrays(&stage))? {
            return Err(NotRecorded(taken));
        }
    }
    Ok(insert_tasks(connection, requests, &changes.new)?)
}

fn keep_sums(connection: &mut PgConnection, changes: &Changes<'_>) -> Result<(), DatabaseError> {
    if !changes.updated.is_empty() {
        let sums = changes.sums();
        totals::keep_groups(connection, Relations::Arrays(&sums), true)?;
        if changes.change_items() {
            totals::keep_items(connection, Relations::Arrays(&sums), true)?;
        }
    } else if !changes.new.is_empty() {
        let mut sums = Sums::default();
        changes.new.iter().for_each(|task| sums.add(task));
        added_sums::add(connection, &sums)?;
    }
    Ok(())
}

/// Gives the requests that are changed their new number of tasks and a new revision.
fn revise_changed(
    connection: &mut PgConnection,
    requests: &[LockedRequest],
    changes: &Changes<'_>,
    new_kinds: &[String],
    tasks: &[RecordedTask],
) -> Result<Vec<RevisedRequest>, DatabaseError> {
    let inserted = per_request(changes.new.iter().copied());
    let updated = per_request(changes.updated.iter().map(|(task, _)| *task));
    let rules: HashMap<&str, &CountingRuleName> = tasks
        .iter()
        .filter_map(|task| Some((task.annotation_request_id.as_str(), task.counting_rule.as_ref()?)))
        .collect();
    let is_changed = |id: &str| inserted.contains_key(id) || updated.contains_key(id);
    let revised = requests.iter().filter(|request| is_changed(&request.id) || new_kinds.contains(&request.id));
    let grown = revised.map(|request| {
        let counting_rule = rules.get(request.id.as_str()).map(|rule| rule.as_str());
        let inserted = inserted.get(request.id.as_str()).copied().unwrap_or_default();
        (request, Growth { inserted, counting_rule })
    });
    let grown: Vec<_> = grown.collect();
    if grown.is_empty() { Ok(Vec::new()) } else { revise(connection, &grown) }
}

fn per_request<'a>(tasks: impl Iterator<Item = &'a RecordedTask>) -> HashMap<&'a str, i64> {
    let mut counts = HashMap::new();
    for task in tasks {
        *counts.entry(task.annotation_request_id.as_str()).or_default() += 1;
    }
    counts
}

/// The revision after the write where all tasks were of one request.
fn revision_of_all(requests: &[LockedRequest], revised: &[RevisedRequest]) -> Option<i64> {
    match (requests, revised) {
        ([_], [revised]) => Some(revised.revision),
        ([unchanged], _) => Some(unchanged.revision),
        _ => None,
    }
}
