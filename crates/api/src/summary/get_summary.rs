//! `GET /statistics/summary`: the totals over all tasks of the requested annotation requests.

use crate::ApiState;
use crate::auth::CallerScope;
use crate::consistency::{RequiredState, Source, revisions};
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::{ApiError, EntityTag, SumsTooLarge, envelope, unchanged, with_statement, with_tag};
use crate::summary::body::SummaryBody;
use crate::summary::file::file_response;
use crate::summary::params::SummaryParams;
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::{FilterParams, IfNoneMatch, ListParams, MinRevision, StatementParam, TimeZoneParam},
    paths::SUMMARY,
    response::{
        AccessErrors, OperationErrors,
        schema::{CountingRule, StatementOfResponse, WeakETag},
    },
    summary::{
        body::SummaryEnvelope,
        params::{FormParams, SummaryFileBytes},
    },
};
use actix_web::http::header::{ACCEPT, HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{RepositoryError, Summary, SummaryRepository};
use annotation_statistics_exports::SummaryFile;

/// Sums over annotation requests
///
/// The sums over all tasks of the requested annotation requests, or over those that the filters leave, of one snapshot, at the
/// same cost for a million tasks as for a thousand. There are no pages.
#[utoipa::path(
    get,
    path = SUMMARY,
    operation_id = "getSummary",
    params(ListParams, StatementParam, FilterParams, FormParams, TimeZoneParam, IfNoneMatch, MinRevision),
    responses(
        (
            status = 200,
            description = "The sums; as a file where csv or xlsx is requested",
            content(
                (SummaryEnvelope = "application/json"),
                (inline(SummaryFileBytes) = "text/csv"),
                (inline(SummaryFileBytes) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ),
            headers(
                ("ETag" = inline(WeakETag)),
                ("Counting-Rule" = inline(CountingRule)),
                ("Statement" = inline(StatementOfResponse)),
            ),
        ),
        (
            status = 304,
            description = "The client has the current response already; no body",
            headers(
                ("ETag" = inline(WeakETag)),
                ("Counting-Rule" = inline(CountingRule)),
                ("Statement" = inline(StatementOfResponse)),
            ),
        ),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
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
    let params = SummaryParams::parse(request.query_string(), request.headers(), &state.settings)?;
    let SummaryParams { requests, query, statement, format, byte_order_mark, zone } = params;
    state.count_ids(&caller, &requests)?;
    let read = async |source: Source<'_, dyn SummaryRepository>| source.port.summarize(&requests, &query, &scope).await;
    let tag =
        |summary: &Summary| EntityTag::of_summary(&requests, statement.as_ref(), &query, format, &revisions(summary));
    let is_reached = |summary: &Summary| known.is_met_by(&revisions(summary), &tag(summary), request.headers());
    let max = state.settings.max_answer;
    let summary = match &statement {
        Some(name) => time.measure(state.stated(name).summarize(&requests, &query, &scope)).await,
        None => time.measure(state.summaries().read(read, is_reached)).await,
    };
    let summary = summary.map_err(|error| unless_too_large(error, max))?;
    let tag = tag(&summary);
    let rules: Vec<_> = summary.requests().iter().map(|(request, _)| request.counting_rule.clone()).collect();
    let response = if tag.is_known(request.headers()) {
        unchanged()
    } else if let Some(format) = format {
        let exported_at = state.settings.page.in_zone_of(zone.as_ref(), state.clock.now());
        let file = SummaryFile { summary, filter: query.filter, format, byte_order_mark, exported_at };
        file_response(&context, &requests, file).await?
    } else {
        response(&context, &SummaryBody::of(&summary, &query), max)?
    };
    let mut response = with_statement(with_tag(response, &tag, &rules), statement.as_ref());
    response.headers_mut().append(VARY, HeaderValue::from_static(ACCEPT.as_str()));
    Ok(response)
}

fn response(context: &RequestContext, body: &SummaryBody<'_>, max: usize) -> Result<HttpResponse, ApiError> {
    let max_data = max.saturating_sub(envelope::SUCCESS_BYTES);
    let response = envelope::success_within(
        context,
        body.bytes(),
        max_data,
        |data| Ok(serde_json::to_writer(data, body)?),
        |_| (),
    )?;
    Ok(response.ok_or(SumsTooLarge { max })?)
}

/// Sums that are too large to be loaded are reported like those that are too large to be sent.
fn unless_too_large(error: RepositoryError, max: usize) -> ApiError {
    if matches!(error, RepositoryError::SummaryTooLarge { .. }) { SumsTooLarge { max }.into() } else { error.into() }
}

#[cfg(test)]
#[path = "get_summary_tests.rs"]
mod tests;
