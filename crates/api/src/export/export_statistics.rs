//! `GET /statistics/export`: all tasks of the requested annotation requests as one file.

use crate::ApiState;
use crate::auth::CallerScope;
use crate::consistency::{ReadSources, ReplicaBehind, RequiredState, Source, revisions};
use crate::export::export_head::ExportHead;
use crate::export::params::ExportParams;
use crate::export::pipe::{PipeEnd, PipeReader, PipeWatch, Progress, ReaderLimits, pipe};
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::{ApiError, CACHING, STATEMENT_NAME, statement_header};
#[cfg(feature = "openapi")]
use crate::{
    export::exported_file::{ExportedFile, FormParams},
    http::parameters::{FilterParams, IfNoneMatch, ListParams, MinRevision, StatementParam, TimeZoneParam},
    paths::EXPORT,
    response::{AccessErrors, OperationErrors},
};
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, rt, web};
use annotation_statistics_domain::{
    BoxError, CampaignScope, ErrorChain, ExportError, ExportTarget, RecordedTask, StatementName, StatisticsExporter,
    Summary,
};
use annotation_statistics_exports::{ExportFormat, ExportOptions, FileName, Provenance};
use annotation_statistics_page::ReaderZone;
use jiff::ZonedDateTime;
use std::sync::{Arc, OnceLock};
use tracing::Instrument;

/// All tasks of annotation requests as one file
///
/// All tasks of the requested annotation requests, or those that the filters leave, as one file, streamed from one snapshot, in the order of `GET /statistics`. A
/// connection that is cut off before the end of the body has not sent all.
#[utoipa::path(
    get,
    path = EXPORT,
    operation_id = "exportStatistics",
    params(ListParams, StatementParam, FilterParams, FormParams, TimeZoneParam, IfNoneMatch, MinRevision),
    responses(ExportedFile, OperationErrors, AccessErrors),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
pub(crate) async fn export_statistics(
    request: HttpRequest,
    caller: Caller,
    CallerScope(scope): CallerScope,
    known: RequiredState,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let params = ExportParams::parse(request.query_string(), request.headers(), &state.settings)?;
    state.count_ids(&caller, &params.requests)?;
    let name = FileName::new(&params.requests, &context.date.strftime("%Y-%m-%d").to_string(), params.options.format);
    let is_head = request.method() == Method::HEAD;
    let begin = async |source: Source<'_, dyn StatisticsExporter>| {
        let known = if source.is_authoritative { RequiredState::default() } else { known };
        let (writer, end, reader) = pipe(ReaderLimits::of(&state.settings));
        let requirements = Requirements {
            known,
            is_head,
            headers: request.headers().clone(),
            query: request.query_string().to_owned(),
        };
        let (watch, clock) = (writer.watch(), read_once(&state, params.zone.clone()));
        let target = params.options.target(clock.clone(), writer);
        let target = Box::new(Watched { target, watch, options: params.options, clock, requirements });
        let export = run(Arc::clone(source.port), params.clone(), scope.clone(), target, end);
        rt::spawn(caller.clone().in_scope(export).in_current_span());
        has_begun(reader).await
    };
    let stated = |name| -> Arc<dyn StatisticsExporter> { Arc::new(state.stated(name)) };
    let stated = params.statement.as_ref().map(stated);
    let sources = stated.as_ref().map_or_else(|| state.exporters(), ReadSources::only);
    let (reader, head) = time.measure(sources.read(begin, |_| true)).await?;
    let is_known = head.as_ref().is_some_and(|head| head.is_known(request.headers()));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    set_head(&mut response, head, params.statement.as_ref());
    if is_known {
        return Ok(response.finish());
    }
    set_file(&mut response, params.options.format, &name);
    Ok(response.body(if is_head { PipeReader::empty() } else { reader }))
}

/// A clock that is read once, so that the file and its head have the same time; in the zone of the reader.
fn read_once(state: &ApiState, zone: Option<ReaderZone>) -> impl Fn() -> ZonedDateTime + Clone + Send + 'static {
    let (clock, page) = (state.clock.clone(), state.settings.page.clone());
    let time = Arc::new(OnceLock::new());
    move || time.get_or_init(|| page.in_zone_of(zone.as_ref(), clock.now())).clone()
}

