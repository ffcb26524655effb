//! The exporting port on Postgres.

use crate::Database;
use crate::DatabaseError;
use crate::connection::in_one_snapshot;
use crate::reading::export_cursor;
use crate::reading::operation_items;
use crate::reading::stored_task::{self, TaskRow};
use crate::reading::summary_repository::summarize;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, ExportError, ExportTarget, ItemKinds, Place,
    RecordedTask, RepositoryError, RequestTotals, Statistics, StatisticsExporter, Summary, SummaryQuery, TaskFilter,
    Totals,
};
use async_trait::async_trait;
use diesel::pg::PgConnection;
use std::sync::{Arc, Weak};

/// Reads from a cursor, a batch at a time, in a transaction that sees one snapshot; so an export takes the same memory
/// whatever its size. Between batches it checks whether its caller still waits (ADR 30).
#[derive(Clone)]
pub struct PostgresStatisticsExporter {
    database: Database,
}

impl PostgresStatisticsExporter {
    /// Exports from the given database, whose connections may wait in a transaction as long as a target may take.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl StatisticsExporter for PostgresStatisticsExporter {
    async fn export(
        &self,
        requests: &AnnotationRequestIds,
        filter: &TaskFilter,
        scope: &CampaignScope,
        target: Box<dyn ExportTarget>,
    ) -> Result<(), ExportError> {
        let waiting = Arc::new(());
        let (requests, query, scope) = (requests.clone(), SummaryQuery::of(filter.clone()), scope.clone());
        let export = Export { target, given: Totals::default(), waiting: Arc::downgrade(&waiting) };
        // Not a read, which is retried on a new connection: by then the target has received something.
        let done = self.database.write(move |connection| {
            in_one_snapshot(connection, move |connection| match export.run(connection, &requests, &query, &scope) {
                Ok(()) => Ok(Ok(())),
                // The connection is still good, so it goes back to the pool.
                Err(Failure::Export(error)) => Ok(Err(error)),
                Err(Failure::Connection(error)) => Err(error),
            })
        });
        let done: Result<Result<(), ExportError>, DatabaseError> = done.await;
        drop(waiting);
        done.map_err(RepositoryError::from)?
    }

    async fn export_by_task_id(
        &self,
        _: &AnnotationRequestId,
        _: &CampaignScope,
        _: Box<dyn ExportTarget>,
    ) -> Result<(), ExportError> {
        Err(RepositoryError::Unavailable("not built yet".into()).into())
    }
}

/// An export in progress.
struct Export {
    target: Box<dyn ExportTarget>,
    given: Totals,
    /// Alive as long as the caller waits for the export.
    waiting: Weak<()>,
}

impl Export {
    fn run(
        mut self,
        connection: &mut PgConnection,
        requests: &AnnotationRequestIds,
        query: &SummaryQuery,
        scope: &CampaignScope,
    ) -> Result<(), Failure> {
        let summary = summarize(connection, requests, query, scope, usize::MAX)?.map_err(ExportError::from)?;
        self.target.begin(&summary).map_err(ExportError::Target)?;
        for (request, _) in summary.requests() {
            self.hand_over(connection, request, &query.filter)?;
        }
        self.compare(&summary)?;
        self.target.finish().map_err(ExportError::Target)?;
        Ok(())
    }

    fn hand_over(
        &mut self,
        connection: &mut PgConnection,
        request: &RequestTotals,
        filter: &TaskFilter,
    ) -> Result<(), Failure> {
        if !filter.covers_campaign(&request.campaign_id) {
            return Ok(());
        }
        let mut kinds = operation_items::load(connection, &request.id)?;
        export_cursor::open(connection, &request.id, filter)?;
        loop {
            if self.waiting.strong_count() == 0 {
                return Err(DatabaseError::Stopping.into());
            }
            let rows = export_cursor::fetch(connection)?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                self.hand_over_task(request, &mut kinds, row)?;
            }
        }
        export_cursor::close(connection)?;
        Ok(())
    }

    fn hand_over_task(&mut self, request: &RequestTotals, kinds: &mut ItemKinds, row: TaskRow) -> Result<(), Failure> {
        let statistics = stored_task::statistics(&request.id, &request.campaign_id, row)?;
        self.given =
            plus(self.given, &statistics).ok_or_else(|| DatabaseError::Corrupt("a sum is too large".into()))?;
        let task = RecordedTask {
            place: Place::from(self.given.tasks),
            annotation_request_id: request.id.clone(),
            counting_rule: request.counting_rule.clone(),
            // Stated with the first task that has the item.
            item_kinds: kinds.take_for(&statistics),
            statistics,
        };
        Ok(self.target.take(&task).map_err(ExportError::Target)?)
    }

    /// Writes that bypass the service may have left sums that do not match the tasks.
    fn compare(&self, summary: &Summary) -> Result<(), DatabaseError> {
        let (kept, read) = (summary.totals(), self.given);
        if kept == read {
            return Ok(());
        }
        Err(DatabaseError::Corrupt(format!("statistics_totals: kept are {kept:?}, the tasks are {read:?}")))
    }
}

fn plus(sum: Totals, task: &Statistics) -> Option<Totals> {
    let add = |sum: u128, count: annotation_statistics_domain::Count| sum.checked_add(u64::from(count).into());
    Some(Totals {
        tasks: sum.tasks.checked_add(1)?,
        instances: add(sum.instances, task.instance_num())?,
        attributes: add(sum.attributes, task.attribute_num())?,
        frames: add(sum.frames, task.frame_num())?,
    })
}

/// Why an export fails.
enum Failure {
    Connection(DatabaseError),
    Export(ExportError),
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self::Connection(error)
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        Self::Export(error)
    }
}
