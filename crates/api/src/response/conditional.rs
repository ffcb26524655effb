//! Responses that name a state by an `ETag`, and 304 for a client that has that state.

use crate::response::counting_rules::counting_rules;
use crate::response::entity_tag::{EntityTag, is_known, revision_tag};
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderName, HeaderValue, VARY};
use annotation_statistics_domain::{CountingRuleName, Revision, StatementName};

/// By which rules the requested annotation requests were counted.
pub(crate) const COUNTING_RULE: HeaderName = HeaderName::from_static("counting-rule");
/// The name of the statement that the response is from, in place of what is recorded now.
pub(crate) const STATEMENT_NAME: HeaderName = HeaderName::from_static("statement");
/// The revision that a change led to, for `Min-Revision` of later reads.
pub(crate) const REVISION: HeaderName = HeaderName::from_static("revision");

/// For the client alone, and to be validated each time: bills are made of the numbers, and the numbers change.
pub(crate) const CACHING: HeaderValue = HeaderValue::from_static("private, no-cache");
const NO_CACHING: HeaderValue = HeaderValue::from_static("no-store");

/// 304 for a client that has the response.
pub(crate) fn unchanged() -> HttpResponse {
    let mut response = HttpResponse::NotModified().finish();
    // The compression middleware sets it for responses with a body.
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// The response with data that was counted by these rules, or 304 in its place.
pub(crate) fn with_tag(
    mut response: HttpResponse,
    tag: &EntityTag,
    rules: &[Option<CountingRuleName>],
) -> HttpResponse {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, CACHING);
    headers.insert(COUNTING_RULE, counting_rules(rules));
    if let Some(tag) = tag.to_header() {
        headers.insert(ETAG, tag);
    }
    response
}

/// The response, which is from the statement of this name if there is one.
pub(crate) fn with_statement(mut response: HttpResponse, name: Option<&StatementName>) -> HttpResponse {
    if let Some(name) = name.and_then(statement_header) {
        response.headers_mut().insert(STATEMENT_NAME, name);
    }
    response
}

/// A name as a header.
pub(crate) fn statement_header(name: &StatementName) -> Option<HeaderValue> {
    HeaderValue::from_str(name.as_str()).ok()
}

/// The response to a read of an annotation request at this revision, or of its tasks.
pub(crate) fn with_revision(mut response: HttpResponse, revision: Revision) -> HttpResponse {
    response.headers_mut().insert(CACHE_CONTROL, CACHING);
    response.headers_mut().insert(ETAG, revision_tag(revision));
    response
}

/// 304, if the client has the annotation request at this revision.
pub(crate) fn not_modified(headers: &HeaderMap, revision: Revision) -> Option<HttpResponse> {
    if !is_known(revision.number().to_string().as_bytes(), headers) {
        return None;
    }
    Some(with_revision(unchanged(), revision))
}

/// The response to a change that led to this revision.
pub(crate) fn with_new_revision(mut response: HttpResponse, revision: Option<Revision>) -> HttpResponse {
    response.headers_mut().insert(CACHE_CONTROL, NO_CACHING);
    if let Some(revision) = revision {
        response.headers_mut().insert(ETAG, revision_tag(revision));
        response.headers_mut().insert(REVISION, revision.number().into());
    }
    response
}
