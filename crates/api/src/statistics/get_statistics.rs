//! `GET /statistics`: one row for each task of the asked annotation requests.

use crate::ApiState;
use crate::auth::CallerScope;
use crate::consistency::KnownState;
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::ApiError;
use crate::statistics::page_links::page_links;
use crate::statistics::page_response::{answer_page, find_page, unless_too_large};
use crate::statistics::params::StatisticsParams;
use actix_web::http::StatusCode;
use actix_web::http::header::LINK;
use actix_web::{HttpRequest, HttpResponse, web};

pub(crate) async fn get_statistics(
    request: HttpRequest,
    caller: Caller,
    CallerScope(scope): CallerScope,
    known: KnownState,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let params = StatisticsParams::parse(request.query_string(), &state.settings)?;
    state.count_ids(&caller, &params.requests)?;
    let found = time.measure(find_page(&state, &params, &scope, known, request.headers())).await;
    let found = found.map_err(|error| unless_too_large(error, &state.settings))?;
    let mut answer = answer_page(request.headers(), &context, &params, &found, &state.settings)?;
    if answer.status() == StatusCode::OK
        && let Some(links) = page_links(&state.settings.base_path, &params, found.page.count)
    {
        answer.headers_mut().insert(LINK, links);
    }
    Ok(answer)
}

#[cfg(test)]
#[path = "get_statistics_tests.rs"]
mod tests;
