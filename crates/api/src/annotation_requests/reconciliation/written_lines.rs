//! All lines of a comparison, as a file that is sent while they are compared.

use crate::ApiState;
use crate::annotation_requests::reconciliation::comparing::ComparisonJob;
use crate::annotation_requests::reconciliation::reading::ReadSheet;
use crate::export::{PipeEnd, PipeReader, PipeWatch, PipeWriter, Progress, ReaderLimits, pipe};
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::{ApiError, CACHING};
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, VARY};
use actix_web::{HttpResponse, rt};
use annotation_statistics_domain::{AnnotationRequestId, AnnotationRequestIds, ErrorChain, ExportError};
use annotation_statistics_exports::{ExportFormat, FileName};
use annotation_statistics_reconciliation::{CsvLines, CsvOptions};
use std::io::Write;
use tracing::Instrument;

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "reconciliation";

/// The lines in CSV, in the order in which they are compared. A connection that is cut off before the end of the body has
/// not sent all.
///
/// # Errors
/// When the comparison fails before the first of them.
pub(crate) async fn lines_response(
    read: ReadSheet,
    options: CsvOptions,
    id: &AnnotationRequestId,
    (state, caller): (&ApiState, &Caller),
    (time, context): (&DatabaseTime, &RequestContext),
) -> Result<HttpResponse, ApiError> {
    let (writer, end, reader) = pipe(ReaderLimits::of(&state.settings));
    let watch = writer.watch();
    let lines = CsvLines::new(writer, options).map_err(|error| ApiError::Uncompared(error.into()))?;
    let run = run(read.comparison(lines), watch, end);
    rt::spawn(caller.clone().in_scope(run).in_current_span());
    let head = time.measure(reader.begun()).await.map_err(compare_error)?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CACHE_CONTROL, CACHING))
        .insert_header((CONTENT_TYPE, HeaderValue::from_static(ExportFormat::Csv.content_type())))
        .append_header((VARY, ACCEPT.as_str()));
    for header in head.into_iter().flat_map(crate::export::ExportHead::headers) {
        response.insert_header(header);
    }
    let requests = AnnotationRequestIds::from(id.clone());
    let name = FileName::of_comparison(&requests, &context.date.strftime("%Y-%m-%d").to_string());
    if let Ok(disposition) = HeaderValue::try_from(name.disposition()) {
        response.insert_header((CONTENT_DISPOSITION, disposition));
    }
    Ok(response.body::<PipeReader>(reader))
}

/// Why a comparison failed.
pub(crate) fn compare_error(error: ExportError) -> ApiError {
    match error {
        ExportError::Repository(error) => error.into(),
        ExportError::Target(error) => ApiError::Uncompared(error),
    }
}

/// Compares, and reports the end to the response, or to the log if the response has begun.
async fn run(job: ComparisonJob<CsvLines<PipeWriter>>, watch: PipeWatch, end: PipeEnd) {
    let compared = job.run(Some(watch)).await;
    let done = compared.and_then(|compared| {
        let mut writer = compared.lines.into_output();
        writer.flush().map_err(|error| ExportError::Target(error.into()))?;
        Ok(compared.reconciliation)
    });
    let (lines, done) = match done {
        Ok(reconciliation) => (reconciliation.lines, Ok(())),
        Err(error) => (0, Err(error)),
    };
    let cause = done.as_ref().err().map(|error| ErrorChain(error).to_string());
    let Progress { bytes, is_answered, reader_is_gone, reader_is_slow } = end.finish(done);
    match cause {
        None => tracing::info!(target: TARGET, lines, bytes, "compared"),
        Some(_) if reader_is_gone => tracing::info!(target: TARGET, bytes, "given up: the client went away"),
        Some(_) if reader_is_slow => tracing::warn!(target: TARGET, bytes, "given up: the client takes too little"),
        Some(cause) if is_answered => {
            tracing::error!(target: TARGET, bytes, cause, "cut off: a comparison failed");
        }
        // The response reports and logs it.
        Some(_) => {}
    }
}
