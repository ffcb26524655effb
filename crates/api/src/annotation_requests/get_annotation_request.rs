//! `GET /annotation-requests/{id}`: the current state of an annotation request.

use crate::annotation_requests::body::found_response;
use crate::auth::CallerScope;
use crate::http::{DatabaseTime, RequestContext};
use crate::parameters::PathRequest;
use crate::response::{ApiError, not_modified};
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
    not_modified(request.headers(), found.revision).map_or_else(|| found_response(&context, &found), Ok)
}

#[cfg(test)]
#[path = "get_annotation_request_tests.rs"]
mod tests;
