//! Compares a statement with another one, or with the tasks of an export.

use crate::annotation_requests::diff::diff_head::DiffHead;
use crate::annotation_requests::diff::frames::{Frames, Unread, frames};
use crate::annotation_requests::diff::sides::{Sides, StatedSide};
use crate::consistency::{ReplicaBehind, RequiredState, Source, revisions};
use crate::export::PipeWatch;
use annotation_statistics_domain::{
    BoxError, CampaignScope, ExportError, ExportTarget, FrameStart, RecordedTask, StatementRepository,
    StatisticsExporter, Summary, TaskId,
};
use annotation_statistics_exports::write_line;
use annotation_statistics_statements::{Comparison, Diff, DiffError, DiffLines, FrameLines, KnownSums};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::task::spawn_blocking;

/// A comparison that is about to begin.
pub(super) struct DiffJob<L> {
    pub(super) sides: Sides,
    /// Only the lines behind this task are needed, and no sums.
    pub(super) after: Option<TaskId>,
    pub(super) lines: L,
    /// Where it goes to a client piece by piece.
    pub(super) watch: Option<PipeWatch>,
    /// Shared with the job that reads from the primary where a replica lags behind.
    pub(super) permit: Arc<OwnedSemaphorePermit>,
}

/// How what is recorded now is read.
#[derive(Clone)]
pub(super) struct Now {
    pub(super) exporter: Arc<dyn StatisticsExporter>,
    pub(super) scope: CampaignScope,
    /// The state that the client requires.
    pub(super) required: RequiredState,
}

/// What a comparison came to.
#[derive(Debug)]
pub(super) struct Compared<L> {
    /// None of a page behind the first one.
    pub(super) diff: Option<Diff>,
    pub(super) lines: L,
    /// What the response says of both states.
    pub(super) head: DiffHead,
}

/// The page is full: the rest is not needed.
#[derive(Debug, thiserror::Error)]
#[error("no more tasks are needed")]
struct Enough;

/// What is compared was not begun: a bug.
#[derive(Debug, thiserror::Error)]
#[error("the comparison was not begun")]
struct NotBegun;

impl Now {
    /// Reads from this source; a replica must not be behind the state that the client requires.
    pub(super) fn of(
        source: &Source<'_, dyn StatisticsExporter>,
        scope: &CampaignScope,
        required: RequiredState,
    ) -> Self {
        let required = if source.is_authoritative { RequiredState::default() } else { required };
        Self { exporter: Arc::clone(source.port), scope: scope.clone(), required }
    }
}

impl<L: DiffLines + Send + 'static> DiffJob<L> {
    /// Compares on a thread that it may block, while the rows are read; `now` where the later state is no statement.
    ///
    /// # Errors
    /// When a state cannot be read, or the lines not be taken.
    pub(super) async fn run(
        self,
        statements: &Arc<dyn StatementRepository>,
        now: Option<Now>,
    ) -> Result<Compared<L>, ExportError> {
        let start = self.after.map_or(FrameStart::Place(0), FrameStart::Task);
        let open = |side: &StatedSide| {
            let statement = (self.sides.request.clone(), side.number);
            frames(Arc::clone(statements), statement, start, self.watch.clone())
        };
        let (from_reader, from) = open(&self.sides.from);
        let Some(now) = now else {
            let (to_reader, to) =
                self.sides.to.as_ref().map(open).ok_or_else(|| ExportError::Target(NotBegun.into()))?;
            let compare = spawn_blocking(move || self.compare_statements(from, to));
            let (read_from, read_to, compared) = tokio::join!(from_reader.run(), to_reader.run(), compare);
            read_from.and(read_to)?;
            return compared.map_err(Into::into).flatten().map_err(ExportError::Target);
        };
        let (done, mut result) = oneshot::channel();
        let (request, target) = (self.sides.request.clone(), Comparing::new(self, from, now.required, done));
        let export = now.exporter.export_by_task_id(&request, &now.scope, Box::new(target));
        let (read, exported) = tokio::join!(from_reader.run(), export);
        read?;
        match exported {
            Err(ExportError::Target(error)) if error.is::<Enough>() => {}
            exported => exported?,
        }
        result.try_recv().map_err(|_| ExportError::Target(NotBegun.into()))
    }

    fn compare_statements(self, from: Frames, to: Frames) -> Result<Compared<L>, BoxError> {
        let Self { sides, after, lines, watch, permit: _held } = self;
        let to_side = sides.to.as_ref().ok_or(NotBegun)?;
        let head = DiffHead::of_statements(&sides.from, to_side);
        if let Some(watch) = watch {
            watch.begin((&head).into());
        }
        let known = [sides.from.sums, to_side.sums.clone()];
        let mut comparison = begin(from, known, lines, after)?;
        comparison.take_all(FrameLines::new(to)?)?;
        let (diff, lines) = end(comparison, after)?;
        Ok(Compared { diff, lines, head })
    }
}

