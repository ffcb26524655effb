//! `GET /annotation-requests/{id}`: a request as it stands.

use crate::annotation_requests::body::show;
use crate::auth::caller_scope::CallerScope;
use crate::http::database_time::DatabaseTime;
use crate::http::request_context::RequestContext;
use crate::parameters::path_ids::PathRequest;
use crate::response::api_error::ApiError;
use crate::response::conditional::not_modified;
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::AnnotationRequestRegistry;

pub(crate) async fn get_annotation_request(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    CallerScope(scope): CallerScope,
    registry: web::Data<dyn AnnotationRequestRegistry>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let found = time.measure(registry.find(&id, &scope)).await?;
    not_modified(request.headers(), found.revision).map_or_else(|| show(&context, &found), Ok)
}

#[cfg(test)]
#[path = "get_annotation_request_tests.rs"]
mod tests;
