//! The port that finds annotation requests, campaigns and tasks of which not all is known.

use crate::{
    CampaignId, CampaignScope, FoundCampaigns, FoundRequests, FoundTaskPlaces, RepositoryError, RequestSearch,
    TaskSearch,
};
use async_trait::async_trait;
use std::num::NonZeroU32;

/// Finds annotation requests, campaigns and tasks, a page at a time.
///
/// # Obligations of an implementor
///
/// The contract suite holds every implementation to these, one test each:
///
/// 1. `find_requests` MUST return the requests in the scope that the search is for, those that were changed last first,
///    and those that were changed at the same time in the descending byte order of their ids.
/// 2. A page MUST have no more requests than the limit, and the pages that follow `next` MUST have each request once that
///    is not changed meanwhile. A page with `next` may have fewer, or none: an implementation looks at so many at a time.
/// 3. `next` MUST be `None` exactly where nothing is left to look at.
/// 4. The sums of a request MUST be those over the tasks that it has at the returned revision.
/// 5. `find_tasks` MUST return the tasks of the requests in the scope that have the id or the source name, in the byte order
///    of the ids of their requests and then in the order of the tasks, in pages that have each once.
/// 6. `list_campaigns` MUST return each campaign in the scope that has requests once, over all pages.
/// 7. The progress of a campaign MUST be that of its requests that were changed last, and say whether these are all.
/// 8. Where the data cannot be reached within the implementation's time limit each of them MUST fail with `Unavailable`.
/// 9. Sums that are not of the tasks that their request has MUST fail with `Corrupt`.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AnnotationRequestFinder: Send + Sync {
    /// The annotation requests that a search is for, as far as they are in the scope.
    ///
    /// # Errors
    /// [`RepositoryError`]; never an unknown request.
    async fn find_requests(
        &self,
        search: &RequestSearch,
        scope: &CampaignScope,
    ) -> Result<FoundRequests, RepositoryError>;

    /// The tasks that a search is for, and the annotation requests that have them, as far as those are in the scope.
    ///
    /// # Errors
    /// As [`find_requests`](Self::find_requests).
    async fn find_tasks(&self, search: &TaskSearch, scope: &CampaignScope) -> Result<FoundTaskPlaces, RepositoryError>;

    /// The campaigns in the scope, behind a given one, at most so many.
    ///
    /// # Errors
    /// As [`find_requests`](Self::find_requests).
    async fn list_campaigns(
        &self,
        after: Option<CampaignId>,
        limit: NonZeroU32,
        scope: &CampaignScope,
    ) -> Result<FoundCampaigns, RepositoryError>;
}
