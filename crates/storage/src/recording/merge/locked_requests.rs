//! The counter rows of a small write: locked first, and then known to the program, which revises them last.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::requests::{RevisedRequest, lock_requests, new_revision, revise};
use annotation_statistics_domain::{CountingRuleName, RecordedTask, Revision};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use std::collections::{BTreeMap, HashMap};

const LOCK_REQUESTS: &str = concat!(
    "
WITH staged_requests AS (
    SELECT id COLLATE \"C\" AS id, campaign_id FROM unnest((SELECT $1), $2) AS given (id, campaign_id)
)",
    lock_requests!(),
    " RETURNING r.id, r.campaign_id, r.counting_rule, r.task_count, r.removed_count, r.revision"
);

prepared_statement!(LockRequests, LOCK_REQUESTS, (Text, Text, Nullable<Text>, BigInt, BigInt, BigInt), {
    1 => ids: Vec<&'a str> as Array<Text>,
    2 => campaigns: Vec<&'a str> as Array<Text>,
});

const DELETED_REVISIONS: &str = "
SELECT annotation_request_id, revision FROM deleted_annotation_requests WHERE annotation_request_id = ANY($1)";

prepared_statement!(FindDeletedRevisions, DELETED_REVISIONS, (Text, BigInt), {
    1 => ids: Vec<&'a str> as Array<Text>,
});

const REVISE: &str = concat!(
    revise!(
        FROM concat!(
            "(
    SELECT id COLLATE \"C\" AS id, counting_rule, inserted, ",
            new_revision!(after "last + 1"),
            "
    FROM unnest((SELECT $1), $2, $3, $4) AS given (id, counting_rule, inserted, last)
)"
        )
    ),
    " RETURNING r.id, r.revision"
);

prepared_statement!(Revise, REVISE, (Text, BigInt), {
    1 => ids: Vec<&'a str> as Array<Text>,
    2 => rules: Vec<Option<&'a str>> as Array<Nullable<Text>>,
    3 => inserted: Vec<i64> as Array<BigInt>,
    4 => last_revisions: Vec<i64> as Array<BigInt>,
});

/// A counter row, which this transaction has locked.
pub(super) struct LockedRequest {
    pub(super) id: String,
    campaign_id: String,
    counting_rule: Option<String>,
    /// How many tasks it has.
    pub(super) task_count: i64,
    removed_count: i64,
    /// 0 if this transaction created it.
    pub(super) revision: i64,
}

impl LockedRequest {
    /// Locks the requests of the tasks, and creates those that are missing.
    pub(super) fn lock_all(connection: &mut PgConnection, tasks: &[RecordedTask]) -> Result<Vec<Self>, DatabaseError> {
        let requests: BTreeMap<&str, &str> = tasks
            .iter()
            .map(|task| (task.annotation_request_id.as_str(), task.statistics.campaign_id().as_str()))
            .collect();
        let statement =
            LockRequests { ids: requests.keys().copied().collect(), campaigns: requests.values().copied().collect() };
        let locked: Vec<(String, String, Option<String>, i64, i64, i64)> = statement.load(connection)?;
        let request = |(id, campaign_id, counting_rule, task_count, removed_count, revision)| Self {
            id,
            campaign_id,
            counting_rule,
            task_count,
            removed_count,
            revision,
        };
        Ok(locked.into_iter().map(request).collect())
    }

    /// The revision that it had before; `None` if this transaction created it.
    pub(super) fn state(&self) -> Option<Revision> {
        (self.revision != 0).then(|| Revision::from(self.revision))
    }

    /// Whether the task states the campaign and the rule that the request has. If not, there may be a conflict.
    pub(super) fn agrees_with(&self, task: &RecordedTask) -> bool {
        let rule = task.counting_rule.as_ref().map(CountingRuleName::as_str);
        self.campaign_id == task.statistics.campaign_id().as_str()
            && (rule.is_none() || rule == self.counting_rule.as_deref())
    }

    /// Where its next task is recorded.
    pub(super) fn next_position(&self) -> i64 {
        self.task_count + self.removed_count
    }
}

/// What a request gets besides its new revision.
#[derive(Default)]
pub(super) struct Growth<'a> {
    /// How many tasks were inserted.
    pub(super) inserted: i64,
    /// The rule by which they were counted, if it is stated.
    pub(super) counting_rule: Option<&'a str>,
}

/// Gives these requests their new number of tasks and a new revision.
pub(super) fn revise(
    connection: &mut PgConnection,
    requests: &[(&LockedRequest, Growth<'_>)],
) -> Result<Vec<RevisedRequest>, DatabaseError> {
    let created = requests.iter().filter(|(request, _)| request.revision == 0).map(|(request, _)| request.id.as_str());
    let deleted = deleted_revisions(connection, created.collect())?;
    let last = |request: &LockedRequest| deleted.get(&request.id).copied().unwrap_or(request.revision);
    let statement = Revise {
        ids: requests.iter().map(|(request, _)| request.id.as_str()).collect(),
        rules: requests.iter().map(|(_, growth)| growth.counting_rule).collect(),
        inserted: requests.iter().map(|(_, growth)| growth.inserted).collect(),
        last_revisions: requests.iter().map(|(request, _)| last(request)).collect(),
    };
    let revised: Vec<(String, i64)> = statement.load(connection)?;
    Ok(revised.into_iter().map(|(id, revision)| RevisedRequest { id, revision }).collect())
}

/// The last revisions of those of the requests that were deleted, which their next ones come after.
fn deleted_revisions(connection: &mut PgConnection, created: Vec<&str>) -> Result<HashMap<String, i64>, DatabaseError> {
    if created.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(String, i64)> = FindDeletedRevisions { ids: created }.load(connection)?;
    Ok(found.into_iter().collect())
}
