//! `GET /annotation-requests/{id}/taxonomy`: what was agreed on for an annotation request.

use crate::annotation_requests::taxonomy::taxonomy_body::response;
use crate::auth::CallerScope;
use crate::http::parameters::PathRequest;
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, not_modified, with_revision};
#[cfg(feature = "openapi")]
use crate::{
    annotation_requests::taxonomy::taxonomy_body::TaxonomyEnvelope,
    http::parameters::IfNoneMatch,
    paths::REQUEST_TAXONOMY,
    response::{AccessErrors, OperationErrors, schema::StrongETag},
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::TaxonomyRepository;

/// The taxonomy of an annotation request
///
/// As it was stated, or else as imported annotation files list it, which orders nothing; without operators where neither is
/// there.
#[utoipa::path(
    get,
    path = REQUEST_TAXONOMY,
    operation_id = "getTaxonomy",
    params(PathRequest, IfNoneMatch),
    responses(
        (
            status = 200,
            description = "The taxonomy as it is now",
            body = TaxonomyEnvelope,
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
pub(crate) async fn get_taxonomy(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    CallerScope(scope): CallerScope,
    taxonomies: web::Data<dyn TaxonomyRepository>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let kept = time.measure(taxonomies.find(&id, &scope)).await?;
    match not_modified(request.headers(), kept.revision) {
        Some(unchanged) => Ok(unchanged),
        None => Ok(with_revision(response(&context, &kept)?, kept.revision)),
    }
}