fn set_head(response: &mut HttpResponseBuilder, head: Option<ExportHead>, statement: Option<&StatementName>) {
    response.insert_header((CACHE_CONTROL, CACHING)).append_header((VARY, ACCEPT.as_str()));
    for header in head.into_iter().flat_map(ExportHead::headers) {
        response.insert_header(header);
    }
    if let Some(name) = statement.and_then(statement_header) {
        response.insert_header((STATEMENT_NAME, name));
    }
}

fn set_file(response: &mut HttpResponseBuilder, format: ExportFormat, name: &FileName) {
    response.insert_header((CONTENT_TYPE, HeaderValue::from_static(format.content_type())));
    if let Ok(disposition) = HeaderValue::try_from(name.disposition()) {
        response.insert_header((CONTENT_DISPOSITION, disposition));
    }
}

/// The export, once its first bytes or its end are known.
async fn has_begun(reader: PipeReader) -> Result<(PipeReader, Option<ExportHead>), ExportError> {
    match reader.begun().await {
        Ok(head) => Ok((reader, head)),
        Err(ExportError::Target(error)) if error.is::<HeadOnly>() => {
            let head = reader.head();
            Ok((reader, head))
        }
        Err(error) => Err(error),
    }
}

/// Exports, and reports the end to the response, or to the log if the response has begun.
async fn run(
    exporter: Arc<dyn StatisticsExporter>,
    params: ExportParams,
    scope: CampaignScope,
    target: Box<dyn ExportTarget>,
    end: PipeEnd,
) {
    let done = exporter.export(&params.requests, &params.filter, &scope, target).await;
    let (format, cause) = (params.options.format.name(), done.as_ref().err().map(cause));
    let Progress { bytes, is_answered, reader_is_gone, reader_is_slow } = end.finish(done);
    match cause {
        None => tracing::info!(target: "export", format, bytes, "exported"),
        Some(_) if reader_is_gone => {
            tracing::info!(target: "export", format, bytes, "given up: the client went away");
        }
        Some(_) if reader_is_slow => {
            tracing::warn!(target: "export", format, bytes, "given up: the client takes too little");
        }
        Some(cause) if is_answered => {
            tracing::error!(target: "export", format, bytes, cause, "cut off: an export failed");
        }
        // The response reports and logs it.
        Some(_) => {}
    }
}

fn cause(error: &ExportError) -> String {
    match error {
        ExportError::Repository(error) => ErrorChain(error).to_string(),
        ExportError::Target(error) => ErrorChain(error.as_ref()).to_string(),
    }
}

/// The request is a HEAD, or the client has the export: it stops after its summary.
#[derive(Debug, thiserror::Error)]
#[error("only the head is sent")]
struct HeadOnly;

/// The client has disconnected.
#[derive(Debug, thiserror::Error)]
#[error("no client reads it any more")]
struct Unread;

/// A target that stops once the client has disconnected.
struct Watched<C> {
    target: Box<dyn ExportTarget>,
    watch: PipeWatch,
    options: ExportOptions,
    clock: C,
    requirements: Requirements,
}

/// What the request requires of the export.
struct Requirements {
    /// At this state or a later one.
    known: RequiredState,
    /// Only the head of the response.
    is_head: bool,
    /// Of the request, which may name an export that the client has.
    headers: HeaderMap,
    query: String,
}

impl<C: Fn() -> ZonedDateTime + Send> ExportTarget for Watched<C> {
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError> {
        if !self.requirements.known.has_its_change(&revisions(summary)) {
            return Err(ReplicaBehind.into());
        }
        self.target.begin(summary)?;
        let Requirements { is_head, headers, query, .. } = &self.requirements;
        let head = ExportHead::new(query, self.options, &Provenance::new(summary, (self.clock)()));
        let is_head_only = *is_head || head.is_known(headers);
        self.watch.begin(head);
        if is_head_only { Err(HeadOnly.into()) } else { Ok(()) }
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        if self.watch.is_read() { self.target.take(task) } else { Err(Unread.into()) }
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        self.target.finish()
    }
}
