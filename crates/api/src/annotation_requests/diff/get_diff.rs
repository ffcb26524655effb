//! `GET /annotation-requests/{id}/diff`: what differs between two states of an annotation request. See ADR 106.

use crate::ApiState;
use crate::annotation_requests::diff::comparing::{Compared, DiffJob, Now};
use crate::annotation_requests::diff::diff_body::page;
use crate::annotation_requests::diff::diff_head::tag;
use crate::annotation_requests::diff::params::{DiffParams, Form};
use crate::annotation_requests::diff::sides::{SideFinder, Sides};
use crate::annotation_requests::diff::written_lines::{DiffFile, DiffSheets, run};
use crate::auth::CallerScope;
use crate::consistency::{RequiredState, Source};
use crate::export::{ExportHead, PipeWriter, ReaderLimits, pipe};
use crate::http::parameters::PathRequest;
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::{ApiError, CACHING, EntityTag, unchanged};
#[cfg(feature = "openapi")]
use crate::{
    annotation_requests::diff::{
        diff_body::{DiffEnvelope, LinesBytes},
        params::StatesParams,
    },
    http::parameters::{IfNoneMatch, MinRevision},
    paths::DIFF,
    response::{
        AccessErrors, OperationErrors,
        schema::{CountingRule, LatestRevision, WeakETag},
    },
};
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse, rt, web};
use annotation_statistics_domain::{AnnotationRequestIds, BoxError, CampaignScope, ExportError, StatisticsExporter};
use annotation_statistics_exports::{ExportFormat, FileName, TooLarge};
use annotation_statistics_statements::{DiffCsv, FirstLines};
use std::error::Error;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use tracing::Instrument;

/// What differs between two states
///
/// Compares a statement with a later one, or with what is recorded now: which tasks were added, removed or changed, which were
/// newly delivered, reopened or reworked, and by how much each sum and each operation item has grown. The first page has the
/// sums, for which all tasks are read; the pages behind it have tasks only.
#[utoipa::path(
    get,
    path = DIFF,
    operation_id = "getDiff",
    params(PathRequest, StatesParams, IfNoneMatch, MinRevision),
    responses(
        (
            status = 200,
            description = "What differs; as a file with a line for each count of each task that differs where csv or xlsx is preferred",
            content(
                (DiffEnvelope = "application/json"),
                (inline(LinesBytes) = "text/csv"),
                (inline(LinesBytes) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ),
            headers(
                ("Counting-Rule" = inline(CountingRule)),
                ("Revision" = inline(LatestRevision)),
                ("ETag" = inline(WeakETag)),
            ),
        ),
        (status = 304, description = "The client has the current response already; no body", headers(("ETag" = inline(WeakETag)))),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
#[expect(clippy::too_many_arguments, reason = "each is an extractor of what the operation needs")]
pub(crate) async fn get_diff(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    caller: Caller,
    CallerScope(scope): CallerScope,
    known: RequiredState,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let params = DiffParams::parse(request.query_string(), request.headers())?;
    let finder = SideFinder { state: &state, request: &id, scope: &scope, time: &time };
    let sides = finder.find(&params).await?;
    let tag = tag(&sides, &params);
    if let Some(tag) = tag.as_ref().filter(|tag| tag.is_known(request.headers())) {
        return Ok(with_tag(unchanged(), Some(tag)));
    }
    let permit = Arc::clone(&state.comparisons).try_acquire_owned().map_err(|_| ApiError::ComparisonsTooMany)?;
    let reading = Reading { state: &state, caller: &caller, scope: &scope, known, sides, permit: Arc::new(permit) };
    let response = match params.form {
        Form::Json => {
            time.measure(reading.compare(&params)).await.map(|compared| page(&context, &reading.sides, &compared))?
        }
        Form::Csv { byte_order_mark } => {
            let file = |writer| Ok(DiffCsv::new(writer, byte_order_mark));
            Ok(time.measure(reading.write(&context, ExportFormat::Csv, file)).await?)
        }
        Form::Xlsx => {
            let file = |writer| DiffSheets::new(writer, &reading.sides);
            Ok(time.measure(reading.write(&context, ExportFormat::Xlsx, file)).await?)
        }
    };
    Ok(with_tag(response?, tag.as_ref()))
}

fn with_tag(mut response: HttpResponse, tag: Option<&EntityTag>) -> HttpResponse {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, CACHING);
    headers.append(VARY, HeaderValue::from_static(ACCEPT.as_str()));
    if let Some(tag) = tag.and_then(EntityTag::to_header) {
        headers.insert(ETAG, tag);
    }
    response
}

/// Reads two states for one caller.
struct Reading<'a> {
    state: &'a ApiState,
    caller: &'a Caller,
    scope: &'a CampaignScope,
    known: RequiredState,
    sides: Sides,
    permit: Arc<OwnedSemaphorePermit>,
}

