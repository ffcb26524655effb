//! All tasks that differ, as a file that is sent while they are compared.

use crate::annotation_requests::diff::comparing::{Compared, DiffJob, Now};
use crate::export::{PipeEnd, PipeWriter, Progress};
use annotation_statistics_domain::{ErrorChain, ExportError, StatementRepository};
use annotation_statistics_statements::DiffCsv;
use std::io::Write;
use std::sync::Arc;

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "diff";

/// Compares, and reports the end to the response, or to the log if the response has begun.
pub(super) async fn run(
    job: DiffJob<DiffCsv<PipeWriter>>,
    statements: Arc<dyn StatementRepository>,
    now: Option<Now>,
    end: PipeEnd,
) {
    let done = job.run(&statements, now).await.and_then(|Compared { lines, .. }| {
        let flushed = lines.into_output().flush();
        flushed.map_err(|error| ExportError::Target(error.into()))
    });
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
