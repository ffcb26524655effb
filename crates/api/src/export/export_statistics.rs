//! `GET /statistics/export`: all tasks of the requested annotation requests as one file.

use crate::ApiState;
use crate::auth::CallerScope;
use crate::consistency::{ReplicaBehind, RequiredState, Source, revisions};
use crate::export::params::ExportParams;
use crate::export::pipe::{PipeEnd, PipeReader, PipeWatch, Progress, ReaderLimits, pipe};
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::{ApiError, CACHING, COUNTING_RULE, counting_rules};
#[cfg(feature = "openapi")]
use crate::{
    export::exported_file::{ExportedFile, FormParams},
    http::parameters::{ListParams, MinRevision},
    paths::EXPORT,
    response::{AccessErrors, OperationErrors},
};
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, rt, web};
use annotation_statistics_domain::{
    BoxError, CampaignScope, ErrorChain, ExportError, ExportTarget, RecordedTask, StatisticsExporter, Summary,
};
use annotation_statistics_exports::{ExportFormat, FileName};
use std::sync::Arc;
use tracing::Instrument;

/// All tasks of annotation requests as one file
///
/// All tasks of the requested annotation requests as one file, streamed from one snapshot, in the order of `GET /statistics`. A
/// connection that is cut off before the end of the body has not sent all.
#[utoipa::path(
    get,
    path = EXPORT,
    operation_id = "exportStatistics",
    params(ListParams, FormParams, MinRevision),
    responses(ExportedFile, OperationErrors, AccessErrors),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
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
        let requirements = Requirements { known, is_head };
        let target = Box::new(Watched { watch: writer.watch(), target: params.options.target(writer), requirements });
        let export = run(Arc::clone(source.port), params.clone(), scope.clone(), target, end);
        rt::spawn(caller.clone().in_scope(export).in_current_span());
        has_begun(reader).await
    };
    let (reader, rules) = time.measure(state.exporters().read(begin, |_| true)).await?;
    let mut response = file_response(params.options.format, &name, rules);
    Ok(response.body(if is_head { PipeReader::empty() } else { reader }))
}

fn file_response(format: ExportFormat, name: &FileName, rules: Option<HeaderValue>) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, CACHING));
    response
        .insert_header((CONTENT_TYPE, HeaderValue::from_static(format.content_type())))
        .append_header((VARY, ACCEPT.as_str()));
    if let Ok(disposition) = HeaderValue::try_from(name.disposition()) {
        response.insert_header((CONTENT_DISPOSITION, disposition));
    }
    if let Some(rules) = rules {
        response.insert_header((COUNTING_RULE, rules));
    }
    response
}

/// The export, once its first bytes or its end are known.
async fn has_begun(reader: PipeReader) -> Result<(PipeReader, Option<HeaderValue>), ExportError> {
    match reader.begun().await {
        Ok(rules) => Ok((reader, rules)),
        Err(ExportError::Target(error)) if error.is::<HeadOnly>() => {
            let rules = reader.rules();
            Ok((reader, rules))
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
    let done = exporter.export(&params.requests, &scope, target).await;
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

/// The request is a HEAD: the export stops after its summary.
#[derive(Debug, thiserror::Error)]
#[error("only the head is requested")]
struct HeadOnly;

/// The client has disconnected.
#[derive(Debug, thiserror::Error)]
#[error("no client reads it any more")]
struct Unread;

/// A target that stops once the client has disconnected.
struct Watched {
    target: Box<dyn ExportTarget>,
    watch: PipeWatch,
    requirements: Requirements,
}

/// What the request requires of the export.
#[derive(Clone, Copy)]
struct Requirements {
    /// At this state or a later one.
    known: RequiredState,
    /// Only the head of the response.
    is_head: bool,
}

impl ExportTarget for Watched {
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError> {
        if !self.requirements.known.has_its_change(&revisions(summary)) {
            return Err(ReplicaBehind.into());
        }
        self.target.begin(summary)?;
        let rules: Vec<_> = summary.requests().iter().map(|(request, _)| request.counting_rule.clone()).collect();
        self.watch.begin(counting_rules(&rules));
        if self.requirements.is_head { Err(HeadOnly.into()) } else { Ok(()) }
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        if self.watch.is_read() { self.target.take(task) } else { Err(Unread.into()) }
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        self.target.finish()
    }
}
