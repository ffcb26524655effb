//! `GET /statistics`: one row for each task of the requested annotation requests.

use crate::ApiState;
use crate::auth::CallerScope;
use crate::consistency::RequiredState;
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::ApiError;
use crate::statistics::page_links::page_links;
use crate::statistics::page_query::PageQuery;
use crate::statistics::page_response::{page_response, unless_too_large};
use crate::statistics::params::StatisticsParams;
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::{IfNoneMatch, ListParams, MinRevision, PageParams, StatementParam},
    paths::STATISTICS,
    response::{
        AccessErrors, OperationErrors,
        schema::{CountingRule, EffectiveLimit, Link, StatementOfResponse, WeakETag},
    },
    statistics::{page_response::StatisticsEnvelope, params::ZeroFillParam},
};
use actix_web::http::header::LINK;
use actix_web::{HttpRequest, HttpResponse, web};

/// Statistics of annotation requests
///
/// One row for each task of the requested annotation requests: the requests in the order given, within a request the tasks in
/// the order in which they were first recorded. A page past the end is empty.
#[utoipa::path(
    get,
    path = STATISTICS,
    operation_id = "getStatistics",
    params(ListParams, StatementParam, PageParams, ZeroFillParam, IfNoneMatch, MinRevision),
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
                ("Link" = inline(Link)),
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
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
pub(crate) async fn get_statistics(
    request: HttpRequest,
    caller: Caller,
    CallerScope(scope): CallerScope,
    known: RequiredState,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let params = StatisticsParams::parse(request.query_string(), &state.settings)?;
    state.count_ids(&caller, &params.requests)?;
    let query = PageQuery { state: &state, params: &params, scope: &scope, known, headers: request.headers() };
    let found = time.measure(query.find()).await.map_err(|error| unless_too_large(error, &state.settings))?;
    let links = found.count().and_then(|count| page_links(&state.settings.base_path, &params, count));
    let mut response = page_response(&context, &params, found, &state)?;
    if let Some(links) = links {
        response.headers_mut().insert(LINK, links);
    }
    Ok(response)
}

#[cfg(test)]
#[path = "get_statistics_tests.rs"]
mod tests;
