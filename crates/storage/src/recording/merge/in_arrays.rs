//! Merges a stage in arrays: few tasks, and few statements, none of which leaves anything in the catalog (ADR 66).

use crate::recording::merge::changes::Changes;
use crate::recording::merge::conflicts::{first_duplicate, refuse_conflicts, refuse_failed_precondition};
use crate::recording::merge::kinds;
use crate::recording::merge::known_tasks::find_known_tasks;
use crate::recording::merge::names::first_source_name_taken;
use crate::recording::merge::requests::{RevisedRequest, count_and_revise, is_changed, lock_requests};
use crate::recording::merge::tasks::{INSERT_NEW_TASKS, update_tasks};
use crate::recording::merge::totals;
use crate::recording::not_recorded::NotRecorded;
use crate::recording::outcome::{Mark, Recording};
use crate::recording::stage::staged_in_arrays;
use crate::recording::statement::{ArrayRelation, Relations, Values};
use annotation_statistics_domain::{CountingRuleName, Precondition, Recorded, RecordedTask, Revision};
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl};
use std::collections::{HashMap, HashSet};

const LOCK_REQUESTS: &str =
    concat!(lock_requests!(), " RETURNING r.id, r.campaign_id, r.counting_rule, r.task_count, r.revision");

const UPDATE_CHANGED_TASKS: &str = update_tasks!(FROM "staged_tasks AS s");

const REVISED_REQUESTS: &str = "
WITH staged_requests AS (
    SELECT id COLLATE \"C\" AS id, counting_rule, inserted, updated, has_new_kinds
    FROM unnest((SELECT $1), $2, $3, $4, $5) AS given (id, counting_rule, inserted, updated, has_new_kinds)
)";

const COUNT_AND_REVISE: &str = concat!(count_and_revise!(), " RETURNING r.id, r.revision");

/// A counter row, which this transaction has locked.
#[derive(QueryableByName)]
struct LockedRequest {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    campaign_id: String,
    #[diesel(sql_type = Nullable<Text>)]
    counting_rule: Option<String>,
    #[diesel(sql_type = BigInt)]
    task_count: i64,
    #[diesel(sql_type = BigInt)]
    revision: i64,
}

impl LockedRequest {
    /// The revision that it had before; `None` if this transaction created it.
    fn state(&self) -> Option<Revision> {
        (self.revision != 0).then(|| Revision::from(self.revision))
    }

    /// Whether the task states the campaign and the rule that the request has. If not, there may be a conflict.
    fn agrees_with(&self, task: &RecordedTask) -> bool {
        let rule = task.counting_rule.as_ref().map(CountingRuleName::as_str);
        self.campaign_id == task.statistics.campaign_id().as_str()
            && (rule.is_none() || rule == self.counting_rule.as_deref())
    }
}

