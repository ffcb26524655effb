//! `GET /statistics/summary`: the totals over all tasks of the requested annotation requests.

use crate::ApiState;
use crate::auth::CallerScope;
use crate::consistency::{RequiredState, Source, revisions};
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::{ApiError, EntityTag, SumsTooLarge, envelope, tagged_response};
use crate::summary::body::SummaryBody;
use crate::summary::params::SummaryParams;
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::{IfNoneMatch, ListParams, MinRevision},
    paths::SUMMARY,
    response::{
        AccessErrors, OperationErrors,
        schema::{CountingRule, WeakETag},
    },
    summary::body::SummaryEnvelope,
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{AnnotationRequestIds, RepositoryError, Summary, SummaryRepository};

/// Sums over annotation requests
///
/// The sums over all tasks of the requested annotation requests, of one snapshot, at the same cost for a million tasks as for a
/// thousand. There are no pages.
#[utoipa::path(
    get,
    path = SUMMARY,
    operation_id = "getSummary",
    params(ListParams, IfNoneMatch, MinRevision),
    responses(
        (
            status = 200,
            description = "The sums",
            body = SummaryEnvelope,
            headers(("ETag" = inline(WeakETag)), ("Counting-Rule" = inline(CountingRule))),
        ),
        (
            status = 304,
            description = "The client has the current response already; no body",
            headers(("ETag" = inline(WeakETag)), ("Counting-Rule" = inline(CountingRule))),
        ),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
    ),
)]
pub(crate) async fn get_summary(
    request: HttpRequest,
    caller: Caller,
    CallerScope(scope): CallerScope,
    known: RequiredState,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let SummaryParams { requests } = SummaryParams::parse(request.query_string(), &state.settings)?;
    state.count_ids(&caller, &requests)?;
    let query = async |source: Source<'_, dyn SummaryRepository>| source.port.summarize(&requests, &scope).await;
    let is_reached =
        |summary: &Summary| known.is_met_by(&revisions(summary), &tag(&requests, summary), request.headers());
    let max = state.settings.max_answer;
    let summary = time.measure(state.summaries().read(query, is_reached)).await;
    let summary = summary.map_err(|error| unless_too_large(error, max))?;
    let tag = tag(&requests, &summary);
    let rules: Vec<_> = summary.requests().iter().map(|(request, _)| request.counting_rule.clone()).collect();
    tagged_response(request.headers(), &tag, &rules, || response(&context, &summary, max))
}

fn response(context: &RequestContext, summary: &Summary, max: usize) -> Result<HttpResponse, ApiError> {
    let body = SummaryBody::of(summary);
    let max_data = max.saturating_sub(envelope::SUCCESS_BYTES);
    let response = envelope::success_within(
        context,
        body.bytes(),
        max_data,
        |data| Ok(serde_json::to_writer(data, &body)?),
        |_| (),
    )?;
    Ok(response.ok_or(SumsTooLarge { max })?)
}

/// Sums that are too large to be loaded are reported like those that are too large to be sent.
fn unless_too_large(error: RepositoryError, max: usize) -> ApiError {
    if matches!(error, RepositoryError::SummaryTooLarge { .. }) { SumsTooLarge { max }.into() } else { error.into() }
}

fn tag(requests: &AnnotationRequestIds, summary: &Summary) -> EntityTag {
    EntityTag::of_summary(requests, &revisions(summary))
}

#[cfg(test)]
#[path = "get_summary_tests.rs"]
mod tests;
