//! An annotation request as clients see it.

use crate::http::RequestContext;
#[cfg(feature = "openapi")]
use crate::response::schema::CountNumber;
use crate::response::{ApiError, Envelope, envelope, with_new_revision, with_revision};
use actix_web::HttpResponse;
use annotation_statistics_domain::{AnnotationRequest, AnnotationRequestId, CampaignId, CountingRuleName};
use jiff::Timestamp;
use serde::{Serialize, Serializer, ser};
use std::time::SystemTime;
use utoipa::ToSchema;

/// About the size of an annotation request, in bytes.
const REQUEST_BYTES: usize = 512;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AnnotationRequestBody<'a> {
    #[schema(value_type = String)]
    id: &'a AnnotationRequestId,
    /// The campaign that it belongs to.
    #[schema(value_type = String)]
    campaign_id: &'a CampaignId,
    /// How many tasks it has.
    #[schema(inline, value_type = CountNumber)]
    task_count: u64,
    /// By which rule its instances are counted; null where none was stated.
    #[schema(value_type = Option<String>, required)]
    counting_rule: Option<&'a CountingRuleName>,
    /// Different after each change.
    revision: i64,
    #[serde(serialize_with = "rfc_3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: SystemTime,
    #[serde(serialize_with = "rfc_3339")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: SystemTime,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct AnnotationRequestEnvelope(#[schema(inline)] Envelope<'static, AnnotationRequestBody<'static>>);

/// In UTC, with the precision that is stored.
pub(crate) fn rfc_3339<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Timestamp::try_from(*time).map_err(ser::Error::custom)?)
}

/// The response to a read of an annotation request.
pub(super) fn found_response(context: &RequestContext, request: &AnnotationRequest) -> Result<HttpResponse, ApiError> {
    Ok(with_revision(response(context, request)?, request.revision))
}

/// The response to the registration of an annotation request.
pub(super) fn registered_response(
    context: &RequestContext,
    request: &AnnotationRequest,
) -> Result<HttpResponse, ApiError> {
    Ok(with_new_revision(response(context, request)?, Some(request.revision)))
}

fn response(context: &RequestContext, request: &AnnotationRequest) -> Result<HttpResponse, ApiError> {
    let body = AnnotationRequestBody {
        id: &request.id,
        campaign_id: &request.campaign_id,
        task_count: request.task_count,
        counting_rule: request.counting_rule.as_ref(),
        revision: request.revision.number(),
        created_at: request.created_at,
        updated_at: request.updated_at,
    };
    Ok(envelope::success(context, &body, REQUEST_BYTES)?)
}
