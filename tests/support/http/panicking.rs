//! Ports that panic on purpose, and do what the real ones do otherwise.

use annotation_statistics_domain::{
    AnnotationRequestIds, CampaignScope, PageRequest, Precondition, RecordError, Recorded, RepositoryError,
    RequestState, StatisticsPage, StatisticsRecorder, StatisticsRepository, TaskStream, WhitelistedPage,
};
use async_trait::async_trait;

/// The annotation request for which a query panics.
pub const PANIC: &str = "panic";

/// Panics in front of a port, or in the middle of its work.
pub struct Panicking<Port>(pub Port);

#[async_trait]
impl<Port: StatisticsRepository> StatisticsRepository for Panicking<Port> {
    async fn find_page(
        &self,
        requests: &AnnotationRequestIds,
        page: PageRequest,
        scope: &CampaignScope,
    ) -> Result<StatisticsPage, RepositoryError> {
        assert!(requests.as_slice().iter().all(|id| id.as_str() != PANIC), "a query for {PANIC}");
        self.0.find_page(requests, page, scope).await
    }

    async fn find_whitelisted_page(
        &self,
        requests: &AnnotationRequestIds,
        page: PageRequest,
        scope: &CampaignScope,
    ) -> Result<WhitelistedPage, RepositoryError> {
        self.0.find_whitelisted_page(requests, page, scope).await
    }

    async fn find_states(
        &self,
        requests: &AnnotationRequestIds,
        scope: &CampaignScope,
    ) -> Result<Vec<RequestState>, RepositoryError> {
        self.0.find_states(requests, scope).await
    }

    async fn check_ready(&self) -> Result<(), RepositoryError> {
        self.0.check_ready().await
    }
}

#[async_trait]
impl<Port: StatisticsRecorder> StatisticsRecorder for Panicking<Port> {
    /// The tasks are taken inside of the transaction that records them; behind the last one is a panic.
    async fn record(&self, tasks: TaskStream, precondition: Precondition) -> Result<Recorded, RecordError> {
        let end = std::iter::once_with(|| panic!("behind the last task"));
        self.0.record(Box::new(tasks.chain(end)), precondition).await
    }

    async fn check_ready(&self) -> Result<(), RecordError> {
        self.0.check_ready().await
    }
}
