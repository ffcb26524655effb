//! The exporting port on Postgres.

use crate::Database;
use crate::DatabaseError;
use crate::connection::in_one_snapshot;
use crate::reading::export::cursor::TaskOrder;
use crate::reading::export::handover::Handover;
use crate::reading::summary_repository::summarize;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, ExportError, ExportTarget, RepositoryError,
    StatisticsExporter, SummaryQuery, TaskFilter,
};
use async_trait::async_trait;
use diesel::pg::PgConnection;
use std::sync::Arc;

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

    async fn run(&self, mut export: Export) -> Result<(), ExportError> {
        let waiting = Arc::new(());
        let mut handover = Handover::new(Arc::downgrade(&waiting));
        // Not a read, which is retried on a new connection: by then the target has received something.
        let done = self.database.write(move |connection| {
            in_one_snapshot(connection, move |connection| match export.run(connection, &mut handover) {
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
        let query = SummaryQuery::of(filter.clone());
        let (requests, scope) = (requests.clone(), scope.clone());
        self.run(Export { requests, query, scope, order: TaskOrder::Recorded, target }).await
    }

    async fn export_by_task_id(
        &self,
        request: &AnnotationRequestId,
        scope: &CampaignScope,
        target: Box<dyn ExportTarget>,
    ) -> Result<(), ExportError> {
        let (requests, query) = (request.clone().into(), SummaryQuery::default());
        self.run(Export { requests, query, scope: scope.clone(), order: TaskOrder::TaskId, target }).await
    }
}

/// What is exported, and where to.
struct Export {
    requests: AnnotationRequestIds,
    query: SummaryQuery,
    scope: CampaignScope,
    order: TaskOrder,
    target: Box<dyn ExportTarget>,
}

impl Export {
    fn run(&mut self, connection: &mut PgConnection, handover: &mut Handover) -> Result<(), Failure> {
        let Self { requests, query, scope, order, target } = self;
        let summary = summarize(connection, requests, query, scope, usize::MAX)?.map_err(ExportError::from)?;
        target.begin(&summary).map_err(ExportError::Target)?;
        for (request, _) in summary.requests() {
            if !query.filter.covers_campaign(&request.campaign_id) {
                continue;
            }
            let take = &mut |_: &mut PgConnection, task: &_| Ok(target.take(task).map_err(ExportError::Target)?);
            handover.of_request::<Failure>(connection, request, &query.filter, *order, take)?;
        }
        handover.compare(&summary)?;
        target.finish().map_err(ExportError::Target)?;
        Ok(())
    }
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
