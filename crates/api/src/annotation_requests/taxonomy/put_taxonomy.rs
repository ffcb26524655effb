//! `PUT /annotation-requests/{id}/taxonomy`: replaces what was agreed on for an annotation request.

use crate::ApiState;
use crate::annotation_requests::taxonomy::taxonomy_body::{read_taxonomy, response};
use crate::auth::CallerScope;
use crate::http::body::{MediaType, RequestBody};
use crate::http::parameters::{IfMatch, PathRequest};
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, InvalidParameter, with_new_revision};
#[cfg(feature = "openapi")]
use crate::{
    annotation_requests::taxonomy::taxonomy_body::{GivenTaxonomy, TaxonomyEnvelope},
    paths::REQUEST_TAXONOMY,
    response::{
        AccessErrors, BodyErrors, OperationErrors, PreconditionErrors,
        schema::{Revision, StrongETag},
    },
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::TaxonomyRepository;

/// Replace the taxonomy of an annotation request
///
/// Replaces all of it: operators that are left out are gone. The same one again changes nothing. Tasks that do not conform to
/// it stay, and are recorded all the same.
#[utoipa::path(
    put,
    path = REQUEST_TAXONOMY,
    operation_id = "putTaxonomy",
    params(PathRequest, IfMatch),
    request_body = GivenTaxonomy,
    responses(
        (
            status = 200,
            description = "The taxonomy as it is now",
            body = TaxonomyEnvelope,
            headers(("ETag" = inline(StrongETag)), ("Revision" = inline(Revision))),
        ),
        OperationErrors,
        PreconditionErrors,
        BodyErrors,
        AccessErrors,
    ),
    security(("key" = [], "time" = [], "signature" = [], "nonce" = [])),
)]
#[expect(clippy::too_many_arguments, reason = "each is an extractor of what the operation needs")]
pub(crate) async fn put_taxonomy(
    request: HttpRequest,
    payload: web::Payload,
    PathRequest(id): PathRequest,
    IfMatch(precondition): IfMatch,
    CallerScope(scope): CallerScope,
    taxonomies: web::Data<dyn TaxonomyRepository>,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let body = RequestBody::read(&request, payload, &[MediaType::Json], &state).await?;
    let taxonomy = read_taxonomy(body.text()).map_err(|why| InvalidParameter(format!("the body: {why}")))?;
    let kept = time.measure(taxonomies.replace(&id, taxonomy, &scope, precondition)).await?;
    Ok(with_new_revision(response(&context, &kept)?, Some(kept.revision)))
}
