//! `POST /statistics/query`: the question of `GET /statistics`, for more ids than a URL can have.

use crate::ApiState;
use crate::caller_scope::CallerScope;
use crate::database_time::DatabaseTime;
use crate::error::ApiError;
use crate::media_type::MediaType;
use crate::query_body::read_query;
use crate::request_body::RequestBody;
use crate::stamp::Stamp;
use crate::statistics_page::answer_page;
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::StatisticsRepository;

pub(crate) async fn query_statistics(
    request: HttpRequest,
    payload: web::Payload,
    CallerScope(scope): CallerScope,
    repository: web::Data<dyn StatisticsRepository>,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    stamp: web::ReqData<Stamp>,
) -> Result<HttpResponse, ApiError> {
    let body = RequestBody::read(&request, payload, &[MediaType::Json], &state).await?;
    let params = read_query(body.text(), &state.settings)?;
    drop(body);
    let found = time.measure(repository.find_page(&params.requests, params.page, &scope)).await?;
    answer_page(request.headers(), &stamp, &params, &found, &state.settings)
}

#[cfg(test)]
#[path = "statistics_query_tests.rs"]
mod tests;
