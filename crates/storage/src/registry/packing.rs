//! Closes the gaps that removed tasks have left, a bounded number of tasks at a time (ADR 68).

use crate::Database;
use crate::DatabaseError;
use crate::connection::{TransactionError, prepared_statement, set_local};
use crate::registry::packing_slot::{PackingFailures, PackingSlot};
use crate::registry::statements::OneLess;
use annotation_statistics_domain::{AnnotationRequestId, ErrorChain, RegistryError};
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{OptionalExtension, RunQueryDsl};
use std::time::Instant;

/// When gaps are closed, and in which steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackingLimits {
    /// A request is packed from so many removed positions on.
    pub min_removed: u64,
    /// And from this share of its tasks on: one removed position for so many tasks. So each removal pays for moving about
    /// so many, however large the request is.
    pub tasks_per_removed: u64,
    /// How many tasks one transaction moves, while it keeps other writers out of the request.
    pub step: u32,
}

/// A reader searches thousands of removed positions in no time, so they are closed seldom. A task that moves takes some 600
/// bytes of the log, so a step some 120 kB.
impl Default for PackingLimits {
    fn default() -> Self {
        Self { min_removed: 1_000, tasks_per_removed: 64, step: 200 }
    }
}

impl PackingLimits {
    fn are_reached(self, request: &OneLess) -> bool {
        let share = request.request.task_count / self.tasks_per_removed.max(1);
        request.removed_count >= self.min_removed.max(share)
    }
}

/// Packs one request at a time in the background.
#[derive(Clone)]
pub(super) struct Packing {
    database: Database,
    pub(super) limits: PackingLimits,
    slot: PackingSlot,
}

impl Packing {
    pub(super) fn new(database: Database) -> Self {
        Self { database, limits: PackingLimits::default(), slot: PackingSlot::default() }
    }

    /// How often gaps were left because closing them failed.
    pub(super) fn failures(&self) -> PackingFailures {
        self.slot.failures()
    }

    /// Begins to pack the request where it is time. Where that fails, or another one is being packed, the next removal
    /// tries again.
    pub(super) fn begin_if_due(&self, request: &OneLess) {
        if !self.limits.are_reached(request) {
            return;
        }
        let Some(claim) = self.slot.claim() else { return };
        let (packing, id) = (self.clone(), request.request.id.clone());
        tokio::spawn(async move {
            let packed = packing.pack(&id).await;
            drop(claim);
            match packed {
                Ok(()) => packing.slot.succeeded(),
                Err(error) => packing.slot.failed(&id, &ErrorChain(&error)),
            }
        });
    }

    /// Closes all gaps that there are now, from the first one on. Between two steps it pauses for as long as one took, so
    /// that other writers come in.
    pub(super) async fn pack(&self, id: &AnnotationRequestId) -> Result<(), RegistryError> {
        let (mut from, step) = (0, i64::from(self.limits.step.max(1)));
        loop {
            let (id, begun) = (id.clone(), Instant::now());
            let work = move |connection: &mut PgConnection| pack_some(connection, &id, from, step);
            match self.database.transact(work).await {
                Ok(Some(next)) => from = next,
                Ok(None) => return Ok(()),
                Err(TransactionError::Failed(error) | TransactionError::CommitUnconfirmed { error, .. }) => {
                    return Err(RegistryError::Unavailable(Box::new(error)));
                }
            }
            tokio::time::sleep(begun.elapsed()).await;
        }
    }
}

/// Keeps other writers out of the request, if it has removed positions.
const LOCK: &str = "SELECT next_position FROM annotation_requests WHERE id = $1 AND removed_count > 0 FOR UPDATE";

const FIRST_REMOVED: &str = "\
SELECT position FROM removed_positions WHERE annotation_request_id = $1 AND position >= $2 ORDER BY position LIMIT 1";

