//! The port that reads what was annotated, by page, and whether that has changed.

use crate::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, CountingRuleName, OperationItemKey, Page, PageRequest,
    Revision, StatementName, Statistics,
};
use async_trait::async_trait;
use std::collections::BTreeSet;
use std::error::Error;
use std::sync::Arc;

/// Any error, boxed so that no port depends on the technology of its adapter.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Reads what was annotated in the tasks of annotation requests.
///
/// # Obligations of an implementor
///
/// The contract suite holds every implementation to these, one test each:
///
/// 1. `find_page` MUST return the tasks of the requests in the order in which the requests are given.
/// 2. Within a request it MUST return the tasks in the order in which they were first recorded.
/// 3. An update of a task MUST NOT change its place.
/// 4. A task recorded later MUST only be appended to its request.
/// 5. `count` MUST be the number of tasks of all the given requests, whatever the page.
/// 6. `count`, the rows and the revisions MUST be of one and the same snapshot.
/// 7. A page past the end MUST be empty and carry the true `count`.
/// 8. Where any given request is unknown it MUST fail with `UnknownAnnotationRequests`, naming each unknown one in the
///    order given, and return nothing else.
/// 9. A known request without tasks MUST have no rows.
/// 10. The revisions MUST be those of the given requests, in the order given, and a revision MUST change exactly when a
///     task or the counting rule of its request changes.
/// 11. The counting rules MUST be those of the given requests, in the order given.
/// 12. A request of a campaign outside the scope MUST be treated exactly as an unknown one.
/// 13. Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
/// 14. Stored data that breaks a rule of the domain MUST fail with `Corrupt`, never be repaired or left out.
/// 15. `check_ready` MUST succeed exactly when queries can be run.
/// 16. A page of several tasks that needs more memory than the implementation's limit MUST fail with `PageTooLarge`; a page of
///     one task MUST be returned whatever its size.
/// 17. `find_states` MUST return the number of tasks, the revision and the counting rule of each request, in the order
///     given, as `find_page` returns them.
/// 18. The states MUST be of one and the same snapshot.
/// 19. Unknown requests, and those of a campaign outside the scope, MUST be refused by `find_states` as `find_page` refuses
///     them.
/// 20. Where the data cannot be reached within the implementation's time limit `find_states` MUST fail with `Unavailable`.
/// 21. A stored state that breaks a rule of the domain MUST fail `find_states` with `Corrupt`.
/// 22. A revision MUST never be that of two states of a request, so that what was read at a revision stays true of it.
/// 23. `find_whitelisted_page` MUST return the page that `find_page` returns, and refuse what `find_page` refuses.
/// 24. For each of the rows it MUST return the whitelist of the taxonomy of the row's request, of the snapshot of the page.
/// 25. Whitelists that need more memory than the implementation's limit MUST fail with `PageTooLarge` where the page has
///     several tasks; those of a page of one task MUST be returned whatever their size.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait StatisticsRepository: Send + Sync {
    /// One page of the tasks of the requests, as far as they are in the scope.
    ///
    /// # Errors
    /// [`RepositoryError`]; there is never a partial page.
    async fn find_page(
        &self,
        requests: &AnnotationRequestIds,
        page: PageRequest,
        scope: &CampaignScope,
    ) -> Result<StatisticsPage, RepositoryError>;

    /// The same page, and which operation items are ordered of the request of each task.
    ///
    /// # Errors
    /// Those of [`find_page`](Self::find_page).
    async fn find_whitelisted_page(
        &self,
        requests: &AnnotationRequestIds,
        page: PageRequest,
        scope: &CampaignScope,
    ) -> Result<WhitelistedPage, RepositoryError>;

    /// The states of the requests, as far as they are in the scope: whether a page that was found before is current
    /// still, at the cost of no row.
    ///
    /// # Errors
    /// [`RepositoryError`], never that something is too large; there is never a part of the states.
    async fn find_states(
        &self,
        requests: &AnnotationRequestIds,
        scope: &CampaignScope,
    ) -> Result<Vec<RequestState>, RepositoryError>;

    /// Whether pages can be read now.
    ///
    /// # Errors
    /// [`RepositoryError::Unavailable`] when they cannot.
    async fn check_ready(&self) -> Result<(), RepositoryError>;
}

/// One page of tasks, and the state of the requests that it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticsPage {
    /// The tasks.
    pub page: Page<Statistics>,
    /// The revision of each request, in the order requested.
    pub revisions: Vec<Revision>,
    /// The rule by which each request was counted, where that was stated, in the order requested.
    pub counting_rules: Vec<Option<CountingRuleName>>,
}

/// The keys of the operation items that are ordered of a request. Tasks of one request share them.
pub type Whitelist = Arc<BTreeSet<OperationItemKey>>;

/// One page of tasks, and what is ordered of their requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhitelistedPage {
    /// The page.
    pub page: StatisticsPage,
    /// The whitelist of the request of each task, in the order of the tasks.
    pub whitelists: Vec<Whitelist>,
}

/// The state of an annotation request: what of a page can be known without its tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestState {
    /// How many tasks it has.
    pub task_count: u64,
    /// Its revision.
    pub revision: Revision,
    /// The rule by which it was counted, where that was stated.
    pub counting_rule: Option<CountingRuleName>,
}

/// The most ids in a message that a client reads.
const MOST_LISTED: usize = 10;

/// Why a read failed.
///
/// Exhaustive on purpose: a new variant must be given a meaning by everyone who maps it.
#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    /// Some of the requests are unknown. All of these are named, in the order requested.
    #[error("unknown annotation requests: {}", list(.0))]
    UnknownAnnotationRequests(Vec<AnnotationRequestId>),
    /// The requests are known, and some have no statement of this name. All of these are named, in the order requested.
    #[error("no statement `{name}` of {}", start_of(.requests))]
    UnknownStatements {
        /// The name.
        name: StatementName,
        /// The requests.
        requests: Vec<AnnotationRequestId>,
    },
    /// The page is larger than the implementation loads at a time; one of fewer tasks may fit.
    #[error("the page is too large: one of its tasks has {largest} bytes")]
    PageTooLarge {
        /// About the size of the largest task of the page as far as it was looked at, in bytes of JSON, rounded up.
        largest: usize,
    },
    /// The sums are larger than the implementation loads; those of fewer requests may fit.
    #[error("the sums are too large: they need more than {limit} bytes")]
    SummaryTooLarge {
        /// The most bytes that it loads.
        limit: usize,
    },
    /// The data cannot be reached now; a retry may succeed.
    #[error("the statistics cannot be reached")]
    Unavailable(#[source] BoxError),
    /// What is stored breaks a rule of the domain; only an operator can repair it.
    #[error("the stored statistics are corrupt: {what}")]
    Corrupt {
        /// The table, the column and the key of the broken value, and the error.
        what: String,
    },
}

/// The first ids, and how many others there are.
fn start_of(ids: &[AnnotationRequestId]) -> String {
    let (first, others) = ids.split_at(ids.len().min(MOST_LISTED));
    if others.is_empty() { list(first) } else { format!("{} and {} others", list(first), others.len()) }
}

fn list(ids: &[AnnotationRequestId]) -> String {
    ids.iter().map(AnnotationRequestId::as_str).collect::<Vec<_>>().join(", ")
}
