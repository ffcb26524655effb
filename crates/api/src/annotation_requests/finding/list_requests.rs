//! `GET /annotation-requests`: a page of the annotation requests that a search is for.

use crate::ApiState;
use crate::annotation_requests::finding::list_requests_params::ListRequestsParams;
use crate::annotation_requests::finding::listed_body::{ROW_BYTES, RequestsBody};
use crate::auth::CallerScope;
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, envelope};
#[cfg(feature = "openapi")]
use crate::{
    annotation_requests::finding::list_requests_params::ListParamsOfRequests,
    annotation_requests::finding::listed_body::RequestsEnvelope,
    paths::ANNOTATION_REQUESTS,
    response::{AccessErrors, OperationErrors},
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::AnnotationRequestFinder;

/// Annotation requests, with their sums
///
/// Those that were changed last come first. All conditions must hold. A page looks at so many requests at most: one with a
/// `next` may have fewer requests than the limit, or none.
#[utoipa::path(
    get,
    path = ANNOTATION_REQUESTS,
    operation_id = "listAnnotationRequests",
    params(ListParamsOfRequests),
    responses(
        (status = 200, description = "A page of annotation requests", body = RequestsEnvelope),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
pub(crate) async fn list_requests(
    request: HttpRequest,
    CallerScope(scope): CallerScope,
    state: web::Data<ApiState>,
    finder: web::Data<dyn AnnotationRequestFinder>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let params = ListRequestsParams::parse(request.query_string(), state.settings.max_limit)?;
    let found = time.measure(finder.find_requests(&params.search, &scope)).await?;
    let body = RequestsBody::new(&found.requests, found.next.as_ref().map(|next| params.cursor(next)));
    Ok(envelope::success(&context, &body, ROW_BYTES * found.requests.len().max(1))?)
}

#[cfg(test)]
#[path = "list_requests_tests.rs"]
mod tests;
