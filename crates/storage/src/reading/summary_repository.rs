//! The summary port on Postgres.

use crate::Database;
use crate::DatabaseError;
use crate::connection::in_one_snapshot;
use crate::finding;
use crate::reading::cell_rows;
use crate::reading::request_counters::{self, RequestCounter};
use crate::reading::stated_items;
use crate::reading::summary_rows::{self, ByteBudget};
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, AnnotationRequestIds, CampaignScope, RepositoryError, RequestTotals,
    Summary, SummaryQuery, SummaryRepository,
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
        query: &SummaryQuery,
        scope: &CampaignScope,
    ) -> Result<Summary, RepositoryError> {
        let (requests, query, scope, max_bytes) = (requests.clone(), query.clone(), scope.clone(), self.max_bytes);
        let work = move |connection: &mut PgConnection| {
            in_one_snapshot(connection, |connection| summarize(connection, &requests, &query, &scope, max_bytes))
        };
        self.database.read(work).await.map_err(RepositoryError::from)?
    }

    async fn find_recent(&self, most: u32, scope: &CampaignScope) -> Result<Vec<AnnotationRequest>, RepositoryError> {
        let scope = scope.clone();
        let work = move |connection: &mut PgConnection| finding::changed_last(connection, most, &scope);
        self.database.read(work).await.map_err(RepositoryError::from)
    }
}

/// Only in a transaction that sees one snapshot: it takes four or five statements. Loads at most about `max_bytes` of sums.
pub(crate) fn summarize(
    connection: &mut PgConnection,
    requests: &AnnotationRequestIds,
    query: &SummaryQuery,
    scope: &CampaignScope,
    max_bytes: usize,
) -> Result<Result<Summary, RepositoryError>, DatabaseError> {
    let ids = requests.as_slice();
    let counters = match request_counters::load(connection, ids, scope, false)? {
        Ok(counters) => counters,
        Err(unknown) => return Ok(Err(unknown)),
    };
    let mut budget = ByteBudget::new(max_bytes);
    let too_large = || Ok(Err(RepositoryError::SummaryTooLarge { limit: max_bytes }));
    let Some(mut groups) = summary_rows::groups(connection, ids, &mut budget)? else { return too_large() };
    let totals = ids.iter().zip(counters).map(|(id, counter)| {
        let RequestCounter { campaign_id, task_count, revision, counting_rule, .. } = counter;
        let groups = groups.remove(id.as_str()).unwrap_or_default();
        RequestTotals { id: id.clone(), campaign_id, counting_rule, revision, task_count, groups }
    });
    let totals: Vec<RequestTotals> = totals.collect();
    let covered = covered_by(&totals, query);
    let summary = if query.is_by_item() {
        let Some(items) = summary_rows::items(connection, ids, &mut budget)? else { return too_large() };
        Summary::new(totals, items).map_err(|error| (error, "operation_item_totals"))
    } else {
        let cells = cell_rows::cells(connection, &covered, query.items_by.request, &mut budget)?;
        let Some(cells) = cells else { return too_large() };
        Summary::of_cells(totals, cells, query).map_err(|error| (error, "item_group_totals"))
    };
    let corrupt = |(error, table)| DatabaseError::Corrupt(format!("statistics_totals, {table}: {error}"));
    let Some(stated) = stated_items::load(connection, &covered, &mut budget)? else { return too_large() };
    Ok(Ok(summary.map_err(corrupt)?.with_stated_items(stated)))
}

fn covered_by(requests: &[RequestTotals], query: &SummaryQuery) -> Vec<AnnotationRequestId> {
    let covered = requests.iter().filter(|request| query.filter.covers_campaign(&request.campaign_id));
    covered.map(|request| request.id.clone()).collect()
}