impl Reading<'_> {
    /// A page of tasks.
    async fn compare(&self, params: &DiffParams) -> Result<Compared<FirstLines>, ApiError> {
        let compared = self.each_source(async |now| {
            let max = params.limit;
            let lines = if params.after.is_some() { FirstLines::page(max) } else { FirstLines::new(max) };
            let Self { sides, permit, .. } = self;
            let job =
                DiffJob { sides: sides.clone(), after: params.after, lines, watch: None, permit: Arc::clone(permit) };
            job.run(&self.state.ports.statements, now).await
        });
        compared.await.map_err(compare_error)
    }

    /// All tasks as a file.
    async fn write<F: DiffFile>(
        &self,
        context: &RequestContext,
        format: ExportFormat,
        file: impl Fn(PipeWriter) -> Result<F, BoxError>,
    ) -> Result<HttpResponse, ApiError> {
        let begun = self.each_source(async |now| {
            let (writer, end, reader) = pipe(ReaderLimits::of(&self.state.settings));
            let watch = Some(writer.watch());
            let lines = file(writer).map_err(ExportError::Target)?;
            let Self { sides, permit, .. } = self;
            let job = DiffJob { sides: sides.clone(), after: None, lines, watch, permit: Arc::clone(permit) };
            let run = run(job, Arc::clone(&self.state.ports.statements), now, end);
            rt::spawn(self.caller.clone().in_scope(run).in_current_span());
            let head = reader.begun().await?;
            Ok((reader, head))
        });
        let (reader, head) = begun.await.map_err(compare_error)?;
        let mut response = HttpResponse::Ok();
        response.insert_header((CONTENT_TYPE, HeaderValue::from_static(format.content_type())));
        for header in head.into_iter().flat_map(ExportHead::headers) {
            response.insert_header(header);
        }
        let requests = AnnotationRequestIds::from(self.sides.request.clone());
        let name = FileName::of_diff(&requests, &context.date.strftime("%Y-%m-%d").to_string(), format);
        if let Ok(disposition) = HeaderValue::try_from(name.disposition()) {
            response.insert_header((CONTENT_DISPOSITION, disposition));
        }
        Ok(response.body(reader))
    }

    /// Reads now from the nearest source, and from the primary where that lags behind; statements are the same everywhere.
    async fn each_source<T>(
        &self,
        compare: impl AsyncFn(Option<Now>) -> Result<T, ExportError>,
    ) -> Result<T, ExportError> {
        if self.sides.to.is_some() {
            return compare(None).await;
        }
        // What is recorded now is never behind a statement of it.
        let known = self.known.or_later(self.sides.from.revision);
        let read =
            async |source: Source<'_, dyn StatisticsExporter>| compare(Some(Now::of(&source, self.scope, known))).await;
        self.state.exporters().read(read, |_| true).await
    }
}

/// Why a comparison failed.
fn compare_error(error: ExportError) -> ApiError {
    match error {
        ExportError::Repository(error) => error.into(),
        ExportError::Target(error) => match too_large(error.as_ref()) {
            Some(error) => error.into(),
            None => ApiError::Uncompared(error),
        },
    }
}

/// It is below what says that a line was not taken.
fn too_large(error: &(dyn Error + 'static)) -> Option<TooLarge> {
    match error.downcast_ref() {
        Some(error) => Some(*error),
        None => error.source().and_then(too_large),
    }
}