/// Upserts all tasks, or fails with the first conflict, as [`merge_in_tables`](super::merge_in_tables) does.
pub(crate) fn merge(
    connection: &mut PgConnection,
    tasks: &[RecordedTask],
    precondition: &Precondition,
) -> Result<Recording, NotRecorded> {
    let stage = staged_in_arrays(tasks)?;
    let staged = Relations::Arrays(&stage);
    let requests: Vec<LockedRequest> = staged.statement(LOCK_REQUESTS).load(connection)?;
    if !requests.iter().all(|request| precondition.holds(request.state())) {
        refuse_failed_precondition(connection, staged, precondition)?;
    }
    if !all_agree(tasks, &requests) {
        refuse_conflicts(connection, staged)?;
    }
    let states_kinds = tasks.iter().any(|task| !task.item_kinds.is_empty());
    let new_kinds = if states_kinds { kinds::keep(connection, staged)? } else { Vec::new() };
    refuse_duplicates(connection, staged, tasks)?;
    let any_known = requests.iter().any(|request| request.task_count > 0);
    let known = if any_known { find_known_tasks(connection, staged)? } else { Vec::new() };
    let changes = Changes::new(tasks, known);
    update(connection, &changes)?;
    insert(connection, &changes, any_known)?;
    keep_sums(connection, &changes)?;
    let revised = revise(connection, &requests, &changes, &new_kinds, tasks)?;
    let (inserted, updated) = (number(changes.new.len()), number(changes.updated.len()));
    let unchanged = number(tasks.len()).saturating_sub(inserted).saturating_sub(updated);
    let revision = revision_of_all(&requests, &revised).map(Revision::from);
    let first = revised.iter().min_by_key(|request| &request.id);
    let mark = first.map(|request| Mark::leave(connection, &request.id, request.revision)).transpose()?;
    Ok(Recording { recorded: Recorded { inserted, updated, unchanged, revision }, mark })
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

fn refuse_duplicates(
    connection: &mut PgConnection,
    staged: Relations<'_>,
    tasks: &[RecordedTask],
) -> Result<(), NotRecorded> {
    let mut seen = HashSet::with_capacity(tasks.len());
    if tasks.iter().all(|task| seen.insert((&task.annotation_request_id, task.statistics.id()))) {
        return Ok(());
    }
    first_duplicate(connection, staged)?.map_or(Ok(()), |duplicate| Err(NotRecorded(duplicate)))
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

fn insert(connection: &mut PgConnection, changes: &Changes<'_>, any_known: bool) -> Result<(), NotRecorded> {
    if changes.new.is_empty() {
        return Ok(());
    }
    let stage = staged_in_arrays(changes.new.iter().copied())?;
    let staged = Relations::Arrays(&stage);
    let has_names = changes.new.iter().any(|task| task.statistics.source_name().is_some());
    if any_known
        && has_names
        && let Some(taken) = first_source_name_taken(connection, staged)?
    {
        return Err(NotRecorded(taken));
    }
    staged.statement(INSERT_NEW_TASKS).run(connection)?;
    Ok(())
}

fn keep_sums(connection: &mut PgConnection, changes: &Changes<'_>) -> Result<(), NotRecorded> {
    let subtracts = !changes.updated.is_empty();
    if subtracts || !changes.new.is_empty() {
        let sums = changes.sums();
        totals::keep_groups(connection, Relations::Arrays(&sums), subtracts)?;
        if changes.change_items() {
            totals::keep_items(connection, Relations::Arrays(&sums), subtracts)?;
        }
    }
    Ok(())
}

/// Gives the requests that are changed their new number of tasks and a new revision.
fn revise(
    connection: &mut PgConnection,
    requests: &[LockedRequest],
    changes: &Changes<'_>,
    new_kinds: &[String],
    tasks: &[RecordedTask],
) -> Result<Vec<RevisedRequest>, NotRecorded> {
    let inserted = per_request(changes.new.iter().copied());
    let updated = per_request(changes.updated.iter().map(|(task, _)| *task));
    if inserted.is_empty() && updated.is_empty() && new_kinds.is_empty() {
        return Ok(Vec::new());
    }
    let mut rules: HashMap<&str, String> = HashMap::new();
    for task in tasks {
        if let Some(rule) = &task.counting_rule {
            rules.insert(task.annotation_request_id.as_str(), rule.to_string());
        }
    }
    let count = |counts: &HashMap<&str, i64>| {
        Values::BigInts(requests.iter().map(|r| counts.get(r.id.as_str()).copied().unwrap_or_default()).collect())
    };
    let columns = vec![
        Values::Texts(requests.iter().map(|request| request.id.clone()).collect()),
        Values::OptionalTexts(requests.iter().map(|request| rules.get(request.id.as_str()).cloned()).collect()),
        count(&inserted),
        count(&updated),
        Values::Bools(requests.iter().map(|request| new_kinds.contains(&request.id)).collect()),
    ];
    let relation = ArrayRelation { with: REVISED_REQUESTS, columns };
    Ok(Relations::Arrays(&relation).statement(COUNT_AND_REVISE).load(connection)?)
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
