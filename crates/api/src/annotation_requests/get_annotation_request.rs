//! `GET /annotation-requests/{id}`: the current state of an annotation request.

use crate::annotation_requests::body::found_response;
use crate::auth::CallerScope;
use crate::http::parameters::PathRequest;
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, not_modified};
#[cfg(feature = "openapi")]
use crate::{
    annotation_requests::body::AnnotationRequestEnvelope,
    http::parameters::IfNoneMatch,
    paths::ANNOTATION_REQUEST,
    response::{AccessErrors, OperationErrors, schema::StrongETag},
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::AnnotationRequestRegistry;

/// An annotation request
#[utoipa::path(
    get,
    path = ANNOTATION_REQUEST,
    operation_id = "getAnnotationRequest",
    params(PathRequest, IfNoneMatch),
    responses(
        (
            status = 200,
            description = "The current state of the annotation request",
            body = AnnotationRequestEnvelope,
            headers(("ETag" = inline(StrongETag))),
        ),
        (status = 304, description = "The client has the current response already; no body", headers(("ETag" = inline(StrongETag)))),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
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
