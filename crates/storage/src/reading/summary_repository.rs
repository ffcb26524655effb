//! The summary port on Postgres.

use crate::Database;
use crate::DatabaseError;
use crate::connection::in_one_snapshot;
use crate::reading::recent_requests;
use crate::reading::request_counters::{self, RequestCounter};
use crate::reading::summary_rows;
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestIds, CampaignScope, RepositoryError, RequestTotals, Summary, SummaryRepository,
};
use async_trait::async_trait;
use diesel::pg::PgConnection;

/// Reads the sums that are kept with each request, at the same cost for any number of tasks (ADR 22).
#[derive(Clone)]
pub struct PostgresSummaryRepository {
    database: Database,
}

impl PostgresSummaryRepository {
    /// Reads from the given database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl SummaryRepository for PostgresSummaryRepository {
    async fn summarize(
        &self,
        requests: &AnnotationRequestIds,
        scope: &CampaignScope,
    ) -> Result<Summary, RepositoryError> {
        let (requests, scope) = (requests.clone(), scope.clone());
        let work = move |connection: &mut PgConnection| {
            in_one_snapshot(connection, |connection| summarize(connection, &requests, &scope))
        };
        self.database.read(work).await.map_err(RepositoryError::from)?
    }

    async fn find_recent(&self, most: u32, scope: &CampaignScope) -> Result<Vec<AnnotationRequest>, RepositoryError> {
        let scope = scope.clone();
        let work = move |connection: &mut PgConnection| recent_requests::load(connection, most, &scope);
        self.database.read(work).await.map_err(RepositoryError::from)
    }
}

/// Only in a transaction that sees one snapshot: it takes three statements.
pub(super) fn summarize(
    connection: &mut PgConnection,
    requests: &AnnotationRequestIds,
    scope: &CampaignScope,
) -> Result<Result<Summary, RepositoryError>, DatabaseError> {
    let ids = requests.as_slice();
    let counters = match request_counters::load(connection, ids, scope)? {
        Ok(counters) => counters,
        Err(unknown) => return Ok(Err(unknown)),
    };
    let mut groups = summary_rows::groups(connection, ids)?;
    let items = summary_rows::items(connection, ids)?;
    let totals = ids.iter().zip(counters).map(|(id, counter)| {
        let RequestCounter { campaign_id, task_count, revision, counting_rule, .. } = counter;
        let groups = groups.remove(id.as_str()).unwrap_or_default();
        RequestTotals { id: id.clone(), campaign_id, counting_rule, revision, task_count, groups }
    });
    let summary = Summary::new(totals.collect(), items);
    let corrupt = |error| DatabaseError::Corrupt(format!("statistics_totals, operation_item_totals: {error}"));
    summary.map(Ok).map_err(corrupt)
}
