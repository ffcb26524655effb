//! All tasks that differ, as a file that is sent while they are compared.

use crate::annotation_requests::diff::comparing::{Compared, DiffJob, Now};
use crate::annotation_requests::diff::sides::{Sides, StatedSide};
use crate::export::{PipeEnd, PipeWriter, Progress};
use annotation_statistics_domain::{BoxError, ErrorChain, ExportError, StatementRepository};
use annotation_statistics_statements::{
    ChangedTask, DiffCsv, DiffLines, DiffStates, DiffWorkbook, KnownSums, StateName,
};
use std::io::Write;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "diff";

/// A file of all tasks that differ.
pub(super) trait DiffFile: DiffLines + Send + 'static {
    /// All tasks were taken: writes what is left, on a thread that it may block.
    ///
    /// # Errors
    /// When it cannot be written.
    fn close(compared: Compared<Self>) -> Result<(), BoxError>
    where
        Self: Sized;
}

impl DiffFile for DiffCsv<PipeWriter> {
    fn close(compared: Compared<Self>) -> Result<(), BoxError> {
        Ok(compared.lines.into_output().flush()?)
    }
}

/// A workbook, which is written at the end, and of what.
pub(super) struct DiffSheets {
    workbook: DiffWorkbook,
    sides: Sides,
    output: PipeWriter,
}

impl DiffSheets {
    /// # Errors
    /// When there is no place for temporary files.
    pub(super) fn new(output: PipeWriter, sides: &Sides) -> Result<Self, BoxError> {
        Ok(Self { workbook: DiffWorkbook::new()?, sides: sides.clone(), output })
    }
}

impl DiffLines for DiffSheets {
    fn begin(&mut self, known: Option<&[KnownSums; 2]>) -> Result<(), BoxError> {
        self.workbook.begin(known)
    }

    fn take(&mut self, task: &ChangedTask<'_>) -> Result<(), BoxError> {
        self.workbook.take(task)
    }
}

impl DiffFile for DiffSheets {
    fn close(compared: Compared<Self>) -> Result<(), BoxError> {
        let Compared { diff, lines, head } = compared;
        let Self { workbook, sides: Sides { request, from, to }, output } = lines;
        let diff = diff.ok_or("a page has no sums")?;
        let named = |side: StatedSide| (side.name, side.number, side.sha256);
        let from = StateName { revision: from.revision, statement: Some(named(from)) };
        let to = StateName { revision: head.revision, statement: to.map(named) };
        workbook.finish(&DiffStates { request, sides: [from, to] }, &diff, output)
    }
}

/// Compares, and reports the end to the response, or to the log if the response has begun.
pub(super) async fn run<F: DiffFile>(
    job: DiffJob<F>,
    statements: Arc<dyn StatementRepository>,
    now: Option<Now>,
    end: PipeEnd,
) {
    // A workbook is work until it is written.
    let held = Arc::clone(&job.permit);
    let done = match job.run(&statements, now).await {
        Ok(compared) => {
            let closed = spawn_blocking(move || {
                let _held = held;
                F::close(compared)
            });
            closed.await.map_err(Into::into).flatten().map_err(ExportError::Target)
        }
        Err(error) => Err(error),
    };
    let cause = done.as_ref().err().map(|error| ErrorChain(error).to_string());
    let Progress { bytes, is_answered, reader_is_gone, reader_is_slow } = end.finish(done);
    match cause {
        None => tracing::info!(target: TARGET, bytes, "compared"),
        Some(_) if reader_is_gone => tracing::info!(target: TARGET, bytes, "given up: the client went away"),
        Some(_) if reader_is_slow => tracing::warn!(target: TARGET, bytes, "given up: the client takes too little"),
        Some(cause) if is_answered => tracing::error!(target: TARGET, bytes, cause, "cut off: a comparison failed"),
        // The response reports and logs it.
        Some(_) => {}
    }
}
