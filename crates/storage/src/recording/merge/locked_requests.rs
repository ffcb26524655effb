//! The counter rows of a small write: locked first, and then known to the program.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::requests::lock_requests;
use annotation_statistics_domain::{RecordedTask, Revision};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use diesel::{OptionalExtension, RunQueryDsl};
use std::collections::{BTreeMap, HashMap};

/// Mostly the request is known: then a lock is enough, and nothing is written for it.
const LOCK_REQUEST: &str = "
SELECT r.id, r.campaign_id, r.counting_rule, r.task_count, r.removed_count, r.revision,
       r.summed_revision = r.revision
FROM annotation_requests AS r WHERE r.id = $1 FOR UPDATE";

type Columns = (Text, Text, Nullable<Text>, BigInt, BigInt, BigInt, Bool);
type Row = (String, String, Option<String>, i64, i64, i64, bool);

prepared_statement!(LockKnown, LOCK_REQUEST, Columns, {
    1 => id: &'a str as Text,
});

const LOCK_REQUESTS: &str = concat!(
    "
WITH staged_requests AS (
    SELECT id COLLATE \"C\" AS id, campaign_id FROM unnest((SELECT $1), $2) AS given (id, campaign_id)
)",
    lock_requests!(),
    " RETURNING r.id, r.campaign_id, r.counting_rule, r.task_count, r.removed_count, r.revision, r.summed_revision = r.revision"
);

prepared_statement!(LockRequests, LOCK_REQUESTS, Columns, {
    1 => ids: Vec<&'a str> as Array<Text>,
    2 => campaigns: Vec<&'a str> as Array<Text>,
});

const DELETED_REVISIONS: &str = "
SELECT annotation_request_id, revision FROM deleted_annotation_requests WHERE annotation_request_id = ANY($1)";

prepared_statement!(FindDeletedRevisions, DELETED_REVISIONS, (Text, BigInt), {
    1 => ids: Vec<&'a str> as Array<Text>,
});

/// A counter row, which this transaction has locked.
pub(super) struct LockedRequest {
    pub(super) id: String,
    pub(super) campaign_id: String,
    pub(super) counting_rule: Option<String>,
    /// How many tasks it has.
    pub(super) task_count: i64,
    removed_count: i64,
    /// 0 if this transaction created it.
    pub(super) revision: i64,
    /// Whether its sums by group are kept: a server of the version before has not written since they were added up (ADR 84).
    pub(super) has_groups: bool,
}

impl LockedRequest {
    /// Locks the requests of the tasks, and creates those that are missing.
    pub(super) fn lock_all(connection: &mut PgConnection, tasks: &[RecordedTask]) -> Result<Vec<Self>, DatabaseError> {
        let requests: BTreeMap<&str, &str> = tasks
            .iter()
            .map(|task| (task.annotation_request_id.as_str(), task.statistics.campaign_id().as_str()))
            .collect();
        if let (Some(id), 1) = (requests.keys().next(), requests.len()) {
            let known: Option<Row> = LockKnown { id }.get_result(connection).optional()?;
            if let Some(known) = known {
                return Ok(vec![Self::from(known)]);
            }
        }
        let statement =
            LockRequests { ids: requests.keys().copied().collect(), campaigns: requests.values().copied().collect() };
        let locked: Vec<Row> = statement.load(connection)?;
        Ok(locked.into_iter().map(Self::from).collect())
    }

    /// The revision that it had before; `None` if this transaction created it.
    pub(super) fn state(&self) -> Option<Revision> {
        (self.revision != 0).then(|| Revision::from(self.revision))
    }

    /// Where its next task is recorded.
    pub(super) fn next_position(&self) -> i64 {
        self.task_count + self.removed_count
    }
}

impl From<Row> for LockedRequest {
    fn from((id, campaign_id, counting_rule, task_count, removed_count, revision, has_groups): Row) -> Self {
        Self { id, campaign_id, counting_rule, task_count, removed_count, revision, has_groups }
    }
}

/// The last revisions of those of the requests that were deleted and are created now: their next ones come after them.
pub(super) fn deleted_revisions(
    connection: &mut PgConnection,
    requests: &[LockedRequest],
) -> Result<HashMap<String, i64>, DatabaseError> {
    let created = requests.iter().filter(|request| request.revision == 0).map(|request| request.id.as_str());
    let created: Vec<&str> = created.collect();
    if created.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(String, i64)> = FindDeletedRevisions { ids: created }.load(connection)?;
    Ok(found.into_iter().collect())
}
