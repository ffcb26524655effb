//! Compares a sheet with the tasks of an export, or with the kept sums.

use crate::export::{ExportHead, PipeWatch};
use annotation_statistics_domain::{
    AnnotationRequestIds, BoxError, CampaignScope, ExportError, ExportTarget, RecordedTask, RequestTotals,
    StatisticsExporter, Summary, TaskFilter,
};
use annotation_statistics_reconciliation::{ComparedLines, Comparison, Reconciliation};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::task::spawn_blocking;

/// A comparison that is about to begin.
pub(crate) struct ComparisonJob<L> {
    pub(super) comparison: Comparison<L>,
    pub(super) is_of_tasks: bool,
    pub(super) summary: Summary,
    pub(super) requests: AnnotationRequestIds,
    pub(super) scope: CampaignScope,
    pub(super) exporter: Arc<dyn StatisticsExporter>,
    pub(super) permit: OwnedSemaphorePermit,
}

/// What a comparison came to.
#[derive(Debug)]
pub(crate) struct Compared<L> {
    pub(crate) reconciliation: Reconciliation,
    pub(crate) lines: L,
    /// The annotation request, in the state that was compared.
    pub(crate) request: RequestTotals,
}

impl<L: ComparedLines + Send + 'static> ComparisonJob<L> {
    /// Compares on a thread that it may block: with all tasks of one snapshot, or with the kept sums as they were read before. Where
    /// there is a watch, the head of the response is given to it, and it ends once the client is gone.
    ///
    /// # Errors
    /// When the tasks cannot be read, or the lines not be taken.
    pub(crate) async fn run(self, watch: Option<PipeWatch>) -> Result<Compared<L>, ExportError> {
        let Self { comparison, is_of_tasks, summary, requests, scope, exporter, permit } = self;
        let (done, mut result) = oneshot::channel();
        let mut target = Comparing { comparison: Some(comparison), request: None, watch, done: Some(done), permit };
        if is_of_tasks {
            // The sums of the export's own snapshot take their place.
            drop(summary);
            exporter.export(&requests, &TaskFilter::default(), &scope, Box::new(target)).await?;
        } else {
            let compare = move || target.compare_sums(&summary);
            spawn_blocking(compare).await.map_err(|error| ExportError::Target(error.into()))??;
        }
        result.try_recv().map_err(|_| ExportError::Target("the comparison did not end".into()))
    }
}

/// Takes tasks, and gives the result away.
struct Comparing<L> {
    comparison: Option<Comparison<L>>,
    request: Option<RequestTotals>,
    watch: Option<PipeWatch>,
    done: Option<oneshot::Sender<Compared<L>>>,
    #[expect(dead_code, reason = "held until the thread is done")]
    permit: OwnedSemaphorePermit,
}

/// The client has disconnected.
#[derive(Debug, thiserror::Error)]
#[error("no client reads it any more")]
struct Unread;

/// What is compared was not begun: a bug.
#[derive(Debug, thiserror::Error)]
#[error("the comparison was not begun")]
struct NotBegun;

impl<L: ComparedLines + Send> Comparing<L> {
    fn compare_sums(&mut self, summary: &Summary) -> Result<(), ExportError> {
        let mut compare = || {
            self.begin(summary)?;
            self.comparison.as_mut().ok_or(NotBegun)?.take_sums(summary)?;
            self.finish()
        };
        compare().map_err(ExportError::Target)
    }
}

impl<L: ComparedLines + Send> ExportTarget for Comparing<L> {
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError> {
        let (request, _) = summary.requests().first().ok_or(NotBegun)?;
        if let Some(watch) = &self.watch {
            watch.begin(ExportHead::of_comparison(request));
        }
        self.request = Some(request.clone());
        Ok(())
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        if self.watch.as_ref().is_some_and(|watch| !watch.is_read()) {
            return Err(Unread.into());
        }
        self.comparison.as_mut().ok_or(NotBegun)?.take(&task.statistics)
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        let (comparison, request) = self.comparison.take().zip(self.request.take()).ok_or(NotBegun)?;
        let (reconciliation, lines) = comparison.finish()?;
        // No receiver is left where the client is gone.
        let _ = self.done.take().ok_or(NotBegun)?.send(Compared { reconciliation, lines, request });
        Ok(())
    }
}
