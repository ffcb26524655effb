//! `GET /annotation-request/task/schedule`: how much of one annotation request is delivered.

use crate::auth::CallerScope;
use crate::consistency::{RequiredState, Source, revisions};
use crate::http::parameters::{
    ANNOTATION_REQUEST_ID, RequestIdList, decode_name, names_the_list, parameters, refuse_filter,
};
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::{ApiError, EntityTag, InvalidParameter, envelope, invalid, unchanged, with_tag};
use crate::summary::schedule_body::ScheduleBody;
use crate::{ApiSettings, ApiState};
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::{IfNoneMatch, MinRevision},
    paths::SCHEDULE,
    response::{
        AccessErrors, OperationErrors,
        schema::{CountingRule, WeakETag},
    },
    summary::schedule_body::{OneRequestParam, ScheduleEnvelope},
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{AnnotationRequestIds, Summary, SummaryQuery, SummaryRepository};

/// About the size of the body.
const BODY_BYTES: usize = 96;

/// Progress of an annotation request
///
/// How many per cent of the tasks of one annotation request are in the complete pool, of one snapshot, at the same cost for a
/// million tasks as for a thousand.
#[utoipa::path(
    get,
    path = SCHEDULE,
    operation_id = "getSchedule",
    params(OneRequestParam, IfNoneMatch, MinRevision),
    responses(
        (
            status = 200,
            description = "The progress",
            body = ScheduleEnvelope,
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
        ("session" = []),
    ),
)]
pub(crate) async fn get_schedule(
    request: HttpRequest,
    caller: Caller,
    CallerScope(scope): CallerScope,
    known: RequiredState,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let requests = parse(request.query_string(), &state.settings)?;
    state.count_ids(&caller, &requests)?;
    let query = SummaryQuery::default();
    let read = async |source: Source<'_, dyn SummaryRepository>| source.port.summarize(&requests, &query, &scope).await;
    let tag = |summary: &Summary| EntityTag::of_schedule(&requests, &revisions(summary));
    let is_reached = |summary: &Summary| known.is_met_by(&revisions(summary), &tag(summary), request.headers());
    let summary = time.measure(state.summaries().read(read, is_reached)).await?;
    let tag = tag(&summary);
    let rules: Vec<_> = summary.requests().iter().map(|(request, _)| request.counting_rule.clone()).collect();
    let response = if tag.is_known(request.headers()) {
        unchanged()
    } else {
        envelope::success(&context, &ScheduleBody::of(summary.completion()), BODY_BYTES)?
    };
    Ok(with_tag(response, &tag, &rules))
}

/// Reads the one id that there must be.
fn parse(query: &str, settings: &ApiSettings) -> Result<AnnotationRequestIds, InvalidParameter> {
    let mut list = RequestIdList::default();
    for (name, value) in parameters(query) {
        let name = decode_name(name)?;
        if names_the_list(&name) {
            list.add(value)?;
        } else {
            refuse_filter(&name)?;
        }
    }
    let requests = list.into_ids(settings)?;
    match requests.as_slice() {
        [_] => Ok(requests),
        several => Err(invalid(ANNOTATION_REQUEST_ID, &format!("must be one id here, got {}", several.len()))),
    }
}

#[cfg(test)]
#[path = "get_schedule_tests.rs"]
mod tests;
