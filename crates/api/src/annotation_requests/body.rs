//! An annotation request as clients see it.

use crate::http::if_match::tag_of;
use crate::http::known_state::REVISION;
use crate::middleware::request_context::Stamp;
use crate::response::entity_tag::is_known;
use crate::response::envelope;
use crate::response::error::ApiError;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderValue, VARY};
use annotation_statistics_domain::{AnnotationRequest, AnnotationRequestId, CampaignId, CountingRuleName, Revision};
use jiff::Timestamp;
use serde::{Serialize, Serializer, ser};
use std::time::SystemTime;

/// About the size of a request.
const REQUEST_BYTES: usize = 512;

/// To be asked for again each time, like statistics.
const CACHING: HeaderValue = HeaderValue::from_static("private, no-cache");
const NO_CACHING: HeaderValue = HeaderValue::from_static("no-store");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnnotationRequestBody<'a> {
    id: &'a AnnotationRequestId,
    campaign_id: &'a CampaignId,
    task_count: u64,
    counting_rule: Option<&'a CountingRuleName>,
    revision: i64,
    #[serde(serialize_with = "rfc_3339")]
    created_at: SystemTime,
    #[serde(serialize_with = "rfc_3339")]
    updated_at: SystemTime,
}

/// In UTC; as exact as it is kept.
fn rfc_3339<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Timestamp::try_from(*time).map_err(ser::Error::custom)?)
}

/// The answer that shows a request to whoever asked for it.
pub(crate) fn show(stamp: &Stamp, request: &AnnotationRequest) -> Result<HttpResponse, ApiError> {
    Ok(answered(answer(stamp, request)?, request.revision))
}

/// The answer to a question about a request in this state, or about a task of it.
pub(crate) fn answered(mut answer: HttpResponse, revision: Revision) -> HttpResponse {
    answer.headers_mut().insert(CACHE_CONTROL, CACHING);
    answer.headers_mut().insert(ETAG, tag_of(revision));
    answer
}

/// The answer that shows a request to whoever changed it.
pub(crate) fn show_changed(stamp: &Stamp, request: &AnnotationRequest) -> Result<HttpResponse, ApiError> {
    Ok(changed(answer(stamp, request)?, Some(request.revision)))
}

/// The answer to whoever has the request in this state, if that is so.
pub(crate) fn not_modified(headers: &HeaderMap, revision: Revision) -> Option<HttpResponse> {
    if !is_known(revision.number().to_string().as_bytes(), headers) {
        return None;
    }
    let mut answer = answered(HttpResponse::NotModified().finish(), revision);
    answer.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
    Some(answer)
}

/// The answer to a change, with the state that it led to.
pub(crate) fn changed(mut answer: HttpResponse, revision: Option<Revision>) -> HttpResponse {
    answer.headers_mut().insert(CACHE_CONTROL, NO_CACHING);
    if let Some(revision) = revision {
        answer.headers_mut().insert(ETAG, tag_of(revision));
        answer.headers_mut().insert(REVISION, revision.number().into());
    }
    answer
}

fn answer(stamp: &Stamp, request: &AnnotationRequest) -> Result<HttpResponse, ApiError> {
    let body = AnnotationRequestBody {
        id: &request.id,
        campaign_id: &request.campaign_id,
        task_count: request.task_count,
        counting_rule: request.counting_rule.as_ref(),
        revision: request.revision.number(),
        created_at: request.created_at,
        updated_at: request.updated_at,
    };
    envelope::success(stamp, &body, REQUEST_BYTES)
}
