//! The summary port on Postgres.

use crate::Database;
use crate::DatabaseError;
use crate::connection::in_one_snapshot;
use crate::finding;
use crate::reading::request_counters::{self, RequestCounter};
use crate::reading::summary_rows::{self, ByteBudget};
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestIds, CampaignScope, RepositoryError, RequestTotals, Summary, SummaryRepository,
};
use async_trait::async_trait;
use diesel::pg::PgConnection;

/// Reads the sums that are kept with each request, at the same cost for any number of tasks (ADR 22).
#[derive(Clone)]
pub struct PostgresSummaryRepository {
    database: Database,
    max_bytes: usize,
}

impl PostgresSummaryRepository {
    /// Reads from the given database, sums of any size.
    pub fn new(database: Database) -> Self {
        Self { database, max_bytes: usize::MAX }
    }

    /// Loads at most about so many bytes of sums: there is one for each operation item, and for each pool and status.
    #[must_use]
    pub fn with_max_summary(self, bytes: usize) -> Self {
        Self { max_bytes: bytes, ..self }
    }
}

#[async_trait]
impl SummaryRepository for PostgresSummaryRepository {
    async fn summarize(
        &self,
        requests: &AnnotationRequestIds,
        scope: &CampaignScope,
    ) -> Result<Summary, RepositoryError> {
        let (requests, scope, max_bytes) = (requests.clone(), scope.clone(), self.max_bytes);
        let work = move |connection: &mut PgConnection| {
            in_one_snapshot(connection, |connection| summarize(connection, &requests, &scope, max_bytes))
        };
        self.database.read(work).await.map_err(RepositoryError::from)?
    }

    async fn find_recent(&self, most: u32, scope: &CampaignScope) -> Result<Vec<AnnotationRequest>, RepositoryError> {
        let scope = scope.clone();
        let work = move |connection: &mut PgConnection| finding::changed_last(connection, most, &scope);
        self.database.read(work).await.map_err(RepositoryError::from)
    }
}

/// Only in a transaction that sees one snapshot: it takes three statements. Loads at most about `max_bytes` of sums.
pub(super) fn summarize(
    connection: &mut PgConnection,
    requests: &AnnotationRequestIds,
    scope: &CampaignScope,
    max_bytes: usize,
) -> Result<Result<Summary, RepositoryError>, DatabaseError> {
    let ids = requests.as_slice();
    let counters = match request_counters::load(connection, ids, scope)? {
        Ok(counters) => counters,
        Err(unknown) => return Ok(Err(unknown)),
    };
    let mut budget = ByteBudget::new(max_bytes);
    let groups = summary_rows::groups(connection, ids, &mut budget)?;
    let items = if groups.is_some() { summary_rows::items(connection, ids, &mut budget)? } else { None };
    let (Some(mut groups), Some(items)) = (groups, items) else {
        return Ok(Err(RepositoryError::SummaryTooLarge { limit: max_bytes }));
    };
    let totals = ids.iter().zip(counters).map(|(id, counter)| {
        let RequestCounter { campaign_id, task_count, revision, counting_rule, .. } = counter;
        let groups = groups.remove(id.as_str()).unwrap_or_default();
        RequestTotals { id: id.clone(), campaign_id, counting_rule, revision, task_count, groups }
    });
    let summary = Summary::new(totals.collect(), items);
    let corrupt = |error| DatabaseError::Corrupt(format!("statistics_totals, operation_item_totals: {error}"));
    summary.map(Ok).map_err(corrupt)
}
