//! `GET /annotation-requests/{id}`: a request as it stands.

use crate::annotation_requests::body::{not_modified, show};
use crate::auth::caller_scope::CallerScope;
use crate::http::database_time::DatabaseTime;
use crate::http::path_ids::PathRequest;
use crate::middleware::request_context::Stamp;
use crate::response::error::ApiError;
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::AnnotationRequestRegistry;

pub(crate) async fn get_annotation_request(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    CallerScope(scope): CallerScope,
    registry: web::Data<dyn AnnotationRequestRegistry>,
    time: web::ReqData<DatabaseTime>,
    stamp: web::ReqData<Stamp>,
) -> Result<HttpResponse, ApiError> {
    let found = time.measure(registry.find(&id, &scope)).await?;
    not_modified(request.headers(), found.revision).map_or_else(|| show(&stamp, &found), Ok)
}

#[cfg(test)]
#[path = "get_annotation_request_tests.rs"]
mod tests;
