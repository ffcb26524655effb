//! The port that exports all tasks, one at a time.

use crate::{
    AnnotationRequestId, AnnotationRequestIds, BoxError, CampaignScope, RecordedTask, RepositoryError, Summary,
    TaskFilter,
};
use async_trait::async_trait;

/// Takes what is exported. It is called on a thread that it may block: this is the backpressure of a slow reader (ADR 30).
///
/// Dropped before [`finish`](Self::finish), it has not received everything: its output must not be used.
pub trait ExportTarget: Send {
    /// The sums of what follows.
    ///
    /// # Errors
    /// When that is too much for the target.
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError>;

    /// The next task; its place counts from 1.
    ///
    /// # Errors
    /// When it cannot be taken, or its reader is gone.
    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError>;

    /// All tasks were taken.
    ///
    /// # Errors
    /// When the output cannot be completed.
    fn finish(&mut self) -> Result<(), BoxError>;
}

/// Exports all tasks of annotation requests, however many they are.
///
/// # Obligations of an implementor
///
/// The contract suite holds every implementation to these, one test each:
///
/// 1. `begin` MUST be called once and first, with the summary that `SummaryRepository` returns for the same requests.
/// 2. `take` MUST be called for each task that `find_page` returns, in its order, with its request and counting rule.
/// 3. The summary and all tasks MUST be of one snapshot, whatever is recorded meanwhile.
/// 4. `finish` MUST be called once and last, and only when all has been taken.
/// 5. A known request without tasks MUST be exported as no tasks.
/// 6. Unknown requests, and those of a campaign outside the scope, MUST be refused as `find_page` refuses them, before
///    `begin`.
/// 7. Where the target fails, its failure MUST be given back, and the target be called no more.
/// 8. The target MUST be dropped before the export ends.
/// 9. An export that no caller waits for any more MUST end, and leave nothing behind.
/// 10. Tasks that do not add up to the summary MUST fail with `Corrupt`, and so MUST stored data that breaks a rule.
/// 11. Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
/// 12. With a filter only the tasks that it covers MUST be taken, and the summary MUST be of the same filter.
/// 13. `export_by_task_id` MUST hand over all tasks of the request as `export` does, in ascending order of their ids.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait StatisticsExporter: Send + Sync {
    /// Passes all tasks of the requests that the filter covers to the target, as far as they are in the scope.
    ///
    /// # Errors
    /// [`ExportError`]; the target may have received a part.
    async fn export(
        &self,
        requests: &AnnotationRequestIds,
        filter: &TaskFilter,
        scope: &CampaignScope,
        target: Box<dyn ExportTarget>,
    ) -> Result<(), ExportError>;

    /// Passes all tasks of one request to the target, in ascending order of their ids.
    ///
    /// # Errors
    /// Those of [`export`](Self::export).
    async fn export_by_task_id(
        &self,
        request: &AnnotationRequestId,
        scope: &CampaignScope,
        target: Box<dyn ExportTarget>,
    ) -> Result<(), ExportError>;
}

/// Why an export failed.
///
/// Exhaustive on purpose: a new variant must be given a meaning by everyone who maps it.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The tasks cannot be read.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// The target failed.
    #[error("the export was not taken")]
    Target(#[source] BoxError),
}
