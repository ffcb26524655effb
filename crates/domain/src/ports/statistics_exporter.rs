//! The port that hands over everything, one task at a time.

use crate::{AnnotationRequestIds, BoxError, CampaignScope, RecordedTask, RepositoryError, Summary};
use async_trait::async_trait;

/// Takes what is exported. It is called on a thread that may be blocked, which is how a slow reader slows the export.
///
/// Dropped before [`finish`](Self::finish), it has not been given everything: what it has made is not to be used.
pub trait ExportTarget: Send {
    /// What is to come, added up.
    ///
    /// # Errors
    /// When so much cannot be taken.
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError>;

    /// The next task; its place counts from 1.
    ///
    /// # Errors
    /// When it cannot be taken, or nobody wants it any more.
    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError>;

    /// That was all.
    ///
    /// # Errors
    /// When the end cannot be taken.
    fn finish(&mut self) -> Result<(), BoxError>;
}

/// Hands over all tasks of annotation requests, however many they are.
///
/// # Obligations of an implementor
///
/// The contract suite holds every implementation to these, one test each:
///
/// 1. `begin` MUST be called once and first, with the summary that `SummaryRepository` answers for the same requests.
/// 2. `take` MUST be called for each task that `find_page` answers, in its order, with its request and counting rule.
/// 3. The summary and all tasks MUST be of one moment, whatever is recorded meanwhile.
/// 4. `finish` MUST be called once and last, and only when all has been taken.
/// 5. A known request without tasks MUST be exported as no tasks.
/// 6. Unknown requests, and those of a campaign outside the scope, MUST be refused as `find_page` refuses them, before
///    `begin`.
/// 7. Where the target fails, its failure MUST be given back, and the target be called no more.
/// 8. The target MUST be dropped before the export ends.
/// 9. An export that nobody waits for any more MUST end, and leave nothing behind.
/// 10. Tasks that do not add up to the summary MUST fail with `Corrupt`, and so MUST stored data that breaks a rule.
/// 11. Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait StatisticsExporter: Send + Sync {
    /// Hands all tasks of the asked requests to the target, as far as they are in the scope.
    ///
    /// # Errors
    /// [`ExportError`]; the target may have been given a part.
    async fn export(
        &self,
        requests: &AnnotationRequestIds,
        scope: &CampaignScope,
        target: Box<dyn ExportTarget>,
    ) -> Result<(), ExportError>;
}

/// Why not everything was handed over.
///
/// Exhaustive on purpose: a new variant must be given a meaning by everyone who maps it.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It cannot be read.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// The target did not take it.
    #[error("the export was not taken")]
    Target(#[source] BoxError),
}
