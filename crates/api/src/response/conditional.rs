//! Responses that name a state by an `ETag`, and 304 for a client that has that state.

use crate::response::api_error::ApiError;
use crate::response::counting_rules::counting_rules;
use crate::response::entity_tag::{EntityTag, is_known, revision_tag};
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderName, HeaderValue, VARY};
use annotation_statistics_domain::{CountingRuleName, Revision};

/// By which rules the requested annotation requests were counted.
pub(crate) const COUNTING_RULE: HeaderName = HeaderName::from_static("counting-rule");
/// The revision that a change led to, for `Min-Revision` of later reads.
pub(crate) const REVISION: HeaderName = HeaderName::from_static("revision");

/// For the client alone, and to be validated each time: bills are made of the numbers, and the numbers change.
pub(crate) const CACHING: HeaderValue = HeaderValue::from_static("private, no-cache");
const NO_CACHING: HeaderValue = HeaderValue::from_static("no-store");

/// Data that was counted by these rules, or that the client has it already.
pub(crate) fn answer_with_tag(
    asked: &HeaderMap,
    tag: &EntityTag,
    rules: &[Option<CountingRuleName>],
    answer: impl FnOnce() -> Result<HttpResponse, ApiError>,
) -> Result<HttpResponse, ApiError> {
    let mut answer = if tag.is_known(asked) {
        let mut answer = HttpResponse::NotModified().finish();
        // The other answers get theirs where they are compressed.
        answer.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
        answer
    } else {
        answer()?
    };
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, CACHING);
    headers.insert(COUNTING_RULE, counting_rules(rules));
    if let Some(tag) = tag.to_header() {
        headers.insert(ETAG, tag);
    }
    Ok(answer)
}

/// The answer to a question about a request in this state, or about a task of it.
pub(crate) fn answered(mut answer: HttpResponse, revision: Revision) -> HttpResponse {
    answer.headers_mut().insert(CACHE_CONTROL, CACHING);
    answer.headers_mut().insert(ETAG, revision_tag(revision));
    answer
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
        answer.headers_mut().insert(ETAG, revision_tag(revision));
        answer.headers_mut().insert(REVISION, revision.number().into());
    }
    answer
}
