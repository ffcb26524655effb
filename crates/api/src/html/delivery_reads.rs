//! What the HTML page shows of annotation requests: their sums, and a page of their tasks.

use crate::ApiState;
use crate::consistency::Source;
use crate::html::query::list_of;
use crate::http::DatabaseTime;
use crate::response::ApiError;
use crate::statistics::StatisticsParams;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, ItemsBy, Page, PageRequest, RepositoryError,
    StatisticsPage, StatisticsRepository, Summary, SummaryQuery, SummaryRepository, TaskFilter,
};
use annotation_statistics_page::{Found, MOST_REQUESTS_APART, listed_requests};
use std::num::NonZeroU64;

/// How often totals and tasks are read until both are of one snapshot. After that they are shown with a remark.
const READS: usize = 3;

/// Reads what the page shows.
pub(super) struct DeliveryReads<'a> {
    pub(super) state: &'a ApiState,
    pub(super) scope: &'a CampaignScope,
    pub(super) time: &'a DatabaseTime,
    /// The part of the query with a share link.
    pub(super) link: &'a str,
    /// Which tasks are added up.
    pub(super) filter: &'a TaskFilter,
    /// Which page of the operation items is shown.
    pub(super) item_page: NonZeroU64,
}

impl DeliveryReads<'_> {
    pub(super) async fn find(&self, params: &StatisticsParams) -> Result<Found, ApiError> {
        let mut found = self.find_once(params).await?;
        for _ in 1..READS {
            if found.is_of_one_snapshot() {
                break;
            }
            found = self.find_once(params).await?;
        }
        Ok(found)
    }

    /// The tasks are those of the requests that have any that the filter covers (ADR 93).
    async fn find_once(&self, params: &StatisticsParams) -> Result<Found, RepositoryError> {
        let requests = &params.requests;
        let is_apart = (2..=MOST_REQUESTS_APART).contains(&requests.as_slice().len());
        let summary = match self.summarize(requests, is_apart).await {
            // The operation items of each request may be too many where those of all together are not.
            Err(RepositoryError::SummaryTooLarge { .. }) if is_apart => self.summarize(requests, false).await?,
            summary => summary?,
        };
        let listed = listed_requests(&summary).into_iter().map(|request| request.id.clone());
        let listed = AnnotationRequestIds::new(listed).ok();
        let list = |listed: &AnnotationRequestIds| {
            list_of(listed.as_slice().iter().map(AnnotationRequestId::as_str)) + self.link
        };
        let task_list = listed.as_ref().map(list).unwrap_or_default();
        let tasks = self.find_page(listed.as_ref(), params.page).await?;
        Ok(Found { summary, tasks, page: params.page, task_list, item_page: self.item_page })
    }

    async fn summarize(&self, requests: &AnnotationRequestIds, is_apart: bool) -> Result<Summary, RepositoryError> {
        let items_by = ItemsBy { pool_type: true, request: is_apart, status: false };
        let query = SummaryQuery { filter: self.filter.clone(), items_by };
        let read =
            async |source: Source<'_, dyn SummaryRepository>| source.port.summarize(requests, &query, self.scope).await;
        self.time.measure(self.state.summaries().read(read, |_| true)).await
    }

    /// Without annotation requests, of no tasks.
    async fn find_page(
        &self,
        requests: Option<&AnnotationRequestIds>,
        page: PageRequest,
    ) -> Result<StatisticsPage, RepositoryError> {
        let Some(requests) = requests else {
            let page = Page { count: 0, rows: Vec::new() };
            return Ok(StatisticsPage { page, revisions: Vec::new(), counting_rules: Vec::new() });
        };
        let find = async |source: Source<'_, dyn StatisticsRepository>| {
            source.port.find_page(requests, page, self.scope).await
        };
        let repositories = self.state.repositories();
        self.time.measure(repositories.read(find, |_| true)).await
    }
}

#[cfg(test)]
#[path = "delivery_reads_tests.rs"]
mod tests;
