//! `PUT /annotation-requests/{id}`: registers an annotation request, or confirms that it is registered as given.

use crate::ApiState;
use crate::annotation_requests::body::registered_response;
use crate::auth::{CallerPrefix, CallerScope};
use crate::http::body::{MediaType, RequestBody, read_object};
use crate::http::parameters::{IfMatch, PathRequest};
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{AccessError, ApiError, InvalidParameter};
#[cfg(feature = "openapi")]
use crate::{
    annotation_requests::body::AnnotationRequestEnvelope,
    paths::ANNOTATION_REQUEST,
    response::{
        AccessErrors, BodyErrors, ConflictErrors, OperationErrors, PreconditionErrors,
        schema::{CampaignIdText, Revision, StrongETag},
    },
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{
    AnnotationRequestRegistry, CampaignId, CampaignScope, CountingRuleName, NewAnnotationRequest, Precondition,
    PreconditionFailed, RegistryError,
};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(
    as = NewAnnotationRequest,
    examples(json!({ "campaignId": "1001", "countingRule": CountingRuleName::OBJECTS_2.as_str() })),
)]
struct Given {
    /// The campaign that it belongs to, for good.
    #[schema(inline, value_type = CampaignIdText)]
    campaign_id: CampaignId,
    /// By which rule its instances are counted. It may be given later, as long as there are no tasks.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z0-9._/-]{1,64}$")]
    counting_rule: Option<CountingRuleName>,
}

/// Register an annotation request
///
/// Registers a request in its campaign, or confirms that it is as given; repeating it changes nothing. Another campaign,
/// or another counting rule, is a conflict.
#[utoipa::path(
    put,
    path = ANNOTATION_REQUEST,
    operation_id = "putAnnotationRequest",
    params(PathRequest, IfMatch),
    request_body = Given,
    responses(
        (
            status = 200,
            description = "The current state of the annotation request",
            body = AnnotationRequestEnvelope,
            headers(("ETag" = inline(StrongETag)), ("Revision" = inline(Revision))),
        ),
        OperationErrors,
        ConflictErrors,
        PreconditionErrors,
        BodyErrors,
        AccessErrors,
    ),
    security(("key" = [], "time" = [], "signature" = [], "nonce" = [])),
)]
#[expect(clippy::too_many_arguments, reason = "each is an extractor of what the operation needs")]
pub(crate) async fn put_annotation_request(
    request: HttpRequest,
    payload: web::Payload,
    PathRequest(id): PathRequest,
    IfMatch(precondition): IfMatch,
    CallerScope(scope): CallerScope,
    prefix: CallerPrefix,
    registry: web::Data<dyn AnnotationRequestRegistry>,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let body = RequestBody::read(&request, payload, &[MediaType::Json], &state).await?;
    let given: Given = read_object(body.text()).map_err(|error| InvalidParameter(format!("the body: {error}")))?;
    if !scope.covers(&given.campaign_id) {
        return Err(RegistryError::UnknownAnnotationRequest(id).into());
    }
    // With `If-Match` no request is registered anyway.
    let missing = prefix.missing_of(&id).filter(|_| precondition == Precondition::None);
    let precondition = if missing.is_some() { Precondition::Known } else { precondition };
    let new = NewAnnotationRequest { id, campaign_id: given.campaign_id, counting_rule: given.counting_rule };
    let registered = time.measure(registry.register(new, precondition)).await;
    let registered = registered.map_err(|error| match (hide(error, &scope), missing) {
        // A request of another campaign is reported like an unknown one.
        (error, Some(prefix)) if is_unknown(&error) => AccessError::OutsidePrefix(prefix.clone()).into(),
        (error, _) => ApiError::from(error),
    });
    registered_response(&context, &registered?)
}

fn is_unknown(error: &RegistryError) -> bool {
    matches!(
        error,
        RegistryError::UnknownAnnotationRequest(_)
            | RegistryError::PreconditionFailed(PreconditionFailed { current: None, .. })
    )
}

/// Hides the requests of campaigns that the caller may not see.
fn hide(error: RegistryError, scope: &CampaignScope) -> RegistryError {
    if let RegistryError::CampaignConflict { annotation_request_id, recorded, .. } = &error
        && !scope.covers(recorded)
    {
        return RegistryError::UnknownAnnotationRequest(annotation_request_id.clone());
    }
    error
}

#[cfg(test)]
#[path = "put_annotation_request_tests.rs"]
mod tests;
