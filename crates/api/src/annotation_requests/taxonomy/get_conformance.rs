//! `GET /annotation-requests/{id}/conformance`: how the tasks of an annotation request conform to its taxonomy.

use crate::annotation_requests::taxonomy::conformance_body::response;
use crate::auth::CallerScope;
use crate::http::parameters::PathRequest;
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, not_modified, with_revision};
#[cfg(feature = "openapi")]
use crate::{
    annotation_requests::taxonomy::conformance_body::ConformanceEnvelope,
    http::parameters::IfNoneMatch,
    paths::CONFORMANCE,
    response::{AccessErrors, OperationErrors, schema::StrongETag},
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{AnnotationRequestRegistry, TaxonomyRepository};

/// How tasks conform to the taxonomy
///
/// Counts the tasks that have fewer or more of an operator than was agreed on, and finds operation items that no operator is
/// of, and operators that no task uses. A report: nothing is refused for it. Where an operator has a limit, all tasks are
/// read.
#[utoipa::path(
    get,
    path = CONFORMANCE,
    operation_id = "getConformance",
    params(PathRequest, IfNoneMatch),
    responses(
        (
            status = 200,
            description = "How the tasks conform, all in one snapshot",
            body = ConformanceEnvelope,
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
pub(crate) async fn get_conformance(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    CallerScope(scope): CallerScope,
    registry: web::Data<dyn AnnotationRequestRegistry>,
    taxonomies: web::Data<dyn TaxonomyRepository>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    // Whether the client has it already takes no look at the tasks.
    let current = time.measure(registry.find(&id, &scope)).await?;
    if let Some(unchanged) = not_modified(request.headers(), current.revision) {
        return Ok(unchanged);
    }
    let conformance = time.measure(taxonomies.find_conformance(&id, &scope)).await?;
    Ok(with_revision(response(&context, &conformance)?, conformance.revision))
}
