//! Where pages are found: in what is recorded, or in what was stated.

use crate::statistics::params::StatisticsParams;
use annotation_statistics_domain::{
    CampaignScope, RepositoryError, RequestState, StatisticsPage, StatisticsRepository, Whitelist, WhitelistedPage,
};

/// Pages, and the states that they are of.
pub(super) trait PageSource {
    /// The states of the requests, at the cost of no row.
    async fn states(
        &self,
        params: &StatisticsParams,
        scope: &CampaignScope,
    ) -> Result<Vec<RequestState>, RepositoryError>;

    /// The page, with the whitelists of its requests where they are needed.
    async fn page(
        &self,
        params: &StatisticsParams,
        scope: &CampaignScope,
    ) -> Result<(StatisticsPage, Option<Vec<Whitelist>>), RepositoryError>;
}

/// What is recorded now.
impl PageSource for dyn StatisticsRepository {
    async fn states(
        &self,
        params: &StatisticsParams,
        scope: &CampaignScope,
    ) -> Result<Vec<RequestState>, RepositoryError> {
        self.find_states(&params.requests, scope).await
    }

    async fn page(
        &self,
        params: &StatisticsParams,
        scope: &CampaignScope,
    ) -> Result<(StatisticsPage, Option<Vec<Whitelist>>), RepositoryError> {
        let StatisticsParams { requests, page, zero_fill, .. } = params;
        if *zero_fill {
            let WhitelistedPage { page, whitelists } = self.find_whitelisted_page(requests, *page, scope).await?;
            return Ok((page, Some(whitelists)));
        }
        Ok((self.find_page(requests, *page, scope).await?, None))
    }
}