/// Moves the `$3` tasks that follow the removed position `$2` to there. The removed positions among them are behind them
/// then. All tasks are deleted before the first one is inserted, which the sort makes sure of: an UPDATE would meet the
/// position of a task that has not moved yet.
pub const PACK_SQL: &str = "\
WITH block AS (SELECT count(*) AS tasks, max(position) AS position FROM (\
SELECT position FROM statistics WHERE annotation_request_id = $1 AND position > $2 ORDER BY position LIMIT $3) AS behind), \
moved AS (DELETE FROM statistics WHERE annotation_request_id = $1 AND position > $2 \
AND position <= (SELECT position FROM block) RETURNING *), \
filled AS (DELETE FROM removed_positions WHERE annotation_request_id = $1 AND position >= $2 \
AND position < $2 + (SELECT tasks FROM block)), \
emptied AS (INSERT INTO removed_positions (annotation_request_id, position) \
SELECT annotation_request_id, position FROM moved WHERE position >= $2 + (SELECT tasks FROM block)) \
INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info, \
instance_num, attribute_num, frame_num, source_name) \
SELECT annotation_request_id, task_id, $2 + row_number() OVER (ORDER BY position) - 1, status, pool_type, pool_name, \
instance_info, instance_num, attribute_num, frame_num, source_name FROM moved ORDER BY position";

/// Forgets the last removed positions, where no task follows them.
const FORGET_LAST: &str = "DELETE FROM removed_positions WHERE annotation_request_id = $1 AND position >= $2";

/// `$2` positions less at the end. Not a change of what the request has, so its revision stays (ADR 11).
const NEXT_LAYOUT: &str = "\
UPDATE annotation_requests AS r SET removed_count = r.removed_count - $2, \
next_position = CASE WHEN r.removed_count > $2 THEN r.next_position - $2 END, \
layout = greatest(r.layout, r.revision) + 1 WHERE r.id = $1";

prepared_statement!(Lock, LOCK, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(FirstRemoved, FIRST_REMOVED, BigInt, { 1 => id: &'a str as Text, 2 => from: i64 as BigInt, });
prepared_statement!(Pack, PACK_SQL, BigInt, {
    1 => id: &'a str as Text,
    2 => first: i64 as BigInt,
    3 => most: i64 as BigInt,
});
prepared_statement!(ForgetLast, FORGET_LAST, BigInt, { 1 => id: &'a str as Text, 2 => from: i64 as BigInt, });
prepared_statement!(NextLayout, NEXT_LAYOUT, BigInt, { 1 => id: &'a str as Text, 2 => fewer: i64 as BigInt, });

/// Moves at most `step` tasks to the first removed position at or behind `from`. Returns where to go on, if anywhere.
///
/// So the removed positions move towards the end of the request, together with all that are on their way, and each task
/// moves once. At the end they are forgotten.
fn pack_some(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    from: i64,
    step: i64,
) -> Result<Option<i64>, DatabaseError> {
    let id = id.as_str();
    // It reads by position, as pages do: a planner that knows little of a request would rather sort all of its tasks.
    set_local(connection, "enable_seqscan", "off")?;
    let locked: Option<i64> = Lock { id }.get_result(connection).optional()?;
    let Some(next_position) = locked else { return Ok(None) };
    let first: Option<i64> = FirstRemoved { id, from }.get_result(connection).optional()?;
    let Some(first) = first else { return Ok(None) };
    let moved = number(Pack { id, first, most: step }.execute(connection)?)?;
    let forgotten = if moved == 0 {
        number(ForgetLast { id, from: first.max(next_position - step) }.execute(connection)?)?
    } else {
        0
    };
    NextLayout { id, fewer: forgotten }.execute(connection)?;
    Ok(Some(first + moved))
}

fn number(rows: usize) -> Result<i64, DatabaseError> {
    i64::try_from(rows).map_err(|error| DatabaseError::Corrupt(error.to_string()))
}