type Rows = FrameLines<Frames>;

fn begin<L: DiffLines>(
    from: Frames,
    known: [KnownSums; 2],
    lines: L,
    after: Option<TaskId>,
) -> Result<Comparison<Rows, L>, BoxError> {
    let mut comparison = Comparison::new(FrameLines::new(from)?, Some(known), lines)?;
    after.map_or(Ok(()), |after| comparison.skip_through(after))?;
    Ok(comparison)
}

fn end<L: DiffLines>(comparison: Comparison<Rows, L>, after: Option<TaskId>) -> Result<(Option<Diff>, L), DiffError> {
    if after.is_some() {
        return Ok((None, comparison.into_lines()?));
    }
    let (diff, lines) = comparison.finish()?;
    Ok((Some(diff), lines))
}

/// Takes the tasks of now, and gives the result away.
struct Comparing<L> {
    job: Option<(DiffJob<L>, Frames)>,
    required: RequiredState,
    begun: Option<Begun<L>>,
    done: Option<oneshot::Sender<Compared<L>>>,
}

/// A comparison with the tasks of now.
struct Begun<L> {
    comparison: Comparison<Rows, L>,
    head: DiffHead,
    after: Option<TaskId>,
    watch: Option<PipeWatch>,
    line: Vec<u8>,
    #[expect(dead_code, reason = "held until the thread is done")]
    permit: Arc<OwnedSemaphorePermit>,
}

impl<L: DiffLines> Comparing<L> {
    fn new(job: DiffJob<L>, from: Frames, required: RequiredState, done: oneshot::Sender<Compared<L>>) -> Self {
        Self { job: Some((job, from)), required, begun: None, done: Some(done) }
    }

    fn end(&mut self) -> Result<(), BoxError> {
        let Begun { comparison, head, after, .. } = self.begun.take().ok_or(NotBegun)?;
        let (diff, lines) = end(comparison, after)?;
        // No receiver is left where the client is gone.
        let _ = self.done.take().ok_or(NotBegun)?.send(Compared { diff, lines, head });
        Ok(())
    }
}

impl<L: DiffLines + Send> ExportTarget for Comparing<L> {
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError> {
        let (job, from) = self.job.take().ok_or(NotBegun)?;
        let DiffJob { sides, after, lines, watch, permit } = job;
        let (request, _) = summary.requests().first().ok_or(NotBegun)?;
        if !self.required.has_its_change(&revisions(summary)) {
            return Err(ReplicaBehind.into());
        }
        let head = DiffHead::of_now(&sides.from, request);
        if let Some(watch) = &watch {
            watch.begin((&head).into());
        }
        let comparison = begin(from, [sides.from.sums, summary.into()], lines, after)?;
        self.begun = Some(Begun { comparison, head, after, watch, line: Vec::new(), permit });
        Ok(())
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        let Begun { comparison, after, watch, line, .. } = self.begun.as_mut().ok_or(NotBegun)?;
        if watch.as_ref().is_some_and(|watch| !watch.is_read()) {
            return Err(Unread.into());
        }
        if after.is_some_and(|after| task.statistics.id() <= after) {
            return Ok(());
        }
        line.clear();
        write_line(line, task)?;
        comparison.take(line.strip_suffix(b"\n").unwrap_or(line))?;
        if comparison.is_full() {
            self.end()?;
            return Err(Enough.into());
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        self.end()
    }
}
