//! `POST /statistics/query`: `GET /statistics` for more ids than a URL can have.

use crate::ApiState;
use crate::auth::CallerScope;
use crate::consistency::RequiredState;
use crate::http::body::{MediaType, RequestBody};
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::{ApiError, list_unknown};
use crate::statistics::page_query::PageQuery;
use crate::statistics::page_response::{page_response, unless_too_large};
use crate::statistics::query_body::read_query;
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::{IfNoneMatch, MinRevision},
    paths::STATISTICS_QUERY,
    response::{
        AccessErrors, BodyErrors, OperationErrors,
        schema::{CountingRule, EffectiveLimit, StatementOfResponse, WeakETag},
    },
    statistics::{page_response::StatisticsEnvelope, query_body::Given},
};
use actix_web::{HttpRequest, HttpResponse, web};

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "annotation_statistics_api::query";

/// Statistics of many annotation requests
///
/// The query of `GET /statistics` for more ids than a URL can have. It changes nothing. There is no `Link`: iterate by
/// `count`.
#[utoipa::path(
    post,
    path = STATISTICS_QUERY,
    operation_id = "queryStatistics",
    params(IfNoneMatch, MinRevision),
    request_body = Given,
    responses(
        (
            status = 200,
            description = "A page of rows",
            body = StatisticsEnvelope,
            headers(
                ("ETag" = inline(WeakETag)),
                ("Counting-Rule" = inline(CountingRule)),
                ("Effective-Limit" = inline(EffectiveLimit)),
                ("Statement" = inline(StatementOfResponse)),
            ),
        ),
        (
            status = 304,
            description = "The client has the current response already; no body",
            headers(
                ("ETag" = inline(WeakETag)),
                ("Counting-Rule" = inline(CountingRule)),
                ("Effective-Limit" = inline(EffectiveLimit)),
                ("Statement" = inline(StatementOfResponse)),
            ),
        ),
        OperationErrors,
        BodyErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
    ),
)]
#[expect(clippy::too_many_arguments, reason = "each is an extractor of what the operation needs")]
pub(crate) async fn query_statistics(
    request: HttpRequest,
    payload: web::Payload,
    caller: Caller,
    CallerScope(scope): CallerScope,
    known: RequiredState,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let body = RequestBody::read(&request, payload, &[MediaType::Json], &state).await?;
    let params = read_query(body.text(), &state.settings)?;
    drop(body);
    state.count_ids(&caller, &params.requests)?;
    let query = PageQuery { state: &state, params: &params, scope: &scope, known, headers: request.headers() };
    let found = time.measure(query.find()).await.map_err(|error| unless_too_large(error, &state.settings));
    let found = found.inspect_err(log_unknown)?;
    page_response(&context, &params, found, &state)
}

/// The ids are in the body, so no other line of the log has them.
fn log_unknown(error: &ApiError) {
    if let Some(unknown) = error.unknown_requests() {
        tracing::info!(
            target: TARGET,
            count = unknown.len(),
            unknown = list_unknown(unknown),
            "unknown annotation requests were queried"
        );
    }
}

#[cfg(test)]
#[path = "query_statistics_tests.rs"]
mod tests;
