//! The tasks of a request, in one transaction that sees one snapshot.

use crate::DatabaseError;
use crate::reading::export::cursor::{self, TaskOrder};
use crate::reading::operation_items;
use crate::reading::stored_task::{self, TaskRow};
use annotation_statistics_domain::{
    Count, ItemKinds, Place, RecordedTask, RequestTotals, Statistics, Summary, TaskFilter, Totals,
};
use diesel::pg::PgConnection;
use std::sync::Weak;

/// Tasks that are handed over, and added up.
pub(crate) struct Handover {
    given: Totals,
    /// Alive as long as the caller waits.
    waiting: Weak<()>,
}

impl Handover {
    /// Goes on while the caller waits.
    pub(crate) fn new(waiting: Weak<()>) -> Self {
        Self { given: Totals::default(), waiting }
    }

    /// Gives each task of the request that the filter covers to `take`.
    pub(crate) fn of_request<E: From<DatabaseError>>(
        &mut self,
        connection: &mut PgConnection,
        request: &RequestTotals,
        filter: &TaskFilter,
        order: TaskOrder,
        take: &mut dyn FnMut(&mut PgConnection, &RecordedTask) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut kinds = operation_items::load(connection, &request.id)?;
        cursor::open(connection, &request.id, filter, order)?;
        loop {
            if self.waiting.strong_count() == 0 {
                return Err(DatabaseError::Stopping.into());
            }
            let rows = cursor::fetch(connection)?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let task = self.task(request, &mut kinds, row)?;
                take(connection, &task)?;
            }
        }
        Ok(cursor::close(connection)?)
    }

    fn task(
        &mut self,
        request: &RequestTotals,
        kinds: &mut ItemKinds,
        row: TaskRow,
    ) -> Result<RecordedTask, DatabaseError> {
        let statistics = stored_task::statistics(&request.id, &request.campaign_id, row)?;
        self.given =
            plus(self.given, &statistics).ok_or_else(|| DatabaseError::Corrupt("a sum is too large".into()))?;
        Ok(RecordedTask {
            place: Place::from(self.given.tasks),
            annotation_request_id: request.id.clone(),
            counting_rule: request.counting_rule.clone(),
            // Stated with the first task that has the item.
            item_kinds: kinds.take_for(&statistics),
            statistics,
        })
    }

    /// Writes that bypass the service may have left sums that do not match the tasks.
    pub(crate) fn compare(&self, summary: &Summary) -> Result<(), DatabaseError> {
        let (kept, read) = (summary.totals(), self.given);
        if kept == read {
            return Ok(());
        }
        Err(DatabaseError::Corrupt(format!("statistics_totals: kept are {kept:?}, the tasks are {read:?}")))
    }
}

fn plus(sum: Totals, task: &Statistics) -> Option<Totals> {
    let add = |sum: u128, count: Count| sum.checked_add(u64::from(count).into());
    Some(Totals {
        tasks: sum.tasks.checked_add(1)?,
        instances: add(sum.instances, task.instance_num())?,
        attributes: add(sum.attributes, task.attribute_num())?,
        frames: add(sum.frames, task.frame_num())?,
    })
}
