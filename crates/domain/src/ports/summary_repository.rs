//! The port that reads sums, and finds the requests that were changed last.

use crate::{AnnotationRequest, AnnotationRequestIds, CampaignScope, RepositoryError, Summary, SummaryQuery};
use async_trait::async_trait;

/// Reads the sums over all tasks of annotation requests.
///
/// # Obligations of an implementor
///
/// The contract suite holds every implementation to these, one test each:
///
/// 1. The sums MUST be those over all tasks that `StatisticsRepository::find_page` returns for the same requests.
/// 2. They MUST stay so whatever is recorded, changed and deleted.
/// 3. They MUST all be of one snapshot, and that of the revisions.
/// 4. The requests MUST come in the order given, and the operation items in the byte order of their keys.
/// 5. A known request without tasks MUST add nothing.
/// 6. Unknown requests, and those of a campaign outside the scope, MUST be refused as `find_page` refuses them.
/// 7. Kept sums that do not agree with each other MUST fail with `Corrupt`.
/// 8. Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
/// 9. `find_recent` MUST return the requests in the scope that were changed last, the latest first, and no more than
///    requested.
/// 10. Sums that need more memory than the implementation's limit MUST fail with `SummaryTooLarge`.
/// 11. With a filter they MUST be those over the tasks that it covers, whatever is recorded, changed and deleted.
/// 12. Where the sums of operation items are to be kept apart, each part MUST be the sums over its tasks.
/// 13. What a taxonomy states of an item MUST count before what was stated with tasks, and its label be that of the item,
///     where the requests of the summary do not contradict each other.
/// 14. An item that a taxonomy of the covered requests orders MUST be among the items, with zero where no task has it.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SummaryRepository: Send + Sync {
    /// The sums over the tasks of the requests that are meant, as far as they are in the scope.
    ///
    /// # Errors
    /// [`RepositoryError`]; there are never partial sums.
    async fn summarize(
        &self,
        requests: &AnnotationRequestIds,
        query: &SummaryQuery,
        scope: &CampaignScope,
    ) -> Result<Summary, RepositoryError>;

    /// The requests that were changed last, at most so many, as far as they are in the scope.
    ///
    /// # Errors
    /// [`RepositoryError`]; never an unknown request.
    async fn find_recent(&self, most: u32, scope: &CampaignScope) -> Result<Vec<AnnotationRequest>, RepositoryError>;
}
